// What is offered while one types: people after '@', emoji after ':'. Pure.
import { gettext } from "lib/words";

const PERSON = /(?:^|[\s([{"'“‘*_~>])@([^\n@]{0,60})$/u;
const EMOJI = /(?:^|[\s([{"'“‘*_~>])(:([a-z0-9_+-]{2,40})(:?))$/iu;
const MOST = 8;

/** Letters without marks and case, as people look for names. */
export const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Whether each of these words begins a word of the text, or stands in it. */
export function fits(words, text) {
  const there = plain(text);
  return plain(words).split(/\s+/).filter(Boolean).every((word) => there.includes(word));
}

/**
 * The word that is being typed before the caret.
 * @returns {{sign: "@"|":", start: number, query: string, closed?: boolean} | null} `start` is the place of the sign
 */
export function wordBefore(text, caret) {
  const before = text.slice(0, caret);
  // In code everything stands for itself.
  if ((before.match(/`/g) ?? []).length % 2 === 1) return null;
  const person = PERSON.exec(before);
  if (person) return { sign: "@", start: caret - person[1].length - 1, query: person[1] };
  const emoji = EMOJI.exec(before);
  return emoji && { sign: ":", start: caret - emoji[1].length, query: emoji[2].toLowerCase(), closed: emoji[3] === ":" };
}

const ALL = [
  { name: "here", title: gettext("Everybody who is here now") },
  { name: "everyone", title: gettext("Everybody in this channel") },
];

/**
 * The people of a channel whom a query may mean; those whose name begins with it come first.
 * @param {string} query what stands behind the '@'
 * @param {{id, name, title}[]} members
 * @param {{me: string, all: boolean}} about `all`: whether @here and @everyone may be said
 */
export function peopleFor(query, members, { me, all }) {
  const asked = plain(query);
  // "@Bob Brennan " is finished: what comes behind it is about something else.
  if (/\s$/.test(query) && [...members, ...ALL].some((one) => plain(one.name) === asked.trim())) return [];
  if (/^\s/.test(query)) return [];
  const others = members.filter((one) => one.id !== me && fits(query, one.name));
  const rank = (one) => (plain(one.name).startsWith(asked) ? 0 : plain(one.name).includes(` ${asked}`) ? 1 : 2);
  others.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, "en-GB"));
  const general = all ? ALL.filter((one) => asked !== "" && one.name.startsWith(asked)) : [];
  const offered = asked === "" && all ? [...others.slice(0, MOST - ALL.length), ...ALL] : [...general, ...others];
  return offered.slice(0, MOST);
}
