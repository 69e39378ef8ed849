// Sends what stands in the outbox, again and again with the same `ref`, until the server has stored or refused it.
import { ServerClock } from "lib/clock";
import { HELD, Outbox } from "lib/outbox";
import { ANSWER_WITHIN_MS } from "lib/requests";
import { gettext } from "lib/words";

const TRY_AGAIN_MS = 4000;
const LOOK_EVERY_MS = 10 * 60 * 1000; // for what has waited too long
const LATER = new Set(["too_fast", "unavailable"]);

export class Deliveries {
  /**
   * @param {(frame: object) => boolean} transmit sends a frame now, or says that it cannot
   * @param {(channel: string) => void} changed the state of something unsent is another
   * @param {(since: number) => boolean} silent gives the connection up, if nothing came by it since then
   * @param {() => Promise<object>} keeper loads what keeps unsent messages on the device, lib/keeping
   * @param {string} person whose messages these are
   * @param {(count: number) => void} expired so many messages have waited too long and are gone
   */
  constructor({ transmit, changed, silent = () => false, keeper = null, person = "", expired = () => {} }) {
    Object.assign(this, { transmit, changed, silent, keeper, person, expired, outbox: new Outbox(), timers: new Map() });
    Object.assign(this, { clock: new ServerClock(), keeping: null, ended: false, last: 0 });
    this.restored = []; // what other pages had written, also after it was sent
    this.looking = setInterval(() => this.expire(), LOOK_EVERY_MS);
  }

  /** @param {number} wait milliseconds in which it can be taken back */
  send(draft, wait = 0) {
    this.last = Math.max(this.clock.now(), this.last + 1); // no two at once: the next page sends in this order
    const entry = this.outbox.add({ ...draft, at: new Date(this.last) });
    if (wait) this.hold(entry, wait);
    else this.attempt(entry);
    this.keeping?.keep(entry);
    return entry;
  }

  hold(entry, wait) {
    entry.state = HELD;
    this.later(entry, wait, () => this.attempt(entry));
    this.changed(entry.channel);
  }

  /** The page is left: what was held goes out now rather than with the next page. */
  hurry() { for (const entry of this.outbox.entries.values()) if (entry.state === HELD && !entry.elsewhere) this.attempt(entry); }

  /** What was held comes back, if it is not too late. */
  undo(ref) {
    const entry = this.outbox.get(ref);
    if (entry?.state !== HELD) return null;
    this.discard(ref);
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
    this.outbox.waiting(entry, gettext("Waiting for the connection."));
    this.changed(entry.channel);
  }

  pauseAll() { for (const entry of this.outbox.due()) this.pause(entry); }

  /** The server is there, and has said what time it is. */
  resume(time) {
    this.clock.set(time);
    this.expire();
    for (const entry of this.outbox.due()) this.attempt(entry);
    // Not needed to show anything, so it is loaded now; where that fails, again with the next connection.
    this.beginning ??= this.keeper?.().then((module) => module.beginKeeping(this, this.person), () => { this.beginning = null; });
  }

  /** A message that another page left is now this one's to send. */
  taken(entry) {
    if (!entry.final) this.attempt(entry);
  }

  expire() {
    if (!this.clock.known) return;
    const overdue = this.outbox.overdue(this.clock.now());
    for (const { ref } of overdue) this.discard(ref);
    if (overdue.length > 0) this.expired(overdue.length);
  }

  /** A dead line says nothing about the message, which goes out again with the next; a live one does. */
  unanswered(entry, since) {
    if (!this.silent(since)) this.fail(entry, gettext("The server did not answer."), false);
  }

  fail(entry, detail, final) {
    clearTimeout(this.timers.get(entry.ref));
    this.outbox.failed(entry, detail, final);
    this.keeping?.keep(entry);
    this.changed(entry.channel);
  }

  /** An `error` frame; false when it is not about anything in the outbox. */
  refused(frame) {
    const entry = this.outbox.get(frame.ref);
    if (!entry) return false;
    if (LATER.has(frame.code)) {
      this.outbox.waiting(entry, frame.detail);
      this.later(entry, Math.max(TRY_AGAIN_MS, (frame.retry_after ?? 0) * 1000), () => this.attempt(entry));
      this.changed(entry.channel);
    } else {
      this.fail(entry, frame.detail, true);
    }
    return true;
  }

  /** Stored by the server: nothing is left to send. */
  arrived(ref) {
    if (!this.clear(ref)) return false;
    this.keeping?.drop(ref);
    return true;
  }

  /** Out of this page. */
  clear(ref) {
    clearTimeout(this.timers.get(ref));
    this.timers.delete(ref);
    return this.outbox.delete(ref);
  }

  retry(ref) {
    const entry = this.outbox.get(ref);
    if (entry?.elsewhere) this.keeping.ask(ref);
    else if (entry) this.attempt(entry);
  }

  discard(ref) {
    const entry = this.outbox.get(ref);
    if (entry && this.arrived(ref)) this.changed(entry.channel);
  }

  /** The session is over: nothing stays, here or on the device. */
  forget() {
    this.ended = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    clearInterval(this.looking);
    this.timers.clear();
    this.outbox = new Outbox();
    this.restored = [];
    if (this.keeping) this.keeping.wipe();
    else this.keeper?.().then((module) => module.endKeeping(this.person), () => {}); // the next page wipes it
    this.keeping = null;
  }
}
