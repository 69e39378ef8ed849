// <chat-side>: what opens beside the conversation and closes again, giving the focus back.

class ChatSide extends HTMLElement {
  connectedCallback() {
    this.querySelector("[data-close]").addEventListener("click", () => this.close());
    this.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
  }

  open({ title, about, content, channel }) {
    this.cameFrom = document.activeElement;
    this.querySelector("h2").textContent = title;
    this.querySelector("[data-about]").textContent = about;
    this.querySelector("[data-content]").replaceChildren(content);
    this.querySelector("[data-members]").href = this.urls.members.replace("{id}", channel);
    this.querySelector("[data-search]").href = `${this.urls.search}?channel=${channel}`;
    this.hidden = false;
    this.querySelector("h2").focus();
  }

  close({ giveBack = true } = {}) {
    if (this.hidden) return;
    this.hidden = true;
    if (giveBack) this.cameFrom?.focus();
  }
}
customElements.define("chat-side", ChatSide);
