// Keeps the outbox on the device, and lets one tab alone send each message. No DOM.
// Who holds a message's lock sends it; the browser hands the lock on when that tab is closed.
import { FAILED, WAITING } from "lib/outbox";
import { openShelf } from "lib/shelf";

/** Begins to keep what these deliveries send; false where nothing can be kept on this device. */
export async function beginKeeping(deliveries, person) {
  const shelf = await openShelf(person);
  if (!shelf) return false;
  if (deliveries.ended) await shelf.wipe();
  else await new Keeping({ deliveries, shelf, person }).begin();
  return true;
}

/** For a session that was over before anything was begun. */
export async function endKeeping(person) {
  const shelf = await openShelf(person);
  await shelf?.wipe();
}

export class Keeping {
  constructor({ deliveries, shelf, person, locks = navigator.locks, radio = new BroadcastChannel(`schoolchat-outbox-${person}`) }) {
    Object.assign(this, { deliveries, shelf, person, locks, radio, owned: new Map(), work: Promise.resolve() });
    radio.onmessage = ({ data }) => this.heard(data);
  }

  get outbox() { return this.deliveries.outbox; }

  /** What an earlier page left, then what this one has written meanwhile. */
  async begin() {
    this.deliveries.keeping = this;
    for (const record of await this.shelf.all()) this.restore(record);
    this.deliveries.expire();
    for (const entry of this.outbox.entries.values()) if (!entry.elsewhere && !entry.kept) this.keep(entry);
  }

  // --- this tab's own ---------------------------------------------------------------------------

  /** Written to the device as it stands now; only once this tab holds its lock, so that no other sends it too. */
  keep(entry) {
    if (entry.elsewhere) return;
    this.next(async () => {
      await this.own(entry.ref);
      if (this.outbox.get(entry.ref) !== entry) return;
      await this.shelf.put(sealable(entry));
      if (this.outbox.get(entry.ref) !== entry) {
        await this.shelf.delete(entry.ref); // taken back in another tab in this very moment
        return;
      }
      entry.kept = true;
      this.say({ kept: entry.ref });
      this.deliveries.changed(entry.channel);
    });
  }

  /** Answered or taken back: other tabs hear of it at once. */
  drop(ref) {
    this.say({ dropped: ref });
    this.next(async () => {
      await this.shelf.delete(ref);
      this.release(ref);
    });
  }

  /** A tab that is not the sender asks the one that is. */
  ask(ref) { this.say({ retry: ref }); }

  wipe() {
    for (const ref of this.owned.keys()) this.release(ref);
    this.radio.close();
    this.next(() => this.shelf.wipe());
    return this.work;
  }

  /** One after the other, so that a message is never put back after it was taken away. */
  next(act) {
    this.work = this.work.then(act).catch((error) => {
      if (!(error instanceof DOMException)) throw error; // the disk is full: it stays in this page, which says so
    });
  }

  // --- the other tabs ---------------------------------------------------------------------------

  say(words) { this.radio.postMessage(words); }

  heard({ kept, dropped, retry }) {
    if (dropped) this.forget(dropped);
    else if (kept) this.look(kept);
    else if (retry && this.outbox.get(retry)?.elsewhere === false) this.deliveries.retry(retry);
  }

  async look(ref) {
    const known = this.outbox.get(ref);
    if (known && !known.elsewhere) return;
    const record = await this.shelf.get(ref);
    if (!record) return;
    if (known) Object.assign(known, stateOf(record));
    else this.restore(record);
    this.deliveries.changed(record.channel);
  }

  /** Gone in another tab. */
  forget(ref) {
    const entry = this.outbox.get(ref);
    this.deliveries.clear(ref);
    this.release(ref);
    if (entry) this.deliveries.changed(entry.channel);
  }

  /** Stands in the conversation as not sent, until this tab may send it. */
  async restore(record) {
    if (this.outbox.get(record.ref)) return;
    const entry = this.outbox.add({ ...record, at: new Date(record.at), ...stateOf(record), kept: true, elsewhere: true });
    this.deliveries.restored.push(entry);
    this.deliveries.changed(entry.channel);
    await this.own(entry.ref);
    if (this.outbox.get(entry.ref) !== entry) {
      this.release(entry.ref);
    } else if (await this.shelf.has(entry.ref)) {
      entry.elsewhere = false;
      this.deliveries.taken(entry);
    } else {
      this.forget(entry.ref); // the tab that had it sent it, and was closed before it could say so
    }
  }

  // --- locks ------------------------------------------------------------------------------------

  /** Resolves when no other tab holds this message. */
  own(ref) {
    const held = this.owned.get(ref);
    if (held) return held.owning;
    const given = new AbortController();
    const one = { give: () => given.abort() };
    this.owned.set(ref, one);
    one.owning = new Promise((resolve) => {
      this.locks.request(`schoolchat-outbox-${ref}`, { signal: given.signal }, () => new Promise((release) => {
        one.give = release;
        resolve();
      })).catch(() => resolve()); // given up while it waited
    });
    return one.owning;
  }

  release(ref) {
    this.owned.get(ref)?.give();
    this.owned.delete(ref);
  }
}

/** What goes to the device; the state that a later page begins with. */
function sealable({ ref, at, channel, body, reply_to, attachments, state, detail, final }) {
  return { ref, at: at.getTime(), channel, body, reply_to, attachments, state, detail, final };
}

function stateOf({ state, detail, final }) {
  return state === FAILED && final ? { state, detail, final } : { state: WAITING, detail: "", final: false };
}
