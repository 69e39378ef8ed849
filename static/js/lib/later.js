// Times at which a text may be sent. Pure; the browser's own time zone.
import { dayKey, twoDigits } from "lib/times";

const HOUR = 7;
const MINUTE = 40; // before the first lesson

const inDays = (now, days) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, HOUR, MINUTE);

export const tomorrow = (now = new Date()) => inDays(now, 1);

/** The next Monday that is not today. */
export const monday = (now = new Date()) => inDays(now, ((8 - now.getDay()) % 7) || 7);

/** As a field of the type datetime-local has it. */
export const asField = (at) => `${dayKey(at)}T${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
