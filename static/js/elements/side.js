// <chat-side>: what opens beside the conversation and closes again, giving the focus back. On a phone it
// is a screen of its own, one step behind the conversation, so that 'back' leads out of it.
import { isNarrow, onPhone } from "elements/media";

class ChatSide extends HTMLElement {
  connectedCallback() {
    this.querySelector("[data-close]").addEventListener("click", () => this.close());
    this.addEventListener("keydown", (event) => { if (event.key === "Escape" && !event.defaultPrevented) this.close(); });
  }

  get overlays() { return isNarrow(); }

  /** `shows`: what it holds, for its style; `links`: whether it leads on to the channel's pages. */
  open({ title, about, content, channel, shows = "panel", links = true }) {
    if (this.hidden) this.cameFrom = document.activeElement;
    this.querySelector("h2").textContent = title;
    this.querySelector("[data-about]").textContent = about;
    this.querySelector("[data-content]").replaceChildren(content);
    this.querySelector(".side__links").hidden = !links;
    this.querySelector("[data-members]").href = this.urls.members.replace("{id}", channel);
    this.querySelector("[data-search]").href = `${this.urls.search}?channel=${channel}`;
    this.dataset.shows = shows;
    if (this.hidden && onPhone()) this.step();
    this.hidden = false;
    this.querySelector("h2").focus();
  }

  step() {
    this.stepped = true;
    history.pushState({ ...history.state, side: true }, "");
  }

  close({ giveBack = true } = {}) {
    if (this.hidden) return;
    this.hide(giveBack);
    if (!this.stepped) return;
    this.stepped = false;
    // Another place takes over the step; otherwise it is taken back.
    if (giveBack) {
      this.returning = true;
      history.back();
    }
  }

  hide(giveBack) {
    this.hidden = true;
    this.querySelector("[data-content]").replaceChildren();
    if (giveBack && this.cameFrom?.isConnected) this.cameFrom.focus({ preventScroll: true });
    this.dispatchEvent(new CustomEvent("side-closed", { bubbles: true }));
  }

  /** Where it lies over the conversation, it closes for what is to be seen there. */
  makeWay() { if (this.overlays) this.close(); }

  /** A step back by the browser; whether it only led out of here. */
  travelled() {
    if (this.returning) {
      this.returning = false;
      return true;
    }
    if (this.hidden || !this.stepped) return false;
    this.stepped = false;
    this.hide(true);
    return true;
  }
}
customElements.define("chat-side", ChatSide);
