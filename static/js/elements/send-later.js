// <send-later>, around an <app-menu>: lets what stands in the composer wait for its time.
import { gettext, interpolate } from "lib/words";
import { asField, monday, tomorrow } from "lib/later";
import { clockTime, fullTime, wholeDay } from "lib/times";

const TIMES = { tomorrow, monday };

class SendLater extends HTMLElement {
  connectedCallback() {
    this.menu = this.querySelector("[popover]");
    this.dialog = document.querySelector("[data-later-dialog]");
    this.field = this.dialog.querySelector("input");
    this.menu.addEventListener("beforetoggle", () => { this.menu.querySelector("[data-time=monday]").hidden = monday().getTime() === tomorrow().getTime(); });
    this.menu.addEventListener("click", ({ target }) => this.chosen(target.closest("[data-time]")?.dataset.time));
    this.dialog.addEventListener("close", () => { if (this.dialog.returnValue === "send" && this.field.value) this.send(new Date(this.field.value)); });
    document.addEventListener("send-later", ({ detail }) => this.putWithFiles(detail));
    this.field.addEventListener("input", () => this.sayWhen());
    this.dialog.querySelector("[data-close]").addEventListener("click", () => this.dialog.close("stay"));
  }

  chosen(name) {
    if (!name) return;
    this.menu.hidePopover();
    if (name in TIMES) this.send(TIMES[name]());
    else this.ask();
  }

  ask() {
    this.field.min = asField(new Date());
    this.field.value = asField(tomorrow());
    this.sayWhen();
    this.dialog.returnValue = "";
    this.dialog.showModal();
    this.field.focus();
  }

  /** The time in words: the browser's own field may put the month first. */
  sayWhen() {
    const at = new Date(this.field.value);
    this.dialog.querySelector("[data-in-words]").textContent = Number.isNaN(at.getTime()) ? "" : `${wholeDay(at)}, ${clockTime(at)}`;
  }

  async send(at) {
    const { composer } = this;
    const body = composer.field.value.trim();
    const { info, mode } = composer;
    const { files } = composer;
    if (!composer.complete || mode?.name === "edit" || files.asks(() => this.send(at))) return;
    const draft = { body, reply_to: mode?.message.id ?? null, due_at: at.toISOString() };
    if (files.any) {
      composer.empty();
      files.carry(draft);
    } else if (await this.put({ ...draft, channel: info.id }) && composer.info.id === info.id && composer.field.value.trim() === body) composer.empty();
  }

  /** What brought files and is complete; where it may not wait it stands in the composer again. */
  async putWithFiles(draft) {
    if (await this.put(draft)) return;
    this.composer.giveBack(draft);
    this.composer.files.takeBack(draft.attachments, draft.channel);
  }

  /** Whether it waits now. */
  async put({ channel, body, reply_to, due_at, attachments = [] }) {
    try {
      await this.own.sendLater({ channel, text: body, reply_to, due_at, uploads: attachments.map(({ id }) => id) });
    } catch (error) {
      this.say(error.message || gettext("The server was not reached. Your text is still here: please try again."));
      return false;
    }
    this.say(interpolate(gettext("It will be sent on %(time)s. You find it under “Send later”."), { time: fullTime(new Date(due_at)) }, true));
    this.dispatchEvent(new CustomEvent("waits"));
    return true;
  }

  say(text) { this.dispatchEvent(new CustomEvent("say", { bubbles: true, detail: text })); }
}
customElements.define("send-later", SendLater);
