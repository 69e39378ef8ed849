// A dialog in which one finds a channel or person by name: a line to type in, and a list that arrows walk.
import { fits } from "lib/completion";
import { gettext } from "lib/words";
import { clone } from "elements/clone";

const MOST = 12;

export class Chooser extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.field = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    this.field.addEventListener("input", () => this.draw());
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")));
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.dialog.close(); });
    this.querySelector("[data-close]")?.addEventListener("click", () => this.dialog.close());
  }

  open() {
    if (this.dialog.open) return;
    this.field.value = "";
    this.dialog.showModal();
    this.field.focus();
    this.draw();
  }

  /** Whether a channel is offered here; those that extend this may be choosier. */
  offers() { return true; }
  /** Whether Enter takes the first without an arrow. */
  pointsAtFirst() { return true; }
  /** What stands behind a channel's name. */
  note(info) { return info.archived ? gettext("Archived") : ""; }
  personNote(person) { return person.title ?? ""; }

  matches() {
    const words = this.field.value.trim();
    const channels = [...this.client.channels.values()].map(({ info }) => info)
      .filter((info) => this.offers(info) && fits(words, info.name));
    channels.sort((a, b) => Number(b.unread > 0) - Number(a.unread > 0));
    const direct = [...this.client.channels.values()].map(({ info }) => info).filter((info) => info.kind === "direct");
    const taken = new Set(direct.filter((info) => info.people?.length === 1).flatMap((info) => info.people));
    const people = words === "" ? [] : Object.entries(this.people)
      .filter(([id, person]) => id !== this.client.me.id && !taken.has(id) && fits(words, `${person.name} ${person.title ?? ""}`));
    return [
      ...channels.map((info) => ({ channel: info.id, name: info.name, note: this.note(info), kind: info.kind })),
      ...people.map(([id, person]) => ({ person: id, name: person.name, note: this.personNote(person), kind: "direct" })),
    ].slice(0, MOST);
  }

  draw() {
    const options = this.matches().map((match, at) => this.option(match, at));
    this.list.replaceChildren(...options);
    this.list.hidden = options.length === 0;
    this.querySelector("[data-nothing]").hidden = options.length > 0;
    this.point(this.pointsAtFirst() ? options[0] : null);
  }

  option(match, at) {
    const node = clone("option-template");
    node.id = `${this.list.id}-${at}`;
    Object.assign(node.dataset, match.channel ? { channel: match.channel } : { person: match.person });
    node.querySelector("use").setAttribute("href", `#i-${match.kind}`);
    node.querySelector("b").textContent = match.name;
    node.querySelector("span").textContent = match.note;
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
      this.take(options[at]);
    }
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || options.length === 0) return;
    event.preventDefault();
    this.point(options.at(at < 0 && by < 0 ? -1 : (at + by) % options.length));
  }

  take(option) { if (option) this.choose(option.dataset); }
}
