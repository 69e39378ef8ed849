// The keys, in one table: the handlers look their keys up here, and the dialog under '?' is made of it. Pure.
import { gettext } from "lib/words";

/** Where keys work, in the order of the dialog. */
export const PLACES = {
  anywhere: gettext("Everywhere"),
  rail: gettext("In the list of channels"),
  message: gettext("On a message"),
  write: gettext("While writing"),
  complete: gettext("When names or emoji are offered"),
};

// `Ctrl` is the command key on a Mac. A letter without Ctrl works only outside of what one types in,
// so that it never gets in the way of writing or of a screen reader's own keys.
const TABLE = [
  ["anywhere", "switcher", ["Ctrl+K"], gettext("Find a channel or person")],
  ["anywhere", "date", ["Ctrl+G"], gettext("Go to a date in this conversation")],
  ["anywhere", "keys", ["?", "Ctrl+/"], gettext("Show these keys")],
  ["rail", "up", ["ArrowUp"], gettext("The channel above")],
  ["rail", "down", ["ArrowDown"], gettext("The channel below")],
  ["message", "up", ["ArrowUp"], gettext("The message above")],
  ["message", "down", ["ArrowDown"], gettext("The message below")],
  ["message", "in", ["ArrowRight"], gettext("The links and buttons of the message, one after another")],
  ["message", "out", ["ArrowLeft"], gettext("Back through them to the message")],
  ["message", "menu", ["Enter", ".", "ContextMenu", "Shift+F10"], gettext("All that can be done with it")],
  ["message", "react", ["+"], gettext("React")],
  ["message", "reply", ["R"], gettext("Reply")],
  ["message", "thread", ["T"], gettext("Show the replies beside the conversation")],
  ["message", "goto", ["Q"], gettext("Go to the message that this one answers")],
  ["message", "return", ["B"], gettext("Back to where you were")],
  ["message", "forward", ["F"], gettext("Forward")],
  ["message", "pin", ["P"], gettext("Pin or unpin")],
  ["message", "edit", ["E"], gettext("Edit, if it is yours")],
  ["message", "write", ["Escape"], gettext("Back to writing")],
  ["write", "send", ["Enter", "Ctrl+Enter"], gettext("Send (on a phone the button does)")],
  ["write", "newline", ["Shift+Enter"], gettext("A new line")],
  ["write", "edit-last", ["ArrowUp"], gettext("In an empty line: edit your last message")],
  ["write", "cancel", ["Escape"], gettext("Stop replying or editing")],
  ["write", "bold", ["Ctrl+B"], gettext("Bold")],
  ["write", "italic", ["Ctrl+I"], gettext("Italic")],
  ["write", "code", ["Ctrl+Shift+C"], gettext("Code")],
  ["write", "list", ["Ctrl+Shift+8"], gettext("List")],
  ["write", "quote", ["Ctrl+Shift+9"], gettext("Quotation")],
  ["write", "link", ["Ctrl+Shift+U"], gettext("Link")],
  ["write", "emoji", ["Ctrl+Shift+E"], gettext("Choose an emoji")],
  ["complete", "previous", ["ArrowUp"], gettext("The one above")],
  ["complete", "next", ["ArrowDown"], gettext("The one below")],
  ["complete", "take", ["Enter", "Tab"], gettext("Take it")],
  ["complete", "close", ["Escape"], gettext("Go on writing without")],
];

export const KEYS = TABLE.map(([where, id, keys, words]) => ({ where, id, keys, words }));

// Shift changes what these keys write, so the key that is pressed says which is meant.
const BY_CODE = { C: "KeyC", U: "KeyU", E: "KeyE", 8: "Digit8", 9: "Digit9" };

function fits(combination, event) {
  const parts = combination.split(/\+(?!$)/);
  const key = parts.pop();
  const control = parts.includes("Ctrl");
  if (event.altKey || control !== (event.ctrlKey || event.metaKey)) return false;
  const shift = parts.includes("Shift");
  if (shift && control) return event.shiftKey && (event.code === BY_CODE[key] || event.key.toUpperCase() === key);
  // A sign such as '?' may need Shift on this keyboard and not on another.
  const sign = key.length === 1 && !/[A-Z0-9]/.test(key);
  if (!sign && shift !== event.shiftKey) return false;
  return event.key === key || (key.length === 1 && event.key.toUpperCase() === key);
}

/** The id of what a key means at a place, or null. */
export function meaningOf(event, where) {
  return KEYS.find((one) => one.where === where && one.keys.some((each) => fits(each, event)))?.id ?? null;
}

/** Whether a press writes something where one can type. */
export const writes = (event) => !event.ctrlKey && !event.metaKey && event.key.length === 1;

const NAMES = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", ContextMenu: "Menu", Escape: "Esc" };

/** "Ctrl+Shift+C" -> ["Ctrl", "Shift", "C"], as the keys are called on this machine. */
export function keycaps(combination, mac = false) {
  return combination.split(/\+(?!$)/).map((part) => (part === "Ctrl" && mac ? "⌘" : NAMES[part] ?? part));
}

/** The first keys of a meaning in words, for a button's title: "Ctrl Shift C". */
export function keyWords(where, id, mac = false) {
  const found = KEYS.find((one) => one.where === where && one.id === id);
  return found ? keycaps(found.keys[0], mac).join(" ") : "";
}
