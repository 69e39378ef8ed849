// Two gestures of a thumb: a message to the right is answered, and from the left edge one goes back to the list.
// Neither is the only way: the menu and the button do the same.
import { staysStill } from "elements/media";

const EDGE_PX = 28;
const START_PX = 12;
const FAR_PX = 64;
const MOST_PX = 88;

class Swipe {
  constructor(area, { reply, back }) {
    Object.assign(this, { area, reply, back, going: null });
    area.addEventListener("touchstart", (event) => this.start(event), { passive: true });
    area.addEventListener("touchmove", (event) => this.move(event), { passive: false });
    area.addEventListener("touchend", () => this.end(true));
    area.addEventListener("touchcancel", () => this.end(false));
  }

  start(event) {
    this.end(false);
    if (event.touches.length !== 1) return;
    const [{ clientX: x, clientY: y }] = event.touches;
    const row = event.target.closest(".message:not([data-kind=system], .message--pending)");
    const edge = x <= EDGE_PX;
    // What scrolls sideways itself, such as code, is left to do so.
    if (!edge && (!row || event.target.closest("pre, table, input, textarea"))) return;
    this.going = { x, y, row: edge ? null : row, moved: 0, locked: false };
  }

  move(event) {
    const { going } = this;
    if (!going) return;
    const [{ clientX, clientY }] = event.touches;
    const [across, down] = [clientX - going.x, clientY - going.y];
    if (!going.locked && Math.abs(down) > START_PX && Math.abs(down) > Math.abs(across)) this.end(false);
    if (!this.going || across < START_PX) return;
    going.locked = true;
    going.moved = Math.min(MOST_PX, across);
    if (event.cancelable) event.preventDefault();
    const shown = going.row ?? this.area;
    shown.classList.add("swiped");
    shown.classList.toggle("swiped--far", going.moved >= FAR_PX);
    if (!staysStill()) shown.style.setProperty("--swiped", `${going.moved}px`);
  }

  end(done) {
    const { going } = this;
    this.going = null;
    if (!going) return;
    const shown = going.row ?? this.area;
    shown.classList.remove("swiped", "swiped--far");
    shown.style.removeProperty("--swiped");
    if (!done || going.moved < FAR_PX) return;
    if (going.row) this.reply(going.row);
    else this.back();
  }
}

/** @param {{reply: (row: Element) => void, back: () => void}} hands */
export const watchSwipes = (area, hands) => new Swipe(area, hands);
