// The buttons that float over the conversation: to the first unread message, to the latest, back to where one was.
import { gettext, interpolate, ngettext } from "lib/words";
import { fromBottom, putInView, rememberPlace, toBottom } from "elements/scroll";

const FAR_PX = 320;
const MOST_PLACES = 20;

export class Jumps {
  /** @param {HTMLElement} log the <chat-log> that they belong to */
  constructor(log) {
    Object.assign(this, { log, places: [] });
    const on = (name, act) => log.querySelector(`[data-jump=${name}]`).addEventListener("click", act);
    on("latest", () => this.latest());
    on("new", () => this.first());
    on("back", () => this.back());
  }

  draw() {
    const { channel, box, newAfter } = this.log;
    const { unread } = channel.info;
    const latest = this.log.querySelector("[data-jump=latest]");
    latest.hidden = !channel.loaded || (!channel.aside && fromBottom(box) < FAR_PX);
    const below = unread > 0 ? interpolate(ngettext("%(n)s new below", "%(n)s new below", unread), { n: unread > 99 ? "99+" : unread }, true) : gettext("Latest");
    latest.querySelector("span").textContent = channel.aside ? gettext("Back to the latest") : below;
    const line = this.log.list.querySelector('[data-key="new"]');
    const above = line ? line.getBoundingClientRect().bottom < box.getBoundingClientRect().top : newAfter !== null && !channel.holdsAfter(newAfter);
    const jump = this.log.querySelector("[data-jump=new]");
    jump.hidden = newAfter === null || unread === 0 || Boolean(channel.aside) || !above || !channel.loaded;
    jump.querySelector("span").textContent = gettext("First unread");
    this.drawBack();
  }

  drawBack() {
    // Whoever has come back by scrolling needs no button for it.
    if (!this.log.target && this.places.length > 0 && this.inView(this.places.at(-1).id)) this.places.pop();
    this.log.querySelector("[data-jump=back]").hidden = this.places.length === 0;
  }

  inView(id) {
    const row = this.log.rowOf(id)?.getBoundingClientRect();
    const box = this.log.box.getBoundingClientRect();
    return Boolean(row) && row.bottom > box.top && row.top < box.bottom;
  }

  latest() {
    const { log } = this;
    this.forget();
    log.target = null;
    log.newAfter = null;
    log.stick = true;
    log.client.history.latest(log.channel.id);
    toBottom(log.box);
    log.roving.focus(log.list.querySelector(".message:last-child"));
  }

  async first() {
    const { log } = this;
    const { channel } = log;
    log.gathering = true;
    try {
      while (!channel.holdsAfter(log.newAfter) && channel.live.older) await log.client.history.older(channel.id, 200);
    } catch {
      return;
    } finally {
      log.gathering = false;
    }
    const line = log.list.querySelector('[data-key="new"]');
    if (!line) return;
    putInView(log.box, line, 0.15);
    log.roving.focus(line.nextElementSibling);
  }

  /** Remembers where one is before a jump: the message with the focus, or the first in view. */
  leave() {
    const { box, list } = this.log;
    const focused = this.log.rowOf(document.activeElement?.closest?.(".message")?.dataset.id);
    const row = focused ?? rememberPlace(box, list)?.row;
    if (!row || this.places.at(-1)?.id === row.dataset.id) return;
    const place = { id: row.dataset.id, offset: row.getBoundingClientRect().top - box.getBoundingClientRect().top };
    this.places = [...this.places, place].slice(-MOST_PLACES);
  }

  back() {
    const place = this.places.pop();
    if (!place) return;
    this.log.landAt = place.offset;
    this.log.goTo(place.id);
  }

  forget() { this.places = []; }
}
