// What a browser holds of one channel, by the rules of the protocol:
// frames bring it from `since` to `upto`; of each id the state with the highest `changed` counts;
// a message disposed of never comes back. Pure: no DOM, no network.
import { mentionsPerson } from "lib/mentions";

/** Page order: printed time, then id. ISO times in UTC compare as text. */
export function inPageOrder(a, b) {
  if (a.sent_at !== b.sent_at) return a.sent_at < b.sent_at ? -1 : 1;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

/** A stretch of the conversation without gaps. */
class Stretch {
  constructor({ older, newer }) {
    this.ids = new Set();
    this.older = older;
    this.newer = newer;
  }
}

export class Channel {
  constructor(info) {
    this.gone = new Set();
    this.counted = 0;
    this.info = { read: 0, unread: 0, mentions: 0, last: 0, muted: false, can_post: true, archived: false };
    this.describe(info);
    this.forget();
  }

  get id() { return this.info.id; }
  get loaded() { return this.live !== null; }
  get view() { return this.aside ?? this.live; }

  /** Takes what the server says of the channel; our own reading may be ahead of it. */
  describe(info) {
    const read = Math.max(this.info.read, info.read ?? 0);
    const ahead = read > (info.read ?? 0) && this.info.unread === 0;
    this.info = { ...this.info, ...info, read };
    if (ahead && read >= (info.last ?? 0)) Object.assign(this.info, { unread: 0, mentions: 0 });
    this.counted = Math.max(this.counted, info.last ?? 0);
  }

  /** Forgets every message (a `reset`). `epoch` tells late answers that they are late. */
  forget() {
    this.messages = new Map();
    this.live = null;
    this.aside = null;
    this.pinned = null; // what came with the newest page, until it is taken
    this.position = null;
    this.held = [];
    this.epoch = (this.epoch ?? 0) + 1;
  }

  /** Frames held for a hole are brought again by `hello` after a lost connection. */
  dropHeld() { this.held = []; }

  put(message) {
    if (this.gone.has(message.id)) return false;
    const known = this.messages.get(message.id);
    if (known && known.changed >= message.changed) return false;
    this.messages.set(message.id, message);
    return true;
  }

  sorted(stretch = this.view) {
    if (!stretch) return [];
    return [...stretch.ids].map((id) => this.messages.get(id)).filter(Boolean).sort(inPageOrder);
  }

  /** Puts a message into the newest stretch, unless it lies before what is loaded of it. */
  admit(message) {
    if (!this.live || !this.messages.has(message.id) || this.live.ids.has(message.id)) return;
    const oldest = this.sorted(this.live)[0];
    if (this.live.older && oldest && inPageOrder(message, oldest) < 0) return;
    this.live.ids.add(message.id);
    this.joinStretches();
  }

  /**
   * Applies a live frame, an answer to `after`, or the newest page.
   * Returns {hole, fresh}: whether something is missing before it, and messages not held before.
   */
  take(frame) {
    if (frame.type === "gone") this.remove(frame.messages);
    if (this.position === null || frame.since > this.position) {
      this.held.push(frame);
      return { hole: true, fresh: [] };
    }
    const fresh = frame.type === "gone" ? [] : this.store(frame.messages ?? [frame.message]);
    this.position = Math.max(this.position, frame.upto);
    const rest = this.held;
    this.held = [];
    let hole = false;
    for (const later of rest.sort((a, b) => a.since - b.since)) {
      const taken = this.take(later);
      hole ||= taken.hole;
      fresh.push(...taken.fresh);
    }
    return { hole, fresh };
  }

  store(messages) {
    const fresh = messages.filter((message) => !this.messages.has(message.id) && !this.gone.has(message.id));
    for (const message of messages) {
      this.put(message);
      this.admit(message);
    }
    return fresh;
  }

  /** The newest page: the channel is loaded and has a position. */
  takeNewest(frame) {
    this.live = new Stretch({ older: frame.more, newer: false });
    this.pinned = frame.pins ?? null;
    for (const message of frame.messages) {
      this.put(message);
      if (this.messages.has(message.id)) this.live.ids.add(message.id);
    }
    this.position ??= 0;
    return this.take({ ...frame, messages: [] });
  }

  /** What messages of a page answer, by id: kept beside the stretches; null is no longer there. */
  takeAnswered(answered) {
    for (const [id, message] of Object.entries(answered)) {
      if (message) this.put(message);
      else this.gone.add(id);
    }
  }

  /** An answer to `before`. It moves no position. */
  takeOlder(frame, stretch) {
    stretch.older = frame.more && frame.messages.length > 0;
    this.addTo(stretch, frame.messages);
  }

  /** An answer to `around`: a stretch beside the newest one, or joined to it when they meet. */
  takeAround(frame) {
    this.aside = new Stretch({ older: true, newer: true });
    this.addTo(this.aside, frame.messages);
  }

  /** An answer to `around` the newest message of the stretch beside: more of it downwards. */
  takeNewer(frame) {
    if (!this.aside) return;
    const before = this.aside.ids.size;
    this.addTo(this.aside, frame.messages);
    if (this.aside && this.aside.ids.size === before) this.aside.newer = false;
  }

  addTo(stretch, messages) {
    for (const message of messages) {
      this.put(message);
      if (this.messages.has(message.id)) stretch.ids.add(message.id);
    }
    this.joinStretches();
  }

  joinStretches() {
    if (!this.aside || !this.live) return;
    if (![...this.aside.ids].some((id) => this.live.ids.has(id))) return;
    const [first] = this.sorted(this.aside);
    const [own] = this.sorted(this.live);
    if (inPageOrder(first, own) < 0) this.live.older = this.aside.older;
    for (const id of this.aside.ids) this.live.ids.add(id);
    this.aside = null;
  }

  backToLatest() { this.aside = null; }

  /** Disposed of or taken out of view: no trace stays. */
  remove(ids) {
    for (const id of ids) {
      this.gone.add(id);
      this.messages.delete(id);
      this.live?.ids.delete(id);
      this.aside?.ids.delete(id);
    }
  }

  /** Keeps the newest `keep` messages loaded, so that a long day does not slow the page. */
  trim(keep) {
    if (!this.live || this.aside || this.live.ids.size <= keep) return;
    const all = this.sorted(this.live);
    for (const message of all.slice(0, -keep)) {
      this.live.ids.delete(message.id);
      this.messages.delete(message.id);
    }
    this.live.older = true;
  }

  /**
   * Far back in the conversation: what lies below the oldest `keep` is let go and asked for again on the way down,
   * so that a long way back does not slow the page. The newest stay, so that one is back at once.
   */
  leaveBehind(most, keep) {
    const { view } = this;
    if (!view || view.ids.size <= most) return false;
    const all = this.sorted(view).map(({ id }) => id);
    const aside = new Stretch({ older: view.older, newer: true });
    aside.ids = new Set(all.slice(0, keep));
    if (view === this.live) {
      this.live.ids = new Set(all.slice(-(most - keep)));
      this.live.older = true;
    }
    this.aside = aside;
    this.letGo(all);
    return true;
  }

  /** On the way down again: what lies far above is let go. */
  leaveAbove(most, keep) {
    if (!this.aside || this.aside.ids.size <= most) return;
    const all = this.sorted(this.aside).map(({ id }) => id);
    this.aside.ids = new Set(all.slice(-keep));
    this.aside.older = true;
    this.letGo(all);
  }

  letGo(ids) {
    for (const id of ids) if (!this.aside?.ids.has(id) && !this.live?.ids.has(id)) this.messages.delete(id);
  }

  /** Counts a message as unread once, however often it is delivered. */
  count(message, me) {
    if (message.seq <= this.counted) return false;
    this.counted = message.seq;
    if (message.kind !== "text" || message.deleted_at || message.author?.id === me) return false;
    if (message.seq <= this.info.read) return false;
    this.info.unread = Math.min(100, this.info.unread + 1);
    if (mentionsPerson(message, me)) this.info.mentions += 1;
    return true;
  }

  /** Once everything after the read position is loaded, what is loaded is the truth about what is unread. */
  recount(me) {
    if (!this.holdsUnread()) return false;
    const unread = this.unreadAmong(me, (message) => message.seq > this.info.read && this.live.ids.has(message.id));
    this.info.unread = Math.min(100, unread.length);
    this.info.mentions = unread.filter((message) => mentionsPerson(message, me)).length;
    return true;
  }

  /** Moves the read position forward; returns whether it moved. */
  readTo(seq, me) {
    if (seq <= this.info.read) return false;
    const from = this.info.read;
    this.info.read = seq;
    if (this.recount(me)) return true;
    const read = this.unreadAmong(me, (message) => message.seq > from && message.seq <= seq);
    // Of what is not loaded here, only what was posted after `seq` can still be unread.
    const after = Math.max(0, this.counted - seq);
    this.info.unread = Math.min(after, Math.max(0, this.info.unread - read.length));
    const mentions = this.info.mentions - read.filter((m) => mentionsPerson(m, me)).length;
    this.info.mentions = Math.min(this.info.unread, Math.max(0, mentions));
    return true;
  }

  unreadAmong(me, test) {
    return [...this.messages.values()].filter(
      (message) => message.kind === "text" && message.author?.id !== me && !message.deleted_at && test(message),
    );
  }

  newestSeq() {
    let newest = 0;
    for (const id of this.live?.ids ?? []) newest = Math.max(newest, this.messages.get(id)?.seq ?? 0);
    return newest;
  }

  /** Whether everything after the read position is loaded. */
  holdsUnread() { return this.holdsAfter(this.info.read); }

  /** Whether every message posted after a position is loaded. */
  holdsAfter(position) {
    if (!this.live) return false;
    if (!this.live.older) return true;
    const seqs = this.sorted(this.live).filter((message) => message.kind !== "imported").map((message) => message.seq);
    return seqs.length > 0 && Math.min(...seqs) <= position + 1;
  }
}
