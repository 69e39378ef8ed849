// The shape of a sound as a row of bars. Pure.

export const BARS = 64;

/**
 * @param {Float32Array} samples from -1 to 1
 * @returns {number[]} at most `count` whole numbers from 0 to 100, the loudest being 100
 */
export function peaks(samples, count = BARS) {
  const bars = Math.min(count, samples.length);
  const loudest = [];
  for (let at = 0; at < bars; at += 1) {
    const from = Math.floor((at * samples.length) / bars);
    const to = Math.max(from + 1, Math.floor(((at + 1) * samples.length) / bars));
    let most = 0;
    // Every tenth of a long stretch tells enough of it.
    const step = Math.max(1, Math.floor((to - from) / 400));
    for (let one = from; one < to; one += step) most = Math.max(most, Math.abs(samples[one]));
    loudest.push(most);
  }
  const top = Math.max(...loudest, 0.01);
  return loudest.map((each) => Math.round((each / top) * 100));
}

/** The bars as one SVG path in a box of `bars.length * 3` by 100, at least a dot high each. */
export function barsPath(bars) {
  return bars.map((bar, at) => {
    const half = Math.max(4, Math.min(100, bar)) / 2;
    return `M${at * 3 + 1.5} ${50 - half}V${50 + half}`;
  }).join("");
}
