// <chat-connection>: one thin line when not live, with what waits meanwhile; nothing when live.
import { connectionWords } from "lib/unsent";

const SHOW_AFTER_MS = 900;

class ChatConnection extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").addEventListener("click", () => this.dispatchEvent(new CustomEvent("try-now", { bubbles: true })));
  }

  set client(client) {
    this.deliveries = client.deliveries;
    client.addEventListener("view", ({ detail }) => { if (detail.cause === "outbox" && !this.hidden) this.say(); });
  }

  show(state) {
    if (state === "live") {
      clearTimeout(this.timer);
      this.timer = null;
      this.hidden = true;
      return;
    }
    // A short break says nothing; the tries during a long one do not put the words off.
    if (this.hidden) this.timer ??= setTimeout(() => this.say(), SHOW_AFTER_MS);
    else this.say();
  }

  say() {
    this.hidden = false;
    const { outbox, keeping } = this.deliveries;
    const words = connectionWords({ online: navigator.onLine, count: outbox.size, kept: Boolean(keeping) && outbox.unsafe === 0 });
    const text = this.querySelector("[data-words]");
    if (text.textContent !== words) text.textContent = words;
  }
}
customElements.define("chat-connection", ChatConnection);
