// The pictures and files of a conversation, newest first, in the side: each leads to its message.
import { gettext, interpolate } from "lib/words";
import { sortOf } from "lib/attached";
import { dateName } from "lib/times";
import { download, picture, voiceNote } from "elements/attached";
import { clone } from "elements/clone";

const THINGS = { picture: (file, message) => picture(file, message, false), voice: voiceNote, download };

export class ChannelFiles {
  constructor({ info, people, urls }) { Object.assign(this, { info, people, urls, next: null }); }

  open() {
    this.node = clone("channel-files-template");
    this.more = this.node.querySelector("[data-more]");
    this.more.addEventListener("click", () => this.load());
    document.dispatchEvent(new CustomEvent("open-side", {
      detail: { title: gettext("Files"), about: this.info.name, content: this.node, channel: this.info.id, shows: "files", links: false },
    }));
    this.load();
  }

  async load() {
    this.more.disabled = true;
    let page;
    try {
      const address = this.urls.files.replace("{id}", this.info.id) + (this.next ? `?before=${encodeURIComponent(this.next)}` : "");
      const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error("no");
      page = await answer.json();
    } catch {
      this.say(gettext("The files could not be loaded. Try again when you are connected."));
      this.more.hidden = this.more.disabled = false;
      return;
    }
    this.add(page);
  }

  add({ files, more }) {
    this.next = more ? files.at(-1)?.message : null;
    this.node.querySelector("[data-list]").append(...files.map((one) => this.item(one)));
    this.more.hidden = !more;
    this.more.disabled = false;
    this.say(this.node.querySelector("[data-list] > *") ? "" : gettext("Nothing has been shared here yet. Files and pictures of this conversation are listed here."));
  }

  say(words) {
    const said = this.node.querySelector("[data-said]");
    said.textContent = words;
    said.hidden = !words;
  }

  item({ author, message, sent_at, ...file }) {
    const node = clone("channel-file-template");
    const sort = sortOf(file);
    const thing = THINGS[sort](file, { author, sent_at });
    for (const part of [thing, ...thing.querySelectorAll("[tabindex]")]) if (part.hasAttribute("tabindex")) part.tabIndex = 0;
    node.dataset.sort = sort;
    node.querySelector("[data-thing]").append(thing);
    node.querySelector("[data-about]").textContent = interpolate(gettext("%(who)s, %(when)s"), { who: author.name, when: dateName(new Date(sent_at)) }, true);
    const go = node.querySelector("[data-go]");
    go.setAttribute("aria-label", interpolate(gettext("Show %(name)s in the conversation"), { name: file.name }, true));
    go.addEventListener("click", () => document.dispatchEvent(new CustomEvent("go-to", { detail: message })));
    return node;
  }
}
