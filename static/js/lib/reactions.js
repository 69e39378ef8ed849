// Reactions in words. Pure.
import { gettext, interpolate, ngettext } from "lib/words";

const MOST_NAMES = 12;

/** "Alice", "Alice and Bob", "Alice, Bob and Carol". */
export function inWords(names) {
  if (names.length <= 1) return names[0] ?? "";
  return interpolate(gettext("%(first)s and %(last)s"), { first: names.slice(0, -1).join(", "), last: names.at(-1) }, true);
}

/** Who reacted, oneself first: "You, Bob Brennan and 3 others". */
export function whoReacted({ users }, me, people) {
  const mine = users.includes(me);
  const names = users.filter((id) => id !== me).map((id) => people[id]?.name ?? gettext("somebody who has left"));
  const all = mine ? [gettext("You"), ...names] : names;
  if (all.length <= MOST_NAMES) return inWords(all);
  const others = all.length - MOST_NAMES + 1;
  return inWords([...all.slice(0, MOST_NAMES - 1), interpolate(ngettext("%(n)s other", "%(n)s others", others), { n: others }, true)]);
}

/** The same reactions after one's own was added or taken away, before the server has said so. */
export function toggled(reactions, emoji, me, on) {
  const known = reactions.find((one) => one.emoji === emoji);
  const users = (known?.users ?? []).filter((id) => id !== me);
  if (on) users.push(me);
  const changed = { emoji, count: users.length, users };
  const rest = known ? reactions.map((one) => (one === known ? changed : one)) : [...reactions, changed];
  return rest.filter((one) => one.count > 0);
}

export const hasReacted = (message, emoji, me) => message.reactions?.some((one) => one.emoji === emoji && one.users.includes(me)) ?? false;
