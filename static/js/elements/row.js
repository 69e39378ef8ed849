// One row of the conversation, made from the page's own message partial.
import { attachedWords } from "lib/attached";
import { mentionsPerson } from "lib/mentions";
import { clockTime, fullTime } from "lib/times";
import { gettext, interpolate, ngettext } from "lib/words";
import { fillAttached } from "elements/attached";
import { clone } from "elements/clone";
import { fillReactions } from "elements/reactions";

const part = (node, name) => node.querySelector(`[data-part="${name}"]`);

/** Without the signs that make words bold, struck out or code. */
const plain = (body) => body.replace(/\*\*|~~|`+/g, "").replace(/\s+/g, " ").trim();

/** The first line of a message, for quotes and announcements. */
export function firstLine(message, most = 160) {
  if (message.deleted_at) return gettext("a deleted message");
  if (!message.body) return attachedWords(message.attachments);
  const text = plain(message.body) || message.body.trim();
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** The same where it stands for the message: that it has been corrected is said with it. */
export function quotedLine(message, most = 160) {
  const line = firstLine(message, most);
  return message.corrections?.length && !message.deleted_at ? interpolate(gettext("%(line)s (corrected)"), { line }, true) : line;
}

export function makeRow(row) {
  if (row.type === "message") {
    const node = clone("message-template");
    node.tabIndex = -1;
    return node;
  }
  return clone(row.type === "day" ? "day-template" : "new-template");
}

/** Gives a row its tools once it is pointed at or has the focus: they are most of what a row is made of. */
export function giveTools(list) {
  const give = ({ target }) => {
    const row = target.closest(".message");
    if (row && !row.bare && !row.querySelector(".message__tools")) row.append(clone("tools-template"));
  };
  list.addEventListener("pointerover", give);
  list.addEventListener("focusin", give);
}

function signature(row, context) {
  const { message, grouped } = row;
  const answered = message.reply_to && context.channel.messages.get(message.reply_to);
  const { pending } = message;
  return [message.changed ?? "", message.id, grouped, pending?.state, pending?.detail, message.reply_to, context.replies?.get(message.id),
    answered?.changed, context.channel.gone.has(message.reply_to)].join("|");
}

export function fillRow(node, row, context) {
  node.dataset.key = row.key;
  if (row.type === "day") fillDay(node, row);
  if (row.type !== "message") return;
  node.classList.toggle("message--first", Boolean(row.first));
  const now = signature(row, context);
  if (node.filledAs === now) return;
  node.filledAs = now;
  fillMessage(node, row, context);
}

function fillDay(node, { label, marked }) {
  if (node.firstElementChild.textContent !== label) node.firstElementChild.textContent = label;
  node.classList.toggle("log__day--new", Boolean(marked));
}

function fillMessage(node, { message, grouped }, context) {
  const mine = message.author?.id === context.me.id && message.kind === "text";
  const at = new Date(message.sent_at);
  Object.assign(node.dataset, { id: message.id, kind: message.kind });
  node.classList.toggle("message--grouped", grouped);
  node.classList.toggle("message--mine", mine);
  node.classList.toggle("message--pending", Boolean(message.pending));
  node.classList.toggle("message--mentioned", mentionsPerson(message, context.me.id));
  fillAuthor(node, message, context);
  const time = part(node, "time");
  time.dateTime = message.sent_at;
  time.textContent = clockTime(at);
  time.title = fullTime(at);
  fillBody(node, message, mine);
  markMentions(part(node, "body"), context.me);
  fillAttached(node, message);
  fillOrigin(node, message);
  fillCorrections(node, message);
  fillQuote(node, message, context);
  fillReactions(node, message, context);
  fillReplies(node, context.replies?.get(message.id) ?? 0);
  fillState(node, message);
  node.setAttribute("aria-label", label(message, at, context));
  node.bare = message.kind === "system" || Boolean(message.deleted_at || message.pending);
  node.querySelector(".message__tools")?.toggleAttribute("hidden", node.bare);
}

function fillAuthor(node, message, context) {
  const avatar = part(node, "avatar");
  const name = message.author?.name ?? "";
  avatar.dataset.id = message.author?.id ?? "";
  avatar.dataset.name = name;
  const author = part(node, "author");
  author.textContent = name;
  author.title = context.people[message.author?.id]?.title ?? "";
  part(node, "imported").hidden = message.kind !== "imported";
}

function fillBody(node, message, mine) {
  const body = part(node, "body");
  const gone = part(node, "gone");
  body.hidden = Boolean(message.deleted_at) || (!message.body && message.attachments?.length > 0);
  gone.hidden = !message.deleted_at;
  gone.textContent = mine ? gettext("You deleted this message.") : gettext("This message was deleted by its author.");
  body.classList.toggle("message__plain", message.html === null);
  // `html` is rendered and sanitised by the server; our own unsent text is shown as text.
  if (message.html === null) body.textContent = message.body;
  else body.innerHTML = message.html;
  // Code and tables may scroll sideways, and not every browser lets keys reach that by itself.
  for (const wide of body.querySelectorAll("pre, table")) wide.tabIndex = 0;
  const note = part(node, "note");
  note.hidden = !message.edited_at || Boolean(message.deleted_at);
  if (message.edited_at) note.title = interpolate(gettext("Edited %(at)s"), { at: fullTime(new Date(message.edited_at)) }, true);
}

/** My own name in a message is marked more strongly than others. */
function markMentions(body, me) {
  for (const one of body.querySelectorAll(".mention")) {
    one.classList.toggle("mention--me", one.dataset.user.split(" ").some((id) => [me.id, "here", "everyone"].includes(id)));
  }
}

/** Where a forwarded message comes from. */
function fillOrigin(node, { forwarded, deleted_at, pinned }) {
  const origin = part(node, "origin");
  origin.hidden = !forwarded || Boolean(deleted_at);
  if (forwarded) origin.querySelector("span").textContent = originWords(forwarded);
  part(node, "pinned").hidden = !pinned || Boolean(deleted_at);
}

function originWords({ author, channel, sent_at }) {
  const from = { author, channel, at: fullTime(new Date(sent_at)) };
  return interpolate(channel ? gettext("Forwarded from %(author)s in %(channel)s, %(at)s") : gettext("Forwarded from %(author)s, %(at)s"), from, true);
}

/** What was found wrong in it; in a forward, also what had been found wrong before. */
function fillCorrections(node, { corrections = [], forwarded, deleted_at }) {
  const box = part(node, "corrections");
  const all = deleted_at ? [] : [...(forwarded?.corrections ?? []), ...corrections];
  box.hidden = all.length === 0;
  box.replaceChildren(...all.map(makeCorrection));
}

function makeCorrection({ author, written_at, html }) {
  const node = clone("correction-template");
  const time = node.querySelector("time");
  node.querySelector("[data-by]").textContent = author.name;
  time.dateTime = written_at;
  time.textContent = fullTime(new Date(written_at));
  node.querySelector(".correction__body").innerHTML = html; // rendered by the server
  return node;
}

function fillReplies(node, count) {
  let button = node.querySelector(".message__replies");
  if (count === 0) {
    button?.remove();
    return;
  }
  if (!button) {
    button = clone("replies-template");
    node.querySelector(".message__main").append(button);
  }
  button.querySelector("span").textContent = replyWords(count);
}

const replyWords = (count) => interpolate(ngettext("%(n)s reply", "%(n)s replies", count), { n: count }, true);

function fillQuote(node, message, context) {
  node.querySelector(".message__quote")?.remove();
  if (!message.reply_to || message.deleted_at || message.reply_to === context.root) return;
  const answered = context.channel.messages.get(message.reply_to);
  const quote = clone("quote-template");
  quote.dataset.goto = message.reply_to;
  const [author, text] = quote.children;
  if (answered) {
    author.textContent = answered.author?.name ?? "";
    text.textContent = quotedLine(answered);
  } else if (context.channel.gone.has(message.reply_to)) {
    text.textContent = gettext("A message that is no longer kept");
    quote.disabled = true;
  } else {
    text.textContent = gettext("An earlier message");
    context.look(message.reply_to);
  }
  part(node, "body").before(quote);
}

const TEMPLATES = { failed: "failed", held: "held" };

function fillState(node, { pending }) {
  node.querySelector(".message__state")?.remove();
  if (!pending) return;
  const state = clone(`${TEMPLATES[pending.state] ?? "sending"}-template`);
  state.dataset.ref = pending.ref;
  const words = {
    waiting: interpolate(gettext("Not sent yet. %(why)s"), { why: pending.detail }, true),
    failed: interpolate(gettext("Not sent. %(why)s"), { why: pending.detail }, true),
  };
  state.querySelector("[data-words]").textContent = (words[pending.state] ?? gettext("Sending…")).trim();
  node.querySelector(".message__main").append(state);
}

/** Author and text first, time last: what a listener wants in that order. */
function label(message, at, { me, replies }) {
  const words = [`${message.author?.name ?? ""}: ${firstLine(message, 400)}`.replace(/^: /, "")];
  if (message.forwarded && !message.deleted_at) words.push(originWords(message.forwarded));
  if (mentionsPerson(message, me.id)) words.push(gettext("mentions you"));
  if (message.body && message.attachments?.length && !message.deleted_at) words.push(attachedWords(message.attachments));
  if (message.kind === "imported") words.push(gettext("imported"));
  if (message.edited_at && !message.deleted_at) words.push(gettext("edited"));
  if (message.pinned && !message.deleted_at) words.push(gettext("pinned"));
  if (!message.deleted_at) {
    for (const { author, body } of [...(message.forwarded?.corrections ?? []), ...(message.corrections ?? [])]) {
      words.push(interpolate(gettext("corrected by %(name)s: %(text)s"), { name: author.name, text: body }, true));
    }
  }
  const reactions = (message.reactions ?? []).map(({ emoji, count }) => `${emoji} ${count}`);
  if (reactions.length > 0 && !message.deleted_at) words.push(interpolate(gettext("reactions %(all)s"), { all: reactions.join(" ") }, true));
  const answers = replies?.get(message.id) ?? 0;
  if (answers > 0) words.push(replyWords(answers));
  if (message.pending) words.push(["failed", "waiting"].includes(message.pending.state) ? gettext("not sent") : gettext("sending"));
  words.push(fullTime(at));
  return words.join(", ");
}
