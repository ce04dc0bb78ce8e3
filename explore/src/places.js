// Where points are: the part of the plane that is seen, the nearest point, and which points an outline holds.

export class Camera {
  constructor(x, y) {
    this.bounds = bounds(x, y);
    Object.assign(this, { x: 0, y: 0, scale: 1, width: 1, height: 1, home: 1 });
  }

  resize(width, height) {
    const followed = this.scale / this.home;
    Object.assign(this, { width, height });
    const [left, right, low, high] = this.bounds;
    this.home = Math.min((width - 40) / Math.max(right - left, 1e-6), (height - 40) / Math.max(high - low, 1e-6));
    this.scale = this.home * followed;
  }

  fit() {
    const [left, right, low, high] = this.bounds;
    Object.assign(this, { x: (left + right) / 2, y: (low + high) / 2, scale: this.home });
  }

  /** How often larger than the whole map. */
  get zoom() {
    return this.scale / this.home;
  }

  toScreen(x, y) {
    return [this.width / 2 + (x - this.x) * this.scale, this.height / 2 - (y - this.y) * this.scale];
  }

  toPlane(left, top) {
    return [this.x + (left - this.width / 2) / this.scale, this.y - (top - this.height / 2) / this.scale];
  }

  pan(left, top) {
    this.x -= left / this.scale;
    this.y += top / this.scale;
  }

  zoomBy(factor, left = this.width / 2, top = this.height / 2) {
    const [x, y] = this.toPlane(left, top);
    this.scale = Math.min(Math.max(this.scale * factor, this.home * 0.5), this.home * 400);
    const [nowX, nowY] = this.toPlane(left, top);
    this.x += x - nowX;
    this.y += y - nowY;
  }
}

function bounds(x, y) {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i])) continue; // a document without a place
    left = Math.min(left, x[i]);
    right = Math.max(right, x[i]);
    low = Math.min(low, y[i]);
    high = Math.max(high, y[i]);
  }
  return Number.isFinite(left) ? [left, right, low, high] : [-1, 1, -1, 1];
}

/** Points by the cell of a grid that they are in. */
export class Grid {
  constructor(x, y) {
    const n = x.length;
    const [left, right, low, high] = bounds(x, y);
    const side = Math.max(1, Math.ceil(Math.sqrt(n / 4)));
    Object.assign(this, { x, y, left, low, side, step: Math.max(right - left, high - low, 1e-6) / side });
    this.starts = new Int32Array(side * side + 1);
    const cells = new Int32Array(n);
    let total = 0;
    for (let i = 0; i < n; i++) {
      if (Number.isNaN(x[i])) continue;
      this.starts[(cells[i] = this.cell(x[i], y[i])) + 1]++;
      total++;
    }
    for (let i = 0; i < side * side; i++) this.starts[i + 1] += this.starts[i];
    const next = this.starts.slice();
    this.rows = new Int32Array(total);
    for (let i = 0; i < n; i++) if (!Number.isNaN(x[i])) this.rows[next[cells[i]]++] = i;
  }

  place(value, from) {
    return Math.min(this.side - 1, Math.max(0, Math.floor((value - from) / this.step)));
  }

  cell(x, y) {
    return this.place(y, this.low) * this.side + this.place(x, this.left);
  }

  /** The nearest point within a radius that is accepted; -1 if there is none. */
  nearest(x, y, radius, accepts) {
    let [best, closest] = [-1, radius * radius];
    const [first, last] = [this.place(x - radius, this.left), this.place(x + radius, this.left)];
    for (let row = this.place(y - radius, this.low); row <= this.place(y + radius, this.low); row++) {
      for (let at = this.starts[row * this.side + first]; at < this.starts[row * this.side + last + 1]; at++) {
        const i = this.rows[at];
        const distance = (this.x[i] - x) ** 2 + (this.y[i] - y) ** 2;
        if (distance <= closest && accepts(i)) [best, closest] = [i, distance];
      }
    }
    return best;
  }
}

/** Rows of the points inside an outline of [x, y] corners. */
export function inside(outline, x, y, accepts) {
  const [left, right, low, high] = bounds(outline.map((p) => p[0]), outline.map((p) => p[1]));
  const rows = [];
  for (let i = 0; i < x.length; i++) {
    if (!(x[i] >= left && x[i] <= right && y[i] >= low && y[i] <= high) || !accepts(i)) continue;
    let within = false;
    for (let a = 0, b = outline.length - 1; a < outline.length; b = a++) {
      const [[ax, ay], [bx, by]] = [outline[a], outline[b]];
      if (ay > y[i] !== by > y[i] && x[i] < ((bx - ax) * (y[i] - ay)) / (by - ay) + ax) within = !within;
    }
    if (within) rows.push(i);
  }
  return rows;
}
