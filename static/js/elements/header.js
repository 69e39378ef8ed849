// <chat-header>: the channel's name and, always, who can read it.
import { gettext } from "lib/words";

class ChatHeader extends HTMLElement {
  connectedCallback() {
    this.lines = new Map(); // the last that was said of each channel, until its answer is there
    this.querySelector("[data-readers]").addEventListener("click", () => this.openPanel());
    this.querySelector("[data-back]").addEventListener("click", () => this.dispatchEvent(new CustomEvent("show-list", { bubbles: true })));
  }

  show({ info }) {
    this.info = info;
    this.querySelector("[data-title]").textContent = info.name;
    this.querySelector(".conversation__kind use").setAttribute("href", `#i-${info.kind}`);
    for (const link of this.querySelectorAll("[data-members]")) link.href = this.urls.members.replace("{id}", info.id);
    for (const link of this.querySelectorAll("[data-search]")) link.href = `${this.urls.search}?channel=${info.id}`;
    this.line(this.lines.get(info.id) ?? { line: gettext("Who can read this") });
  }

  /** The server says it with each opening, and anew when somebody joined, left, or the settings changed. */
  said(channel, readers) {
    if (!readers) return;
    this.lines.set(channel, readers);
    if (this.info?.id === channel) this.line(readers);
  }

  /** Who can read it: `brief` is for a phone, where the whole sentence would be cut. */
  line({ line, brief = line }) {
    this.querySelector("[data-readers-text]").textContent = line;
    // Where its parts do not fit into one line, each stays whole.
    this.querySelector("[data-readers-brief]").textContent = brief.split(" · ").map((part) => part.replaceAll(" ", "\u00a0")).join(" · ");
  }

  async openPanel() {
    const { id, name } = this.info;
    const known = await this.roster.fetch(id) ?? this.roster.known(id);
    if (known) this.said(id, known);
    const content = known ? document.importNode(known.panel, true) : document.createTextNode(gettext("This could not be loaded. Try again when you are connected."));
    this.dispatchEvent(new CustomEvent("open-side", { bubbles: true, detail: { title: gettext("Who can read this"), about: name, content, channel: id } }));
  }
}
customElements.define("chat-header", ChatHeader);
