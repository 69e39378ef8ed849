// Sentences in the reader's language. Django's catalogue is on the page, before any module, only when
// that language is not English: English is what stands in the sources.

const catalogue = globalThis.django ?? {};

/** The language of the page, as Intl knows it. */
export const language = globalThis.document?.documentElement.lang || "en-GB";

export const gettext = (text) => catalogue.gettext?.(text) ?? text;

export const ngettext = (one, many, count) =>
  catalogue.ngettext?.(one, many, count) ?? (count === 1 ? one : many);

export const pgettext = (context, text) => catalogue.pgettext?.(context, text) ?? text;

// For constants that are looked up where they are shown, with gettext.
export const gettext_noop = (text) => text;

// `interpolate("%(n)s left", { n }, true)`, or by position: `interpolate("%s left", [n])`.
export function interpolate(text, values, named = false) {
  const left = named ? null : [...values];
  return text.replace(named ? /%\((\w+)\)[sd]|%%/g : /%[sd]|%%/g, (found, name) => {
    if (found === "%%") return "%";
    return String(named ? values[name] : left.shift());
  });
}
