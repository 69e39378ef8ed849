// Undo send: where somebody chose it, a message waits for five seconds in which it comes back into the composer.
import { gettext } from "lib/words";
import { csrfToken } from "elements/token";

const WAIT_MS = 5000;
const FORMER_KEY = "schoolchat.wait."; // with the person's id: the choice, when each device had its own

export class Undo {
  constructor({ client, me, urls, parts, on }) {
    Object.assign(this, { client, parts, on, url: urls.undo_send, choice: document.querySelector("[data-wait-choice]") });
    this.choice.addEventListener("click", () => this.choose(!this.on));
    document.addEventListener("click", (event) => this.clicked(event));
    window.addEventListener("pagehide", () => client.deliveries.hurry());
    this.show();
    this.takeOver(`${FORMER_KEY}${me.id}`);
  }

  get wait() { return this.on ? WAIT_MS : 0; }

  /** Holds here at once, and on the other devices when they open the page. Returns whether it is kept. */
  async choose(on) {
    this.on = on;
    this.show();
    try {
      const answer = await fetch(this.url, { method: on ? "PUT" : "DELETE", headers: { "X-CSRFToken": csrfToken() }, redirect: "manual" });
      if (answer.ok) return true;
    } catch {
      // said below
    }
    this.parts.toasts.say(gettext("This was not kept, and holds until you close the page. Please choose it again when you are connected."));
    return false;
  }

  /** A choice that this device made before the server kept it. */
  async takeOver(key) {
    if (localStorage.getItem(key) && (this.on || await this.choose(true))) localStorage.removeItem(key);
  }

  show() {
    this.choice.setAttribute("aria-checked", String(this.wait > 0));
    this.choice.querySelector("[data-state]").textContent = this.wait > 0 ? gettext("On") : gettext("Off");
  }

  send(draft) {
    const { wait } = this;
    this.client.send(draft, wait);
    if (wait) this.parts.voice.say(gettext("Sending in five seconds. Undo stands below the message."));
  }

  clicked(event) {
    const button = event.target.closest('[data-act="undo"]');
    if (!button) return;
    const thread = button.closest("chat-thread");
    const entry = this.client.deliveries.undo(button.closest("[data-ref]").dataset.ref);
    if (!entry) this.parts.toasts.say(gettext("It was sent already. You can delete it."));
    else if (thread) this.giveBack(thread.field, entry);
    else this.compose(entry);
    if (entry?.attachments.length) (thread ?? this.parts.composer).files.takeBack(entry.attachments);
  }

  compose(entry) {
    const { composer } = this.parts;
    composer.resume(entry);
    this.giveBack(composer.field, entry);
  }

  /** Before what was begun meanwhile, so that neither is lost. */
  giveBack(field, { body }) {
    field.value = field.value.trim() ? `${body}\n\n${field.value}` : body;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }
}
