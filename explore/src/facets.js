// Facets of the columns, and a brush over time.

import { colorOf } from "./colors.js";
import { day, MISSING_DATE } from "./data.js";
import { button, fill, h, number } from "./dom.js";

const SHOWN = 8; // values of a facet before "more"

export class Facets {
  constructor(app) {
    this.app = app;
    this.chosen = new Map(); // column → set of codes
    this.open = new Set();
    this.wide = new Set();
    this.element = h("section", { class: "facets" });
    app.data.columns.filter((column) => column.kind === "category" && column.names.length > 1).slice(0, 2)
      .forEach((column) => this.open.add(column.name));
  }

  draw() {
    const { app } = this;
    const facets = app.data.columns.filter((column) => column.kind === "category" && column.names.length > 1);
    fill(this.element, facets.map((column) => this.facet(column)), app.data.column("confidence") && this.confidence());
  }

  facet(column) {
    const { app } = this;
    const chosen = this.chosen.get(column.name) ?? new Set();
    const opened = this.open.has(column.name) || chosen.size > 0;
    const head = h("summary", {}, column.label, chosen.size ? h("b", {}, ` ${chosen.size}`) : "");
    const details = h("details", { "data-facet": column.name, open: opened, on: { toggle: (event) => {
      if (event.target.open === this.open.has(column.name)) return;
      if (event.target.open) this.open.add(column.name);
      else this.open.delete(column.name);
      if (event.target.open) this.draw();
    } } }, head);
    if (!opened) return details;
    const counts = new Uint32Array(column.names.length + 1);
    const passes = app.filters.besides(`facet ${column.name}`);
    for (let i = 0; i < app.data.n; i++) if (passes(i)) counts[column.values[i] + 1]++;
    const most = Math.max(1, ...counts.subarray(1));
    const rows = column.names.map((name, code) => ({ name, code, n: counts[code + 1] }));
    rows.sort((a, b) => b.n - a.n || a.code - b.code); // what is most frequent in what is shown
    if (counts[0] || chosen.has(-1)) rows.push({ name: "(none)", code: -1, n: counts[0] });
    const wide = this.wide.has(column.name);
    const listed = wide ? rows : rows.filter(({ code }, at) => at < SHOWN || chosen.has(code));
    const toggle = (code) => () => {
      if (chosen.has(code)) chosen.delete(code);
      else chosen.add(code);
      this.keep(column, chosen);
    };
    details.append(...listed.map(({ name, code, n }) => h("label", { class: "value" },
      h("input", { type: "checkbox", "data-key": `${column.part} ${code}`, checked: chosen.has(code), on: { change: toggle(code) } }),
      h("span", { class: "value-name", dir: "auto" }, name === "" ? "(empty)" : name),
      h("span", { class: "bar" }, h("span", { class: "now", style: { width: `${(100 * n) / most}%`,
        background: app.colorBy === column.name ? colorOf(code < 18 ? code : -1, app.dark) : "var(--accent)" } })),
      h("span", { class: "n" }, number.format(n)))));
    if (rows.length > listed.length || wide) {
      details.append(button(wide ? "fewer" : `${rows.length - listed.length} more`, "Values of this facet", () => {
        if (wide) this.wide.delete(column.name);
        else this.wide.add(column.name);
        this.draw();
      }, { class: "more" }));
    }
    return details;
  }

  confidence() {
    const { app } = this;
    const column = app.data.column("confidence");
    const slide = (event) => {
      this.least = Number(event.target.value);
      app.filter("confidence", this.least > 0 ? Uint8Array.from(column.values, (v) => Number(v >= this.least)) : null);
    };
    return h("label", { class: "slider" }, h("span", {}, "confidence at least ", h("b", {}, (this.least ?? 0).toFixed(2))),
      h("input", { type: "range", min: 0, max: 1, step: 0.05, value: this.least ?? 0, "data-key": "confidence", on: { change: slide } }));
  }

  /** Keeps the documents of one value alone, or takes it into those that are kept. */
  pick(column, code, also = false) {
    const before = this.chosen.get(column.name) ?? new Set();
    const chosen = new Set(also ? before : []);
    if (also ? !chosen.delete(code) : !(before.size === 1 && before.has(code))) chosen.add(code);
    this.keep(column, chosen);
  }

  keep(column, chosen) {
    this.chosen.set(column.name, chosen);
    this.app.filter(`facet ${column.name}`, chosen.size ? Uint8Array.from(column.values, (value) => Number(chosen.has(value))) : null);
  }

  clear() {
    this.chosen.clear();
    this.least = 0;
  }
}

export class TimeBrush {
  constructor(app) {
    this.app = app;
    this.column = app.data.column("date");
    this.canvas = h("canvas", { class: "time-bars", role: "img", "aria-label": "Documents over time; drag to keep a period" });
    const pick = () => this.set(this.read(this.from, 0), this.read(this.until, 1439));
    this.from = h("input", { type: "date", "aria-label": "from", on: { change: pick } });
    this.until = h("input", { type: "date", "aria-label": "until", on: { change: pick } });
    this.said = h("span", { class: "dim" });
    this.element = h("section", { class: "time", hidden: !this.column || this.column.high <= this.column.low }, this.canvas,
      h("div", { class: "time-row" }, this.from, "–", this.until,
        button("all", "Any date (double click)", () => this.set(null)), this.said));
    this.range = null;
    const place = (event) => {
      const box = this.canvas.getBoundingClientRect();
      const { low, high } = this.column;
      return low + Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * (high - low);
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.start = place(event);
      this.moved = false;
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (this.start === undefined) return;
      this.moved = true;
      const now = place(event);
      this.set(Math.min(this.start, now), Math.max(this.start, now));
    });
    this.canvas.addEventListener("pointerup", () => (this.start = undefined));
    this.canvas.addEventListener("dblclick", () => this.set(null));
    if (this.column) new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  read(input, minutes) {
    const time = Date.parse(`${input.value}T00:00:00Z`);
    return Number.isNaN(time) ? (minutes ? this.column.high : this.column.low) : time / 60_000 + minutes;
  }

  /** Keeps a period, in whole days; null keeps all. */
  set(from, until) {
    if (from === null) this.range = null;
    else {
      const whole = (minutes) => Math.floor(minutes / 1440) * 1440;
      this.range = [whole(Math.min(from, until)), whole(Math.max(from, until)) + 1439];
    }
    const { values } = this.column;
    const [low, high] = this.range ?? [];
    this.app.filter("date", this.range && Uint8Array.from(values, (v) => Number(v !== MISSING_DATE && v >= low && v <= high)));
  }

  draw() {
    const { column, app, canvas } = this;
    if (!column || !canvas.clientWidth) return;
    const ratio = globalThis.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const span = Math.max(1, column.high - column.low);
    const bins = Math.max(1, Math.min(Math.floor(width / 5), Math.ceil(span / 1440)));
    const [all, now] = [new Uint32Array(bins), new Uint32Array(bins)];
    const passes = app.filters.besides("date");
    let undated = 0;
    for (let i = 0; i < app.data.n; i++) {
      const value = column.values[i];
      if (value === MISSING_DATE) {
        undated += passes(i) ? 1 : 0;
        continue;
      }
      const bin = Math.min(bins - 1, Math.floor(((value - column.low) / span) * bins));
      all[bin]++;
      if (passes(i)) now[bin]++;
    }
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const most = Math.max(1, ...all);
    const style = getComputedStyle(canvas);
    if (this.range) {
      const [left, right] = this.range.map((value) => ((value - column.low) / span) * width);
      context.fillStyle = app.dark ? "rgba(140,180,255,.2)" : "rgba(40,90,200,.13)";
      context.fillRect(left, 0, Math.max(2, right - left), height);
    }
    for (const [values, color] of [[all, style.getPropertyValue("--faint")], [now, style.getPropertyValue("--accent")]]) {
      context.fillStyle = color;
      values.forEach((n, bin) => {
        const tall = n ? Math.max(1, ((height - 2) * n) / most) : 0;
        context.fillRect((bin * width) / bins, height - tall, Math.max(1, width / bins - 1), tall);
      });
    }
    this.from.value = day(this.range ? this.range[0] : column.low);
    this.until.value = day(this.range ? this.range[1] : column.high);
    this.said.textContent = undated ? `${number.format(undated)} undated${this.range ? ", left out" : ""}` : "";
  }
}
