// Where texts come from: the kernel of a notebook, asked by message, or the page itself.

import { Data } from "./data.js";
import { Drafts } from "./drafts.js";

const PATIENCE = 60_000; // milliseconds until a kernel that says nothing counts as gone

export class KernelSource {
  means = true; // texts can be compared by meaning: the model of the run is there

  constructor(model) {
    this.model = model;
    this.waiting = new Map();
    this.next = 0;
    this.mine = Math.random().toString(36).slice(2); // several views of one widget share its messages
    this.listen = (reply, buffers) => {
      if (!this.waiting.has(reply.id)) return;
      const { done, fail, timer } = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      clearTimeout(timer);
      if (reply.error) fail(new Error(reply.error));
      else done({ ...reply, buffers });
    };
    model.on("msg:custom", this.listen);
  }

  ask(kind, what = {}, buffers = [], patience = PATIENCE) {
    const id = `${this.mine}-${this.next++}`;
    return new Promise((done, fail) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        fail(new Error("the kernel does not answer: is it busy, or was it restarted?"));
      }, patience);
      this.waiting.set(id, { done, fail, timer });
      this.model.send({ id, kind, ...what }, undefined, buffers);
    });
  }

  async rows(rows) {
    return (await this.ask("rows", { rows })).rows;
  }

  async document(row) {
    return (await this.ask("document", { row })).document;
  }

  async search(query) {
    const { buffers, words } = await this.ask("search", { query });
    return { mask: new Uint8Array(copied(buffers[0])), words };
  }

  async meaning(query) {
    const { buffers } = await this.ask("meaning", { query }, [], 10 * PATIENCE);
    return new Float32Array(copied(buffers[0]));
  }

  async ranks(column) {
    return new Int32Array(copied((await this.ask("ranks", { column })).buffers[0]));
  }

  async level(name) {
    const { level, buffers } = await this.ask("level", { level: name });
    return { ...level, codes: new Int32Array(copied(buffers[0])) };
  }

  async export(rows, form) {
    return (await this.ask("export", { form }, [Int32Array.from(rows).buffer])).text;
  }

  edit(edit) {
    return this.ask("edit", { edit });
  }

  select(rows) {
    this.model.send({ kind: "select" }, undefined, [Int32Array.from(rows).buffer]);
  }

  close() {
    this.model.off("msg:custom", this.listen);
  }
}

const copied = (view) => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);

/** Bytes that a page holds, gzipped and in base64, in a script element that runs nothing. */
export async function heldBytes(name) {
  const text = document.getElementById(`topics-${name}`).textContent.trim();
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

export const heldJson = async (name) => JSON.parse(new TextDecoder().decode(await heldBytes(name)));

export class PageSource {
  constructor(meta, bytes) {
    Object.assign(this, { meta, bytes });
    this.data = new Data(meta, bytes);
    this.levels = this.data.levels;
  }

  /** Drafts an edit: the page shows what it comes to, and nothing is written anywhere until it is saved as a file. */
  async edit(edit) {
    if (!this.drafts) {
      const ids = (await this.listing).map(([id]) => id);
      const { codes, topics } = this.levels.find((level) => level.chosen);
      this.drafts = new Drafts(this.meta, this.bytes, Int32Array.from(codes), topics, ids);
    }
    const said = this.drafts.edit(edit);
    const [meta, bytes] = this.drafts.payload();
    this.data = new Data(meta, bytes);
    this.changed(meta, bytes);
    return { said: `${said}; “edits” saves this as a file` };
  }

  get listing() {
    return (this.listed ??= heldJson("rows")).then(({ rows }) => rows);
  }

  get texts() {
    return (this.held ??= heldJson("texts"));
  }

  async rows(rows) {
    const all = await this.listing;
    return rows.map((i) => all[i]);
  }

  async document(row) {
    const found = (await this.texts).documents[row];
    const listed = (await this.rows([row]))[0];
    const near = found.neighbors && (await this.rows(found.neighbors.map(([other]) => other)));
    return { ...found, doc_id: listed[0], date: listed[2],
      neighbors: found.neighbors && found.neighbors.map(([other, closeness], i) => [other, closeness, near[i][1]]) };
  }

  async search(query) {
    const words = wordsOf(query);
    const patterns = words.map((word) => new RegExp(`(?<![\\p{L}\\p{N}])${word.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&").replace(/\s+/g, "\\s+")}`, "iu"));
    const { documents } = await this.texts;
    return { words, mask: Uint8Array.from(documents, ({ title, text }) => Number(patterns.every((one) => one.test(title ?? "") || one.test(text)))) };
  }

  async ranks() {
    const rows = await this.listing;
    const order = rows.map((_, i) => i).sort((a, b) => (rows[a][1] < rows[b][1] ? -1 : rows[a][1] > rows[b][1] ? 1 : a - b));
    const ranks = new Int32Array(rows.length);
    order.forEach((i, rank) => (ranks[i] = rank));
    return ranks;
  }

  async level(name) {
    return this.levels.find((level) => level.name === name);
  }

  async export(rows, form) {
    const { documents } = await this.texts;
    const listed = await this.rows([...rows]);
    const { levels, columns } = this.data;
    const chosen = levels.find((level) => level.chosen);
    const lines = [...rows].map((i, at) => ({ doc_id: listed[at][0], title: documents[i].title, date: listed[at][2],
      topic: chosen.codes[i], ...Object.fromEntries(columns.filter(({ kind }) => kind === "category").map(({ name, names, values }) => [name, names[values[i]] ?? null])),
      confidence: documents[i].confidence, url: documents[i].url, text: documents[i].text }));
    if (form === "jsonl") return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    // A spreadsheet takes what begins so for a formula.
    const cell = (value) => `"${String(value ?? "").replace(/^(?=[=+\-@\t\r])/, "'").replaceAll('"', '""')}"`;
    return [Object.keys(lines[0] ?? {}), ...lines.map((line) => Object.values(line))].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
  }

  select() {}

  close() {}
}

/** The words of a query; what stands in quotation marks is one. */
export const wordsOf = (query) => [...query.matchAll(/"([^"]+)"|(\S+)/g)].map((hit) => (hit[1] ?? hit[2]).trim()).filter(Boolean);

