// <chat-composer>: one line that grows to eight; new messages, replies, edits. Tells of what is `drafted` in it.
import { meaningOf } from "lib/keys";
import { gettext, interpolate, language, ngettext } from "lib/words";
import { grow } from "elements/grow";
import { atDesk } from "elements/media";
import { firstLine } from "elements/row";

export const LIMIT = 8000;
const SAY_FROM = 500;
const LINES = 8;

class ChatComposer extends HTMLElement {
  connectedCallback() {
    this.drafts = new Map();
    this.field = this.querySelector("textarea");
    this.button = this.querySelector("[data-send]");
    this.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.querySelector("[data-cancel]").addEventListener("click", () => this.cancel());
    this.mode = null;
    this.files = this.querySelector("chat-files");
  }

  /** Enter sends where there is a keyboard; on a phone the button does. */
  get enterSends() { return atDesk(); }
  get mayWrite() { return this.info.can_post !== false && !this.info.archived; }

  show(info) {
    this.keepDraft();
    this.info = info;
    this.describe(info);
    const draft = this.drafts.get(info.id);
    this.setMode(draft?.mode ?? null);
    this.field.value = draft?.text ?? "";
    this.typed({ quiet: true });
    this.dispatchEvent(new CustomEvent("shown"));
  }

  describe(info) {
    this.info = info;
    this.files.describe(info);
    this.querySelector("form").hidden = !this.mayWrite;
    const closed = this.querySelector("[data-closed]");
    closed.hidden = this.mayWrite;
    closed.textContent = info.archived
      ? gettext("This channel is archived. It can be read, but not written in.")
      : gettext("Only those who run this channel write here. You can read everything.");
    this.field.placeholder = interpolate(gettext("Write to %(name)s"), { name: info.name }, true);
    this.field.setAttribute("aria-label", this.field.placeholder);
  }

  keepDraft() {
    if (!this.info || this.mode?.name === "edit") return;
    if (this.field.value) this.drafts.set(this.info.id, { text: this.field.value, mode: this.mode });
    else this.drafts.delete(this.info.id);
  }

  focus() { if (this.mayWrite) this.field.focus({ preventScroll: true }); }

  setMode(mode) {
    this.mode = mode;
    const strip = this.querySelector("[data-strip]");
    strip.hidden = !mode;
    strip.dataset.mode = mode?.name ?? "";
    this.button.querySelector("span").textContent = mode?.name === "edit" ? gettext("Save") : gettext("Send");
    if (!mode) return;
    strip.querySelector("b").textContent = mode.name === "edit" ? gettext("Editing your message") : interpolate(gettext("Replying to %(name)s"), { name: mode.message.author?.name ?? "" }, true);
    strip.querySelector("[data-strip-text]").textContent = firstLine(mode.message);
  }

  reply(message) {
    if (this.mode?.name === "edit") this.field.value = "";
    this.setMode({ name: "reply", message });
    this.typed({ quiet: true });
    this.focus();
  }

  edit(message) {
    this.keepDraft();
    this.setMode({ name: "edit", message });
    this.field.value = message.body;
    this.typed({ quiet: true });
    this.focus();
  }

  /** Goes on with what was to be sent; an answer is one again. */
  resume({ channel, reply_to }) {
    if (this.mode?.name === "edit") this.cancel();
    const answered = this.client.channels.get(channel)?.messages.get(reply_to);
    if (answered) this.setMode({ name: "reply", message: answered });
  }

  /** What was to be sent and is not: before what was begun meanwhile, in its own channel. */
  giveBack({ channel, body, reply_to }) {
    const joined = (text) => [body, text].filter(Boolean).join("\n");
    if (channel === this.info.id) {
      this.resume({ channel, reply_to });
      this.field.value = joined(this.field.value);
      this.typed({ quiet: true });
      return;
    }
    const kept = this.drafts.get(channel);
    const message = this.client.channels.get(channel)?.messages.get(reply_to);
    this.drafts.set(channel, { text: joined(kept?.text), mode: kept?.mode ?? (message ? { name: "reply", message } : null) });
  }

  cancel() {
    if (this.mode?.name === "edit") this.field.value = this.drafts.get(this.info.id)?.text ?? "";
    this.setMode(null);
    this.typed({ quiet: true });
    this.focus();
  }

  typed({ quiet = false } = {}) {
    this.grow();
    const length = [...this.field.value].length;
    const left = LIMIT - length;
    const words = this.querySelector("[data-limit]");
    words.hidden = left >= SAY_FROM;
    words.classList.toggle("composer__over", left < 0);
    const count = Math.abs(left);
    words.textContent = interpolate(left >= 0
      ? ngettext("%(n)s character left", "%(n)s characters left", count)
      : ngettext("%(n)s character too many. A message holds at most 8,000.", "%(n)s characters too many. A message holds at most 8,000.", count),
    { n: count.toLocaleString(language) }, true);
    this.button.disabled = left < 0 || !this.complete;
    this.classList.toggle("composer--ready", !this.button.disabled);
    this.dispatchEvent(new CustomEvent("drafted", { bubbles: true }));
    if (!quiet && this.field.value.trim() && this.mode?.name !== "edit") this.dispatchEvent(new CustomEvent("typed", { bubbles: true }));
  }

  /** Words or, in a new message, files. */
  get complete() { return Boolean(this.field.value.trim()) || (this.mode?.name !== "edit" && this.files.any); }

  grow() { grow(this.field, LINES); }

  pressed(event) {
    if (event.isComposing) return;
    const name = meaningOf(event, "write");
    if (name === "send" && (this.enterSends || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.submit();
    } else if (name === "cancel" && this.mode) {
      event.preventDefault();
      event.stopPropagation();
      this.cancel();
    } else if (name === "edit-last" && !this.field.value && !this.mode) {
      event.preventDefault();
      this.dispatchEvent(new CustomEvent("edit-last", { bubbles: true }));
    }
  }

  submit() {
    const body = this.field.value.trim();
    if (!this.complete || [...body].length > LIMIT) return;
    const { mode } = this;
    if (mode?.name === "edit") {
      this.dispatchEvent(new CustomEvent("save-edit", { bubbles: true, detail: { message: mode.message, body } }));
      return;
    }
    if (this.files.asks(() => this.submit())) return;
    this.empty();
    const draft = { body, reply_to: mode?.message.id ?? null };
    if (!this.files.carry(draft)) this.dispatchEvent(new CustomEvent("send", { bubbles: true, detail: draft }));
  }

  /** What stood here is on its way. */
  empty() {
    this.field.value = "";
    this.drafts.delete(this.info.id);
    this.setMode(null);
    this.typed({ quiet: true });
    this.focus();
  }

  /** The session is over: what was being written is not left to whoever comes next. */
  forget() {
    this.field.value = "";
    this.drafts.clear();
    this.setMode(null);
    this.files.forget();
  }

  /** While an edit is on its way; the text stays until the server has it. */
  saving(on) { this.button.disabled = on; }
  saved() { this.cancel(); }
}
customElements.define("chat-composer", ChatComposer);
