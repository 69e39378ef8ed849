// Speaks new messages to screen readers politely: in batches, never one by one in a burst, and not while paused. Pure but for the timer.
import { gettext, interpolate } from "lib/words";

export const BATCH_MS = 1200;
const SPOKEN = 3;
const LONGEST = 240;

export class Announcer {
  constructor(speak, wait = (run) => setTimeout(run, BATCH_MS)) {
    this.speak = speak;
    this.wait = wait;
    this.lines = [];
    this.paused = false;
  }

  add(line) {
    if (this.paused) return;
    this.lines.push(line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line);
    if (this.lines.length === 1) this.wait(() => this.flush());
  }

  /** What waits to be spoken is dropped when a pause begins: it was heard too late to be of use. */
  pause(on) {
    this.paused = on;
    if (on) this.lines = [];
    this.speak(on ? gettext("New messages are not announced any more.") : gettext("New messages are announced."));
  }

  flush() {
    const lines = this.lines;
    this.lines = [];
    if (lines.length === 0) return;
    this.speak(lines.length <= SPOKEN ? lines.join("\n") : interpolate(gettext("%(n)s new messages. The latest: %(line)s"), { n: lines.length, line: lines.at(-1) }, true));
  }
}
