// <chat-typing>: who is writing, for a few seconds. Its line is always reserved, so nothing jumps.
import { gettext, interpolate } from "lib/words";

const FOR_MS = 5000;

class ChatTyping extends HTMLElement {
  connectedCallback() { this.writing = new Map(); }

  show(channel) {
    this.channel = channel;
    this.draw();
  }

  heard({ channel, user }) {
    clearTimeout(this.writing.get(`${channel} ${user}`)?.timer);
    const timer = setTimeout(() => this.stopped(channel, user), FOR_MS);
    this.writing.set(`${channel} ${user}`, { channel, user, timer });
    this.draw();
  }

  /** The school does not show it any more. */
  forget() { for (const { channel, user } of [...this.writing.values()]) this.stopped(channel, user); }

  stopped(channel, user) {
    clearTimeout(this.writing.get(`${channel} ${user}`)?.timer);
    if (this.writing.delete(`${channel} ${user}`)) this.draw();
  }

  draw() {
    const names = [...this.writing.values()].filter((one) => one.channel === this.channel && one.user !== this.me.id)
      .map((one) => this.people[one.user]?.name ?? gettext("Somebody"));
    if (names.length === 0) this.textContent = "";
    else if (names.length === 1) this.textContent = interpolate(gettext("%s is writing…"), names);
    else if (names.length === 2) this.textContent = interpolate(gettext("%s and %s are writing…"), names);
    else this.textContent = gettext("Several people are writing…");
  }
}
customElements.define("chat-typing", ChatTyping);
