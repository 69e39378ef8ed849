// <format-bar>: Markdown by buttons and by keys, around what is chosen in the field below.
import { keyWords, meaningOf } from "lib/keys";
import { marked } from "lib/marks";
import { typeInto } from "elements/insert";

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

class FormatBar extends HTMLElement {
  connectedCallback() {
    this.field = this.closest("form").querySelector("textarea");
    this.buttons = [...this.querySelectorAll("[data-mark]")];
    for (const button of this.buttons) {
      button.title = `${button.getAttribute("aria-label")} (${keyWords("write", button.dataset.mark, MAC)})`;
      button.tabIndex = button === this.buttons[0] ? 0 : -1;
    }
    this.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps focus and selection
    this.addEventListener("click", (event) => this.apply(event.target.closest("[data-mark]")?.dataset.mark));
    this.addEventListener("keydown", (event) => this.walk(event));
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    const opener = this.closest("form").querySelector("[data-format]");
    opener?.addEventListener("pointerdown", (event) => event.preventDefault());
    opener?.addEventListener("click", () => this.toggle(opener));
  }

  /** On a phone it is hidden behind one button. */
  toggle(opener) {
    const open = this.classList.toggle("format--open");
    opener.setAttribute("aria-expanded", String(open));
  }

  apply(name) {
    if (!name) return;
    const { field } = this;
    const change = marked(name, { text: field.value, from: field.selectionStart, to: field.selectionEnd });
    typeInto(field, change.insert, change.from, change.to);
    field.setSelectionRange(...change.select);
  }

  pressed(event) {
    const name = meaningOf(event, "write");
    if (name === "emoji") this.closest("form").querySelector("emoji-button").ask();
    else if (this.buttons.some((button) => button.dataset.mark === name)) this.apply(name);
    else return;
    event.preventDefault();
  }

  walk(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const at = this.buttons.indexOf(document.activeElement);
    const next = this.buttons.at((at + by) % this.buttons.length);
    for (const button of this.buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }
}
customElements.define("format-bar", FormatBar);
