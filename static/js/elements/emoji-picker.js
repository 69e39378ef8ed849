// <emoji-picker>: all emoji in one popover: found by name, walked by arrow keys, in one's own skin tone, last used first.
import { toned, TONES, usedAgain } from "lib/emoji";
import { gettext, interpolate } from "lib/words";
import { keepTone, openBook, ownTone } from "elements/emoji-book";
import { hovers } from "elements/media";
import { giveBack, placeBeside } from "elements/menu";

const RECENT_KEY = "schoolchat.emoji"; // which emoji were used last; nothing of what they were used for
const COLUMNS = 8;
const HANDS = ["✋", "✋🏻", "✋🏼", "✋🏽", "✋🏾", "✋🏿"];

class EmojiPicker extends HTMLElement {
  connectedCallback() {
    this.box = this.querySelector("[popover]");
    this.field = this.querySelector("input");
    this.grid = this.querySelector("[data-grid]");
    this.tone = ownTone();
    this.field.addEventListener("input", () => this.draw());
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    this.grid.addEventListener("click", (event) => this.take(event.target.closest("[data-emoji]")));
    this.grid.addEventListener("focusin", (event) => this.rove(event.target.closest("[data-emoji]")));
    this.grid.addEventListener("pointerover", (event) => this.say(event.target.closest("[data-emoji]")));
    this.box.addEventListener("toggle", (event) => { if (event.newState === "closed") this.closed(); });
    this.querySelector("[data-groups]").addEventListener("click", (event) => this.goToGroup(event.target.closest("button")));
    this.querySelector("[data-tone-opens]").addEventListener("click", () => this.showTones());
    this.querySelector("[data-tones]").addEventListener("click", (event) => this.chooseTone(event.target.closest("button")));
  }

  /** @param {{box: DOMRect, giveBack: HTMLElement, chosen: (emoji: string) => void}} asked */
  async open(asked) {
    this.asked = asked;
    this.field.value = "";
    this.drawTones();
    this.showTones(false, { focus: false });
    this.box.showPopover();
    placeBeside(this.box, asked.box);
    // On a phone the field would bring up the keyboard over the emoji.
    const first = hovers() ? this.field : this.box;
    first.focus({ preventScroll: true });
    try {
      this.book ??= await openBook();
    } catch {
      this.box.hidePopover();
      this.dispatchEvent(new CustomEvent("say", { bubbles: true, detail: gettext("The list of emoji could not be loaded. Try again when you are connected.") }));
      return;
    }
    this.draw();
    this.grid.scrollTop = 0;
  }

  closed() { giveBack(this.box, this.asked?.giveBack); }

  get recent() {
    const kept = (localStorage.getItem(RECENT_KEY) ?? "").split(" ").filter(Boolean);
    return kept.map((text) => ({ text, emoji: this.book.find(text) })).filter(({ emoji }) => emoji);
  }

  // --- drawing --------------------------------------------------------------------------------

  draw() {
    if (!this.book) return;
    const words = this.field.value.trim();
    const found = words ? this.book.search(words) : [];
    const cells = (emoji) => emoji.map((one) => ({ text: toned(one, this.tone), emoji: one }));
    const groups = words
      ? [{ name: gettext("Found"), cells: cells(found) }]
      : [{ name: gettext("Used last"), last: true, cells: this.recent }, ...this.book.groups.map((name, at) => ({ name: gettext(name), cells: cells(this.book.of(at)) }))];
    const shown = groups.filter((group) => group.cells.length > 0);
    this.grid.replaceChildren(...shown.map((group) => this.group(group)));
    this.rove(this.grid.querySelector("[data-emoji]"));
    this.drawTabs(words ? [] : shown);
    const said = words ? (found.length ? interpolate(gettext("%(n)s found"), { n: found.length }, true) : gettext("No emoji by that name.")) : "";
    this.querySelector("[data-found]").textContent = said;
    this.say(words ? this.grid.querySelector("[data-emoji]") : null, found.length || !words ? "" : said);
  }

  group({ name, cells }) {
    const node = document.createElement("div");
    node.className = "emoji__group";
    node.setAttribute("role", "rowgroup");
    node.setAttribute("aria-label", name);
    node.dataset.group = name;
    node.style.setProperty("--rows", Math.ceil(cells.length / COLUMNS));
    const head = document.createElement("p");
    head.className = "emoji__name";
    head.setAttribute("aria-hidden", "true");
    head.textContent = name;
    node.append(head);
    for (let at = 0; at < cells.length; at += COLUMNS) node.append(this.row(cells.slice(at, at + COLUMNS)));
    return node;
  }

  row(cells) {
    const row = document.createElement("div");
    row.className = "emoji__row";
    row.setAttribute("role", "row");
    for (const { text, emoji } of cells) {
      const cell = document.createElement("span");
      cell.className = "emoji__cell";
      cell.setAttribute("role", "gridcell");
      cell.setAttribute("aria-label", emoji.name);
      cell.tabIndex = -1;
      cell.dataset.emoji = text;
      cell.dataset.name = emoji.codes[0] ? `${emoji.name} · :${emoji.codes[0]}:` : emoji.name;
      cell.textContent = text;
      row.append(cell);
    }
    return row;
  }

  drawTabs(groups) {
    const bar = this.querySelector("[data-groups]");
    bar.hidden = groups.length === 0;
    bar.replaceChildren(...groups.map(({ name, cells, last }, at) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "quick", title: name, textContent: last ? "🕘" : cells[0].text, tabIndex: at ? -1 : 0 });
      button.setAttribute("aria-label", name);
      button.dataset.to = name;
      return button;
    }));
  }

  /** What the pointer or the focus is on, in words, at the foot. */
  say(cell, otherwise = "") { this.querySelector("[data-said]").textContent = cell?.dataset.name ?? otherwise; }

  // --- skin tones -----------------------------------------------------------------------------

  drawTones() {
    this.querySelector("[data-tone-opens]").textContent = HANDS[this.tone];
    this.querySelector("[data-tones]").replaceChildren(...TONES.map((name, at) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "quick", textContent: HANDS[at], tabIndex: at === this.tone ? 0 : -1 });
      button.setAttribute("role", "radio");
      button.setAttribute("aria-checked", String(at === this.tone));
      button.setAttribute("aria-label", name);
      button.dataset.tone = at;
      return button;
    }));
  }

  showTones(open = this.querySelector("[data-tones]").hidden, { focus = true } = {}) {
    this.querySelector("[data-tones]").hidden = !open;
    this.querySelector("[data-tone-opens]").setAttribute("aria-expanded", String(open));
    if (!focus) return;
    if (open) this.querySelector("[data-tones] [tabindex='0']").focus();
    else this.querySelector("[data-tone-opens]").focus();
  }

  chooseTone(button) {
    if (!button) return;
    this.tone = Number(button.dataset.tone);
    keepTone(this.tone);
    this.drawTones();
    this.draw();
    this.showTones(false);
  }

  // --- hands ----------------------------------------------------------------------------------

  get cells() { return [...this.grid.querySelectorAll("[data-emoji]")]; }

  rove(cell) {
    if (!cell) return;
    this.grid.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
    cell.tabIndex = 0;
    this.say(cell);
  }

  pressed(event) {
    const cell = event.target.closest("[data-emoji]");
    const bar = event.target.closest("[data-groups], [data-tones]");
    if (cell) this.pressedInGrid(event, cell);
    else if (bar) this.walkBar(event, [...bar.children]);
    else if (event.target === this.field) this.pressedInField(event);
  }

  pressedInField(event) {
    const [first] = this.cells;
    if (event.key === "ArrowDown" && first) first.focus();
    else if (event.key === "Enter" && this.field.value.trim()) this.take(first);
    else return;
    event.preventDefault();
  }

  pressedInGrid(event, cell) {
    const { cells } = this;
    const at = cells.indexOf(cell);
    if (event.key === "Enter" || event.key === " ") this.take(cell);
    else if (event.key === "ArrowRight") cells[at + 1]?.focus();
    else if (event.key === "ArrowLeft") cells[at - 1]?.focus();
    else if (event.key === "Home") cell.parentElement.firstElementChild.focus();
    else if (event.key === "End") cell.parentElement.lastElementChild.focus();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") this.stepRow(cell, event.key === "ArrowDown" ? 1 : -1);
    else return;
    event.preventDefault();
  }

  stepRow(cell, by) {
    const rows = [...this.grid.querySelectorAll("[role=row]")];
    const next = rows[rows.indexOf(cell.parentElement) + by];
    const column = [...cell.parentElement.children].indexOf(cell);
    if (next) (next.children[column] ?? next.lastElementChild).focus();
    else if (by < 0) this.field.focus();
  }

  walkBar(event, buttons) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && event.target.closest("[data-tones]")) this.showTones(false);
    else if (by) buttons.at((buttons.indexOf(event.target) + by) % buttons.length).focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  goToGroup(button) {
    const group = button && [...this.grid.children].find((one) => one.dataset.group === button.dataset.to);
    if (!group) return;
    group.scrollIntoView({ block: "start" });
    this.rove(group.querySelector("[data-emoji]"));
  }

  take(cell) {
    if (!cell) return;
    const { emoji } = cell.dataset;
    localStorage.setItem(RECENT_KEY, usedAgain(this.recent.map(({ text }) => text), emoji).join(" "));
    this.box.hidePopover();
    this.asked.giveBack?.focus({ preventScroll: true });
    this.asked.chosen(emoji);
  }
}
customElements.define("emoji-picker", EmojiPicker);

/** <emoji-button>: chooses an emoji for the field beside it. */
class EmojiButton extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").addEventListener("click", () => this.ask());
  }

  ask() {
    const field = this.closest("form").querySelector("textarea");
    const detail = { box: this.querySelector("button").getBoundingClientRect(), field };
    this.dispatchEvent(new CustomEvent("pick-emoji", { bubbles: true, detail }));
  }
}
customElements.define("emoji-button", EmojiButton);
