// <chat-thread>: a message and all that answers it, beside the conversation, kept up to date, with a line to answer in.
import { layOut } from "lib/rows";
import { rootOf, Thread } from "lib/thread";
import { clone } from "elements/clone";
import { drawRows } from "elements/draw-rows";
import { grow } from "elements/grow";
import { Roving } from "elements/roving";
import { giveTools } from "elements/row";
import { atBottom, toBottom } from "elements/scroll";
import { meaningOf } from "lib/keys";
import { gettext, interpolate } from "lib/words";

const LINES = 5;

class ChatThread extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("[data-rows]");
    this.field = this.querySelector("textarea");
    this.form = this.querySelector("form");
    this.roving = new Roving(this.list, (name, row) => this.meant(name, row));
    this.list.addEventListener("click", (event) => this.clicked(event));
    giveTools(this.list);
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.client.addEventListener("view", this.heard);
    this.menu.watch(this.list, (row, box) => this.want("menu", row, { box }));
    this.draw();
    this.recall();
    this.load();
  }

  disconnectedCallback() { this.client.removeEventListener("view", this.heard); }

  get info() { return this.channel.info; }

  // --- what stands there ----------------------------------------------------------------------

  heard = ({ detail: { channel, cause } }) => {
    if (channel !== this.channel.id) return;
    if (cause === "reset") this.load();
    else if (this.thread.refresh(this.channel) || cause === "outbox") this.draw();
  };

  /** All of it from the server; until then what the page knows is shown. */
  async load() {
    let frame;
    try {
      frame = await this.client.acts.thread(this.channel, this.message);
    } catch (error) {
      if (this.isConnected) this.dispatchEvent(new CustomEvent("say", { bubbles: true, detail: interpolate(gettext("The replies could not be loaded. %(why)s"), { why: error.message }, true) }));
      return;
    }
    for (const message of frame.messages) this.channel.put(message);
    if (!this.isConnected || frame.messages.length === 0) return;
    this.written.delete(this.thread.root); // which may be another, now that all is known
    this.thread = new Thread(frame.messages);
    this.recall();
    this.client.tell("view", { channel: this.channel.id, cause: "outbox" });
    toBottom(this.list);
  }

  draw() {
    const { thread, client, channel } = this;
    const stick = atBottom(this.list);
    const entries = client.outbox.of(channel.id).filter((entry) => thread.messages.has(entry.reply_to));
    const rows = layOut(thread.sorted(), entries, { me: client.me });
    drawRows(this.list, rows, { me: client.me, people: this.people, channel, root: thread.root, look: () => {} }, this.roving);
    this.querySelector("[data-none]").hidden = thread.replies > 0 || entries.length > 0;
    const closed = this.info.archived || this.info.can_post === false || Boolean(thread.messages.get(thread.root)?.deleted_at);
    this.form.hidden = closed;
    this.querySelector("[data-closed]").hidden = !closed;
    if (stick) toBottom(this.list);
  }

  // --- writing --------------------------------------------------------------------------------

  focusWriting() { this.field.focus(); }

  /** What was being written when these replies were last left. */
  recall() {
    this.field.value ||= this.written.get(this.thread.root) ?? "";
    this.note();
  }

  note() {
    const text = this.field.value;
    grow(this.field, LINES);
    this.form.querySelector("[type=submit]").disabled = !text.trim();
    if (text.trim()) this.written.set(this.thread.root, text);
    else this.written.delete(this.thread.root);
    this.dispatchEvent(new CustomEvent("drafted", { bubbles: true }));
  }

  typed() {
    this.note();
    if (this.field.value.trim()) this.dispatchEvent(new CustomEvent("typed", { bubbles: true }));
  }

  pressed(event) {
    if (event.isComposing || meaningOf(event, "write") !== "send") return;
    const desk = window.matchMedia("(hover: hover) and (pointer: fine)").matches;
    if (!desk && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.submit();
  }

  submit() {
    const body = this.field.value.trim();
    if (!body) return;
    this.field.value = "";
    this.typed();
    this.field.focus();
    this.dispatchEvent(new CustomEvent("send", { bubbles: true, detail: { body, reply_to: this.thread.root, channel: this.channel.id } }));
    toBottom(this.list);
  }

  // --- hands ----------------------------------------------------------------------------------

  clicked(event) {
    const row = event.target.closest(".message");
    const goto = event.target.closest("[data-goto]")?.dataset.goto;
    const emoji = event.target.closest("[data-react]")?.dataset.react;
    const act = event.target.closest("[data-act]");
    const ref = act?.closest("[data-ref]")?.dataset.ref;
    if (goto) this.roving.focus(this.list.querySelector(`.message[data-id="${CSS.escape(goto)}"]`));
    else if (emoji) this.want("toggle", row, { emoji });
    else if (act?.dataset.act === "retry") this.client.retry(ref);
    else if (act?.dataset.act === "discard") this.client.discard(ref);
    else if (act) this.want(act.dataset.act, row, { box: act.getBoundingClientRect() });
  }

  meant(name, row) {
    if (name === "write") this.focusWriting();
    else this.want(name, row);
  }

  want(name, row, { box = row.getBoundingClientRect(), emoji = null } = {}) {
    const message = this.thread.messages.get(row.dataset.id);
    if (message && name !== "thread") this.dispatchEvent(new CustomEvent("want", { bubbles: true, detail: { name, message, row, box, emoji } }));
  }
}
customElements.define("chat-thread", ChatThread);

/** Opens threads in the side. */
export class Threads {
  constructor(given, { side, menu }) {
    const written = new Map(); // root → an answer that is not sent; in this page alone
    Object.assign(this, { given: { ...given, written }, side, menu });
    given.client.addEventListener("ended", () => written.clear());
  }

  show(message) {
    const channel = this.given.client.channels.get(message.channel);
    const root = rootOf(message.id, channel.messages);
    const known = [...channel.messages.values()].filter((one) => rootOf(one.id, channel.messages) === root);
    const node = clone("thread-template");
    Object.assign(node, this.given, { menu: this.menu, channel, message: message.id, thread: new Thread(known) });
    this.side.open({ title: gettext("Replies"), about: channel.info.name, content: node, channel: channel.id, shows: "thread", links: false });
    if (window.matchMedia("(hover: hover)").matches && !node.querySelector("form").hidden) node.focusWriting();
  }
}
