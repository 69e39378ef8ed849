// <chat-unsent>: how many messages are not sent, wherever they were written; its list opens in a dialog.
import { unsentIn, unsentWords } from "lib/unsent";
// Not when it is wanted: there is no network then.
import { UnsentList } from "elements/unsent-list";

const SHOW_AFTER_MS = 1500; // what goes out meanwhile is not spoken of

class ChatUnsent extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.button.addEventListener("click", () => this.open());
  }

  set client(client) {
    this.chat = client;
    client.addEventListener("view", ({ detail }) => { if (detail.cause === "outbox") this.draw(); });
  }

  get entries() { return unsentIn(this.chat.outbox); }

  draw() {
    this.list?.draw();
    if (this.button.hidden) this.timer ??= setTimeout(() => this.show(), SHOW_AFTER_MS);
    else this.show();
  }

  show() {
    this.timer = null;
    const count = this.entries.length;
    this.button.hidden = count === 0;
    this.button.querySelector("span").textContent = unsentWords(count);
  }

  open() {
    this.list ??= new UnsentList(this.chat);
    this.list.open(this.button);
  }
}
customElements.define("chat-unsent", ChatUnsent);
