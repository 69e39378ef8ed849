// <chat-connection>: one thin line when not live; nothing when live.

const SHOW_AFTER_MS = 900;

class ChatConnection extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").addEventListener("click", () => this.dispatchEvent(new CustomEvent("try-now", { bubbles: true })));
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
    const words = navigator.onLine
      ? "Connecting… your messages are kept and will be sent"
      : "You are offline. Your messages are kept and will be sent";
    const text = this.querySelector("[data-words]");
    if (text.textContent !== words) text.textContent = words;
  }
}
customElements.define("chat-connection", ChatConnection);
