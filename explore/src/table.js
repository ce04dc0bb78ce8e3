// The table of articles: sorted by any column, and only the rows in sight are there.

import { MISSING_DATE } from "./data.js";
import { fill, focused, h, number } from "./dom.js";

const HEIGHT = 26; // pixels of a row
const MAX_PIXELS = 8_000_000; // what every browser can scroll

export class Table {
  constructor(app) {
    this.app = app;
    this.sort = { by: null, down: false };
    this.rows = new Int32Array(0);
    this.body = h("div", { class: "rows", role: "presentation" });
    this.spacer = h("div", { class: "spacer", role: "presentation" }, this.body);
    this.scroller = h("div", { class: "scroller", tabindex: 0, role: "rowgroup", "aria-label": "Articles; arrow keys go from one to the next" }, this.spacer);
    this.head = h("div", { class: "head", role: "row" });
    this.count = h("div", { class: "count", "aria-live": "polite" });
    this.element = h("section", { class: "table", "aria-label": "Articles" }, this.count,
      h("div", { class: "grid", role: "table", "aria-label": "Articles" }, this.head, this.scroller));
    this.scroller.addEventListener("scroll", () => this.draw());
    this.scroller.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.step(step);
    });
    new ResizeObserver(() => {
      this.drawHead();
      this.draw();
    }).observe(this.scroller);
  }

  get columns() {
    const { data } = this.app;
    const some = (name) => data.column(name) && { key: name, label: data.column(name).label };
    const other = this.app.colorBy !== "topic" && data.column(this.app.colorBy);
    const wide = this.element.clientWidth;
    return [
      { key: "title", label: "article" }, this.app.near && { key: "near", label: "near" }, { key: "topic", label: "topic" }, wide > 375 && some("source"), (wide > 460 || !other) && some("date"),
      wide > 460 && some("confidence") && { key: "confidence", label: "conf." },
      other && !(wide > 460 ? ["source", "date", "confidence"] : wide > 375 ? ["source"] : []).includes(other.name) && { key: other.name, label: other.label },
    ].filter(Boolean);
  }

  /** The documents in the table: those that are selected, or else all that are shown. */
  async update() {
    const { app } = this;
    const any = app.nSelected > 0 && !app.picking;
    const rows = [];
    for (let i = 0; i < app.data.n; i++) if (app.filters.shows(i) && (!any || app.selected[i])) rows.push(i);
    this.rows = await this.sorted(Int32Array.from(rows));
    fill(this.count, h("b", {}, number.format(rows.length)), any ? " selected" : rows.length < app.data.n ? ` of ${number.format(app.data.n)}` : "",
      rows.length === 1 ? " document" : " documents", app.picking && app.nSelected ? `, ${number.format(app.nSelected)} selected` : "");
    this.drawHead();
    this.spacer.style.height = `${Math.min(MAX_PIXELS, rows.length * HEIGHT)}px`;
    this.draw();
  }

  async sorted(rows) {
    const { by, down } = this.sort;
    if (!by) return rows;
    const { app } = this;
    let values = by === "topic" ? app.codes : by === "near" ? app.near : app.data.column(by)?.values;
    if (by === "title") values = this.ranks ??= await app.source.ranks("title");
    const last = (value) => value === MISSING_DATE || Number.isNaN(value) || (by !== "title" && value === -1);
    if (!values) return rows;
    return rows.sort((a, b) => {
      const [one, other] = [values[a], values[b]];
      if (last(one) || last(other)) return last(one) - last(other) || a - b;
      return (down ? other - one : one - other) || a - b;
    });
  }

  drawHead() {
    const template = this.columns.map(({ key }) => ({ title: "minmax(130px, 1fr)", topic: "58px", near: "50px", source: "84px", date: "92px", confidence: "54px" })[key] ?? "86px").join(" ");
    this.element.style.setProperty("--columns", template);
    const active = focused(this.head);
    const sorted = this.head.contains(active) ? active.dataset.sort : undefined;
    fill(this.head, this.columns.map(({ key, label }) => {
      const on = this.sort.by === key;
      return h("div", { class: "cell", role: "columnheader", "aria-sort": on ? (this.sort.down ? "descending" : "ascending") : "none" },
        h("button", { type: "button", title: `Sort by ${label}`, "data-sort": key, on: { click: () => {
          if (on && this.sort.down) this.sort = { by: null, down: false };
          else this.sort = { by: key, down: on };
          this.update();
        } } }, label, on ? (this.sort.down ? " ↓" : " ↑") : ""));
    }));
    if (sorted) [...this.head.querySelectorAll("button")].find((one) => one.dataset.sort === sorted)?.focus({ preventScroll: true });
  }

  draw() {
    const { scroller, rows } = this;
    const tall = scroller.clientHeight;
    if (!tall) return;
    const whole = rows.length * HEIGHT;
    const squeezed = whole > MAX_PIXELS ? (whole - tall) / (MAX_PIXELS - tall) : 1;
    const top = scroller.scrollTop * squeezed;
    const first = Math.max(0, Math.floor(top / HEIGHT) - 4);
    const seen = [...rows.subarray(first, first + Math.ceil(tall / HEIGHT) + 8)];
    this.body.style.transform = `translateY(${scroller.scrollTop - (top - first * HEIGHT)}px)`;
    const drawing = (this.drawing = Symbol("drawing"));
    const show = (texts) => fill(this.body, seen.map((i, at) => this.row(i, texts?.[at], first + at)));
    const known = this.app.known(seen);
    show(known);
    if (known.some((row) => !row)) {
      this.app.rows(seen).then((texts) => {
        if (this.drawing === drawing) show(texts);
      });
    }
  }

  row(i, text, at) {
    const { app } = this;
    const cells = this.columns.map(({ key }) => {
      if (key === "title") {
        const copies = app.data.nCopies[i];
        return h("div", { class: "cell", role: "cell", dir: "auto" }, text ? text[1] : "…",
          copies > 0 && h("span", { class: "copies", title: `${copies} near-duplicates` }, `+${copies}`));
      }
      if (key === "topic") {
        return h("div", { class: "cell n", role: "cell", title: app.topicName(app.codes[i]) },
          h("i", { class: "swatch", style: { background: app.colorOfTopic(app.codes[i]) } }), app.codes[i] < 0 ? "–" : app.codes[i]);
      }
      if (key === "near") return h("div", { class: "cell n", role: "cell" }, app.near[i].toFixed(2));
      if (key === "date") return h("div", { class: "cell n", role: "cell" }, text?.[2].slice(0, 10) ?? "");
      return h("div", { class: "cell", role: "cell", dir: "auto" }, app.shown(key, i));
    });
    return h("div", {
      class: `row${app.focus === i ? " focus" : ""}${app.selected[i] ? " chosen" : ""}`, role: "row", "data-row": i,
      "aria-rowindex": at + 2, on: { click: (event) => {
        if (event.ctrlKey || event.metaKey) app.pick(i);
        else app.open(i);
      } },
    }, cells);
  }

  /** Opens the next article, or the one so many rows on. */
  step(by) {
    if (!this.rows.length) return;
    const now = this.rows.indexOf(this.app.focus);
    const next = now < 0 ? 0 : Math.min(this.rows.length - 1, Math.max(0, now + by));
    const { scroller } = this;
    if (this.rows.length * HEIGHT <= MAX_PIXELS) {
      const top = next * HEIGHT;
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      else if (top + HEIGHT > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + HEIGHT - scroller.clientHeight;
    }
    this.app.open(this.rows[next]);
  }
}

