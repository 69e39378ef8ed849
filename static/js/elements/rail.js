// <chat-rail>: the channels, in three groups, unread in bold with a figure.
import { meaningOf } from "lib/keys";
import { gettext, interpolate, ngettext } from "lib/words";
import { clone } from "elements/clone";

const KINDS = { open: gettext("Open channel"), private: gettext("Private channel"), announcement: gettext("Announcements"), direct: gettext("Direct message") };

/** What a listener hears of a channel: "5 unread, 1 mentions you". */
function unreadWords({ unread, mentions }, shown) {
  const words = [interpolate(ngettext("%(n)s unread", "%(n)s unread", unread), { n: shown }, true)];
  if (mentions) words.push(interpolate(ngettext("%(n)s mentions you", "%(n)s mention you", mentions), { n: mentions }, true));
  return words.join(", ");
}

class ChatRail extends HTMLElement {
  connectedCallback() {
    this.lists = Object.fromEntries([...this.querySelectorAll("[data-group]")].map((list) => [list.dataset.group, list]));
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("keydown", (event) => this.pressed(event));
  }

  clicked(event) {
    const link = event.target.closest("a[data-channel]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent("open-channel", { bubbles: true, detail: { channel: link.dataset.channel } }));
  }

  pressed(event) {
    const by = { down: 1, up: -1 }[meaningOf(event, "rail")];
    const link = event.target.closest("a[data-channel]");
    if (!by || !link) return;
    event.preventDefault();
    const links = [...this.querySelectorAll("a[data-channel]")].filter((one) => one.checkVisibility());
    links[links.indexOf(link) + by]?.focus();
  }

  /** @param {Map<string, Channel>} channels */
  draw(channels, current) {
    const groups = { channels: [], direct: [], archived: [] };
    for (const { info } of channels.values()) {
      groups[info.archived ? "archived" : info.kind === "direct" ? "direct" : "channels"].push(info);
    }
    for (const [name, infos] of Object.entries(groups)) this.drawGroup(name, infos, current);
    this.querySelector("[data-archived]").hidden = groups.archived.length === 0;
    this.querySelector("[data-none]").hidden = channels.size > 0;
  }

  drawGroup(name, infos, current) {
    const list = this.lists[name];
    const old = new Map([...list.children].map((node) => [node.dataset.key, node]));
    for (const [key, node] of old) if (!infos.some((info) => info.id === key)) node.remove();
    let cursor = list.firstElementChild;
    for (const info of infos) {
      const node = old.get(info.id) ?? this.make(info);
      this.fill(node, info, info.id === current);
      if (node === cursor) cursor = cursor.nextElementSibling;
      else list.insertBefore(node, cursor);
    }
  }

  make(info) {
    const node = clone("channel-template");
    node.dataset.key = info.id;
    const link = node.querySelector("a");
    link.dataset.channel = info.id;
    link.href = `/?channel=${info.id}`;
    const other = (info.people ?? []).find((id) => id !== this.me.id);
    const avatar = node.querySelector("person-avatar");
    avatar.dataset.id = other ?? info.id;
    return node;
  }

  fill(node, info, current) {
    const link = node.querySelector("a");
    const direct = info.kind === "direct";
    node.querySelector("person-avatar").hidden = !direct;
    node.querySelector("person-avatar").dataset.name = info.name;
    const icon = node.querySelector(".icon");
    icon.toggleAttribute("hidden", direct);
    icon.firstElementChild.setAttribute("href", `#i-${info.kind}`);
    node.querySelector("[data-name-text]").textContent = info.name;
    node.querySelector("[data-kind]").textContent = direct ? "" : `, ${KINDS[info.kind]}`;
    link.title = info.name;
    const count = node.querySelector("[data-count]");
    const shown = info.unread > 0 && !current;
    count.hidden = !shown;
    count.textContent = info.unread > 99 ? "99+" : String(info.unread);
    const mention = node.querySelector("[data-mention]");
    mention.hidden = !(shown && info.mentions > 0);
    mention.textContent = `@${info.mentions > 99 ? "99+" : info.mentions}`;
    node.querySelector("[data-unread-words]").textContent = shown ? `, ${unreadWords(info, count.textContent)}` : "";
    node.querySelector("[data-draft]").hidden = current || !this.drafts?.has(info.id);
    node.querySelector("[data-muted]").toggleAttribute("hidden", !info.muted);
    link.classList.toggle("unread", shown && !info.muted);
    link.classList.toggle("muted", info.muted);
    if (current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
customElements.define("chat-rail", ChatRail);
