// The server's time, carried on by this page's own running time: the device's clock may be wrong, or be set. Pure.

const WRONG_MS = 5 * 60_000;

export class ServerClock {
  /** @param {() => number} running milliseconds that never jump, whatever the device's clock is set to */
  constructor(running = () => performance.now()) { Object.assign(this, { running, offset: null }); }

  get known() { return this.offset !== null; }

  /** @param {string} iso what the server says that it is now */
  set(iso) {
    const time = Date.parse(iso);
    if (!Number.isNaN(time)) this.offset = time - this.running();
  }

  /** Whether the device's own clock is found to be wrong, for the first time. */
  findsDeviceWrong() {
    const first = !this.foundWrong && this.known && Math.abs(Date.now() - this.now()) > WRONG_MS;
    this.foundWrong ||= first;
    return first;
  }

  /** Milliseconds since 1970; by the device's clock until the server has said anything. */
  now() { return this.known ? Math.round(this.offset + this.running()) : Date.now(); }
}
