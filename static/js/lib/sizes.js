// Sizes and lengths as people say them. Pure.
import { interpolate, language, ngettext } from "lib/words";

const figure = (number, digits) => new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(number);

/** "740 bytes", "12 kB", "3.4 MB" */
export function sizeWords(bytes) {
  if (bytes < 1000) return interpolate(ngettext("%(n)s byte", "%(n)s bytes", bytes), { n: bytes }, true);
  if (bytes < 1_000_000) return `${figure(bytes / 1000, 0)} kB`;
  if (bytes < 1_000_000_000) return `${figure(bytes / 1_000_000, 1)} MB`;
  return `${figure(bytes / 1_000_000_000, 1)} GB`;
}

/** Seconds as "0:07" or "12:40". */
export function lengthWords(seconds) {
  const whole = Math.max(0, Math.round(Number.isFinite(seconds) ? seconds : 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
