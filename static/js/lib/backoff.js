// Waiting before another try: doubling, capped, with full jitter, so that a school coming back
// from a power cut does not arrive in one second. Pure.

export const FIRST_MS = 500;
export const LONGEST_MS = 30_000;

export function waitBefore(attempt, random = Math.random) {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(FIRST_MS / 2 + random() * most);
}
