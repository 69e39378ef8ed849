// What a text seems to hold that does not belong everywhere: the same table of rules (static/nudges/rules.json) and
// the same checks as on the server (messaging/nudges), which decides in the end. Pure.

const LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"; // of a UPN: all but I, O and S
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const [YOUNGEST, OLDEST] = [2, 25];
const ENOUGH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const digitsOf = (text) => [...text].filter((one) => one >= "0" && one <= "9").map(Number);

const CHECKS = {
  upn(text) {
    const [first, ...rest] = text.toUpperCase();
    const values = rest.map((one) => (one >= "0" && one <= "9" ? Number(one) : LETTERS.indexOf(one)));
    const total = values.reduce((sum, value, index) => sum + value * (index + 2), 0);
    return LETTERS[total % LETTERS.length] === first;
  },
  nhs(text) {
    const digits = digitsOf(text);
    if (new Set(digits).size === 1) return false;
    const total = digits.slice(0, 9).reduce((sum, digit, index) => sum + digit * (10 - index), 0);
    return digits[9] === (11 - (total % 11)) % 11;
  },
  card(text) {
    const digits = digitsOf(text);
    const total = digits.toReversed().reduce((sum, digit, index) => {
      if (index % 2 === 0) return sum + digit;
      return sum + 2 * digit - (digit > 4 ? 9 : 0);
    }, 0);
    return digits.length >= 13 && digits.length <= 19 && total % 10 === 0;
  },
  iban(text) {
    const signs = text.replaceAll(/[ -]/g, "");
    const moved = signs.slice(4) + signs.slice(0, 4);
    return [...moved].reduce((rest, sign) => Number(`${rest}${parseInt(sign, 36)}`) % 97, 0) === 1;
  },
  birth(text, today) {
    const [first, second, third] = text.match(/[0-9]+|[A-Z][a-z]{2}/g);
    const [year, month, day] = first.length === 4 ? [first, second, third] : [third, second, first];
    const number = /[0-9]/.test(month) ? Number(month) : MONTHS.indexOf(month.toLowerCase()) + 1;
    const full = year.length === 4 ? Number(year) : 2000 + Number(year);
    if (!isDay(full, number, Number(day))) return false;
    const [thisYear, thisMonth, thisDay] = today.split("-").map(Number);
    const before = thisMonth < number || (thisMonth === number && thisDay < Number(day));
    const age = thisYear - full - (before ? 1 : 0);
    return age >= YOUNGEST && age <= OLDEST;
  },
};

function isDay(year, month, day) {
  if (month < 1 || month > 12 || day < 1 || day > ENOUGH_DAYS[month - 1]) return false;
  const leaps = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month !== 2 || day < 29 || leaps;
}

/** The table, ready to be used. `only_with` is what no text can be without that a rule finds something in. */
export function prepare({ rules }) {
  return rules.map(({ name, only_with: needed, patterns }) => ({
    name,
    possible: lookingFor(needed),
    patterns: patterns.map(({ find, check, lower_case: lower = false }) => ({ find: new RegExp(find, "gu"), check: CHECKS[check] ?? null, lower })),
  }));
}

function lookingFor(needed) {
  if (Array.isArray(needed)) return (text) => needed.some((part) => text.toLowerCase().includes(part));
  const expression = new RegExp(needed, "u");
  return (text) => expression.test(text);
}

function isIn({ find, check, lower }, given, today) {
  const text = lower ? given.toLowerCase() : given;
  return [...text.matchAll(find)].some((found) => !check || check(found[1], today));
}

/**
 * The names of the rules that a text falls under, in the order of the table.
 * @param {object[]} rules made by `prepare`
 * @param {string} today as in 2026-11-29
 */
export function foundIn(rules, text, today) {
  return rules
    .filter(({ possible, patterns }) => possible(text) && patterns.some((pattern) => isIn(pattern, text, today)))
    .map(({ name }) => name);
}
