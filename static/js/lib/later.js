// Times at which a text may be sent. Pure; the browser's own time zone.

const HOUR = 7;
const MINUTE = 40; // before the first lesson

const inDays = (now, days) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, HOUR, MINUTE);

export const tomorrow = (now = new Date()) => inDays(now, 1);

/** The next Monday that is not today. */
export const monday = (now = new Date()) => inDays(now, ((8 - now.getDay()) % 7) || 7);

const two = (number) => String(number).padStart(2, "0");

/** As a field of the type datetime-local has it. */
export const asField = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
