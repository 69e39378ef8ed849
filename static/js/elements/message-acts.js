// What can be done with a message: whether one may, and how. Hears what the log, the thread, the menu and the keys want.
import { hasReacted, toggled } from "lib/reactions";
import { gettext } from "lib/words";
import { copied } from "elements/copy";
import { fillReactions } from "elements/reactions";
import { firstLine } from "elements/row";

export class MessageActs {
  constructor({ client, people, parts }) {
    Object.assign(this, { client, people, parts });
    document.addEventListener("want", ({ detail }) => this.wanted(detail));
    document.addEventListener("save-edit", ({ detail }) => this.saveEdit(detail));
  }

  mine(message) { return message.kind === "text" && message.author?.id === this.client.me.id; }

  /** What is offered for a message, by the names of the menu's items. */
  may(message) {
    const info = this.client.channels.get(message.channel)?.info ?? {};
    const there = !message.deleted_at && !message.pending && message.kind !== "system";
    const open = there && !info.archived;
    const writes = open && info.can_post !== false;
    return {
      react: open,
      reply: writes,
      thread: there && (Boolean(message.reply_to) || this.isAnswered(message)),
      forward: there && info.kind !== "direct",
      pin: open && Boolean(info.can_pin),
      save: there,
      edit: writes && this.mine(message) && !message.forwarded, // the words are somebody else's
      correct: open && this.mine(message),
      rectify: !message.pending && message.kind !== "system" && !this.mine(message),
      copy: there && Boolean(message.body),
      link: !message.pending,
      pass: !message.pending,
      delete: there && this.mine(message),
    };
  }

  isAnswered({ id, channel }) {
    return [...this.client.channels.get(channel).messages.values()].some((one) => one.reply_to === id && !one.deleted_at);
  }

  wanted({ name, message, row, box, emoji }) {
    if (name === "write") this.parts.composer.focus();
    if (!message) return;
    const may = this.may(message);
    if (name === "menu") this.parts.menu.open({ message, row, box }, may);
    else if (name === "toggle") { if (may.react) this.react(message, emoji, row); }
    else if (may[name]) ACTS[name](this, { message, row, box });
  }

  // --- reacting -------------------------------------------------------------------------------

  pick({ message, row, box }) {
    this.parts.emoji.open({ box, giveBack: row, chosen: (emoji) => this.react(message, emoji, row) });
  }

  /** Shown at once; what the server then says of the message counts. */
  async react(message, emoji, row) {
    const { me, channels } = this.client;
    const latest = channels.get(message.channel)?.messages.get(message.id) ?? message;
    const shown = row?.querySelector(`.reactions [data-react="${CSS.escape(emoji)}"]`)?.getAttribute("aria-pressed");
    const on = shown ? shown === "false" : !hasReacted(latest, emoji, me.id);
    if (row) fillReactions(row, { ...latest, reactions: toggled(latest.reactions ?? [], emoji, me.id, on) }, { me, people: this.people });
    if (await this.carry(() => this.client.acts.react(message.id, emoji, on), gettext("Your reaction was not kept."))) return;
    if (row) row.filledAs = null; // so that it is drawn anew, as it is
    this.client.tell("view", { channel: message.channel, cause: "outbox" });
  }

  async pin({ message }) {
    const on = !message.pinned;
    const done = await this.carry(() => this.client.acts.pin(message.id, on), on ? gettext("The message was not pinned.") : gettext("The message was not unpinned."));
    if (done) this.parts.toasts.say(on ? gettext("Pinned for everybody in this channel.") : gettext("No longer pinned."));
  }

  /** Whether it was done; if not, the person is told what was not, and why. */
  async carry(act, failed) {
    try {
      await act();
      return true;
    } catch (error) {
      this.parts.toasts.say(`${failed} ${error.message}`);
      return false;
    }
  }

  // --- writing --------------------------------------------------------------------------------

  reply({ message, row }) {
    const thread = row?.closest("chat-thread");
    if (thread) thread.focus();
    else this.parts.composer.reply(message);
  }

  edit({ message, row }) {
    if (row?.closest("chat-side")) this.parts.side.makeWay();
    this.parts.composer.edit(message);
  }

  editLast(channel) {
    const held = this.client.channels.get(channel);
    const last = held?.sorted(held.live).findLast((message) => this.may(message).edit);
    if (last) this.parts.composer.edit(last);
  }

  async saveEdit({ message, body }) {
    const { composer } = this.parts;
    composer.saving(true);
    const same = body === message.body;
    if (same || await this.carry(() => this.client.edit(message.id, body), gettext("The change was not saved."))) composer.saved();
    else composer.saving(false);
  }

  /** Most pages never ask for it, so it comes when it is wanted. */
  async correct({ message, row }) {
    const { askCorrection } = await import("elements/correct");
    const added = await askCorrection(message, (body) => this.client.acts.correct(message.id, body));
    if (added) this.parts.toasts.say(gettext("The correction stands under the message."));
    row?.focus();
  }

  async remove({ message }) {
    const sure = await this.parts.confirm.ask({
      title: gettext("Delete this message?"), quote: firstLine(message), verb: gettext("Delete message"),
      text: gettext("Others will see that a message was deleted. What it said stays in the school's record until it is disposed of."),
    });
    if (sure) await this.carry(() => this.client.remove(message.id), gettext("The message was not deleted."));
  }

  // --- taking along ---------------------------------------------------------------------------

  copyLink({ message: { channel, id } }) {
    const link = `${window.location.origin}/?channel=${channel}&message=${id}`;
    this.copy(link, gettext("The link is copied. It opens only for people who may read this channel."));
  }

  async copy(text, words) { this.parts.toasts.say(await copied(text, words)); }
}

/** One line an act; what is done elsewhere is handed on. */
const ACTS = {
  react: (acts, asked) => acts.pick(asked),
  reply: (acts, asked) => acts.reply(asked),
  thread: (acts, { message }) => acts.parts.threads.show(message),
  forward: (acts, { message }) => acts.parts.forward.ask(message),
  pin: (acts, asked) => acts.pin(asked),
  save: (acts, { message }) => document.dispatchEvent(new CustomEvent("save-message", { detail: message })),
  edit: (acts, asked) => acts.edit(asked),
  correct: (acts, asked) => acts.correct(asked),
  copy: (acts, { message }) => acts.copy(message.body),
  link: (acts, asked) => acts.copyLink(asked),
  delete: (acts, asked) => acts.remove(asked),
};
