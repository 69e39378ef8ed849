// <chat-header>: the channel's name and, always, who can read it.

class ChatHeader extends HTMLElement {
  connectedCallback() {
    this.cache = new Map();
    this.querySelector("[data-readers]").addEventListener("click", () => this.openPanel());
    this.querySelector("[data-back]").addEventListener("click", () => this.dispatchEvent(new CustomEvent("show-list", { bubbles: true })));
  }

  show({ info }) {
    this.info = info;
    this.querySelector("[data-title]").textContent = info.name;
    this.querySelector(".conversation__kind use").setAttribute("href", `#i-${info.kind}`);
    this.querySelector("[data-members]").href = this.urls.members.replace("{id}", info.id);
    this.querySelector("[data-search]").href = `${this.urls.search}?channel=${info.id}`;
    this.line(this.cache.get(info.id)?.line ?? "Who can read this");
    this.load(info.id);
  }

  line(text) { this.querySelector("[data-readers-text]").textContent = text; }

  /** Somebody joined, left, or the channel's settings changed. */
  refresh() {
    if (!this.info) return;
    this.cache.delete(this.info.id);
    this.load(this.info.id);
  }

  async load(id) {
    const known = this.cache.get(id) ?? await this.fetch(id);
    if (!known || this.info?.id !== id) return;
    this.line(known.line);
  }

  async fetch(id) {
    let answer;
    try {
      answer = await fetch(this.urls.readers.replace("{id}", id), { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    } catch {
      return null; // Offline: the line keeps its general words, and is asked for again at the next opening.
    }
    if (!answer.ok || answer.redirected) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const line = page.querySelector("[data-readers-line]")?.textContent.trim();
    const panel = page.querySelector("[data-readers-panel]");
    if (!line || !panel) return null;
    const known = { line, panel };
    this.cache.set(id, known);
    return known;
  }

  async openPanel() {
    const { id, name } = this.info;
    const known = this.cache.get(id) ?? await this.fetch(id);
    const content = known ? document.importNode(known.panel, true) : document.createTextNode("This could not be loaded. Try again when you are connected.");
    this.dispatchEvent(new CustomEvent("open-side", { bubbles: true, detail: { title: "Who can read this", about: name, content, channel: id } }));
  }
}
customElements.define("chat-header", ChatHeader);
