// Puts a text on the clipboard.
import { gettext } from "lib/words";

/** Resolves with what to say of it. */
export const copied = async (text, done = gettext("The text is copied.")) => {
  try {
    await navigator.clipboard.writeText(text);
    return done;
  } catch {
    return gettext("Your browser did not allow copying.");
  }
};
