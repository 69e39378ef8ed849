// Markdown put around or before a selection, and taken away again. Pure: what to replace, and what is then chosen.

const MARKS = { bold: "**", italic: "_", code: "`" };
const PREFIX = { list: "- ", quote: "> " };

/**
 * @param {string} name bold, italic, code, list, quote or link
 * @param {{text: string, from: number, to: number}} selection
 * @returns {{from, to, insert, select: [number, number]}} what stands between `from` and `to` becomes `insert`
 */
export function marked(name, selection) {
  if (name === "link") return link(selection);
  if (name in PREFIX) return lines(selection, PREFIX[name]);
  const { text, from, to } = selection;
  if (name === "code" && text.slice(from, to).includes("\n")) return fence(selection);
  return around(selection, MARKS[name]);
}

function around({ text, from, to }, mark) {
  // A word that was chosen by a double click may have a blank behind it, which no mark can stand beside.
  while (to > from && /\s/.test(text[to - 1])) to -= 1;
  while (from < to && /\s/.test(text[from])) from += 1;
  const words = text.slice(from, to);
  const size = mark.length;
  if (text.slice(from - size, from) === mark && text.slice(to, to + size) === mark) {
    return { from: from - size, to: to + size, insert: words, select: [from - size, to - size] };
  }
  if (words.length >= 2 * size && words.startsWith(mark) && words.endsWith(mark)) {
    return { from, to, insert: words.slice(size, -size), select: [from, to - 2 * size] };
  }
  return { from, to, insert: `${mark}${words}${mark}`, select: [from + size, to + size] };
}

function fence({ text, from, to }) {
  const before = from > 0 && text[from - 1] !== "\n" ? "\n" : "";
  const after = to < text.length && text[to] !== "\n" ? "\n" : "";
  const words = text.slice(from, to).replace(/\n$/, "");
  const start = from + before.length + 4;
  return { from, to, insert: `${before}\`\`\`\n${words}\n\`\`\`${after}`, select: [start, start + words.length] };
}

function lines({ text, from, to }, prefix) {
  const start = from === 0 ? 0 : text.lastIndexOf("\n", from - 1) + 1;
  const next = text.indexOf("\n", Math.max(from, to - 1));
  const end = next < 0 ? text.length : next;
  const old = text.slice(start, end).split("\n");
  const off = old.every((line) => line.startsWith(prefix));
  const insert = old.map((line) => (off ? line.slice(prefix.length) : prefix + line)).join("\n");
  const shift = off ? -prefix.length : prefix.length;
  const select = from === to
    ? [Math.max(start, from + shift), Math.max(start, from + shift)]
    : [start, start + insert.length];
  return { from: start, to: end, insert, select };
}

function link({ text, from, to }) {
  const words = text.slice(from, to);
  if (/^https?:\/\/\S+$/.test(words)) return { from, to, insert: `[](${words})`, select: [from + 1, from + 1] };
  const insert = `[${words}](https://)`;
  const start = words ? from + words.length + 3 : from + 1;
  return { from, to, insert, select: words ? [start, start + 8] : [start, start] };
}
