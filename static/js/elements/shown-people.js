// Draws what the school shows of people: a dot with words in the header, in the rail and beside members, and who has
// read one's own messages. Loaded only where the school shows something.
import { readersOf, readWords } from "lib/receipts";
import { gettext, gettext_noop, interpolate } from "lib/words";

const WORDS = { online: gettext_noop("Online"), away: gettext_noop("Away") };

export class ShownPeople {
  constructor(school, given, parts) {
    Object.assign(this, { school, ...given, parts, asked: null });
    this.place = parts.header.querySelector("[data-presence]");
    const panel = parts.side.querySelector("[data-content]");
    school.addEventListener("news", () => this.drawSoon());
    school.addEventListener("settled", () => { this.asked = null; });
    for (const name of ["view", "rail"]) given.client.addEventListener(name, () => this.drawSoon());
    const watch = new MutationObserver(() => this.drawSoon());
    watch.observe(parts.log.list, { childList: true });
    watch.observe(parts.header.querySelector("[data-title]"), { childList: true });
    watch.observe(panel, { childList: true });
    this.panel = panel;
    this.drawSoon();
  }

  get channel() { return this.client.channels.get(this.parts.header.info?.id); }

  drawSoon() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = null;
      this.drawHeader();
      this.drawRail();
      this.drawPanel();
      this.drawReceipts();
    });
  }

  // --- who is there ---------------------------------------------------------------------------

  /** Of a direct message: how it is with the other one, or how many of the others are online. */
  presenceIn(info) {
    const people = info?.kind === "direct" && this.school.covers("presence", info) ? info.people ?? [] : [];
    const states = people.map((id) => this.school.states.get(id)).filter((state) => state in WORDS);
    if (states.length === 0) return null;
    const online = states.filter((state) => state === "online").length;
    const words = people.length === 1
      ? gettext(WORDS[states[0]])
      : interpolate(gettext("%(online)s of %(all)s online"), { online, all: people.length }, true);
    return { state: online ? "online" : "away", words };
  }

  drawHeader() {
    const found = this.presenceIn(this.channel?.info);
    this.place.hidden = !found;
    if (!found) return;
    this.place.dataset.presence = found.state;
    this.place.lastElementChild.textContent = found.words;
  }

  /** A dot at the picture, and words for whoever listens. */
  drawRail() {
    for (const link of this.parts.rail.querySelectorAll("a[data-channel]")) {
      const found = this.presenceIn(this.client.channels.get(link.dataset.channel)?.info);
      let mark = link.querySelector(".presence");
      if (!found) {
        mark?.remove();
        continue;
      }
      if (!mark) {
        mark = this.place.cloneNode(true);
        mark.hidden = false;
        mark.classList.add("rail__presence");
        mark.lastElementChild.className = "sr-only";
        link.querySelector("[data-kind]").after(mark);
      }
      mark.dataset.presence = found.state;
      mark.lastElementChild.textContent = `, ${found.words}`;
    }
  }

  /** Beside the members in the panel that says who can read a channel. */
  drawPanel() {
    const shows = this.channel && this.school.covers("presence", this.channel.info);
    for (const avatar of this.panel.querySelectorAll(".people person-avatar")) {
      const state = shows && avatar.dataset.id !== this.me.id ? this.school.states.get(avatar.dataset.id) : null;
      const item = avatar.closest("li");
      let mark = item.querySelector(".presence");
      if (!(state in WORDS)) {
        mark?.remove();
        continue;
      }
      if (!mark) {
        mark = this.place.cloneNode(true);
        mark.hidden = false;
        item.append(mark);
      }
      mark.dataset.presence = state;
      mark.lastElementChild.textContent = gettext(WORDS[state]);
    }
  }

  // --- who has read it ------------------------------------------------------------------------

  drawReceipts() {
    const { channel } = this;
    const shows = channel && this.school.covers("receipts", channel.info);
    if (shows && channel.loaded) this.ask(channel);
    const read = shows ? this.school.read.get(channel.id) ?? new Map() : new Map();
    const lines = readersOf(shows ? this.own(channel) : [], read);
    for (const row of this.parts.log.list.querySelectorAll(".message--mine")) this.mark(row, lines.get(row.dataset.id));
  }

  own(channel) {
    return channel.sorted(channel.live).filter((one) => one.author?.id === this.me.id && one.kind === "text" && !one.deleted_at);
  }

  mark(row, readers) {
    let line = row.querySelector(".message__read");
    const words = readers ? readWords(readers.map((id) => this.people[id]?.name ?? gettext("somebody"))) : "";
    if (line?.textContent === words || (!line && !words)) return;
    if (!line) {
      line = document.createElement("p");
      line.className = "message__read";
      row.querySelector(".message__main").append(line);
    }
    if (words) row.setAttribute("aria-description", words);
    else row.removeAttribute("aria-description");
    line.textContent = words;
    if (!words) line.remove();
  }

  /** Anew after each `welcome`; the answer to opening a channel brings it too, and then news comes by itself. */
  async ask(channel) {
    if (this.asked === channel.id || this.school.read.has(channel.id) || this.client.opening.awaits(channel.id)) return;
    this.asked = channel.id;
    try {
      const answer = await this.client.ask({ type: "receipts", channel: channel.id });
      this.school.noted(channel.id, answer.readers);
    } catch {
      // Asked again with the next channel or connection; nothing else depends on it.
    }
  }
}
