// What stands in the conversation, in order: day lines, the 'new' line, messages grouped by author. Pure.
import { dayKey, dayName } from "lib/times";

export const GROUP_MS = 5 * 60 * 1000;

const authorKey = (message) => message.author?.id ?? `name:${message.author?.name ?? ""}`;

/** Own messages keep their `ref` as key, so that a row stays the same row when it is stored. */
export function keyOf(message, me) {
  return message.ref && message.author?.id === me ? `ref:${message.ref}` : `id:${message.id}`;
}

function continues(previous, row) {
  return Boolean(previous) && !row.reply_to && previous.kind === row.kind && row.kind !== "system"
    && authorKey(previous) === authorKey(row) && new Date(row.sent_at) - new Date(previous.sent_at) < GROUP_MS;
}

/** An unsent message in the shape of a sent one. */
const asMessage = (entry, me) => ({
  id: entry.ref, ref: entry.ref, author: { id: me.id, name: me.name }, sent_at: entry.at.toISOString(),
  kind: "text", body: entry.body, html: null, reply_to: entry.reply_to, attachments: entry.attachments, pending: entry,
});

/**
 * @param {object[]} messages in page order
 * @param {object[]} entries of the outbox, shown after them
 * @param {{me: {id, name}, newAfter: number|null, now?: Date}} view
 * @returns {{key, type: "day"|"new"|"message", ...}[]} a message may be the `first` below a line, a day `marked` by the new
 */
export function layOut(messages, entries, { me, newAfter = null, now = new Date() }) {
  const rows = [];
  let day = null;
  let previous = null;
  let marked = newAfter === null;
  const stored = new Set(messages.map((message) => message.ref));
  const waiting = entries.filter((entry) => !stored.has(entry.ref)).map((entry) => asMessage(entry, me));
  for (const message of [...messages, ...waiting]) {
    const at = new Date(message.sent_at);
    if (dayKey(at) !== day) {
      day = dayKey(at);
      previous = null;
      rows.push({ key: `day:${day}`, type: "day", label: dayName(at, now) });
    }
    if (!marked && message.kind === "text" && message.seq > newAfter && message.author?.id !== me.id) {
      marked = true;
      previous = null;
      if (rows.at(-1)?.type === "day") rows.at(-1).marked = true;
      rows.push({ key: "new", type: "new" });
    }
    const first = rows.length > 0 && rows.at(-1).type !== "message";
    rows.push({ key: keyOf(message, me.id), type: "message", message, first, grouped: continues(previous, message) });
    previous = message;
  }
  return rows;
}
