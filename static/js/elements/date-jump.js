// <date-jump>: asks for a day, and leads to the first message from then on.
import { dayKey, wholeDay } from "lib/times";

class DateJump extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.field = this.querySelector("input");
    this.querySelector("[data-close]").addEventListener("click", () => this.dialog.close());
    this.field.addEventListener("input", () => this.say());
    this.dialog.addEventListener("close", () => this.chosen());
  }

  open({ oldest }) {
    if (this.dialog.open) return;
    const today = dayKey(new Date());
    this.field.max = today;
    this.field.min = oldest ? dayKey(new Date(oldest)) : "";
    this.field.value ||= today;
    this.say();
    this.dialog.returnValue = "";
    this.dialog.showModal();
    this.field.focus();
  }

  /** The day in words: the browser's own field may put the month first. */
  say() { this.querySelector("[data-in-words]").textContent = this.field.valueAsDate ? wholeDay(new Date(`${this.field.value}T12:00`)) : ""; }

  chosen() {
    if (this.dialog.returnValue !== "go" || !this.field.value) return;
    this.dispatchEvent(new CustomEvent("go-to-date", { bubbles: true, detail: this.field.value }));
  }
}
customElements.define("date-jump", DateJump);
