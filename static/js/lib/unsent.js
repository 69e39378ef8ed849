// What is said of messages that are not sent. Pure.
import { FAILED, WAITING } from "lib/outbox";
import { gettext, interpolate, ngettext } from "lib/words";

/** Those that somebody should know of: not what is just going out. */
export function unsentIn(outbox) {
  return [...outbox.entries.values()].filter(({ state }) => state === WAITING || state === FAILED);
}

const counted = (words, count) => interpolate(words, { count }, true);

export function unsentWords(count) {
  return counted(ngettext("%(count)s message not sent", "%(count)s messages not sent", count), count);
}

export function leavingWords(count) {
  return counted(ngettext(
    "%(count)s message is not sent. Sign out and remove it from this device?",
    "%(count)s messages are not sent. Sign out and remove them from this device?",
    count,
  ), count);
}

export function expiredWords(count) {
  return counted(ngettext(
    "%(count)s message could not be sent for 24 hours and has been removed from this device.",
    "%(count)s messages could not be sent for 24 hours and have been removed from this device.",
    count,
  ), count);
}

/** The line below the header. What is promised is what will happen: without a safe place it is this tab that keeps. */
export function connectionWords({ online, count, kept }) {
  const state = online ? gettext("Connecting…") : gettext("You are offline.");
  return `${state} ${count > 0 ? waitingWords(count, kept) : promise(kept)}`;
}

function waitingWords(count, kept) {
  const words = kept
    ? ngettext("%(count)s message is waiting, kept on this device", "%(count)s messages are waiting, kept on this device", count)
    : ngettext("%(count)s message is waiting in this tab: leave it open", "%(count)s messages are waiting in this tab: leave it open", count);
  return counted(words, count);
}

function promise(kept) {
  return kept
    ? gettext("What you write is kept on this device and sent when the connection is back")
    : gettext("What you write waits in this tab until the connection is back");
}
