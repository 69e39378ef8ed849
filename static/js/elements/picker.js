// <pick-many>: a long list of checkboxes, with a line to find one and a count of those chosen.
import { gettext, interpolate } from "lib/words";

const FEW = 8;

class PickMany extends HTMLElement {
  connectedCallback() {
    this.options = [...this.querySelectorAll("label")];
    this.count = Object.assign(document.createElement("p"), { className: "picker__count hint" });
    this.count.setAttribute("role", "status");
    this.append(this.count);
    if (this.options.length > FEW) this.prepend(this.finder());
    this.addEventListener("change", () => this.tell());
    this.tell();
  }

  finder() {
    const input = Object.assign(document.createElement("input"), { type: "search", placeholder: gettext("Find in this list") });
    input.className = "input picker__find";
    input.autocomplete = "off";
    input.setAttribute("aria-label", gettext("Find in this list"));
    input.addEventListener("input", () => this.narrow(input.value));
    input.addEventListener("change", (event) => event.stopPropagation());
    input.addEventListener("keydown", (event) => this.take(event, input));
    return input;
  }

  narrow(words) {
    const wanted = words.toLowerCase().split(/\s+/);
    for (const label of this.options) {
      const text = label.textContent.toLowerCase();
      label.hidden = !wanted.every((word) => text.includes(word));
    }
    this.tell();
  }

  // Enter chooses the only one left, and never sends the form from here.
  take(event, input) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const left = this.options.filter((label) => !label.hidden);
    if (left.length !== 1) return;
    left[0].control.checked = true;
    input.value = "";
    this.narrow("");
  }

  tell() {
    const chosen = this.options.filter((label) => label.control.checked);
    const names = chosen.map((label) => label.textContent.trim().replace(/ \(.*/, ""));
    const none = this.options.every((label) => label.hidden) ? gettext("Nobody fits.") : "";
    const all = names.length ? interpolate(gettext("Chosen: %(names)s"), { names: names.join(", ") }, true) : gettext("None chosen");
    this.count.textContent = `${none} ${all}`.trim();
  }
}
customElements.define("pick-many", PickMany);
