// Questions and their answers, matched by `ref`. Pure but for the timer.
import { newRef } from "lib/outbox";
import { gettext } from "lib/words";

export const ANSWER_WITHIN_MS = 15_000;

export class NoAnswer extends Error {}

export class Refused extends Error {
  constructor(frame) {
    super(frame.detail);
    this.code = frame.code;
  }
}

export class Requests {
  constructor() { this.open = new Map(); }

  ask(transmit, frame, ref = newRef()) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.settle(ref, (one) => one.reject(new NoAnswer(gettext("The server did not answer. Try again.")))), ANSWER_WITHIN_MS);
      this.open.set(ref, { resolve, reject, timer });
      if (!transmit({ ...frame, ref })) {
        this.settle(ref, (one) => one.reject(new NoAnswer(gettext("You are not connected just now. Try again in a moment."))));
      }
    });
  }

  settle(ref, how) {
    const one = this.open.get(ref);
    if (!one) return false;
    this.open.delete(ref);
    clearTimeout(one.timer);
    how(one);
    return true;
  }

  answer(frame) { return this.settle(frame.ref, (one) => one.resolve(frame)); }
  refuse(frame) { return this.settle(frame.ref, (one) => one.reject(new Refused(frame))); }

  abandon() {
    for (const ref of [...this.open.keys()]) this.settle(ref, (one) => one.reject(new NoAnswer(gettext("The connection was lost. Try again in a moment."))));
  }
}
