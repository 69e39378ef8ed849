// The book of emoji: groups, names, shortcodes, skin tones, and those used last. Pure.
import { gettext, gettext_noop } from "lib/words";

/** None, then light to dark. */
export const TONES = [gettext("No skin tone"), gettext("Light"), gettext("Medium light"), gettext("Medium"), gettext("Medium dark"), gettext("Dark")];

// The groups of the vendored list, which is English, for the catalogue.
export const GROUPS = [
  gettext_noop("Smileys & emotion"), gettext_noop("People & body"), gettext_noop("Animals & nature"),
  gettext_noop("Food & drink"), gettext_noop("Travel & places"), gettext_noop("Activities"),
  gettext_noop("Objects"), gettext_noop("Symbols"), gettext_noop("Flags"),
];

const MOST_RECENT = 24;

export class EmojiBook {
  /** @param {{groups: string[], tones: string[], emoji: [string, string, string[], number, string, string?][]}} data the
   *    vendored list: of each itself, name, shortcodes, number of its group, itself in the lightest tone or "", further words */
  constructor({ groups, tones, emoji }) {
    this.groups = groups;
    this.all = emoji.map(([text, name, codes, group, light, words = ""]) => (
      { text, name, group, codes, tones: light ? tones.map((tone) => light.replaceAll(tones[0], tone)) : null, looked: ` ${name} ${codes.join(" ").replaceAll("_", " ")} ${words}`.toLowerCase() }
    ));
    this.byText = new Map(this.all.flatMap((one) => [one.text, ...(one.tones ?? [])].map((text) => [text, one])));
    this.byCode = new Map(this.all.flatMap((one) => one.codes.map((code) => [code, one])));
  }

  of(group) { return this.all.filter((one) => one.group === group); }
  find(text) { return this.byText.get(text) ?? null; }
  exact(code) { return this.byCode.get(code.toLowerCase()) ?? null; }

  /** Those whose name, shortcodes or further words have all of these words; a beginning is enough. */
  search(words, most = 120) {
    const asked = words.toLowerCase().replaceAll(/[_:]/g, " ").split(/\s+/).filter(Boolean);
    const found = this.all.filter((one) => asked.every((word) => one.looked.includes(` ${word}`)));
    const [first = ""] = asked;
    const rank = ({ codes, looked, name }) => {
      if (codes.includes(asked.join("_"))) return 0;
      if (` ${name} `.toLowerCase().includes(` ${first} `)) return 1;
      return looked.startsWith(` ${first}`) ? 2 : 3;
    };
    return found.sort((a, b) => rank(a) - rank(b)).slice(0, most);
  }

  /** Shortcodes that begin so, or have a word that does: [{code, emoji}]. */
  complete(prefix, most = 8) {
    const found = [];
    for (const emoji of this.all) {
      const code = emoji.codes.find((one) => one.startsWith(prefix)) ?? emoji.codes.find((one) => one.includes(`_${prefix}`));
      if (code) found.push({ code, emoji, rank: code === prefix ? 0 : code.startsWith(prefix) ? 1 : 2 });
    }
    found.sort((a, b) => a.rank - b.rank || a.code.length - b.code.length);
    return found.slice(0, most);
  }
}

/** An emoji in a skin tone from 0 (none) to 5, if it has them. */
export const toned = (emoji, tone) => (tone > 0 && emoji.tones?.[tone - 1]) || emoji.text;

/** Those used last, the newest first, each once. */
export const usedAgain = (recent, text) => [text, ...recent.filter((one) => one !== text)].slice(0, MOST_RECENT);
