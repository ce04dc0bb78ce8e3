// The list of topics: sizes, course over time, both reliabilities; a click keeps the documents of a topic alone.

import { colorOf } from "./colors.js";
import { MISSING_DATE, NOISE } from "./data.js";
import { fill, h, number, percent, svg } from "./dom.js";

const BINS = 24;

const unknown = (value) => (value ?? 2); // what is not known comes last
const ORDERS = {
  size: (topic) => topic.topic, "documents shown": (topic, counts) => -(counts.get(topic.topic) ?? 0),
  "least reproducible": (topic) => Math.min(unknown(topic.reproducibility), unknown(topic.seed_reproducibility)),
  "not validated": (topic) => (topic.validated ? 1 : 0),
};

export class TopicList {
  constructor(app) {
    this.app = app;
    this.body = h("div", { class: "topic-rows", role: "list", "aria-label": "Topics" });
    this.by = "size";
    const sorts = Object.keys(ORDERS).map((name) => h("option", { value: name }, name));
    this.element = h("section", { class: "topics" }, h("label", { class: "topics-head" }, "topics by ",
      h("select", { "aria-label": "Order of the topics", on: { change: (event) => {
        this.by = event.target.value;
        this.draw();
      } } }, sorts)), this.body);
  }

  /** Rows anew; what is counted passes all filters but that of topics. */
  draw() {
    const { app } = this;
    const passes = app.filters.besides("topic");
    const counts = new Map();
    const dates = app.data.column("date");
    const { low, high } = dates ?? {};
    const courses = new Map();
    for (let i = 0; i < app.data.n; i++) {
      if (!passes(i)) continue;
      const topic = app.codes[i];
      counts.set(topic, (counts.get(topic) ?? 0) + 1);
      if (!dates || dates.values[i] === MISSING_DATE || high <= low) continue;
      if (!courses.has(topic)) courses.set(topic, new Uint32Array(BINS));
      courses.get(topic)[Math.min(BINS - 1, Math.floor(((dates.values[i] - low) / (high - low)) * BINS))]++;
    }
    const noise = { topic: NOISE, title: "noise: in no topic", size: app.nNoise };
    const order = ORDERS[this.by];
    const topics = this.by === "size" ? app.topics : [...app.topics].sort((a, b) => order(a, counts) - order(b, counts) || a.topic - b.topic);
    const all = app.nNoise ? [...topics, noise] : topics;
    const largest = Math.max(1, ...all.map((topic) => topic.size));
    fill(this.body, all.map((topic) => this.row(topic, counts.get(topic.topic) ?? 0, largest, courses.get(topic.topic))));
  }

  row(topic, count, largest, course) {
    const { app } = this;
    const picked = app.picked.has(topic.topic);
    const pick = (event) => app.pickTopic(topic.topic, event.ctrlKey || event.metaKey || event.shiftKey);
    const terms = topic.name && topic.terms ? topic.terms.slice(0, 4).join(", ") : "";
    const again = topic.reproducibility ?? null;
    const seed = topic.seed_reproducibility ?? null;
    const arrows = (event) => {
      const row = event.currentTarget.parentElement;
      const next = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      next?.querySelector(".topic-text").focus();
    };
    return h("div", {
      class: `topic${picked ? " picked" : ""}${app.dims(topic.topic) ? " dimmed" : ""}`, role: "listitem", "data-topic": topic.topic,
      on: { click: pick },
    },
    h("i", { class: "swatch", style: { background: colorOf(topic.topic, app.dark) } }),
    h("button", { type: "button", class: "topic-text", dir: "auto", "aria-pressed": picked, "data-key": `topic ${topic.topic}`,
      title: `${topic.title}\nClick: only this topic. Ctrl or Shift: this one too`, on: { keydown: arrows } },
      h("span", { class: "topic-name" }, topic.topic >= 0 ? `${topic.topic} · ${topic.title}` : topic.title,
        topic.validated && h("span", { class: "validated", title: validatedText(topic) }, " ✓")),
      terms && h("span", { class: "dim" }, terms),
      h("span", { class: "bar", "aria-hidden": "true" },
        h("span", { style: { width: `${(100 * topic.size) / largest}%` } }),
        h("span", { class: "now", style: { width: `${(100 * count) / largest}%`, background: colorOf(topic.topic, app.dark) } }))),
    h("div", { class: "topic-side" },
      h("span", { class: "n" }, count === topic.size ? number.format(count) : `${number.format(count)} / ${number.format(topic.size)}`),
      course && sparkline(course, colorOf(topic.topic, app.dark)),
      topic.topic >= 0 && (again !== null || seed !== null) && h("span", {
        class: `reliable${again !== null && again < 0.6 ? " weak" : ""}`,
        title: "Reproducibility: the chance that two of its documents are together again in a layout of other documents, "
          + "and in one of all documents with another seed",
      }, `${percent(again)} ${seed === null ? "" : `/ ${percent(seed)}`}`)),
    h("button", { type: "button", class: "card", title: "Card of this topic", "aria-label": `› card of topic ${topic.topic}`,
      hidden: topic.topic < 0, on: { click: (event) => {
        event.stopPropagation();
        app.openTopic(topic.topic);
      } } }, "›"));
  }
}

/** That a topic is validated, and how much of it is what it was then. */
export const validatedText = ({ validated }) =>
  `validated${validated < 1 ? `; ${percent(validated)} of its documents now and then are the same` : ""}`;

function sparkline(course, color) {
  const most = Math.max(1, ...course);
  const points = [...course].map((n, i) => `${((i * 46) / (BINS - 1)).toFixed(1)},${(15 - (14 * n) / most).toFixed(1)}`);
  return svg("svg", { viewBox: "0 0 46 16", width: 46, height: 16, class: "spark", role: "img", "aria-label": "course over time" },
    svg("polyline", { points: points.join(" "), fill: "none", stroke: color, "stroke-width": 1.5 }));
}
