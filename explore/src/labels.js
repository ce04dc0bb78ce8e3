// Where labels stand and from which scale on they are shown: computed once for a level, whatever is seen of the map.

const WHOLE = 250; // pixels a unit of the plane when a map of some 540 pixels shows all; labels that are free there stay near
const OFFSETS = [-1, 0, 1, -2, 2, -3, 3]; // from the middle of the topic, in lines: above, so that points are seen

/** Gives each topic with an anchor its `place`: half its width, a step in lines, and the scale (pixels a unit of the
 * plane) from which it overlaps no label that is shown then. Once shown, a label stays at every closer look. */
export function placeLabels(topics, widthOf, line) {
  const placed = [];
  const order = topics.filter(({ anchor }) => anchor).sort((a, b) => b.size - a.size || a.topic - b.topic);
  for (const topic of order) {
    const half = widthOf(topic.short) / 2 + 7;
    let best = null;
    for (const step of OFFSETS) {
      const from = firstFree(topic.anchor, half, step, placed, line, best?.from ?? Infinity);
      if (!best || from < best.from) best = { half, step, from };
      if (from <= WHOLE) break;
    }
    topic.place = best;
    placed.push({ anchor: topic.anchor, ...best });
  }
  return order;
}

/** The scale from which a label meets none of those that are placed before it; at least `most` where it is worse. */
function firstFree([x, y], half, step, placed, line, most) {
  let from = 0;
  for (const other of placed) {
    if (other.from === Infinity) continue;
    const across = (half + other.half) / Math.max(Math.abs(x - other.anchor[0]), 1e-12);
    const slope = other.anchor[1] - y;
    const shift = (step - other.step) * line;
    let [low, high] = [0, Infinity]; // scales at which they are less than a line apart
    if (Math.abs(slope) < 1e-12) {
      if (Math.abs(shift) >= line) continue;
    } else {
      const ends = [(-line - shift) / slope, (line - shift) / slope];
      [low, high] = [Math.max(0, Math.min(...ends)), Math.max(...ends)];
    }
    const until = Math.min(across, high);
    if (until > low && until > other.from && until > from) {
      from = until;
      if (from >= most) return from;
    }
  }
  return from;
}
