// A picture of a few colours out of a short string: BlurHash (https://blurha.sh), decoded. Pure.

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

function number(text) {
  let value = 0;
  for (const sign of text) value = value * 83 + DIGITS.indexOf(sign);
  return value;
}

/** sRGB from 0 to 255, and light from 0 to 1. */
const toLight = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
function toByte(light) {
  const value = Math.max(0, Math.min(1, light));
  return Math.round((value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055) * 255);
}

const average = (value) => [toLight(value >> 16), toLight((value >> 8) & 255), toLight(value & 255)];
function wave(value, most) {
  const signed = (each) => Math.sign(each - 9) * ((each - 9) / 9) ** 2 * most;
  return [signed(Math.floor(value / 361)), signed(Math.floor(value / 19) % 19), signed(value % 19)];
}

/**
 * @param {string} hash
 * @returns {Uint8ClampedArray|null} width × height pixels of red, green, blue and opacity; null for what is no BlurHash
 */
export function decode(hash, width, height) {
  const size = number(hash.slice(0, 1));
  const [across, down] = [(size % 9) + 1, Math.floor(size / 9) + 1];
  if (hash.length !== 4 + 2 * across * down || [...hash].some((sign) => !DIGITS.includes(sign))) return null;
  const most = (number(hash[1]) + 1) / 166;
  const colours = [average(number(hash.slice(2, 6)))];
  for (let at = 6; at < hash.length; at += 2) colours.push(wave(number(hash.slice(at, at + 2)), most));
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const sum = [0, 0, 0];
      for (const [index, colour] of colours.entries()) {
        const part = Math.cos((Math.PI * x * (index % across)) / width) * Math.cos((Math.PI * y * Math.floor(index / across)) / height);
        for (const each of [0, 1, 2]) sum[each] += colour[each] * part;
      }
      pixels.set([toByte(sum[0]), toByte(sum[1]), toByte(sum[2]), 255], (y * width + x) * 4);
    }
  }
  return pixels;
}
