// <chat-log>: the conversation. Draws what the channel holds, keeps one's place, and says what was read.
import { layOut } from "lib/rows";
import { dateName } from "lib/times";
import { countReplies } from "lib/thread";
import { gettext, interpolate } from "lib/words";
import { drawRows } from "elements/draw-rows";
import { Jumps } from "elements/jumps";
import { Roving } from "elements/roving";
import { giveTools } from "elements/row";
import { atBottom, fromBottom, lastSeen, putInView, rememberPlace, restorePlace, toBottom } from "elements/scroll";

const MOST_ROWS = 400;
const KEPT_ROWS = 250;
const FEW_ROWS = 20;
const MORE = 24; // at a time on the way back: as many as are drawn within one frame
const NEAR_END_PX = 1400;
const LIT_MS = 2600;

class ChatLog extends HTMLElement {
  connectedCallback() {
    this.box = this.querySelector("[data-scroller]");
    this.list = this.querySelector("[data-rows]");
    this.newAfter = null;
    this.busy = false;
    this.gathering = false; // all down from some place is wanted, however much it is
    this.landAt = null; // px below the top of the box, where a jump back ends
    this.box.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.list.addEventListener("click", (event) => this.clicked(event));
    this.roving = new Roving(this.list, (name, row) => this.meant(name, row));
    this.jumps = new Jumps(this);
    giveTools(this.list);
    window.addEventListener("focus", () => this.markRead());
    document.addEventListener("visibilitychange", () => this.markRead());
    new ResizeObserver(() => this.resized()).observe(this.box);
  }

  /** Shows a channel from its first unread message, or from the end. */
  show(channel, message = null) {
    if (channel !== this.channel) this.jumps.forget();
    this.channel = channel;
    this.client.history.latest(channel.id);
    this.newAfter = channel.info.unread > 0 ? channel.info.read : null;
    this.list.replaceChildren();
    this.stick = true;
    this.target = message;
    this.client.open(channel.id);
    this.changed(channel.loaded ? "open" : "loading");
    if (message && channel.loaded) this.goTo(message);
  }

  clear() {
    this.channel = null;
    this.list.replaceChildren();
  }

  // --- drawing --------------------------------------------------------------------------------

  changed(cause) {
    if (!this.channel) return;
    if (cause === "reset" && !this.channel.loaded) this.list.replaceChildren();
    const bottom = this.stick;
    const place = rememberPlace(this.box, this.list);
    if (!this.gathering) this.letGo(cause, bottom);
    if (cause === "open") this.beginWithFew();
    this.draw();
    if (cause === "open" || cause === "latest") this.settle();
    else if (cause === "around") this.light();
    else if (bottom && !this.channel.aside) toBottom(this.box);
    else restorePlace(this.box, place);
    this.scrolled();
  }

  /** A phone draws what fills its window at once, and the rest of the page in a moment of its own. */
  beginWithFew() {
    const marked = this.newAfter !== null && this.channel.holdsAfter(this.newAfter);
    this.few = this.target || marked || this.channel.aside ? null : FEW_ROWS;
    if (this.few) setTimeout(() => { this.few = null; this.changed("rest"); });
  }

  /** What is far from what is read, so that neither a long day nor a long way back slows the page. */
  letGo(cause, bottom) {
    if (bottom && this.channel.live?.ids.size > MOST_ROWS) this.channel.trim(KEPT_ROWS);
    else if (cause === "older" && !bottom) this.channel.leaveBehind(MOST_ROWS, KEPT_ROWS);
    else if (cause === "newer") this.channel.leaveAbove(MOST_ROWS, KEPT_ROWS);
  }

  draw() {
    const { channel, client } = this;
    const entries = channel.aside ? [] : client.outbox.of(channel.id);
    const rows = layOut(this.few ? channel.sorted().slice(-this.few) : channel.sorted(), entries, { me: client.me, newAfter: channel.aside || !channel.holdsAfter(this.newAfter) ? null : this.newAfter });
    const replies = countReplies(channel.messages);
    const context = { me: client.me, people: this.people, channel, replies, look: (id) => this.look(id) };
    drawRows(this.list, rows, context, this.roving);
    this.drawTop();
    // What is not sent yet stands there also where nothing else could be loaded.
    this.classList.toggle("log--unloaded", !channel.loaded);
    this.classList.toggle("log--loading", !channel.loaded && entries.length === 0);
    this.querySelector("[data-empty]").hidden = !channel.loaded || rows.length > 0;
  }

  drawTop() {
    const { channel } = this;
    const top = this.querySelector("[data-top]");
    const older = channel.view?.older ?? true;
    top.querySelector("[data-older]").hidden = !channel.loaded || !older;
    const start = top.querySelector("[data-start]");
    start.hidden = !channel.loaded || older || !this.list.childElementCount;
    start.querySelector("b").textContent = channel.info.name;
    const since = channel.info.oldest ? dateName(new Date(channel.info.oldest)) : "";
    start.querySelector("span").textContent = since
      ? interpolate(gettext("Messages from before %(day)s are no longer kept."), { day: since }, true)
      : channel.info.purpose || gettext("This is where the conversation begins.");
  }

  look(id) {
    this.client.history.look(this.channel.id, id).catch(() => {});
  }

  // --- the place ------------------------------------------------------------------------------

  settle() {
    if (this.target) {
      this.goTo(this.target);
      return;
    }
    const line = this.list.querySelector('[data-key="new"]');
    toBottom(this.box);
    if (line && line.offsetTop < this.box.scrollTop + 40) putInView(this.box, line, 0.15);
    this.stick = atBottom(this.box);
  }

  async goTo(id) {
    this.target = id;
    try {
      await this.client.history.around(this.channel.id, id);
    } catch (error) {
      this.dispatchEvent(new CustomEvent("say", { bubbles: true, detail: error.code === "not_found" ? gettext("That message is no longer here.") : error.message }));
      Object.assign(this, { target: null, landAt: null });
      this.changed("open");
    }
  }

  light() {
    const row = this.rowOf(this.target);
    this.target = null;
    if (!row) return;
    this.stick = false;
    if (this.landAt === null) putInView(this.box, row);
    else restorePlace(this.box, { row, offset: this.landAt });
    this.landAt = null;
    this.roving.focus(row);
    row.classList.add("message--lit");
    setTimeout(() => row.classList.remove("message--lit"), LIT_MS);
  }

  scrolled() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = null;
      if (!this.channel) return;
      this.stick = atBottom(this.box) && !this.channel.aside;
      this.markRead();
      this.jumps.draw();
      this.more();
    });
  }

  resized() {
    if (this.stick) toBottom(this.box);
  }

  async more() {
    const { channel, box } = this;
    if (this.busy || this.few || !channel.loaded || !this.client.live) return;
    const up = channel.view.older && box.scrollTop < NEAR_END_PX;
    const down = channel.aside?.newer && fromBottom(box) < NEAR_END_PX;
    if (!up && !down) return;
    this.busy = true;
    try {
      if (up) await this.client.history.older(channel.id, MORE);
      else await this.client.history.newer(channel.id);
    } catch {
      // A lost connection: asked again at the next scroll or when the channel is live again.
    } finally {
      this.busy = false;
    }
  }

  markRead() {
    if (!this.channel?.loaded || this.channel.aside || !this.list.childElementCount) return;
    if (document.visibilityState !== "visible" || !document.hasFocus() || !this.checkVisibility()) return;
    const seen = atBottom(this.box) ? this.channel.newestSeq() : this.seqOf(lastSeen(this.box, this.list));
    if (seen) this.client.read(this.channel.id, seen);
  }

  seqOf(row) { return this.channel.messages.get(row?.dataset.id)?.seq ?? 0; }

  /** Called for each message that arrives here: the 'new' line stands before the first not seen. */
  arrived() {
    const reading = document.visibilityState === "visible" && document.hasFocus() && this.stick;
    if (!reading && this.newAfter === null) this.newAfter = this.channel.info.read;
  }

  wrote() {
    this.newAfter = null;
    this.stick = true;
    if (this.channel.aside) this.client.history.latest(this.channel.id);
  }

  // --- hands ----------------------------------------------------------------------------------

  rowOf(id) { return id ? this.list.querySelector(`.message[data-id="${CSS.escape(id)}"]`) : null; }

  /** Leads to a message of this channel, and remembers the way back. */
  jumpTo(id) {
    this.jumps.leave();
    return this.goTo(id);
  }

  /** Leads to the first message of a day or later. */
  async goToDate(day) {
    const say = (words) => this.dispatchEvent(new CustomEvent("say", { bubbles: true, detail: words }));
    try {
      const id = await this.client.history.dated(this.channel.id, day);
      if (id) await this.jumpTo(id);
      else say(gettext("Nothing was written here on that day or later."));
    } catch (error) {
      say(error.message);
    }
  }

  clicked(event) {
    const quote = event.target.closest("[data-goto]");
    if (quote) this.jumpTo(quote.dataset.goto);
    const reaction = event.target.closest("[data-react]");
    if (reaction) this.want("toggle", reaction.closest(".message"), reaction.getBoundingClientRect(), reaction.dataset.react);
    const act = event.target.closest("[data-act]");
    if (act) this.act(act.dataset.act, act.closest("[data-ref]")?.dataset.ref, act);
  }

  act(name, ref, button) {
    if (name === "retry") this.client.retry(ref);
    else if (name === "discard") this.client.discard(ref);
    else this.want(name, button.closest(".message"), button.getBoundingClientRect());
  }

  want(name, row, box = row.getBoundingClientRect(), emoji = null) {
    const message = this.channel.messages.get(row?.dataset.id);
    if (message && message.kind !== "system") this.dispatchEvent(new CustomEvent("want", { bubbles: true, detail: { name, message, row, box, emoji } }));
  }

  /** A key on a row. */
  meant(name, row) {
    const answered = this.channel.messages.get(row.dataset.id)?.reply_to;
    if (name === "write") this.dispatchEvent(new CustomEvent("want", { bubbles: true, detail: { name } }));
    else if (name === "return") this.jumps.back();
    else if (name !== "goto") this.want(name, row);
    else if (answered) this.jumpTo(answered);
  }
}
customElements.define("chat-log", ChatLog);
