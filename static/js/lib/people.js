// Initials and colours of people. Pure.

export const HUES = 12;

/** One of twelve colours, the same for the same id wherever it appears. */
export function hueOf(id) {
  let hash = 2166136261;
  for (const character of String(id)) hash = Math.imul(hash ^ character.codePointAt(0), 16777619);
  return (hash >>> 0) % HUES;
}

/** First letters of the first and last words: "Dr Ana de Souza" -> "AS". */
export function initialsOf(name) {
  const words = String(name).trim().split(/\s+/)
    .filter((word) => /^[\p{L}\p{N}]/u.test(word) && !/^(mr|mrs|ms|miss|mx|dr|sir)\.?$/i.test(word));
  if (words.length === 0) return "?";
  const letters = words.length === 1 ? [words[0]] : [words[0], words.at(-1)];
  return letters.map((word) => [...word][0].toLocaleUpperCase("en-GB")).join("");
}
