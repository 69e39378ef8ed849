// Keeps what stands in the composer on the server, a second after one pauses and when one goes, and brings it back.
import { gettext, interpolate } from "lib/words";

const PAUSE_MS = 1000;
const AGAIN_MS = 5000;

const same = (one, other) => one?.text === other?.text && (one?.reply_to?.id ?? null) === (other?.reply_to?.id ?? null);

export class DraftKeeper {
  constructor({ own, client, composer, changed, heard }) {
    Object.assign(this, { own, client, composer, changed, heard });
    this.kept = new Map(); // what the server has, by channel
    this.unsaved = new Map(); // what it has to hear yet, by channel
    this.unkept = new Map(); // what it will not take, by channel: that stays in this page alone
    this.refusals = new Map(); // why, as a sentence, until it took something else
    this.place = composer.querySelector("[data-unkept]");
    this.saves = 0;
    this.savedAt = new Map();
    this.refreshedAt = 0; // when all were asked for: an older answer about one of them says less
    this.latest = null; // the last answer about a single one, which may be newer than one about all
    this.asked = 0; // questions whose answers are on their way
    this.line = Promise.resolve();
    this.channel = null;
    composer.addEventListener("drafted", () => this.written());
    composer.addEventListener("shown", () => this.open());
    client.addEventListener("opened", ({ detail }) => this.opened(detail));
    composer.field.addEventListener("blur", () => this.flush());
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") this.leave(); else this.returned(); });
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("focus", () => this.returned());
    // When all come back at once, after a restart, nobody asks anew: they do when they look.
    client.addEventListener("state", ({ detail }) => { if (detail === "live") this.flush(); });
    client.addEventListener("view", ({ detail }) => { if (detail.cause === "outbox") this.dropSent(); });
    client.addEventListener("ended", () => this.forget());
    this.begin();
  }

  get present() {
    const { field, mode } = this.composer;
    return { text: field.value.trim() ? field.value : "", reply_to: mode?.name === "reply" ? mode.message : null };
  }

  /** What was written before this was loaded counts as just written. */
  begin() {
    this.channel = this.composer.info?.id ?? null;
    this.shown = { text: "", reply_to: null };
    if (this.channel) this.written();
    this.refresh();
  }

  open() {
    this.channel = this.composer.info.id;
    this.shown = this.present;
    this.tell();
    this.flush();
  }

  /** What the server had of a channel's draft when it was opened; what was saved here since then is newer. */
  opened({ channel, draft, asked }) {
    if (this.over || this.isNewer(channel) || this.savedAt.get(channel) >= asked || this.refreshedAt >= asked) return;
    this.latest = { channel, draft, asked };
    if (draft) this.kept.set(channel, draft);
    else this.nothingKept(channel);
    this.dropSent();
    this.changed();
    if (channel === this.channel) this.restore();
  }

  nothingKept(channel) {
    this.kept.delete(channel);
    this.composer.drafts.delete(channel);
  }

  written() {
    const channel = this.composer.info?.id ?? null;
    if (channel !== this.channel) return; // `shown` follows
    const { present } = this;
    if (this.composer.mode?.name === "edit" || same(present, this.shown)) return;
    this.shown = present;
    this.unkept.delete(channel);
    this.unsaved.set(channel, { ...present, at: performance.now() });
    clearTimeout(this.timer);
    if (present.text) this.timer = setTimeout(() => this.flush(), PAUSE_MS);
    else this.flush();
  }

  /** What stands in the page alone is said where it stands. */
  tell() {
    const why = this.refusals.get(this.channel);
    const words = why ? interpolate(gettext("%(why)s It stays here until you send it or close this page."), { why }, true) : "";
    this.place.hidden = !why;
    if (this.place.textContent !== words) this.place.textContent = words;
  }

  /** One after the other, so that none overtakes the one before it. */
  flush() {
    clearTimeout(this.timer);
    for (const [channel, draft] of this.unsaved) this.line = this.line.then(() => this.save(channel, draft));
    return this.line;
  }

  /** Nothing here may be waited for: the page may be gone in a moment. */
  leave() {
    for (const [channel, draft] of this.unsaved) this.save(channel, draft, { keepalive: true });
  }

  async save(channel, draft, how) {
    if (this.unsaved.get(channel) !== draft) return;
    try {
      await this.own.keepDraft(channel, draft, how);
    } catch (error) {
      if (error.passing) {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.flush(), AGAIN_MS);
      } else if (this.unsaved.get(channel) === draft) {
        this.unsaved.delete(channel);
        this.unkept.set(channel, draft);
        this.refusals.set(channel, error.message || gettext("This cannot be kept as a draft."));
        this.tell();
      }
      return;
    }
    this.saves += 1;
    this.savedAt.set(channel, performance.now());
    if (this.unsaved.get(channel) === draft) this.unsaved.delete(channel);
    this.refusals.delete(channel);
    this.tell();
    if (draft.text) this.kept.set(channel, draft);
    else this.kept.delete(channel);
    this.changed();
  }

  /** A window that is looked at again says so twice, and one question is enough. */
  returned() {
    if (this.asked === 0) this.refresh();
  }

  async refresh() {
    const { saves, channel } = this;
    const stood = this.composer.field.value;
    this.asked += 1;
    const asked = performance.now();
    const all = await this.own.all().catch(() => null).finally(() => { this.asked -= 1; });
    if (!all) return; // what is here stays; the next time will do
    if (this.over) return;
    this.heard(all);
    if (this.saves !== saves) return this.refresh(); // it may have been answered before that save
    this.refreshedAt = Math.max(this.refreshedAt, asked);
    this.kept = new Map(all.drafts.map((draft) => [draft.channel, draft]));
    if (this.latest?.asked > asked) {
      if (this.latest.draft) this.kept.set(this.latest.channel, this.latest.draft);
      else this.kept.delete(this.latest.channel);
    }
    this.dropSent();
    for (const id of this.composer.drafts.keys()) {
      if (!this.isNewer(id) && !this.kept.has(id)) this.composer.drafts.delete(id);
    }
    this.changed();
    if (channel !== this.channel || stood === this.composer.field.value) this.restore();
  }

  /** Whether this page has words that the server has not. */
  isNewer(channel) { return this.unsaved.has(channel) || this.unkept.has(channel); }

  /** A message that an earlier page left in the outbox is no draft any more, though that page could not say so. */
  dropSent() {
    const { clock, restored } = this.client.deliveries;
    for (const { channel, body, at } of restored) {
      const draft = this.kept.get(channel);
      const sent = draft?.text.trim() === body && Date.parse(draft.changed_at) <= at.getTime();
      if (!sent || this.isNewer(channel)) continue;
      this.nothingKept(channel);
      if (channel === this.channel) this.restore();
      this.unsaved.set(channel, { text: "", reply_to: null, at: performance.now() - (clock.now() - at.getTime()) });
      this.flush();
    }
  }

  /** What another device wrote comes into the composer, unless something newer stands there. */
  restore() {
    const { composer, channel } = this;
    if (!channel || this.isNewer(channel) || composer.mode?.name === "edit") return;
    const { text = "", reply_to = null } = this.kept.get(channel) ?? {};
    if (same({ text, reply_to }, this.present)) return;
    this.shown = { text, reply_to };
    composer.setMode(reply_to && { name: "reply", message: reply_to });
    composer.field.value = text;
    composer.typed({ quiet: true });
  }

  /** Channels in which something waits to be finished. */
  has(channel) { return Boolean((this.unsaved.get(channel) ?? this.unkept.get(channel) ?? this.kept.get(channel))?.text); }

  forget() {
    this.over = true;
    clearTimeout(this.timer);
    this.unsaved.clear();
    this.unkept.clear();
    this.refusals.clear();
    this.tell();
    this.kept.clear();
  }
}
