// The reader: an article with its topic's terms marked, or the card of a topic.

import { colorOf } from "./colors.js";
import { fill, h, link, number, percent } from "./dom.js";
import { validatedText } from "./topics.js";

const METHODS = {
  cluster: "by its cluster", neighbors: "was noise, given to the topic by its neighbors",
  centroid: "was noise, given to the nearest topic", edit: "by an edit", noise: "in no topic",
};
const letters = (text) => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&").replace(/\s+/g, "[\\s\\-]+");

/** A text as nodes, with words marked where they begin a word. */
export function marked(text, words, kind = "own") {
  const some = [...new Set(words.filter((word) => word && word.trim()))].sort((a, b) => b.length - a.length);
  if (!some.length) return [text];
  const whole = kind === "own" ? "(?![\\p{L}\\p{N}])" : "";
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${some.map(letters).join("|")})${whole}`, "giu");
  const nodes = [];
  let at = 0;
  for (const hit of text.matchAll(pattern)) {
    if (!hit[0]) continue;
    nodes.push(text.slice(at, hit.index), h("mark", { class: kind }, hit[0]));
    at = hit.index + hit[0].length;
  }
  nodes.push(text.slice(at));
  return nodes;
}

/** A text in parts, and whether each is one of some sentences. */
function parted(text, sentences) {
  const places = sentences.map((sentence) => [sentence ? text.indexOf(sentence) : -1, sentence.length]).filter(([at]) => at >= 0).sort((a, b) => a[0] - b[0]);
  const parts = [];
  let end = 0;
  for (const [at, length] of places) {
    if (at < end) continue;
    parts.push([text.slice(end, at), false], [text.slice(at, at + length), true]);
    end = at + length;
  }
  return [...parts, [text.slice(end), false]].filter(([part]) => part);
}

export class Reader {
  constructor(app) {
    this.app = app;
    this.element = h("section", { class: "reader", tabindex: 0, "aria-label": "Reader" });
    this.idle();
  }

  idle() {
    fill(this.element, h("p", { class: "dim" }, "Click a point or a row to read the article; › beside a topic opens its card."));
  }

  async document(i) {
    const { app } = this;
    const asked = (this.asked = Symbol("asked"));
    const found = await app.source.document(i);
    if (this.asked !== asked || !found) return;
    const topic = app.topics.find((one) => one.topic === app.codes[i]);
    const words = app.words ?? [];
    const both = (text) => marked(text, topic?.forms ?? []).flatMap((node) => (typeof node === "string" ? marked(node, words, "hit") : [node]));
    const evidence = topic?.sentences ?? [];
    const paragraph = (part) => parted(part, evidence).map(([sentence, told]) => (told ? h("span", { class: "evidence", title: "evidence of the topic" }, both(sentence)) : both(sentence)));
    const go = (row, ...children) => h("button", { type: "button", class: "go", on: { click: () => app.open(row) } }, children);
    const near = app.nearOf ? found.neighbors : [];
    fill(this.element,
      h("h2", { dir: "auto" }, found.title || found.doc_id),
      h("p", { class: "dim" }, [app.category("source", i), found.date, found.author, app.category("lang", i)].filter(Boolean).join(" · ")),
      h("p", {}, h("i", { class: "swatch", style: { background: app.colorOfTopic(app.codes[i]) } }), h("b", {}, app.topicName(app.codes[i])),
        found.confidence !== null && app.atRunLevel && h("span", { class: "dim" }, ` · confidence ${found.confidence.toFixed(2)}`),
        app.atRunLevel && h("span", { class: "dim" }, ` · ${METHODS[found.method] ?? found.method}`)),
      found.membership.length > 1 && app.atRunLevel && h("p", { class: "dim" }, "also: ",
        found.membership.filter(([topic]) => topic !== app.codes[i]).map(([topic, share]) => `${app.topicName(topic)} ${percent(share)}`).join(" · ")),
      h("div", { class: "text", dir: "auto" }, found.text.split(/\n{2,}/).map((part) => h("p", {}, paragraph(part)))),
      found.cut && h("p", { class: "dim" }, "The text is shortened on this page; the run has all of it."),
      found.url && h("p", { class: "url" }, link(found.url)),
      found.page && h("p", { class: "dim", dir: "auto" }, `A story of the round-up ${found.page}`),
      near && near.length > 0 && this.part("Nearest documents", near.map(([row, closeness, title]) => go(row,
        h("i", { class: "swatch", style: { background: app.colorOfTopic(app.codes[row]) } }), h("span", { dir: "auto" }, title), h("span", { class: "n" }, closeness.toFixed(2))))),
      !found.neighbors && h("p", { class: "dim" }, "Nearest documents: the vectors are not kept with this run."),
      found.duplicates.length > 0 && this.part(`Near-duplicates (${found.duplicates.length})`, found.duplicates.map((one) => h("div", { class: "line", dir: "auto" }, one))),
      found.removed.length > 0 && this.part(`Cleaned away (${found.removed.length} lines)`, found.removed.map(([line, reason]) =>
        h("div", { class: "line removed", dir: "auto" }, h("del", {}, line), h("span", { class: "dim" }, ` ${reason}`))), false),
      found.fields.length > 0 && this.part("Columns", [h("dl", {}, found.fields.map(([name, value]) => [h("dt", {}, name), h("dd", { dir: "auto" }, value)]))], false),
      h("p", { class: "dim id" }, `id ${found.doc_id}`));
    this.element.scrollTop = 0;
  }

  part(title, lines, open = true) {
    return h("details", { open }, h("summary", {}, title), lines);
  }

  topic(number_) {
    const { app } = this;
    this.asked = null;
    const topic = app.topics.find((one) => one.topic === number_);
    if (!topic) return;
    const said = [
      `${number.format(topic.size)} documents`, topic.n_copies && `${number.format(topic.n_copies)} near-duplicates`,
      (topic.languages ?? []).join(", "),
    ].filter(Boolean).join(" · ");
    const evidence = (topic.evidence ?? []).map(([row, title]) => h("button", { type: "button", class: "go", on: { click: () => app.open(row) } },
      h("span", { dir: "auto" }, title)));
    fill(this.element,
      h("h2", { dir: "auto" }, h("i", { class: "swatch", style: { background: colorOf(topic.topic, app.dark) } }), `${topic.topic} · ${topic.title}`),
      h("p", { class: "dim" }, said),
      topic.validated && h("p", {}, h("span", { class: "validated" }, "✓ "), validatedText(topic)),
      h("p", { class: "dim" }, topic.reproducibility === null || topic.reproducibility === undefined ? "" : `Together again in layouts of other documents: ${percent(topic.reproducibility)}`,
        topic.seed_reproducibility === null || topic.seed_reproducibility === undefined ? "" : ` · of another seed: ${percent(topic.seed_reproducibility)}`),
      h("p", { class: "terms", dir: "auto" }, (topic.terms ?? []).map((term, i) => h("span", { class: "term", style: { background: `color-mix(in srgb, var(--mark) ${100 - 8 * Math.min(i, 10)}%, transparent)` } }, term))),
      (topic.sentences ?? []).length > 0 && this.part("Evidence", topic.sentences.map((sentence, at) => h("blockquote", { dir: "auto" }, marked(sentence, topic.forms ?? []),
        topic.sentence_rows?.[at] >= 0 && h("button", { type: "button", class: "more", "aria-label": "› article of this sentence", title: "Read the article", on: { click: () => app.open(topic.sentence_rows[at]) } }, " ›")))),
      evidence.length > 0 && this.part("Typical documents", evidence),
      (topic.nearest ?? []).length > 0 && this.part("Nearest topics", topic.nearest.map((other) => h("button", { type: "button", class: "go", on: { click: () => app.openTopic(other) } }, app.topicName(other)))));
    this.element.scrollTop = 0;
  }
}
