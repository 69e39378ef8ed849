// <chat-voice>: speaks what arrives to screen readers, in batches, unless one has paused it.
import { Announcer } from "lib/announce";
import { gettext } from "lib/words";

const KEY = "schoolchat.announce"; // "off" while paused

class ChatVoice extends HTMLElement {
  connectedCallback() {
    this.announcer = new Announcer((text) => { this.textContent = text; });
    this.announcer.paused = localStorage.getItem(KEY) === "off";
    this.switch = document.querySelector("[data-announce]");
    this.switch.addEventListener("click", () => this.pause(!this.announcer.paused));
    this.draw();
  }

  say(line) { this.announcer.add(line); }

  pause(on) {
    if (on) localStorage.setItem(KEY, "off");
    else localStorage.removeItem(KEY);
    this.announcer.pause(on);
    this.draw();
  }

  draw() {
    const on = !this.announcer.paused;
    this.switch.setAttribute("aria-checked", String(on));
    this.switch.querySelector("[data-state]").textContent = on ? gettext("On") : gettext("Off");
  }
}
customElements.define("chat-voice", ChatVoice);
