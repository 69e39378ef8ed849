// Messages on their way. The same `ref` goes with every attempt, so that the server stores a message once. Pure.
// What keeps them when the tab closes is lib/keeping; without it they live in this page only.

/** A UUIDv4, also where the page is not served over HTTPS and crypto.randomUUID is absent. */
export function newRef() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const SENDING = "sending";
export const WAITING = "waiting";
export const FAILED = "failed";
export const HELD = "held"; // for some seconds, in which it can be taken back

/** What was not sent for so long is removed from the device. */
export const KEPT_MS = 24 * 60 * 60 * 1000;

export class Outbox {
  constructor() { this.entries = new Map(); }

  get size() { return this.entries.size; }
  /** What would be gone with this page: neither kept on the device nor stored by the server. */
  get unsafe() { return [...this.entries.values()].filter((entry) => !entry.kept).length; }

  add({ channel, body, reply_to = null, attachments = [], at = new Date(), ref = newRef(), ...more }) {
    const entry = {
      ref, channel, body, reply_to, attachments, at, state: WAITING, detail: "", final: false,
      kept: false, // on the device, and so there after the tab is closed
      elsewhere: false, // another tab sends it
      ...more,
    };
    this.entries.set(entry.ref, entry);
    return entry;
  }

  get(ref) { return this.entries.get(ref); }
  delete(ref) { return this.entries.delete(ref); }
  of(channel) { return [...this.entries.values()].filter((entry) => entry.channel === channel); }

  /** What goes out again after a reconnect: all but what was refused for good, is held or is another tab's. */
  due() { return [...this.entries.values()].filter((entry) => !entry.final && !entry.elsewhere && entry.state !== HELD); }

  /** What has waited too long. A time ahead of ours is no age: it is never lost for a clock that was set. */
  overdue(now) { return [...this.entries.values()].filter((entry) => now - entry.at.getTime() > KEPT_MS); }

  sending(entry) { Object.assign(entry, { state: SENDING, detail: "", final: false }); }
  waiting(entry, detail) { Object.assign(entry, { state: WAITING, detail }); }
  failed(entry, detail, final) { Object.assign(entry, { state: FAILED, detail, final }); }

  frame({ ref, channel, body, reply_to, attachments }) {
    return { type: "send", ref, channel, body, reply_to, attachments: attachments.map(({ id }) => id) };
  }
}
