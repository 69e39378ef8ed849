// <chat-log>: the conversation. Draws what the channel holds, keeps one's place, and says what was read.
import { layOut } from "lib/rows";
import { dateName } from "lib/times";
import { fillRow, makeRow } from "elements/row";
import { atBottom, fromBottom, lastSeen, putInView, rememberPlace, restorePlace, toBottom } from "elements/scroll";

const MOST_ROWS = 400;
const KEPT_ROWS = 250;
const NEAR_END_PX = 700;
const LIT_MS = 2600;
// Keys on a focused row only, so that they never get in the way of a screen reader's own.
const VERBS = { Enter: "menu", ContextMenu: "menu", ".": "menu", r: "reply", e: "edit" };

class ChatLog extends HTMLElement {
  connectedCallback() {
    this.box = this.querySelector("[data-scroller]");
    this.list = this.querySelector("[data-rows]");
    this.newAfter = null;
    this.busy = false;
    this.box.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.list.addEventListener("click", (event) => this.clicked(event));
    this.list.addEventListener("keydown", (event) => this.pressed(event));
    this.list.addEventListener("focusin", (event) => this.rove(event.target.closest(".message")));
    this.querySelector("[data-jump=latest]").addEventListener("click", () => this.jumpLatest());
    this.querySelector("[data-jump=new]").addEventListener("click", () => this.jumpNew());
    window.addEventListener("focus", () => this.markRead());
    document.addEventListener("visibilitychange", () => this.markRead());
    new ResizeObserver(() => this.resized()).observe(this.box);
  }

  /** Shows a channel from its first unread message, or from the end. */
  show(channel, message = null) {
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
    if (bottom && this.channel.live?.ids.size > MOST_ROWS) this.channel.trim(KEPT_ROWS);
    this.draw();
    if (cause === "open" || cause === "latest") this.settle();
    else if (cause === "around") this.light();
    else if (bottom && !this.channel.aside) toBottom(this.box);
    else restorePlace(this.box, place);
    this.scrolled();
  }

  draw() {
    const { channel, client } = this;
    const entries = channel.aside ? [] : client.outbox.of(channel.id);
    const rows = layOut(channel.sorted(), entries, { me: client.me, newAfter: channel.aside || !channel.holdsAfter(this.newAfter) ? null : this.newAfter });
    const context = { me: client.me, people: this.people, channel, look: (id) => this.look(id) };
    this.reconcile(rows, context);
    this.drawTop();
    this.classList.toggle("log--loading", !channel.loaded);
    this.querySelector("[data-empty]").hidden = !channel.loaded || rows.length > 0;
  }

  reconcile(rows, context) {
    const wanted = new Set(rows.map((row) => row.key));
    const old = new Map();
    for (const node of [...this.list.children]) {
      if (wanted.has(node.dataset.key)) old.set(node.dataset.key, node);
      else this.takeAway(node);
    }
    let cursor = this.list.firstElementChild;
    for (const row of rows) {
      const node = old.get(row.key) ?? makeRow(row);
      fillRow(node, row, context);
      if (node === cursor) cursor = cursor.nextElementSibling;
      else this.list.insertBefore(node, cursor);
    }
    if (!this.list.contains(document.activeElement)) this.rove(this.list.querySelector(".message:last-child"));
  }

  /** A row that disappears hands the focus to its neighbour. */
  takeAway(node) {
    const focused = node.contains(document.activeElement);
    const heir = node.nextElementSibling ?? node.previousElementSibling;
    node.remove();
    if (focused) this.focusRow(heir?.dataset.id ? heir : this.list.querySelector(".message:last-child"));
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
      ? `Messages from before ${since} are no longer kept.`
      : channel.info.purpose || "This is where the conversation begins.";
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
      this.dispatchEvent(new CustomEvent("say", { bubbles: true, detail: error.code === "not_found" ? "That message is no longer here." : error.message }));
      this.target = null;
      this.changed("open");
    }
  }

  light() {
    const row = this.target && this.list.querySelector(`.message[data-id="${CSS.escape(this.target)}"]`);
    this.target = null;
    if (!row) return;
    this.stick = false;
    putInView(this.box, row);
    this.focusRow(row);
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
      this.drawJumps();
      this.more();
    });
  }

  resized() {
    if (this.stick) toBottom(this.box);
  }

  async more() {
    const { channel, box } = this;
    if (this.busy || !channel.loaded || !this.client.live) return;
    const up = channel.view.older && box.scrollTop < NEAR_END_PX;
    const down = channel.aside?.newer && fromBottom(box) < NEAR_END_PX;
    if (!up && !down) return;
    this.busy = true;
    try {
      await (up ? this.client.history.older(channel.id) : this.client.history.newer(channel.id));
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

  // --- jumping --------------------------------------------------------------------------------

  drawJumps() {
    const { channel, box } = this;
    const { unread } = channel.info;
    const latest = this.querySelector("[data-jump=latest]");
    latest.hidden = !channel.loaded || (!channel.aside && fromBottom(box) < 320);
    const below = unread > 0 ? `${unread > 99 ? "99+" : unread} new below` : "Latest";
    latest.querySelector("span").textContent = channel.aside ? "Back to the latest" : below;
    const line = this.list.querySelector('[data-key="new"]');
    const above = line ? line.getBoundingClientRect().bottom < box.getBoundingClientRect().top : this.newAfter !== null && !channel.holdsAfter(this.newAfter);
    const jump = this.querySelector("[data-jump=new]");
    jump.hidden = this.newAfter === null || unread === 0 || Boolean(channel.aside) || !above || !channel.loaded;
    jump.querySelector("span").textContent = "First unread";
  }

  jumpLatest() {
    this.target = null;
    this.newAfter = null;
    this.stick = true;
    this.client.history.latest(this.channel.id);
    toBottom(this.box);
    this.focusRow(this.list.querySelector(".message:last-child"));
  }

  async jumpNew() {
    const { channel } = this;
    try {
      while (!channel.holdsAfter(this.newAfter) && channel.live.older) await this.client.history.older(channel.id, 200);
    } catch {
      return;
    }
    const line = this.list.querySelector('[data-key="new"]');
    if (!line) return;
    putInView(this.box, line, 0.15);
    this.focusRow(line.nextElementSibling);
  }

  // --- hands ----------------------------------------------------------------------------------

  rove(row) {
    if (!row) return;
    for (const old of this.list.querySelectorAll('.message[tabindex="0"]')) old.tabIndex = -1;
    row.tabIndex = 0;
  }

  focusRow(row) {
    this.rove(row);
    row?.focus({ preventScroll: true });
  }

  clicked(event) {
    const quote = event.target.closest("[data-goto]");
    if (quote) this.goTo(quote.dataset.goto);
    const act = event.target.closest("[data-act]");
    if (act) this.act(act.dataset.act, act.closest("[data-ref]")?.dataset.ref, act);
  }

  act(name, ref, button) {
    if (name === "retry") this.client.retry(ref);
    if (name === "discard") this.client.discard(ref);
    if (name === "reply" || name === "menu") this.want(name, button.closest(".message"), button.getBoundingClientRect());
  }

  want(name, row, box = row.getBoundingClientRect()) {
    const message = this.channel.messages.get(row?.dataset.id);
    if (message && message.kind !== "system") this.dispatchEvent(new CustomEvent("want", { bubbles: true, detail: { name, message, row, box } }));
  }

  pressed(event) {
    const row = event.target.closest(".message");
    if (event.target !== row || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const verb = VERBS[event.key] ?? (event.key === "F10" && event.shiftKey ? "menu" : null);
    if (step) this.step(row, step);
    else if (verb) this.want(verb, row);
    else if (event.key === "Escape") this.dispatchEvent(new CustomEvent("want", { bubbles: true, detail: { name: "write" } }));
    else return;
    event.preventDefault();
  }

  step(row, by) {
    const rows = [...this.list.querySelectorAll(".message")];
    const next = rows[rows.indexOf(row) + by];
    if (!next) return;
    this.rove(next);
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
}
customElements.define("chat-log", ChatLog);
