// <quick-switcher>: Ctrl-K. Channels first, unread before read, then people.

const MOST = 12;
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

class QuickSwitcher extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.field = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    this.field.addEventListener("input", () => this.draw());
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.dialog.close(); });
  }

  open() {
    if (this.dialog.open) return;
    this.field.value = "";
    this.dialog.showModal();
    this.field.focus();
    this.draw();
  }

  matches() {
    const words = plain(this.field.value).split(/\s+/).filter(Boolean);
    const fits = (text) => words.every((word) => ` ${plain(text)}`.includes(` ${word}`) || plain(text).includes(word));
    const channels = [...this.client.channels.values()].map(({ info }) => info).filter((info) => fits(info.name));
    channels.sort((a, b) => Number(b.unread > 0) - Number(a.unread > 0));
    const taken = new Set(channels.filter((info) => info.kind === "direct" && info.people?.length === 2).flatMap((info) => info.people));
    const people = words.length === 0 ? [] : Object.entries(this.people)
      .filter(([id, person]) => id !== this.client.me.id && !taken.has(id) && fits(`${person.name} ${person.title ?? ""}`));
    return [
      ...channels.map((info) => ({ channel: info.id, name: info.name, note: info.unread ? `${info.unread > 99 ? "99+" : info.unread} unread` : info.archived ? "Archived" : "", kind: info.kind })),
      ...people.map(([id, person]) => ({ person: id, name: person.name, note: person.title ?? "", kind: "direct" })),
    ].slice(0, MOST);
  }

  draw() {
    const options = this.matches().map((match, at) => this.option(match, at));
    this.list.replaceChildren(...options);
    this.querySelector("[data-nothing]").hidden = options.length > 0;
    this.point(options[0]);
  }

  option(match, at) {
    const node = document.getElementById("option-template").content.firstElementChild.cloneNode(true);
    node.id = `option-${at}`;
    Object.assign(node.dataset, match.channel ? { channel: match.channel } : { person: match.person });
    node.querySelector("use").setAttribute("href", `#i-${match.kind}`);
    node.querySelector("b").textContent = match.name;
    node.querySelector("span").textContent = match.person ? `${match.note ? `${match.note} · ` : ""}new direct message` : match.note;
    return node;
  }

  point(option) {
    for (const one of this.list.children) one.setAttribute("aria-selected", String(one === option));
    this.field.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    const options = [...this.list.children];
    const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "Enter") {
      event.preventDefault();
      this.choose(options[at]);
    }
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || options.length === 0) return;
    event.preventDefault();
    this.point(options.at((at + by) % options.length));
  }

  choose(option) {
    if (!option) return;
    this.dialog.close();
    if (option.dataset.channel) this.dispatchEvent(new CustomEvent("open-channel", { bubbles: true, detail: { channel: option.dataset.channel } }));
    else window.location.assign(`${this.urls.new_channel}?kind=direct&person=${option.dataset.person}`);
  }
}
customElements.define("quick-switcher", QuickSwitcher);
