// One socket that comes back: jittered backoff, a heartbeat, and an end where the server says so. No DOM.
import { waitBefore } from "lib/backoff";

const PING_EVERY_MS = 25_000;
const SILENCE_MS = 40_000;
const HANGS_AFTER_MS = 3000;
export const NOT_SIGNED_IN = 4401;
export const NO_LONGER_ALLOWED = 4403;

export class LiveSocket extends EventTarget {
  constructor(url, { make = (address) => new WebSocket(address) } = {}) {
    super();
    Object.assign(this, { url, make, attempt: 0, socket: null, timer: null, beat: null, ended: false, heard: 0 });
  }

  open() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.ended || this.socket) return;
    this.tell("connecting");
    const socket = this.make(this.url);
    this.socket = socket;
    this.heard = Date.now();
    socket.onopen = () => this.tell("open");
    socket.onmessage = ({ data }) => this.receive(data);
    socket.onclose = ({ code }) => this.lost(socket, code);
    clearInterval(this.beat);
    this.beat = setInterval(() => this.keepAlive(), PING_EVERY_MS);
  }

  receive(data) {
    this.heard = Date.now();
    let frame;
    try {
      frame = JSON.parse(data);
    } catch (error) {
      if (error instanceof SyntaxError) return;
      throw error;
    }
    if (frame.type === "welcome") this.attempt = 0;
    this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
  }

  send(frame) {
    if (this.socket?.readyState !== 1) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  keepAlive() {
    if (Date.now() - this.heard > SILENCE_MS) this.drop();
    else this.send({ type: "ping", t: Date.now() });
  }

  /** Gives up a socket that does not answer, without waiting for its close. */
  drop() {
    const socket = this.socket;
    if (!socket) return;
    this.lost(socket, 0);
    socket.close();
  }

  /** Whether nothing was heard since then; what is so silent is given up. */
  dropIfSilent(since) {
    const silent = this.heard <= since;
    if (silent) this.drop();
    return silent;
  }

  lost(socket, code) {
    if (socket !== this.socket) return;
    this.socket = null;
    clearInterval(this.beat);
    if (code === NOT_SIGNED_IN || code === NO_LONGER_ALLOWED) {
      this.ended = true;
      this.dispatchEvent(new CustomEvent("ended", { detail: code }));
      return;
    }
    this.tell("waiting");
    this.timer = setTimeout(() => this.open(), waitBefore(this.attempt));
    this.attempt += 1;
  }

  /** The network is back, or somebody pressed 'Try now'. */
  hurry() {
    this.attempt = 0;
    if (this.socket?.readyState === 1) {
      this.keepAlive();
      return;
    }
    // A try that hangs is begun anew; one that has only just begun is left alone.
    if (this.socket && Date.now() - this.heard > HANGS_AFTER_MS) this.drop();
    this.open();
  }

  tell(state) { this.dispatchEvent(new CustomEvent("state", { detail: state })); }
}
