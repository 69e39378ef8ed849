// <chat-pins>: how many messages are pinned here, in the header; its list opens in the side and leads to each.
import { fullTime } from "lib/times";
import { gettext, interpolate, ngettext } from "lib/words";
import { clone } from "elements/clone";
import { quotedLine } from "elements/row";

const words = (count) => interpolate(ngettext("%(n)s pinned", "%(n)s pinned", count), { n: count }, true);

class ChatPins extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("[data-pins]");
    this.button.addEventListener("click", () => this.open());
    document.addEventListener("side-closed", () => { this.list = null; });
  }

  show({ id, info }) {
    this.channel = { id, info };
    this.draw();
  }

  /** The pins of this channel are known now, or are others. */
  draw() {
    if (!this.channel) return;
    const pins = this.pins.of(this.channel.id) ?? [];
    this.button.hidden = pins.length === 0;
    this.button.dataset.count = pins.length;
    this.button.querySelector("span").textContent = words(pins.length);
    if (this.list?.isConnected && this.list.dataset.channel === this.channel.id) this.fill(this.list, pins);
  }

  open() {
    const { id, info } = this.channel;
    this.list = document.createElement("div");
    this.list.dataset.channel = id;
    this.fill(this.list, this.pins.of(id) ?? []);
    this.dispatchEvent(new CustomEvent("open-side", {
      bubbles: true,
      detail: { title: gettext("Pinned messages"), about: info.name, content: this.list, channel: id, shows: "pins", links: false },
    }));
  }

  fill(list, pins) {
    const focused = list.contains(document.activeElement);
    if (pins.length === 0) {
      const empty = document.createElement("p");
      empty.className = "quiet";
      empty.textContent = gettext("Nothing is pinned here. Pin what everybody should find again, such as a rota or a plan, from a message's menu.");
      list.replaceChildren(empty);
    } else {
      const all = document.createElement("ul");
      all.className = "pins";
      all.setAttribute("role", "list");
      all.append(...pins.map((message) => this.item(message)));
      list.replaceChildren(all);
    }
    if (focused) list.closest("chat-side").querySelector("h2").focus();
  }

  item(message) {
    const node = clone("pin-template");
    const at = new Date(message.sent_at);
    node.querySelector("b").textContent = message.author?.name ?? "";
    node.querySelector("time").dateTime = message.sent_at;
    node.querySelector("time").textContent = fullTime(at);
    node.querySelector("[data-body]").textContent = quotedLine(message, 400);
    node.querySelector("[data-go]").addEventListener("click", () => this.tell("go-to", message.id));
    const unpin = node.querySelector("[data-unpin]");
    unpin.hidden = !this.channel.info.can_pin || Boolean(this.channel.info.archived);
    unpin.addEventListener("click", () => this.dispatchEvent(new CustomEvent("want", { bubbles: true, detail: { name: "pin", message } })));
    return node;
  }

  tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail })); }
}
customElements.define("chat-pins", ChatPins);
