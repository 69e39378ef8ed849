// <message-menu>: what one can do with a message: by button, by key, by long press.
import { gettext } from "lib/words";
import { giveBack, placeBeside, walkMenu } from "elements/menu";

const LONG_PRESS_MS = 480;
const SLIP_PX = 10;

class MessageMenu extends HTMLElement {
  connectedCallback() {
    this.menu = this.querySelector("[popover]");
    this.menu.addEventListener("keydown", walkMenu);
    this.menu.addEventListener("click", (event) => this.chosen(event));
    this.menu.addEventListener("toggle", (event) => { if (event.newState === "closed") this.closed(); });
  }

  /** @param {Object<string, boolean>} may what is offered for this message, by the names of the items */
  open({ message, row, box }, may) {
    Object.assign(this, { message, row });
    for (const item of this.menu.querySelectorAll("[data-do]")) item.hidden = !may[item.dataset.do];
    this.menu.querySelector("[data-quick]").hidden = !may.react;
    this.menu.querySelector("[data-pin-words]").textContent = message.pinned ? gettext("Unpin") : gettext("Pin");
    for (const words of this.menu.querySelectorAll("[data-save-words]")) words.hidden = (words.dataset.saveWords === "on") !== Boolean(this.saved?.has(message.id));
    this.menu.querySelector("hr").hidden = !may.delete;
    this.menu.querySelector("[data-do=pass]").href = this.urls.pass_to_dsl.replace("{id}", message.id);
    const rectify = this.menu.querySelector("[data-do=rectify]");
    if (rectify) rectify.href = `${this.urls.correct}?message=${message.id}`;
    this.menu.showPopover();
    placeBeside(this.menu, box);
    row.classList.add("message--chosen");
    [...this.menu.querySelectorAll("[role=menuitem]")].find((item) => item.checkVisibility())?.focus();
  }

  closed() {
    this.row?.classList.remove("message--chosen");
    giveBack(this.menu, this.row);
  }

  chosen(event) {
    const emoji = event.target.closest("[data-react]")?.dataset.react ?? null;
    const name = emoji ? "toggle" : event.target.closest("[data-do]")?.dataset.do;
    if (!name || ["pass", "rectify"].includes(name)) return;
    const { message, row } = this;
    const box = this.menu.getBoundingClientRect();
    this.menu.hidePopover();
    this.dispatchEvent(new CustomEvent("want", { bubbles: true, detail: { name, message, row, emoji, box } }));
  }

  /** A long press on touch; a mouse and the keys have the row's buttons. */
  watch(list, open) {
    let timer = null;
    let start = null;
    const forget = () => { clearTimeout(timer); timer = null; };
    list.addEventListener("pointerdown", (event) => {
      const row = event.target.closest(".message");
      if (event.pointerType !== "touch" || !row || event.target.closest("a:not([data-picture]), button")) return;
      start = { x: event.clientX, y: event.clientY };
      timer = setTimeout(() => { timer = null; navigator.vibrate?.(8); open(row, new DOMRect(start.x, start.y, 0, 0)); }, LONG_PRESS_MS);
    });
    list.addEventListener("pointermove", (event) => {
      if (timer && Math.hypot(event.clientX - start.x, event.clientY - start.y) > SLIP_PX) forget();
    });
    for (const name of ["pointerup", "pointercancel", "scroll"]) list.addEventListener(name, forget, { passive: true });
    list.addEventListener("contextmenu", (event) => { if (event.pointerType === "touch") event.preventDefault(); });
  }
}
customElements.define("message-menu", MessageMenu);
