// <person-avatar data-id data-name>: initials on a colour. Silent to screen readers: the name stands beside it.
import { hueOf, initialsOf } from "lib/people";

class PersonAvatar extends HTMLElement {
  static observedAttributes = ["data-id", "data-name"];

  connectedCallback() { this.draw(); }
  attributeChangedCallback() { if (this.isConnected) this.draw(); }

  draw() {
    const { id, name } = this.dataset;
    for (const old of [...this.classList].filter((c) => c.startsWith("hue-"))) this.classList.remove(old);
    this.classList.add("avatar", `hue-${hueOf(id || name)}`);
    this.setAttribute("aria-hidden", "true");
    this.textContent = name ? initialsOf(name) : "";
  }
}
customElements.define("person-avatar", PersonAvatar);
