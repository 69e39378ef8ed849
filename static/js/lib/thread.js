// Replies gathered below the message that they answer. Pure.
import { inPageOrder } from "lib/channel";

/** The message at the root of an answer, as far as it is known; itself if it answers nothing. */
export function rootOf(id, messages) {
  const passed = new Set();
  let root = id;
  for (let up = messages.get(root)?.reply_to; up && !passed.has(up); up = messages.get(root)?.reply_to) {
    passed.add(root);
    root = up;
  }
  return root;
}

/** How many answers are known below each root: Map of id -> number. Deleted ones do not count. */
export function countReplies(messages) {
  const counts = new Map();
  for (const message of messages.values()) {
    if (!message.reply_to || message.deleted_at) continue;
    const root = rootOf(message.id, messages);
    counts.set(root, (counts.get(root) ?? 0) + 1);
  }
  return counts;
}

export class Thread {
  /** @param {object[]} messages the root and all that answers it, in any order */
  constructor(messages) {
    this.messages = new Map(messages.map((message) => [message.id, message]));
    const ids = [...this.messages.keys()];
    this.root = ids.find((id) => !this.messages.has(this.messages.get(id).reply_to)) ?? ids[0];
  }

  /** Takes in what the channel has heard since; returns whether anything is another. */
  refresh({ messages, gone }) {
    let another = false;
    for (const id of this.messages.keys()) if (gone.has(id)) another = this.messages.delete(id) || another;
    for (const message of messages.values()) {
      const known = this.messages.get(message.id);
      const belongs = known ? known.changed < message.changed : this.messages.has(message.reply_to);
      if (!belongs) continue;
      this.messages.set(message.id, message);
      another = true;
    }
    return another;
  }

  sorted() { return [...this.messages.values()].sort(inPageOrder); }
  get replies() { return this.messages.size - 1; }
}
