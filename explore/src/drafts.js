// Edits that a reader of a report drafts: the page shows what they come to, and saves them as the file that
// “topics edit RUN apply FILE” makes again. Topics are numbered, known and named as the run does it.

import { NOISE } from "./data.js";
import { sha256 } from "./sha256.js";

const MIN_SHARED = 0.5; // of the documents of a topic now and then, from which its name stays with it
const LETTER = 6.5; // pixels, on average

export class Drafts {
  /** `ids` are those of the documents, in their order; `codes` and `topics` what the run says of them. */
  constructor(meta, bytes, codes, topics, ids) {
    Object.assign(this, { meta, bytes, ids, edits: [], done: 0 });
    const before = meta.journal ? JSON.parse(meta.journal) : { edits: [], n_done: 0 };
    this.before = before.edits.slice(0, before.n_done);
    const rows = topics.map(({ topic }) => rowsOf(codes, topic));
    const kept = (field) => topics.flatMap((topic, at) => (topic[field] ? [{ value: topic[field], rows: rows[at] }] : []));
    this.start = { codes, topics, names: kept("name"), marks: kept("validated") };
    this.state = this.start;
  }

  /** Makes an edit, or undoes or redoes one; says what was done. */
  edit(edit) {
    if (edit.kind === "undo" || edit.kind === "redo") {
      const undone = this.edits[this.done - 1];
      this.done += edit.kind === "undo" ? -1 : 1;
      this.state = this.edits.slice(0, this.done).reduce((state, { asked }) => this.after(state, asked), this.start);
      return edit.kind === "undo" ? `undone: ${undone.said}` : this.edits[this.done - 1].said;
    }
    const kept = this.kept(edit);
    const said = say(kept);
    this.state = this.after(this.state, edit);
    this.edits = [...this.edits.slice(0, this.done), { asked: edit, kept, said }];
    this.done += 1;
    return said;
  }

  /** The edit as the run keeps it: topics by the key of their documents, documents by their ids. */
  kept({ kind, topic, topics, name, validated, rows, to }) {
    const when = `${new Date().toISOString().slice(0, 19)}Z`;
    const key = (one) => sha256(JSON.stringify(this.idsOf(one))).slice(0, 16);
    if (kind === "merge") return { kind, what: { topics, keys: topics.map(key) }, when };
    if (kind === "move") return { kind, what: { documents: rows.map((i) => this.ids[i]).sort(), to, key: to === NOISE ? null : key(to) }, when };
    if (kind === "drop") return { kind, what: { topic, key: key(topic) }, when };
    const { label, name: called } = this.state.topics[topic];
    const entry = { name: kind === "rename" ? checked(name) : "", by: null, key: key(topic), label, documents: this.idsOf(topic).sort() };
    const replaced = kind === "rename" && called ? [{ ...entry, name: called }] : [];
    return { kind, what: { topic, key: entry.key, entry, replaced, ...(kind === "validate" && { validated }) }, when };
  }

  idsOf(topic) {
    return rowsOf(this.state.codes, topic).map((i) => this.ids[i]);
  }

  after(state, { kind, topic, topics, name, validated, rows, to }) {
    if (kind === "rename" || kind === "validate") {
      const field = kind === "rename" ? "names" : "marks";
      const own = rowsOf(state.codes, topic);
      const stay = state[field].filter((entry) => shared(entry.rows, own) <= MIN_SHARED);
      const value = kind === "rename" ? checked(name) : Number(validated);
      return named({ ...state, [field]: value ? [...stay, { value, rows: own }] : stay });
    }
    const codes = Int32Array.from(state.codes);
    const parts = { ...state.topics };
    if (kind === "merge") {
      const [first] = topics;
      for (let i = 0; i < codes.length; i++) if (topics.includes(codes[i])) codes[i] = first;
      parts[first] = merged(topics.map((one) => state.topics[one]));
    } else if (kind === "move") for (const i of rows) codes[i] = to;
    else for (let i = 0; i < codes.length; i++) if (codes[i] === topic) codes[i] = NOISE;
    return named(numbered({ ...state, codes }, parts));
  }

  /** What the explorer is given: as at first, with the topics as they are now. */
  payload() {
    const { meta, state } = this;
    const bytes = new Uint8Array(this.bytes);
    const chosen = meta.levels.find((level) => level.chosen);
    const { offset, dtype } = meta.parts[chosen.part];
    const Kind = { int8: Int8Array, int16: Int16Array, int32: Int32Array }[dtype];
    bytes.set(new Uint8Array(Kind.from(state.codes).buffer), offset);
    const levels = meta.levels.map((level) => (level === chosen ? { ...level, topics: state.topics, n_clusters: state.topics.length } : level));
    const edits = { ...meta.edits, done: this.done, said: this.edits.map(({ said }) => said) };
    return [{ ...meta, levels, edits, journal: this.done ? this.file() : meta.journal }, bytes];
  }

  file() {
    const edits = [...this.before, ...this.edits.slice(0, this.done).map(({ kept }) => kept)];
    const value = { format: 1, n_done: edits.length, edits };
    return written({ ...value, sealed_sha256: sha256(written(value)) });
  }
}

const rowsOf = (codes, topic) => {
  const rows = [];
  for (let i = 0; i < codes.length; i++) if (codes[i] === topic) rows.push(i);
  return rows;
};

function shared(then, now) {
  const all = new Set(then);
  const both = now.reduce((n, i) => n + Number(all.has(i)), 0);
  return both / (all.size + now.length - both);
}

/** Topics numbered by size, of equal ones that of the first document first; empty ones go. */
function numbered(state, parts) {
  const found = new Map();
  state.codes.forEach((code, i) => code !== NOISE && (found.has(code) ? (found.get(code).size += 1) : found.set(code, { code, first: i, size: 1 })));
  const order = [...found.values()].sort((a, b) => b.size - a.size || a.first - b.first);
  const now = new Map(order.map(({ code }, topic) => [code, topic]));
  const topics = order.map(({ code, size }, topic) => ({ ...parts[code], topic, size, nearest: parts[code].nearest.flatMap((one) => (now.has(one) && one !== code ? [now.get(one)] : [])) }));
  return { ...state, codes: state.codes.map((code) => now.get(code) ?? NOISE), topics };
}

/** Each topic with the name and the mark of those that had more than half of their documents in common with it. */
function named(state) {
  const topics = state.topics.map((topic) => {
    const own = rowsOf(state.codes, topic.topic);
    const best = (entries) => entries.reduce((most, { value, rows }) => {
      const worth = shared(rows, own);
      return worth > MIN_SHARED && worth >= most.worth ? { value, worth } : most;
    }, { value: null, worth: 0 });
    const [name, mark] = [best(state.names).value, best(state.marks)];
    const short = name === topic.name ? topic.short : fitted(name ?? (topic.terms.slice(0, 3).join(", ") || topic.label), topic.place);
    return { ...topic, name, short, validated: mark.value && Math.min(mark.value, mark.worth) };
  });
  return { ...state, topics };
}

function merged(parts) {
  const all = (field) => [...new Set(parts.flatMap((part) => part[field]))];
  const longest = Math.max(...parts.map(({ terms }) => terms.length));
  const terms = [...new Set(Array.from({ length: longest }, (_, at) => parts.map((part) => part.terms[at])).flat())].filter(Boolean);
  const [first] = parts;
  return { ...first, terms, forms: all("forms"), languages: all("languages"), n_copies: parts.reduce((n, part) => n + part.n_copies, 0),
    sentences: parts.flatMap(({ sentences }) => sentences), sentence_rows: parts.flatMap((part) => part.sentence_rows),
    evidence: parts.flatMap(({ evidence }) => evidence), nearest: all("nearest"), reproducibility: null, seed_reproducibility: null };
}

/** A text that the place of the label has room for. */
function fitted(text, { half }) {
  const room = Math.max(6, Math.floor((2 * half) / LETTER));
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}

function checked(name) {
  const called = name.trim();
  if ([...called].length > 200 || /[\p{Cc}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(called)) {
    throw new Error("a name is one line of at most 200 letters, without controls and marks that turn writing round");
  }
  return called;
}

function say({ kind, what }) {
  const { length: n } = what.documents ?? [];
  if (kind === "merge") return `topics ${what.topics.join(", ")} merged`;
  if (kind === "move") return `${n.toLocaleString("en-US")} document${n === 1 ? "" : "s"} moved to ${what.to === NOISE ? "noise" : `topic ${what.to}`}`;
  if (kind === "rename") return what.entry.name ? `topic ${what.topic} named ${what.entry.name}` : `topic ${what.topic}'s name taken away`;
  return `topic ${what.topic} ${kind === "drop" ? "dropped" : what.validated ? "validated" : "not validated any more"}`;
}

const sorted = (value) => (Array.isArray(value) ? value.map(sorted)
  : value && typeof value === "object" ? Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])])) : value);

/** As the run writes it, byte by byte: what a file holds is sealed. */
const written = (value) => `${JSON.stringify(sorted(value), null, 1)}\n`;
