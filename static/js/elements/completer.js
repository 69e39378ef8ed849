// <word-completer>: offers people after '@' and emoji after ':' while one types, and writes what is taken.
import { peopleFor, wordBefore } from "lib/completion";
import { toned } from "lib/emoji";
import { meaningOf } from "lib/keys";
import { gettext, interpolate, ngettext } from "lib/words";
import { openBook, ownTone } from "elements/emoji-book";
import { typeInto } from "elements/insert";

let made = 0;

class WordCompleter extends HTMLElement {
  connectedCallback() {
    made += 1;
    this.host = this.closest("chat-composer, chat-thread");
    this.field = this.host.querySelector("textarea");
    this.list = Object.assign(document.createElement("ul"), { className: "completer__list", id: `offered-${made}`, hidden: true });
    this.list.tabIndex = 0; // it may scroll, and not every reader knows that the field's keys do that
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", gettext("Offered"));
    this.said = Object.assign(document.createElement("p"), { className: "sr-only" });
    this.said.setAttribute("role", "status");
    this.replaceChildren(this.list, this.said);
    this.field.setAttribute("aria-autocomplete", "list");
    this.field.setAttribute("aria-controls", this.list.id);
    this.field.addEventListener("input", () => this.look());
    this.field.addEventListener("blur", (event) => { if (event.relatedTarget !== this.list) this.close(); });
    this.field.addEventListener("click", () => this.look());
    this.list.addEventListener("focus", () => this.field.focus({ preventScroll: true })); // where its keys are
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")));
    // Before the field's own keys: Enter takes what is offered and does not send.
    this.host.addEventListener("keydown", (event) => this.pressed(event), true);
  }

  async look() {
    const { field } = this;
    const word = field.selectionStart === field.selectionEnd ? wordBefore(field.value, field.selectionStart) : null;
    if (!word || word.start === this.dismissed) {
      if (!word) this.dismissed = null;
      this.close();
      return;
    }
    this.word = word;
    const offered = word.sign === "@" ? await this.people(word.query) : await this.emoji(word);
    // Something else may have been typed meanwhile.
    if (word === this.word && document.activeElement === field) this.offer(offered);
  }

  async people(query) {
    const { info } = this.host;
    const app = this.closest("chat-app");
    const members = await app.roster.members(info);
    const found = peopleFor(query, members, { me: app.client.me.id, all: Boolean(info.can_mention_all) });
    return found.map(({ id, name, title }) => ({ id: id ?? name, text: `@${name} `, name: id ? name : `@${name}`, note: title, person: id }));
  }

  async emoji(word) {
    const { query, closed } = word;
    let book;
    try {
      book = await openBook();
    } catch {
      return []; // Not connected: what was typed stays as it is.
    }
    const tone = ownTone();
    if (closed) {
      const exact = book.exact(query);
      if (exact && word === this.word) this.write(toned(exact, tone));
      return [];
    }
    return book.complete(query).map(({ code, emoji }) => ({ id: code, text: `${toned(emoji, tone)} `, name: `:${code}:`, note: emoji.name, emoji: toned(emoji, tone) }));
  }

  // --- offering -------------------------------------------------------------------------------

  offer(offered) {
    if (offered.length === 0) {
      this.close();
      return;
    }
    this.list.replaceChildren(...offered.map((one, at) => this.option(one, at)));
    this.list.hidden = false;
    this.point(this.list.firstElementChild);
    this.said.textContent = interpolate(
      ngettext("%(n)s is offered. Up and down choose, Enter takes.", "%(n)s are offered. Up and down choose, Enter takes.", offered.length),
      { n: offered.length }, true);
  }

  option({ text, name, note, person, emoji }, at) {
    const node = document.createElement("li");
    node.className = "completer__option";
    node.id = `${this.list.id}-${at}`;
    node.setAttribute("role", "option");
    node.dataset.text = text;
    const picture = document.createElement(person ? "person-avatar" : "span");
    if (person) Object.assign(picture.dataset, { id: person, name });
    else Object.assign(picture, { className: "completer__sign", textContent: emoji ?? "@" });
    picture.setAttribute("aria-hidden", "true");
    const words = Object.assign(document.createElement("b"), { textContent: name });
    const more = Object.assign(document.createElement("span"), { className: "quiet small", textContent: note ?? "" });
    node.append(picture, words, more);
    return node;
  }

  point(option) {
    for (const one of this.list.children) one.setAttribute("aria-selected", String(one === option));
    this.field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.word = null;
    if (this.list.hidden) return;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.said.textContent = "";
    this.field.removeAttribute("aria-activedescendant");
  }

  pressed(event) {
    if (this.list.hidden || event.target !== this.field || event.isComposing) return;
    const name = meaningOf(event, "complete");
    if (!name) return;
    event.preventDefault();
    event.stopPropagation();
    const options = [...this.list.children];
    const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (name === "take") this.take(options[at]);
    else if (name === "close") this.dismiss();
    else this.point(options.at((at + (name === "next" ? 1 : -1)) % options.length));
  }

  /** Not offered again for the same word. */
  dismiss() {
    this.dismissed = this.word?.start ?? null;
    this.close();
  }

  take(option) { if (option) this.write(option.dataset.text); }

  write(text) {
    const { start } = this.word;
    this.close();
    typeInto(this.field, text, start, this.field.selectionStart);
  }
}
customElements.define("word-completer", WordCompleter);
