// <key-map>: all keys, made from the same table by which they work.
import { KEYS, keycaps, keyWords, PLACES } from "lib/keys";
import { gettext } from "lib/words";

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

class KeyMap extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    for (const cap of document.querySelectorAll("[data-open] kbd")) {
      cap.textContent = keyWords("anywhere", cap.closest("[data-open]").dataset.open, MAC);
    }
    this.querySelector("[data-close]").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.dialog.close(); });
  }

  open() {
    if (this.dialog.open) return;
    const tables = this.querySelector("[data-tables]");
    if (!tables.childElementCount) tables.append(...Object.entries(PLACES).map(([place, title]) => this.table(place, title)));
    this.dialog.showModal();
    tables.focus();
  }

  table(place, title) {
    const section = document.createElement("section");
    const head = Object.assign(document.createElement("h3"), { textContent: title });
    const list = Object.assign(document.createElement("dl"), { className: "keymap__list" });
    for (const { keys, words } of KEYS.filter((one) => one.where === place)) list.append(this.line(keys, words));
    section.append(head, list);
    return section;
  }

  line(keys, words) {
    const line = document.createElement("div");
    const what = Object.assign(document.createElement("dt"), { textContent: words });
    const which = document.createElement("dd");
    for (const [at, combination] of keys.entries()) {
      if (at) which.append(` ${gettext("or")} `);
      for (const cap of keycaps(combination, MAC)) which.append(Object.assign(document.createElement("kbd"), { textContent: cap }), " ");
    }
    line.append(what, which);
    return line;
  }
}
customElements.define("key-map", KeyMap);
