// <app-menu>: a button (data-opens) and its popover menu: place, arrow keys, the choice of colours.

/** Puts a popover below (or above) a box, inside the window. */
export function placeBeside(menu, box) {
  const { innerWidth, innerHeight } = window;
  const { offsetWidth, offsetHeight } = menu;
  const below = box.bottom + 4 + offsetHeight <= innerHeight - 8 || box.top < offsetHeight + 12;
  const left = Math.min(Math.max(8, box.right - offsetWidth), innerWidth - offsetWidth - 8);
  menu.style.left = `${left}px`;
  menu.style.top = `${Math.max(8, below ? Math.min(box.bottom + 4, innerHeight - offsetHeight - 8) : box.top - offsetHeight - 4)}px`;
}

/** Where the focus goes when a popover is closed, unless it has gone elsewhere by itself. */
export function giveBack(popover, to) {
  if (document.activeElement === document.body || popover.contains(document.activeElement)) to?.focus({ preventScroll: true });
}

const ITEMS = "[role=menuitem], [role=menuitemradio], [role=menuitemcheckbox]";
const itemsOf = (menu) => [...menu.querySelectorAll(ITEMS)].filter((item) => item.checkVisibility());

/** Arrow keys, Home and End inside a menu. */
export function walkMenu(event) {
  const items = itemsOf(event.currentTarget);
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items.at(next % items.length)?.focus();
}

class AppMenu extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("[data-opens]");
    const menu = this.querySelector("[popover]");
    menu.id ||= `menu-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    button.setAttribute("popovertarget", menu.id);
    menu.addEventListener("toggle", (event) => {
      const open = event.newState === "open";
      button.setAttribute("aria-expanded", String(open));
      if (!open) return;
      placeBeside(menu, button.getBoundingClientRect());
      itemsOf(menu)[0]?.focus();
    });
    menu.addEventListener("keydown", walkMenu);
    menu.querySelector("[data-theme-choice]")?.addEventListener("click", (event) => this.choose(event));
    this.showTheme();
  }

  choose(event) {
    const value = event.target.closest("[data-value]")?.dataset.value;
    if (value === undefined) return;
    if (value) {
      localStorage.setItem("schoolchat.theme", value);
      document.documentElement.dataset.theme = value;
    } else {
      localStorage.removeItem("schoolchat.theme");
      delete document.documentElement.dataset.theme;
    }
    this.showTheme();
  }

  showTheme() {
    const now = document.documentElement.dataset.theme ?? "";
    for (const choice of this.querySelectorAll("[data-theme-choice] [role=menuitemradio]")) {
      choice.setAttribute("aria-checked", String(choice.dataset.value === now));
    }
  }
}
customElements.define("app-menu", AppMenu);
