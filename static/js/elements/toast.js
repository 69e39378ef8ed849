// <chat-toasts>: short words at the foot of the window, spoken once, gone by themselves.

const FOR_MS = 6000;

class ChatToasts extends HTMLElement {
  say(text) {
    const toast = document.createElement("p");
    toast.className = "toast";
    toast.textContent = text;
    this.append(toast);
    setTimeout(() => toast.remove(), FOR_MS);
  }
}
customElements.define("chat-toasts", ChatToasts);
