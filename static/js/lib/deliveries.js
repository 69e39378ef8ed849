// Sends what stands in the outbox, again and again with the same `ref`, until the server has stored or refused it.
import { Outbox } from "lib/outbox";
import { ANSWER_WITHIN_MS } from "lib/requests";

const TRY_AGAIN_MS = 4000;
const LATER = new Set(["too_fast", "unavailable"]);

export class Deliveries {
  /**
   * @param {(frame: object) => boolean} transmit sends a frame now, or says that it cannot
   * @param {(channel: string) => void} changed the state of something unsent is another
   * @param {(since: number) => boolean} silent gives the connection up, if nothing came by it since then
   */
  constructor({ transmit, changed, silent = () => false }) {
    Object.assign(this, { transmit, changed, silent, outbox: new Outbox(), timers: new Map() });
  }

  send(draft) {
    const entry = this.outbox.add(draft);
    this.attempt(entry);
    return entry;
  }

  attempt(entry) {
    if (this.transmit(this.outbox.frame(entry))) {
      this.outbox.sending(entry);
      const since = Date.now();
      this.later(entry, ANSWER_WITHIN_MS, () => this.unanswered(entry, since));
    } else {
      this.pause(entry);
    }
    this.changed(entry.channel);
  }

  later(entry, wait, run) {
    clearTimeout(this.timers.get(entry.ref));
    this.timers.set(entry.ref, setTimeout(run, wait));
  }

  pause(entry) {
    clearTimeout(this.timers.get(entry.ref));
    this.outbox.waiting(entry, "Waiting for the connection");
    this.changed(entry.channel);
  }

  pauseAll() { for (const entry of this.outbox.due()) this.pause(entry); }
  resume() { for (const entry of this.outbox.due()) this.attempt(entry); }

  /** A dead line says nothing about the message, which goes out again with the next; a live one does. */
  unanswered(entry, since) {
    if (this.silent(since)) return;
    this.outbox.failed(entry, "The server did not answer.", false);
    this.changed(entry.channel);
  }

  /** An `error` frame; false when it is not about anything in the outbox. */
  refused(frame) {
    const entry = this.outbox.get(frame.ref);
    if (!entry) return false;
    if (LATER.has(frame.code)) {
      this.outbox.waiting(entry, frame.detail);
      this.later(entry, Math.max(TRY_AGAIN_MS, (frame.retry_after ?? 0) * 1000), () => this.attempt(entry));
    } else {
      clearTimeout(this.timers.get(entry.ref));
      this.outbox.failed(entry, frame.detail, true);
    }
    this.changed(entry.channel);
    return true;
  }

  /** Stored by the server: nothing is left to send. */
  arrived(ref) {
    clearTimeout(this.timers.get(ref));
    this.timers.delete(ref);
    return this.outbox.delete(ref);
  }

  retry(ref) {
    const entry = this.outbox.get(ref);
    if (entry) this.attempt(entry);
  }

  discard(ref) {
    const entry = this.outbox.get(ref);
    if (entry && this.arrived(ref)) this.changed(entry.channel);
  }

  forget() {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.outbox = new Outbox();
  }
}
