// Walking messages by keys: one of them is in the order of Tab, the arrow keys lead to the others and into them.
import { meaningOf } from "lib/keys";

const PARTS = "a[href], button:not(:disabled), [role=slider]";

export class Roving {
  /** @param {(name: string, row: Element) => void} act a key that is pressed on a row means `name` */
  constructor(list, act) {
    Object.assign(this, { list, act });
    list.addEventListener("keydown", (event) => this.pressed(event));
    list.addEventListener("focusin", (event) => this.rove(event.target.closest(".message")));
  }

  get rows() { return [...this.list.querySelectorAll(".message")]; }

  rove(row) {
    if (!row) return;
    for (const old of this.list.querySelectorAll('.message[tabindex="0"]')) old.tabIndex = -1;
    row.tabIndex = 0;
  }

  focus(row) {
    this.rove(row);
    row?.focus({ preventScroll: true });
  }

  pressed(event) {
    const row = event.target.closest(".message");
    const name = row && meaningOf(event, "message");
    if (!name) return;
    const inside = event.target !== row;
    if (name === "in" || name === "out") this.walkInside(row, event.target, name === "in" ? 1 : -1);
    else if (inside && name === "write") this.focus(row);
    else if (inside) return; // The keys of a link or a button are its own.
    else if (name === "up" || name === "down") this.step(row, name === "up" ? -1 : 1);
    else this.act(name, row);
    event.preventDefault();
    event.stopPropagation();
  }

  step(row, by) {
    const next = this.rows[this.rows.indexOf(row) + by];
    if (!next) return;
    this.focus(next);
    next.scrollIntoView({ block: "nearest" });
  }

  walkInside(row, from, by) {
    const parts = [...row.querySelectorAll(PARTS)].filter((one) => !one.closest(".message__tools") && one.checkVisibility());
    const at = parts.indexOf(from) + by;
    if (at < 0) this.focus(row);
    else parts[at]?.focus();
  }
}
