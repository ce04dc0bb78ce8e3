// The explorer: what is shown, chosen and filtered, and what ties its parts together.

import { colorAt, colorOf, nColors, paint } from "./colors.js";
import { day, Data, MISSING_DATE, NOISE } from "./data.js";
import { button, download, fill, focused, h, number } from "./dom.js";
import { Curation } from "./curation.js";
import { Facets, TimeBrush } from "./facets.js";
import { Filters } from "./filters.js";
import { MapView } from "./map.js";
import { Reader } from "./reader.js";
import { Table } from "./table.js";
import { TopicList } from "./topics.js";

const KEYS = [
  ["/", "search"], ["M", "search by words or by meaning"], ["P · L · R", "tool: pan, lasso, rectangle"], ["Shift, Alt", "while selecting: add, subtract"],
  ["Esc", "clear the selection, then the filters"], ["J · K", "next and last article"], ["X", "select the article, or not (a click in the table with Ctrl)"], ["+ − 0", "zoom in, out, show all"],
  ["Ctrl+Z, Ctrl+Shift+Z", "undo and redo an edit"], ["D", "dark or light"],
];
const KEPT = 4000; // rows whose texts are kept at hand
const NEAR = 50; // documents that a search by meaning keeps

export class App {
  constructor(root, meta, bytes, source) {
    Object.assign(this, { root, source, tool: "pan", mode: "new", focus: -1, texts: new Map(), picked: new Set() });
    this.load(meta, bytes);
    this.colorBy = "topic";
    this.dark = false;
    this.build();
    this.setDark(meta.dark ?? isDark());
    this.refresh();
  }

  load(meta, bytes) {
    this.data = new Data(meta, bytes);
    this.filters = new Filters(this.data.n);
    this.selected = new Uint8Array(this.data.n);
    this.nSelected = 0;
    this.useLevel(this.data.levels.find((level) => level.chosen));
  }

  useLevel(level) {
    this.level = level;
    this.codes = level.codes;
    this.topics = level.topics.map(titled);
    this.byNumber = new Map(this.topics.map((topic) => [topic.topic, topic]));
    this.atRunLevel = level.chosen;
    this.nNoise = 0;
    for (const code of this.codes) this.nNoise += code < 0;
  }

  get nearOf() {
    return this.data.meta.neighbors;
  }

  build() {
    const { meta } = this.data;
    this.status = h("span", { class: "status", role: "status", "aria-live": "polite" });
    this.maps = this.runs().map((run) => new MapView(this, run));
    [this.map] = this.maps;
    this.list = new TopicList(this);
    this.facets = new Facets(this);
    this.time = new TimeBrush(this);
    this.table = new Table(this);
    this.reader = new Reader(this);
    this.curation = new Curation(this);
    this.search = h("input", { type: "search", class: "search", placeholder: "Search words  ( / )", "aria-label": "Search words",
      title: 'All words, at the beginning of a word; "in quotation marks" as they stand', on: {
        keydown: (event) => event.key === "Enter" && this.find(), search: () => this.find(), change: () => this.find(),
      } });
    const choice = (label, options, change, title) => h("label", { class: "choice", title }, `${label} `,
      h("select", { "aria-label": label, on: { change: (event) => change(event.target.value) } },
        options.filter(Boolean).map(([value, text, on]) => h("option", { value, selected: on }, text))));
    const color = choice("color", [["topic", this.data.beside ? "topic, each its own" : "topic"], this.data.beside && ["here", `topic in ${meta.name}`], ...this.data.columns.map(({ name, label }) => [name, label])], (name) => {
      this.colorBy = name;
      this.refresh();
    });
    const levels = this.data.levels.length > 1 && choice("level", this.data.levels.map((level) =>
      [level.name, levelText(level), level.chosen]), (name) => this.switchLevel(name));
    this.by = "words";
    this.searchBy = this.source.means && choice("by", [["words", "words"], ["meaning", "meaning"]], (by) => {
      this.by = by;
      this.query = null;
      this.find();
    }, `Words: those that have all. Meaning: the ${NEAR} documents nearest to what is typed, by the model of the run (M)`);
    const tool = (name, sign, key) => button(sign, `${name} (${key})`, () => this.setTool(name), { "data-tool": name, "aria-pressed": name === this.tool });
    this.tools = h("span", { class: "group" }, tool("pan", "✥", "P"), tool("lasso", "⟲", "L"), tool("rectangle", "▭", "R"));
    const mode = (name, sign) => button(sign, `${name} ${name === "new" ? "selection" : name === "add" ? "to the selection (Shift)" : "from the selection (Alt)"}`,
      () => this.setMode(name), { "data-mode": name, "aria-pressed": name === this.mode });
    this.modes = h("span", { class: "group" }, mode("new", "new"), mode("add", "+ add"), mode("subtract", "− subtract"));
    this.clearing = button("clear", "Clear the selection and the filters (Esc)", () => this.clear(true));
    const save = (form) => button(form.toUpperCase(), `Save the articles that are selected, or all in the table, as ${form.toUpperCase()}`, () => this.export(form));
    this.help = h("dialog", { class: "help" }, h("h2", {}, "Keys"), h("dl", {}, KEYS.map(([key, what]) => [h("dt", {}, key), h("dd", {}, what)])),
      button("close", "Close", () => this.help.close()));
    fill(this.root, h("div", { class: "topics-explorer", tabindex: -1, style: { "--height": `${meta.height}px` } },
      h("div", { class: "toolbar", role: "toolbar", "aria-label": "Explorer" },
        h("b", { class: "run-name", title: meta.name, dir: "auto" }, meta.name), this.search, this.searchBy, color, levels, this.tools, this.modes, this.clearing,
        h("span", { class: "group" }, save("csv"), save("jsonl"), meta.journal !== undefined && button("edits", "Save the edits of this run as a file, which “topics edit RUN apply FILE” makes again", () => this.saveEdits(), { hidden: !meta.journal, class: "edits" })),
        button("◐", "Dark or light (D)", () => this.setDark(!this.dark)), button("?", "Keys (?)", () => this.help.showModal())),
      this.curation.element,
      h("div", { class: "left" }, this.list.element, this.facets.element),
      h("div", { class: "middle" }, h("div", { class: "maps" }, this.maps.map(({ element }) => element)), this.time.element),
      h("div", { class: "right" }, this.table.element, this.reader.element),
      h("div", { class: "foot" }, this.status, (this.said = h("span", { class: "dim" }, meta.said))), this.help));
    this.element = this.root.firstElementChild;
    // JupyterLab's shortcuts are for cells, not for what is typed here.
    this.element.setAttribute("data-lm-suppress-shortcuts", "true");
    if (this.data.beside) this.element.dataset.beside = "true";
    this.element.addEventListener("keydown", (event) => this.key(event));
    // A cell of a notebook is as wide as it is, whatever the window is.
    new ResizeObserver(([{ contentRect }]) => {
      this.element.classList.toggle("medium", contentRect.width < 1240 && contentRect.width >= 700);
      this.element.classList.toggle("small", contentRect.width < 700);
    }).observe(this.root);
  }

  key(event) {
    event.stopPropagation();
    if (this.help.open) return;
    const typed = event.target.closest?.("input, select, textarea");
    if (event.key === "Escape") {
      event.preventDefault(); // which would empty a search
      if (typed) this.element.focus({ preventScroll: true });
      else this.clear(this.nSelected === 0);
      return;
    }
    if (typed) return;
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && key === "z") {
      event.preventDefault();
      this.curation.edit({ kind: event.shiftKey ? "redo" : "undo" });
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { "/": () => this.search.focus(), p: () => this.setTool("pan"), l: () => this.setTool("lasso"), r: () => this.setTool("rectangle"),
      m: () => this.switchSearch(), x: () => this.pick(this.focus), j: () => this.table.step(1), k: () => this.table.step(-1), d: () => this.setDark(!this.dark), "?": () => this.help.showModal() }[key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  say(text, wrong = false) {
    this.status.textContent = text;
    this.status.classList.toggle("wrong", wrong);
  }

  setTool(name) {
    this.tool = name;
    for (const one of this.tools.children) one.setAttribute("aria-pressed", one.dataset.tool === name);
  }

  setMode(name) {
    this.mode = name;
    for (const one of this.modes.children) one.setAttribute("aria-pressed", one.dataset.mode === name);
  }

  setDark(dark) {
    this.dark = dark;
    this.element.dataset.theme = dark ? "dark" : "light";
    this.refresh();
  }

  /** Everything anew after a filter, a color, a level or a selection changed. */
  refresh() {
    const active = focused(this.element);
    const key = this.element.contains(active) ? active.dataset.key : undefined;
    for (const map of this.maps) map.restyle();
    this.list.draw();
    this.facets.draw();
    this.time.draw();
    this.table.update();
    this.curation.draw();
    const on = this.filters.masks.size > 0 || this.nSelected > 0;
    this.clearing.disabled = !on;
    // What had the focus was made anew, or cannot be pressed any more.
    if (key !== undefined || active === this.clearing) {
      const same = [...this.element.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key && !one.disabled);
      (same ?? this.element).focus({ preventScroll: true });
    }
    this.say(on ? `${number.format(this.filters.nShown)} of ${number.format(this.data.n)} shown${this.nSelected ? `, ${number.format(this.nSelected)} selected` : ""}` : "");
  }

  redraw() {
    for (const map of this.maps) map.redraw();
  }

  filter(name, mask) {
    this.filters.set(name, mask);
    this.refresh();
  }

  /** Selects rows: as a new selection, beside the old one, or away from it. Those that are picked one by one in the table
   * leave the others in it, to be picked too. */
  select(rows, mode = "new", picking = false) {
    this.picking = picking;
    if (mode === "new") this.selected.fill(0);
    for (const i of rows) this.selected[i] = mode === "subtract" ? 0 : 1;
    this.nSelected = 0;
    for (const one of this.selected) this.nSelected += one;
    this.source.select(this.chosenRows());
    this.refresh();
  }

  /** Takes one document into the selection, or out of it. */
  pick(i) {
    if (i >= 0) this.select([i], this.selected[i] ? "subtract" : "add", this.picking || this.nSelected === 0);
  }

  chosenRows() {
    const rows = [];
    for (let i = 0; i < this.data.n; i++) if (this.selected[i]) rows.push(i);
    return rows;
  }

  clear(filters) {
    if (filters) {
      this.filters.masks.clear();
      this.filters.count();
      this.picked.clear();
      this.facets.clear();
      this.time.range = null;
      this.search.value = this.query = "";
      this.words = [];
      this.forget();
    }
    this.select([], "new");
  }

  /** Keeps the documents of a topic alone, or takes the topic into those that are kept. */
  pickTopic(topic, also = false) {
    if (also) {
      if (!this.picked.delete(topic)) this.picked.add(topic);
    } else if (this.picked.size === 1 && this.picked.has(topic)) this.picked.clear();
    else this.picked = new Set([topic]);
    this.filter("topic", this.picked.size ? Uint8Array.from(this.codes, (code) => Number(this.picked.has(code))) : null);
  }

  dims(topic) {
    return this.picked.size > 0 && !this.picked.has(topic);
  }

  async open(i) {
    this.focus = i;
    for (const map of this.maps) map.show(i);
    this.redraw();
    this.table.draw();
    await this.trying(() => this.reader.document(i));
  }

  openTopic(topic) {
    this.focus = -1;
    this.reader.topic(topic);
  }

  async find() {
    const query = this.search.value.trim();
    if (query === (this.query ?? "")) return;
    this.query = query;
    this.forget();
    if (!query) {
      this.words = [];
      this.filter("search", null);
      return;
    }
    this.say(this.by === "meaning" ? "searching by meaning; the model is loaded first …" : "searching …");
    await this.trying(async () => {
      if (this.by === "meaning") {
        const near = await this.source.meaning(query);
        if (query === this.query) this.keepNearest(near);
        return;
      }
      const { mask, words } = await this.source.search(query);
      if (query !== this.query) return;
      this.words = words;
      this.filter("search", mask);
      if (this.focus >= 0) this.reader.document(this.focus);
    });
  }

  /** Keeps the documents that are nearest to what was searched, and sorts the table by that. */
  keepNearest(near) {
    const rows = Array.from(near.keys()).sort((a, b) => near[b] - near[a]).slice(0, NEAR);
    const mask = new Uint8Array(this.data.n);
    for (const i of rows) mask[i] = 1;
    this.near = near;
    this.words = [];
    this.table.sort = { by: "near", down: true };
    this.filter("search", mask);
  }

  forget() {
    if (!this.near) return;
    this.near = null;
    this.table.sort = { by: null, down: false };
  }

  switchSearch() {
    const select = this.searchBy?.querySelector("select");
    if (!select) return;
    select.value = this.by === "words" ? "meaning" : "words";
    select.dispatchEvent(new Event("change"));
    this.search.focus();
  }

  saveEdits() {
    const { name, journal } = this.data.meta;
    download(journal, `${name}.edits.json`, "application/json");
    this.unsaved = false;
    this.say(`the edits are saved as ${name}.edits.json`);
  }

  async switchLevel(name) {
    const level = this.data.levels.find((one) => one.name === name);
    await this.trying(async () => {
      if (!level.codes) {
        this.say(`describing the clusters of level ${name} …`);
        Object.assign(level, await this.source.level(name));
      }
      this.picked.clear();
      this.filters.set("topic", null);
      this.useLevel(level);
      this.reader.idle();
      this.refresh();
    });
  }

  async export(form) {
    await this.trying(async () => {
      const rows = this.nSelected ? this.table.rows.filter((i) => this.selected[i]) : this.table.rows;
      const text = await this.source.export(rows, form);
      download(text, `${this.data.meta.name}.${form}`, form === "csv" ? "text/csv" : "application/x-ndjson");
      this.say(`${number.format(rows.length)} documents saved as ${this.data.meta.name}.${form}`);
    });
  }

  /** Another state of the run, after an edit; what was selected and filtered by columns stays. */
  reload(meta, bytes) {
    const { selected, nSelected, codes, atRunLevel } = this;
    this.unsaved = Boolean(meta.edits?.drafts && meta.edits.done);
    const masks = [...this.filters.masks];
    this.load(meta, bytes);
    // A name or a mark leaves topics what they are, and what is picked picked.
    if (!(atRunLevel && codes.length === this.codes.length && codes.every((code, i) => code === this.codes[i]))) {
      this.picked.clear();
      const at = masks.findIndex(([name]) => name === "topic");
      if (at >= 0) masks.splice(at, 1);
    }
    if (selected.length === this.data.n) Object.assign(this, { selected, nSelected });
    for (const [name, mask] of masks) if (mask.length === this.data.n) this.filters.masks.set(name, mask);
    this.filters.count();
    this.said.textContent = meta.said;
    const edits = this.element.querySelector("button.edits");
    if (edits) edits.hidden = !meta.journal;
    const chosen = this.element.querySelector('select[aria-label="level"]');
    if (chosen) {
      chosen.value = this.level.name;
      chosen.selectedOptions[0].textContent = levelText(this.level);
    }
    this.refresh();
    if (this.focus >= 0) this.open(this.focus);
    else this.reader.idle();
  }

  async trying(work) {
    try {
      await work();
    } catch (error) {
      this.say(error.message, true);
    }
  }

  // what parts ask of the documents

  known(rows) {
    return rows.map((i) => this.texts.get(i));
  }

  async rows(rows) {
    const missing = rows.filter((i) => !this.texts.has(i));
    if (missing.length) {
      const found = await this.source.rows(missing);
      if (this.texts.size > KEPT) this.texts.clear();
      missing.forEach((i, at) => this.texts.set(i, found[at]));
    }
    return this.known(rows);
  }

  category(name, i) {
    const column = this.data.column(name);
    return column ? (column.names[column.values[i]] ?? "") : "";
  }

  shown(name, i) {
    const column = this.data.column(name);
    const value = column.values[i];
    if (column.kind === "category") return column.names[value] ?? "";
    if (column.kind === "date") return value === MISSING_DATE ? "" : day(value);
    return Number.isNaN(value) ? "" : Number.isInteger(value) ? number.format(value) : value.toFixed(2);
  }

  topicName(code) {
    return code === NOISE ? "in no topic" : `${code} · ${this.byNumber.get(code)?.title ?? ""}`;
  }

  colorOfTopic(code) {
    return colorOf(code, this.dark);
  }

  /** What the maps show: this run, and the one beside it. */
  runs() {
    const app = this;
    const { beside, x, y } = this.data;
    const own = {
      x, y, title: beside ? this.data.meta.name : "",
      get codes() { return app.codes; },
      get topics() { return app.topics; },
      pick: (topic, also) => app.pickTopic(topic, also),
      picked: (topic) => app.picked.has(topic),
      called: (i) => app.topicName(app.codes[i]),
    };
    if (!beside) return [own];
    const column = this.data.column("topic beside");
    const codeOf = new Map(); // topic of the other run → place in its facet
    beside.codes.forEach((topic, i) => codeOf.set(topic, column.values[i]));
    return [own, {
      x: beside.x, y: beside.y, codes: beside.codes, topics: beside.topics.map(titled),
      title: [beside.name, beside.n_only_there && `${number.format(beside.n_only_there)} only there, not shown`,
        beside.n_only_here && `${number.format(beside.n_only_here)} only in ${this.data.meta.name}`].filter(Boolean).join(" · "),
      pick: (topic, also) => app.facets.pick(column, codeOf.get(topic), also),
      picked: (topic) => app.facets.chosen.get(column.name)?.has(codeOf.get(topic)) ?? false,
      called: (i) => column.names[column.values[i]] ?? "",
    }];
  }

  paint(codes) {
    if (this.colorBy === "topic" || this.colorBy === "here") {
      return paint(this.colorBy === "here" ? this.codes : codes, "topic", { dark: this.dark });
    }
    const { kind, values, low, high } = this.data.column(this.colorBy);
    return paint(values, kind, { dark: this.dark, low, high, missing: kind === "date" ? MISSING_DATE : NaN });
  }

  legend() {
    if (this.colorBy === "topic" || this.colorBy === "here") return null;
    const { kind, names, low, high, label } = this.data.column(this.colorBy);
    if (kind === "category") {
      const entry = (code, text) => h("div", {}, h("i", { class: "swatch", style: { background: colorOf(code, this.dark) } }), h("span", { dir: "auto" }, text));
      return [h("b", {}, label), names.slice(0, nColors).slice(0, 12).map((name, code) => entry(code, name || "(empty)")),
        names.length > 12 && h("div", { class: "dim" }, `and ${names.length - 12} more`)];
    }
    const say = (value) => (kind === "date" ? day(value) : Number(value.toPrecision(4)).toLocaleString("en-US"));
    const stops = [0, 0.25, 0.5, 0.75, 1].map((at) => `rgb(${colorAt(at, this.dark).join(" ")})`).join(", ");
    return [h("b", {}, label), h("div", { class: "ramp", style: { background: `linear-gradient(90deg, ${stops})` } }),
      h("div", { class: "ends" }, h("span", {}, say(low)), h("span", {}, say(high)))];
  }
}

const titled = (topic) => ({ ...topic, title: topic.name || topic.label });

const levelText = ({ name, n_clusters: n, chosen }) => `${name} (${n})${chosen ? " – this run" : ""}`;

/** Whether the page around is dark: JupyterLab and VS Code say so, elsewhere the system does. */
export function isDark() {
  const { body } = document;
  if (body.dataset.jpThemeLight) return body.dataset.jpThemeLight === "false";
  if (body.classList.contains("vscode-dark")) return true;
  if (body.classList.contains("vscode-light")) return false;
  return matchMedia("(prefers-color-scheme: dark)").matches;
}
