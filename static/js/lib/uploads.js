// What is being attached to one message: its files, how far each has come, and what that means for sending. Pure.
import { gettext, interpolate, ngettext } from "lib/words";
import { MOST_FILES } from "lib/attached";
import { sizeWords } from "lib/sizes";

export const ASKING = "asking"; // not begun
export const RECEIVING = "receiving";
export const CUT = "cut"; // no connection; goes on by itself
export const CHECKING = "checking";
export const WAITING = "waiting"; // the scanner is away
export const READY = "ready";
export const REFUSED = "refused"; // for good
export const FAILED = "failed"; // may be tried again

const UNDER_WAY = new Set([ASKING, RECEIVING, CUT, CHECKING, WAITING]);
let count = 0;

const isPicture = ({ type }) => Boolean(type?.startsWith("image/"));

const MEDIA = new Set(["image", "video", "audio"]);

/**
 * Whether a file may be of a kind that is allowed. What it is the server says, from its bytes: a browser
 * knows many by other names. But where no film is allowed, none need be uploaded to hear so.
 */
export function accepted(file, types) {
  const family = file.type.split("/")[0];
  return !types?.length || !MEDIA.has(family) || types.some((one) => one.startsWith(`${family}/`));
}

/** Why a file is not even tried, as a sentence; or null. */
export function refusal(file, { most_bytes, types }, { no_images = false }, already) {
  if (already >= MOST_FILES) return interpolate(gettext("A message holds at most %(n)s files."), { n: MOST_FILES }, true);
  if (file.size === 0) return gettext("This file is empty.");
  if (no_images && isPicture(file)) return gettext("Pictures are not allowed in this channel. Nothing was uploaded.");
  if (most_bytes && file.size > most_bytes) {
    return interpolate(gettext("This file is larger than %(most)s, the most that is allowed here."), { most: sizeWords(most_bytes) }, true);
  }
  if (!accepted(file, types)) return gettext("Files of this kind are not allowed here.");
  return null;
}

export class Batch {
  constructor(channel) {
    Object.assign(this, { channel, tiles: [], parked: null, asked: false });
  }

  add(file, { waveform = null, duration = null, refused = null } = {}) {
    count += 1;
    const tile = {
      key: `tile-${count}`, file, waveform, duration, name: file.name, size: file.size, type: file.type,
      state: refused ? REFUSED : ASKING, detail: refused ?? "", sent: 0, id: null,
    };
    this.tiles.push(tile);
    return tile;
  }

  remove(tile) { this.tiles = this.tiles.filter((one) => one !== tile); }
  get any() { return this.tiles.length > 0; }
  get meant() { return this.tiles.filter(({ state }) => state !== REFUSED); }
  get ready() { return this.any && this.tiles.every(({ state }) => state === READY); }
  get stuck() { return this.tiles.some(({ state }) => state === REFUSED || state === FAILED); }
  get hasPictures() { return this.meant.some(isPicture); }

  /** Why a message with these files is not sent yet, in words. */
  get why() {
    if (this.stuck) return gettext("Not sent yet: a file could not be added. Remove it or try again.");
    const left = this.tiles.filter(({ state }) => UNDER_WAY.has(state));
    if (left.some(({ state }) => state === WAITING)) return gettext("Sending when the virus scanner is back");
    if (left.some(({ state }) => state === CUT)) return gettext("Sending when the connection is back");
    if (this.parked?.due_at) return ngettext("Put aside for later when the file is ready", "Put aside for later when the files are ready", left.length);
    if (left.every(isPicture)) {
      return ngettext("Sending when the picture is ready", "Sending when the pictures are ready", left.length);
    }
    if (left.every(({ waveform }) => waveform)) return gettext("Sending when the voice note is ready");
    return ngettext("Sending when the file is ready", "Sending when the files are ready", left.length);
  }
}

/** Whether a file is called otherwise than it was, not only by another ending. */
export function renamed(name, before = name) {
  const stem = (name ?? "").replace(/\.[^.]*$/, "");
  return !(before ?? "").normalize("NFC").startsWith(stem);
}

/** What a tile says under its name. */
export function tileWords({ state, detail, sent, size, name, file }) {
  switch (state) {
    case ASKING: return gettext("Waiting to begin");
    case RECEIVING: return sent >= size ? gettext("Checking…") : interpolate(gettext("%(sent)s of %(size)s"), { sent: sizeWords(sent), size: sizeWords(size) }, true);
    case CUT: return detail || gettext("No connection. It goes on by itself.");
    case CHECKING: return gettext("Being checked…");
    case WAITING: return gettext("The virus scanner is away. This is sent once it has been checked.");
    case READY: return renamed(name, file?.name) ? `${sizeWords(size)}. ${gettext("Its name was changed so that everybody can save it.")}` : sizeWords(size);
    default: return detail;
  }
}
