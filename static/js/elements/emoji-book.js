// The vendored list of emoji, loaded when somebody first wants one.
import { EmojiBook } from "lib/emoji";
import { gettext } from "lib/words";

let opening = null;

/** Resolves with the EmojiBook; tried again the next time where it could not be loaded. */
export function openBook() {
  opening ??= load().catch((error) => {
    opening = null;
    throw error;
  });
  return opening;
}

async function load() {
  const answer = await fetch(document.querySelector("emoji-picker").dataset.source, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(gettext("The list of emoji could not be loaded."));
  return new EmojiBook(await answer.json());
}

const TONE_KEY = "schoolchat.tone";

/** One's own skin tone, from 0 (none) to 5, kept in this browser. */
export const ownTone = () => Number(localStorage.getItem(TONE_KEY)) || 0;
export const keepTone = (tone) => localStorage.setItem(TONE_KEY, String(tone));
