// What is attached to a message: which kind of thing it is, its words, the place it takes. Pure.
import { gettext, gettext_noop, interpolate, ngettext } from "lib/words";
import { sizeWords } from "lib/sizes";

export const MOST_FILES = 10;
const LARGEST = { width: 360, height: 320 }; // CSS pixels of one picture in a message
const SMALLEST = 96;

/** A picture can be shown, a voice note played; all else is a download. */
export function sortOf({ type = "", width, waveform, preview }) {
  if (type.startsWith("image/") && (width || preview)) return "picture";
  if (type.startsWith("audio/") && waveform?.length) return "voice";
  return "download";
}

/** {pictures, voices, downloads} of a message, each in the order they were sent. */
export function sorted(attachments) {
  const of = (sort) => attachments.filter((one) => sortOf(one) === sort);
  return { pictures: of("picture"), voices: of("voice"), downloads: of("download") };
}

/** What a message without words says in a quote, an announcement, a list. */
export function attachedWords(attachments = []) {
  const { pictures, voices, downloads } = sorted(attachments);
  const words = [];
  if (pictures.length) words.push(interpolate(ngettext("%(n)s picture", "%(n)s pictures", pictures.length), { n: pictures.length }, true));
  if (voices.length) words.push(gettext("voice note"));
  words.push(...downloads.map(({ name }) => name));
  return words.join(", ");
}

/** The size at which a picture is shown, in CSS pixels: known before a byte of it has come. */
export function placeFor({ width, height }) {
  if (!width || !height) return { width: 240, height: 180 };
  const scale = Math.min(1, LARGEST.width / width, LARGEST.height / height);
  return {
    width: Math.max(SMALLEST, Math.round(width * scale)),
    height: Math.max(SMALLEST, Math.round(height * scale)),
  };
}

const KINDS = [
  [/pdf$/, "PDF"], [/word|\.document$|opendocument\.text/, "Word"], [/sheet|excel/, "Excel"], [/presentation|powerpoint/, "PowerPoint"],
  [/^text\/csv/, "CSV"], [/^text\//, gettext_noop("Text")], [/zip/, "ZIP"], [/^audio\//, gettext_noop("Audio")], [/^video\//, gettext_noop("Video")], [/^image\//, gettext_noop("Picture")],
];

/** "PDF, 1.2 MB" */
export function aboutWords({ type = "", name = "", size }) {
  const known = KINDS.find(([pattern]) => pattern.test(type))?.[1];
  const ending = name.includes(".") ? name.split(".").pop().toUpperCase() : "";
  const kind = known ?? (/^[A-Z0-9]{1,5}$/.test(ending) ? ending : "");
  return [kind && gettext(kind), sizeWords(size)].filter(Boolean).join(", ");
}
