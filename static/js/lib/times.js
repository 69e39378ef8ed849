// Times as people say them. Pure; the browser's own time zone, 24 hours, in the language of the page.
import { gettext, language } from "lib/words";

const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
const dayInYear = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" });
const dayOfYear = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const date = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric" });
const full = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

/** "08:05" */
export const clockTime = (at) => clock.format(at);

/** "Tue, 3 Nov 2026, 08:05" */
export const fullTime = (at) => full.format(at);

/** "Tuesday 3 November 2026" */
export const wholeDay = (at) => dayOfYear.format(at).replace(",", "");

/** "3 November 2026" */
export const dateName = (at) => date.format(at);

export const twoDigits = (number) => String(number).padStart(2, "0");

/** "2026-11-03", equal for two instants of one local day; as a field of the type date has it. */
export const dayKey = (at) => `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())}`;

/** "Today", "Yesterday", "Tuesday 3 November", with the year when it is another one. */
export function dayName(at, now = new Date()) {
  if (dayKey(at) === dayKey(now)) return gettext("Today");
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (dayKey(at) === dayKey(yesterday)) return gettext("Yesterday");
  return (at.getFullYear() === now.getFullYear() ? dayInYear : dayOfYear).format(at).replace(",", "");
}
