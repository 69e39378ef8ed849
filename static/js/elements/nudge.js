// <chat-nudge>: one line above the words that are being written, where they seem to hold what does not belong
// everywhere. It never keeps anybody from writing, and can be put away for the draft. Loaded after the first paint.
import { foundIn, prepare } from "lib/nudges";
import { dayKey } from "lib/times";
import { gettext, gettext_noop } from "lib/words";

const PAUSE_MS = 250;
const SAID = {
  upn: gettext_noop("This looks like a pupil's UPN. Is this channel the right place?"),
  nhs: gettext_noop("This looks like an NHS number. Is this channel the right place?"),
  birth: gettext_noop("This looks like somebody's date of birth. Is this channel the right place?"),
  phone: gettext_noop("This looks like a phone number. Is this channel the right place?"),
  bank: gettext_noop("This looks like bank details. Is this channel the right place?"),
  safeguarding: gettext_noop("This may concern a child's safety."),
};
const BLOCKED = {
  upn: gettext_noop("This looks like a pupil's UPN, which your school does not let be sent here."),
  nhs: gettext_noop("This looks like an NHS number, which your school does not let be sent here."),
  birth: gettext_noop("This looks like somebody's date of birth, which your school does not let be sent here."),
  phone: gettext_noop("This looks like a phone number, which your school does not let be sent here."),
  bank: gettext_noop("This looks like bank details, which your school does not let be sent here."),
  safeguarding: gettext_noop("What may concern a child's safety is not written here."),
};

/** Whether there is anything that a school has pointed out. */
export const pointsOut = ({ nudges = {} }) => Object.values(nudges).some((how) => how !== "off");

let table = null; // one for all composers of the page
const loaded = (url) => {
  table ??= fetch(url).then((answer) => answer.json()).then(prepare).catch(() => { table = null; return []; });
  return table;
};

/** Where the school points anything out, the table is at hand before there are words. */
export const prepareTable = () => loaded(document.querySelector("chat-nudge").dataset.rules);

export class ChatNudge extends HTMLElement {
  connectedCallback() {
    this.away = new Map(); // channel -> the rules whose line was put away for the draft there
    this.words = this.querySelector("span");
    this.querySelector("button").addEventListener("click", () => this.dismiss());
  }

  /** @param {() => {nudges: object, route: string}} settled what the school has settled by now */
  watch(field, channelOf, settled) {
    Object.assign(this, { field, channelOf, settled });
    this.consider();
  }

  /** The words are others, or stand elsewhere; judged when the hands rest. */
  consider() {
    clearTimeout(this.timer);
    if (this.field.value.trim()) this.timer = setTimeout(() => this.judge(), PAUSE_MS);
    else this.empty();
  }

  empty() {
    this.away.delete(this.channelOf());
    this.show(null);
  }

  async judge() {
    const rules = pointsOut(this.settled()) ? await loaded(this.dataset.rules) : [];
    const text = this.field.value;
    const channel = this.channelOf();
    const { nudges = {} } = this.settled();
    const away = this.away.get(channel) ?? new Set();
    const found = foundIn(rules, text, dayKey(new Date())).filter((name) => (nudges[name] ?? "off") !== "off");
    // What will be refused is said whatever was put away.
    this.show(found.find((name) => nudges[name] === "block") ?? found.find((name) => !away.has(name)) ?? null);
  }

  show(name) {
    const { nudges, route } = this.settled();
    const blocks = name && nudges[name] === "block";
    const said = name ? gettext((blocks ? BLOCKED : SAID)[name]) : "";
    const words = name === "safeguarding" ? `${said} ${route}` : said;
    this.shown = name;
    if (words !== this.words.textContent) this.words.textContent = words;
    this.classList.toggle("nudge--block", Boolean(blocks));
    this.querySelector("button").hidden = Boolean(blocks);
    this.hidden = !name;
  }

  dismiss() {
    const channel = this.channelOf();
    this.away.set(channel, (this.away.get(channel) ?? new Set()).add(this.shown));
    this.show(null);
    this.judge();
    this.field.focus();
  }
}
customElements.define("chat-nudge", ChatNudge);
