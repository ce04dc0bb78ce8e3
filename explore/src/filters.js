// Filters that work together: a document is shown if it passes all of them; what is counted beside a filter passes all
// others.

export class Filters {
  constructor(n) {
    this.n = n;
    this.masks = new Map(); // name → Uint8Array, 1 where a document passes
    this.fails = new Uint8Array(n);
    this.count();
  }

  /** Sets a filter; null takes it off. */
  set(name, mask) {
    if (mask) this.masks.set(name, mask);
    else this.masks.delete(name);
    this.count();
  }

  count() {
    this.fails.fill(0);
    for (const mask of this.masks.values()) for (let i = 0; i < this.n; i++) this.fails[i] += 1 - mask[i];
    this.nShown = 0;
    for (let i = 0; i < this.n; i++) this.nShown += this.fails[i] === 0;
  }

  shows(i) {
    return this.fails[i] === 0;
  }

  /** Whether a document passes every filter but one. */
  besides(name) {
    const own = this.masks.get(name);
    if (!own) return (i) => this.fails[i] === 0;
    return (i) => this.fails[i] - (1 - own[i]) === 0;
  }
}
