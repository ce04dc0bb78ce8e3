// Colors: of categories, of numbers, and of what is in no topic.

// Hues of alternating lightness, distinct for most color-blind readers; in the dark lighter.
const LIGHT = ["#3366a8", "#e07b39", "#2e8b57", "#b5338a", "#8a6d1f", "#5aa9d6", "#c0392b", "#6b4fa0", "#7fae3c",
  "#d98cb3", "#1f7a7a", "#9c5a3c", "#4a4f57", "#d4ac0d", "#16c1c8", "#7b241c", "#9fa8da", "#274e37"];
const DARK = ["#6f9fe0", "#f0925a", "#4fc07f", "#e06abb", "#a38534", "#7cc4ec", "#ee6a5c", "#a48ae0", "#a5d35c",
  "#eda9cb", "#46b5b5", "#cf8a68", "#aab2bd", "#f0cf3c", "#3fdbe2", "#d06a60", "#b9c1f2", "#6fae8a"];
const SCALE = ["#00224e", "#35456c", "#666970", "#948e77", "#c8b866", "#fee838"]; // cividis
const GRAY = { light: "#bfc3c9", dark: "#5b626b" };

const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

/** Color of a category; of noise or a missing value gray. */
export function colorOf(code, dark) {
  const palette = dark ? DARK : LIGHT;
  return code < 0 ? GRAY[dark ? "dark" : "light"] : palette[code % palette.length];
}

export const nColors = LIGHT.length;

/** Color at a place in [0, 1] of the scale of numbers. */
export function colorAt(place, dark) {
  const from = dark ? 0.28 : 0; // the darkest end cannot be seen on black
  const at = (from + Math.min(1, Math.max(0, place)) * (1 - from)) * (SCALE.length - 1);
  const left = Math.min(SCALE.length - 2, Math.floor(at));
  const [one, other] = [channels(SCALE[left]), channels(SCALE[left + 1])];
  return one.map((value, i) => Math.round(value + (other[i] - value) * (at - left)));
}

/** RGB of every document, by a level's clusters, a category or a number. */
export function paint(codesOrValues, kind, { dark, low, high, missing }) {
  const n = codesOrValues.length;
  const rgb = new Uint8Array(n * 3);
  const gray = channels(colorOf(-1, dark));
  const table = [];
  for (let i = 0; i < nColors; i++) table.push(channels(colorOf(i, dark)));
  const steps = Array.from({ length: 256 }, (_, i) => colorAt(i / 255, dark));
  for (let i = 0; i < n; i++) {
    const value = codesOrValues[i];
    let color = gray;
    if (kind === "topic") color = value < 0 ? gray : table[value % nColors];
    else if (kind === "category") color = value < 0 || value >= nColors ? gray : table[value];
    else if (value !== missing && !Number.isNaN(value)) {
      color = steps[Math.round(255 * (high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5))];
    }
    rgb[3 * i] = color[0];
    rgb[3 * i + 1] = color[1];
    rgb[3 * i + 2] = color[2];
  }
  return rgb;
}
