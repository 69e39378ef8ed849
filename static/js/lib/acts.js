// What one asks of the server about a message, each answered by a promise. No DOM.
import { newRef } from "lib/outbox";

export class Acts {
  /**
   * @param {(frame: object, ref?: string) => Promise<object>} ask
   * @param {(channel: object, what: object) => Promise<object>} fetch
   */
  constructor({ ask, fetch }) { Object.assign(this, { ask, fetch }); }

  react(message, emoji, on) { return this.ask({ type: "react", message, emoji, on }); }
  correct(message, body) { return this.ask({ type: "correct", message, body }); }
  pin(message, on) { return this.ask({ type: "pin", message, on }); }

  /** `ref` stays the same however often the same forwarding is tried, so that it arrives once. */
  forward({ message, channel, ref = newRef() }) {
    return this.ask({ type: "send", channel, body: "", reply_to: null, attachments: [], forward: message }, ref);
  }

  /** The message at the root and all answers below it. */
  thread(channel, message) { return this.fetch(channel, { thread: message }); }
  pinned(channel) { return this.fetch(channel, { pinned: true }); }
}
