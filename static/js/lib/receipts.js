// Who has read one's own messages, in words. Pure.
import { gettext, interpolate, ngettext } from "lib/words";

const NAMED = 3;

/**
 * Which of our own messages say who has read them, oldest first: each whose readers are others than those of the
 * next one, so that nothing is said twice.
 * @param {{id: string, seq: number}[]} own messages, oldest first
 * @param {Map<string, number>} read person -> the newest of them that the person has read
 * @returns {Map<string, string[]>} message id -> people
 */
export function readersOf(own, read) {
  const counts = own.map(() => 0);
  for (const upto of read.values()) {
    const last = own.findLastIndex(({ seq }) => seq <= upto);
    if (last >= 0) counts[last] += 1;
  }
  const lines = new Map();
  own.forEach(({ id, seq }, index) => {
    if (counts[index] > 0) lines.set(id, [...read].filter(([, upto]) => upto >= seq).map(([user]) => user));
  });
  return lines;
}

/** "Read by Bob Brennan, Carol Chu, Dana Doyle and 4 others". */
export function readWords(names) {
  const sorted = [...names].sort((a, b) => a.localeCompare(b, "en-GB"));
  if (sorted.length === 1) return interpolate(gettext("Read by %(name)s"), { name: sorted[0] }, true);
  const others = sorted.length - NAMED;
  if (others > 1) {
    const words = ngettext("Read by %(names)s and %(count)s other", "Read by %(names)s and %(count)s others", others);
    return interpolate(words, { names: sorted.slice(0, NAMED).join(", "), count: others }, true);
  }
  const given = { names: sorted.slice(0, -1).join(", "), last: sorted.at(-1) };
  return interpolate(gettext("Read by %(names)s and %(last)s"), given, true);
}
