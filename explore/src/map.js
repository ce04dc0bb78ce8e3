// The map: points, labels that never overlap, hovering, and selecting by click, lasso and rectangle.

import { fill, focused, h } from "./dom.js";
import { colorOf } from "./colors.js";
import { Camera, Grid, inside } from "./places.js";
import { makePoints } from "./points.js";

const SLOW = 40; // milliseconds that a frame is waited for from which a map that moves shows fewer points
const MANY = 200_000; // points of which some are shown before all
const STILL = 160; // milliseconds after which it counts as still
const REACH = 14; // pixels from which a point is taken for the one that is meant

export class MapView {
  /** A map of the documents at the places of a run: `run` has `x, y`, and gives `codes` and `topics` as they are now. */
  constructor(app, run) {
    this.app = app;
    this.run = run;
    this.overlay = h("canvas", { class: "overlay", tabindex: 0, role: "application",
      "aria-label": `Map of the documents${run.title ? ` in ${run.title}` : ""}. Arrow keys move, plus and minus zoom, 0 shows all.` });
    this.tip = h("div", { class: "tip", hidden: true });
    this.legend = h("div", { class: "legend", hidden: true });
    this.said = h("div", { class: "map-said" });
    const zoom = (factor) => () => this.zoom(factor);
    this.element = h("div", { class: "map" }, this.overlay, this.tip, this.legend, this.said,
      run.title && h("div", { class: "map-title", dir: "auto" }, run.title),
      h("div", { class: "zooms" },
        h("button", { type: "button", title: "Zoom in (+)", "aria-label": "Zoom in", on: { click: zoom(1.5) } }, "+"),
        h("button", { type: "button", title: "Zoom out (−)", "aria-label": "Zoom out", on: { click: zoom(1 / 1.5) } }, "−"),
        h("button", { type: "button", title: "Show all (0)", "aria-label": "Show all", on: { click: () => this.fit() } }, "⤢")));
    const { x, y } = run;
    this.camera = new Camera(x, y);
    this.grid = new Grid(x, y);
    Object.assign(this, makePoints(this.element, x, y, (lost) => {
      Object.assign(this, lost);
      this.resize();
      this.restyle();
    }));
    this.element.dataset.by = this.by;
    this.listen();
    new ResizeObserver(() => this.resize()).observe(this.element);
  }

  listen() {
    const at = (event) => {
      const box = this.overlay.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    this.overlay.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      this.overlay.focus({ preventScroll: true });
      this.overlay.setPointerCapture(event.pointerId);
      const tool = event.shiftKey && this.app.tool === "pan" ? "lasso" : this.app.tool;
      this.drag = { tool, from: at(event), last: at(event), outline: [at(event)], moved: false };
    });
    this.overlay.addEventListener("pointermove", (event) => {
      const [left, top] = at(event);
      const { drag } = this;
      if (!drag) return this.hover(left, top);
      if (Math.hypot(left - drag.from[0], top - drag.from[1]) > 3) drag.moved = true;
      if (!drag.moved) return undefined;
      this.tip.hidden = true;
      if (drag.tool === "pan") this.camera.pan(left - drag.last[0], top - drag.last[1]);
      else if (drag.tool === "lasso") drag.outline.push([left, top]);
      else drag.outline = [drag.from, [left, drag.from[1]], [left, top], [drag.from[0], top]];
      drag.last = [left, top];
      return drag.tool === "pan" ? this.moved() : this.redraw();
    });
    this.overlay.addEventListener("pointerup", (event) => {
      const { drag } = this;
      this.drag = null;
      if (!drag) return;
      const mode = event.shiftKey && drag.tool === this.app.tool ? "add" : event.altKey ? "subtract" : this.app.mode;
      if (!drag.moved) this.click(...drag.from, mode);
      else if (drag.tool !== "pan") {
        const outline = drag.outline.map((point) => this.camera.toPlane(...point));
        this.app.select(inside(outline, this.run.x, this.run.y, (i) => this.app.filters.shows(i)), mode);
      }
      this.app.redraw();
    });
    this.overlay.addEventListener("pointercancel", () => (this.drag = null));
    this.overlay.addEventListener("pointerleave", () => this.hover(-1e4, -1e4));
    this.overlay.addEventListener("dblclick", (event) => this.zoom(2, ...at(event)));
    // The wheel scrolls the page; on a map that was clicked, or with a key held, it zooms.
    this.overlay.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey && focused(this.overlay) !== this.overlay) return;
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0018)), ...at(event));
    }, { passive: false });
    this.overlay.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
      if (step) this.camera.pan(...step);
      else if (event.key === "+" || event.key === "=") this.camera.zoomBy(1.5);
      else if (event.key === "-") this.camera.zoomBy(1 / 1.5);
      else if (event.key === "0") this.camera.fit();
      else return;
      event.preventDefault();
      this.moved();
    });
  }

  zoom(factor, left, top) {
    this.camera.zoomBy(factor, left, top);
    this.moved();
  }

  /** Draws anew after the camera moved; where frames come slowly some of the points, and all once it is still. */
  moved() {
    clearTimeout(this.still);
    this.still = setTimeout(() => {
      this.moves = false;
      this.redraw();
    }, STILL);
    this.moves = true;
    this.redraw();
  }

  fit() {
    this.camera.fit();
    this.redraw();
  }

  /** Moves a document into sight. */
  show(i) {
    const { camera } = this;
    if (Number.isNaN(this.run.x[i])) return;
    const [left, top] = camera.toScreen(this.run.x[i], this.run.y[i]);
    const within = (value, size) => Math.min(Math.max(value, 40), size - 40);
    camera.pan(within(left, camera.width) - left, within(top, camera.height) - top);
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!width || !height) return;
    this.ratio = globalThis.devicePixelRatio || 1;
    for (const canvas of [this.canvas, this.overlay]) {
      canvas.width = Math.round(width * this.ratio);
      canvas.height = Math.round(height * this.ratio);
    }
    const fresh = !this.sized;
    this.sized = true;
    this.camera.resize(width, height);
    if (fresh) this.camera.fit();
    if (fresh && this.app.data.n > MANY) {
      this.slow = true;
      this.moved();
    }
    this.draw();
  }

  pick(left, top) {
    const [x, y] = this.camera.toPlane(left, top);
    return this.grid.nearest(x, y, REACH / this.camera.scale, (i) => this.app.filters.shows(i));
  }

  click(left, top, mode) {
    const label = (this.labels ?? []).find((one) => Math.abs(left - one.left) < one.half && Math.abs(top - one.top) < 9);
    if (label) return this.run.pick(label.topic, mode === "add");
    const i = this.pick(left, top);
    if (i >= 0 && mode !== "new") return this.app.select([i], mode);
    return i >= 0 ? this.app.open(i) : undefined;
  }

  hover(left, top) {
    const i = left < 0 ? -1 : this.pick(left, top);
    this.overlay.style.cursor = this.app.tool === "pan" ? (i >= 0 ? "pointer" : "grab") : "crosshair";
    if (i === this.hovered) return;
    this.hovered = i;
    this.tip.hidden = true;
    this.drawOverlay();
    if (i < 0) return;
    this.app.rows([i]).then(([row]) => {
      if (this.hovered !== i || !row) return;
      fill(this.tip, h("b", { dir: "auto" }, row[1]), h("span", {}, this.run.called(i)),
        h("span", { class: "dim" }, [row[2], this.app.category("source", i)].filter(Boolean).join(" · ")));
      const [x, y] = this.camera.toScreen(this.run.x[i], this.run.y[i]);
      this.tip.hidden = false;
      const { offsetWidth: wide, offsetHeight: high } = this.tip;
      this.tip.style.left = `${Math.max(4, Math.min(x + 12, this.camera.width - wide - 4))}px`;
      this.tip.style.top = `${y + high + 20 > this.camera.height ? Math.max(4, y - high - 12) : y + 12}px`;
    });
  }

  /** Colors, sizes and order of the points: what filters leave out lies below, what is selected on top. */
  restyle() {
    const { app } = this;
    const { n } = app.data;
    const { x, codes, topics } = this.run;
    const rgb = app.paint(codes);
    const colors = new Uint8Array(4 * n);
    const sizes = new Uint8Array(n);
    const layers = [[], [], [], []];
    const counts = new Map(); // of documents that are shown, by topic
    const any = app.nSelected > 0;
    const faint = n > 20_000 ? 14 : 28;
    for (let i = 0; i < n; i++) {
      const shown = app.filters.shows(i);
      const chosen = any && app.selected[i] === 1;
      const noise = codes[i] < 0;
      if (Number.isNaN(x[i])) continue;
      if (shown) counts.set(codes[i], (counts.get(codes[i]) ?? 0) + 1);
      for (let c = 0; c < 3; c++) colors[4 * i + c] = shown ? rgb[3 * i + c] : 128;
      colors[4 * i + 3] = !shown ? faint : any && !chosen ? 60 : noise && app.colorBy === "topic" ? 140 : 225;
      sizes[i] = !shown ? 7 : chosen ? 13 : noise ? 8 : 10;
      layers[!shown ? 0 : chosen ? 3 : noise ? 1 : 2].push(i);
    }
    const order = new Uint32Array(layers.reduce((total, layer) => total + layer.length, 0));
    let at = 0;
    for (const layer of layers) for (const i of layer) order[at++] = i;
    this.points.style(colors, sizes, order);
    if (this.placedOf !== topics) {
      this.order = topics.filter(({ place }) => place).sort((a, b) => b.size - a.size || a.topic - b.topic);
      this.font = this.order[0]?.place.font ?? 13;
      this.widths = new Map();
      this.placedOf = topics;
    }
    this.labeled = this.order.filter(({ topic }) => counts.has(topic));
    this.drawLegend();
    this.redraw();
  }

  redraw() {
    if (this.waiting) return;
    const [asked, moves] = [performance.now(), this.moves];
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      if (moves && performance.now() - asked > SLOW) this.slow = true;
      this.draw();
    });
  }

  get lettering() {
    return `600 ${this.font}px system-ui, sans-serif`;
  }

  get size() {
    const { n } = this.app.data;
    return Math.min(16, Math.max(2, Math.min(10, 12 - n ** 0.25)) * Math.min(2.2, Math.max(0.8, this.camera.zoom ** 0.45)));
  }

  draw() {
    if (!this.sized || !this.run.codes) return;
    this.points.draw(this.camera, this.ratio, this.size, Boolean(this.moves && this.slow));
    this.drawOverlay();
    this.element.dataset.drawn = "true";
  }

  drawOverlay() {
    if (!this.sized) return;
    const context = this.overlay.getContext("2d");
    const { camera, app, drag } = this;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, camera.width, camera.height);
    this.drawLabels(context);
    for (const [i, width] of [[this.hovered, 1.5], [app.focus, 2.5]]) {
      if (i === undefined || i < 0) continue;
      const [left, top] = camera.toScreen(this.run.x[i], this.run.y[i]);
      context.beginPath();
      context.arc(left, top, this.size / 2 + 4, 0, 2 * Math.PI);
      context.strokeStyle = app.dark ? "#fff" : "#000";
      context.lineWidth = width;
      context.stroke();
    }
    if (drag?.moved && drag.tool !== "pan") {
      context.beginPath();
      drag.outline.forEach(([left, top], k) => (k ? context.lineTo(left, top) : context.moveTo(left, top)));
      context.closePath();
      context.fillStyle = app.dark ? "rgba(140,180,255,.16)" : "rgba(40,90,200,.12)";
      context.strokeStyle = app.dark ? "#9dbcff" : "#2a5bd0";
      context.lineWidth = 1.5;
      context.fill();
      context.stroke();
    }
  }

  /** Labels at their places, those of the largest topics first; at the edges they are moved in, and one that would meet
   * another there, or the legend, waits. */
  drawLabels(context) {
    const { camera, app } = this;
    const line = this.font + 8;
    context.font = this.lettering;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const placed = [];
    let hidden = 0;
    const { offsetWidth: wide, offsetHeight: high } = this.legend;
    const covered = this.legend.hidden ? null : { left: 8 + wide / 2, top: 8 + high / 2, half: wide / 2 + 4, tall: high / 2 };
    for (const topic of this.labeled ?? []) {
      const { step, from } = topic.place;
      const half = this.halfOf(context, topic);
      const [x, y] = camera.toScreen(...topic.anchor);
      if (x < 0 || y < 0 || x > camera.width || y > camera.height) continue;
      const left = Math.min(Math.max(x, half + 2), Math.max(half + 2, camera.width - half - 2));
      const top = Math.min(Math.max(y + step * line, line), camera.height - line - 12);
      const meets = (one, tall) => Math.abs(one.left - left) < one.half + half && Math.abs(one.top - top) < tall;
      if (camera.scale >= from && !placed.some((one) => meets(one, line - 0.01)) && !(covered && meets(covered, covered.tall + line / 2))) {
        placed.push({ topic: topic.topic, text: topic.short, left, top, half });
      } else hidden += 1;
    }
    for (const { topic, text, left, top, half } of placed) {
      context.fillStyle = app.dark ? "rgba(22,25,30,.85)" : "rgba(255,255,255,.87)";
      context.strokeStyle = app.colorBy === "topic" ? colorOf(topic, app.dark) : app.dark ? "#778" : "#99a";
      context.lineWidth = this.run.picked(topic) ? 2.5 : 1;
      context.beginPath();
      context.roundRect(left - half, top - line / 2 + 1, 2 * half, line - 2, 4);
      context.fill();
      context.stroke();
      context.fillStyle = app.dark ? "#eceff3" : "#1a1d21";
      context.fillText(text, left, top + 0.5, 2 * half - 6);
    }
    this.labels = placed;
    const said = hidden ? `${hidden} of ${placed.length + hidden} labels here have no room: zoom in` : "";
    if (this.said.textContent !== said) this.said.textContent = said;
  }

  /** Half of a label's width: that of its text in the font that is here, and never more than its place allows. */
  halfOf(context, { short, place }) {
    if (!this.widths.has(short)) this.widths.set(short, context.measureText(short).width / 2 + 7);
    return Math.min(place.half, this.widths.get(short));
  }

  /** The map as it is seen, points and labels, on a canvas of its own. */
  picture() {
    this.draw(); // WebGL forgets what it drew
    const { width, height } = this.overlay;
    const canvas = h("canvas", { width, height, role: "img", "aria-label": "Map of the documents" });
    const context = canvas.getContext("2d");
    for (const layer of [this.canvas, this.overlay]) context.drawImage(layer, 0, 0);
    return canvas;
  }

  drawLegend() {
    const entries = this.app.legend();
    this.legend.hidden = !entries;
    if (entries) fill(this.legend, entries);
  }
}
