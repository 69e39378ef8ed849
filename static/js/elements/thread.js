// <chat-thread>: a message and all that answers it, beside the conversation, kept up to date, with a line to answer in.
import { layOut } from "lib/rows";
import { rootOf, Thread } from "lib/thread";
import { clone } from "elements/clone";
import { drawRows } from "elements/draw-rows";
import { grow } from "elements/grow";
import { atDesk, hovers } from "elements/media";
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
    this.files = this.querySelector("chat-files");
    customElements.upgrade(this.files); // out of a template it is made after this
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

  disconnectedCallback() {
    this.client.removeEventListener("view", this.heard);
    if (this.files.busy) this.carried.set(this.thread.root, this.files);
  }

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
  // What goes along with an answer asks this as it asks the composer.

  get mayWrite() { return !this.form.hidden; }
  get complete() { return Boolean(this.field.value.trim()) || this.files.any; }
  get mode() { return { name: "reply", message: { id: this.thread.root } }; }
  /** What is sent from here leaves the conversation where it is. */
  get aside() { return true; }

  setMode() {} // it always answers

  focus() { this.field.focus(); }

  giveBack({ body }) {
    this.field.value = [body, this.field.value].filter(Boolean).join("\n");
    this.typed({ quiet: true });
  }

  /** What was being written when these replies were last left. */
  recall() {
    this.field.value ||= this.written.get(this.thread.root) ?? "";
    const carried = this.carried.get(this.thread.root);
    if (carried && !this.files.busy) {
      this.files.replaceWith(carried);
      this.files = carried;
      this.carried.delete(this.thread.root);
    }
    this.files.describe(this.info);
    this.note();
  }

  note() {
    const text = this.field.value;
    grow(this.field, LINES);
    this.form.querySelector("[type=submit]").disabled = !this.complete;
    if (text.trim()) this.written.set(this.thread.root, text);
    else this.written.delete(this.thread.root);
    this.dispatchEvent(new CustomEvent("drafted", { bubbles: true }));
  }

  typed({ quiet = false } = {}) {
    this.note();
    if (!quiet && this.field.value.trim()) this.dispatchEvent(new CustomEvent("typed", { bubbles: true }));
  }

  pressed(event) {
    if (event.isComposing || meaningOf(event, "write") !== "send") return;
    if (!atDesk() && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.submit();
  }

  submit() {
    const body = this.field.value.trim();
    if (!this.complete || this.files.asks(() => this.submit())) return;
    this.field.value = "";
    this.typed();
    this.focus();
    const draft = { body, reply_to: this.thread.root, channel: this.channel.id };
    if (!this.files.carry(draft)) this.dispatchEvent(new CustomEvent("send", { bubbles: true, detail: draft }));
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
    if (name === "write") this.focus();
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
    const carried = new Map(); // root → the files of such an answer, as long as they are on their way
    Object.assign(this, { given: { ...given, written, carried }, side, menu });
    given.client.addEventListener("ended", () => this.forget());
  }

  /** The session is over. */
  forget() {
    const { written, carried } = this.given;
    for (const files of [...carried.values(), document.querySelector("chat-thread")?.files]) files?.forget();
    for (const kept of [written, carried]) kept.clear();
  }

  show(message) {
    const channel = this.given.client.channels.get(message.channel);
    const root = rootOf(message.id, channel.messages);
    const known = [...channel.messages.values()].filter((one) => rootOf(one.id, channel.messages) === root);
    const node = clone("thread-template");
    Object.assign(node, this.given, { menu: this.menu, channel, message: message.id, thread: new Thread(known) });
    this.side.open({ title: gettext("Replies"), about: channel.info.name, content: node, channel: channel.id, shows: "thread", links: false });
    if (hovers() && !node.querySelector("form").hidden) node.focus();
  }
}
