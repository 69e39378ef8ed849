// Undo send: where somebody chose it, a message waits for five seconds in which it comes back into the composer.
import { gettext } from "lib/words";

const WAIT_MS = 5000;
const KEY = "schoolchat.wait."; // with the person's id: whether to wait, on this device; never any content

export class Undo {
  constructor({ client, me, parts }) {
    Object.assign(this, { client, parts, key: `${KEY}${me.id}`, choice: document.querySelector("[data-wait-choice]") });
    this.choice.addEventListener("click", () => this.choose(this.wait === 0));
    document.addEventListener("click", (event) => this.clicked(event));
    window.addEventListener("pagehide", () => client.deliveries.hurry());
    this.show();
  }

  get wait() { return localStorage.getItem(this.key) ? WAIT_MS : 0; }

  choose(on) {
    if (on) localStorage.setItem(this.key, "5");
    else localStorage.removeItem(this.key);
    this.show();
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
