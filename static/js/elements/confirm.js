// <confirm-dialog>: asks one question and gives the focus back.
import { gettext } from "lib/words";

class ConfirmDialog extends HTMLElement {
  /** Resolves true when the verb was pressed. */
  ask({ title, text, verb, quote = "", otherwise = gettext("Keep it") }) {
    const dialog = this.querySelector("dialog");
    this.querySelector("h2").textContent = title;
    this.querySelector("[data-text]").textContent = text;
    this.querySelector("[data-quote]").textContent = quote;
    this.querySelector("[data-quote]").hidden = !quote;
    this.querySelector("[value=yes]").textContent = verb;
    this.querySelector("[value=no]").textContent = otherwise;
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
  }
}
customElements.define("confirm-dialog", ConfirmDialog);
