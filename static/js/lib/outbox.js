// Messages on their way. They live in memory only: no text is ever written to the browser's storage.
// The same `ref` goes with every attempt, so that the server stores a message once. Pure.

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

export class Outbox {
  constructor() { this.entries = new Map(); }

  get size() { return this.entries.size; }

  add({ channel, body, reply_to = null, attachments = [], at = new Date() }) {
    const entry = { ref: newRef(), channel, body, reply_to, attachments, at, state: WAITING, detail: "", attempts: 0, final: false };
    this.entries.set(entry.ref, entry);
    return entry;
  }

  get(ref) { return this.entries.get(ref); }
  delete(ref) { return this.entries.delete(ref); }
  of(channel) { return [...this.entries.values()].filter((entry) => entry.channel === channel); }

  /** What goes out again after a reconnect: everything but what was refused for good. */
  due() { return [...this.entries.values()].filter((entry) => !entry.final); }

  sending(entry) { Object.assign(entry, { state: SENDING, detail: "", final: false, attempts: entry.attempts + 1 }); }
  waiting(entry, detail) { Object.assign(entry, { state: WAITING, detail }); }
  failed(entry, detail, final) { Object.assign(entry, { state: FAILED, detail, final }); }

  frame(entry) {
    return { type: "send", ref: entry.ref, channel: entry.channel, body: entry.body, reply_to: entry.reply_to, attachments: entry.attachments.map(({ id }) => id) };
  }
}
