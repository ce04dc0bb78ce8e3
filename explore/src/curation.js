// Edits of the run's topics, each kept in its journal: named, validated, merged, split, dropped, moved; undone and done again.

import { NOISE } from "./data.js";
import { button, fill, focused, h, number } from "./dom.js";

export class Curation {
  constructor(app) {
    this.app = app;
    this.element = h("div", { class: "curation", role: "toolbar", "aria-label": "Edits" });
  }

  draw() {
    const { app } = this;
    const { edits } = app.data.meta;
    this.element.hidden = !edits;
    if (!edits) return;
    const topics = [...app.picked].filter((topic) => topic >= 0).sort((a, b) => a - b);
    const can = app.atRunLevel && !this.busy;
    const one = can && topics.length === 1;
    const rows = app.chosenRows();
    const act = (label, title, on, edit) => button(label, title, () => this.edit(edit()), { disabled: !on, "data-key": label });
    const named = app.byNumber.get(topics[0]);
    const name = h("input", { type: "text", class: "name", "data-key": "name", maxlength: 200, placeholder: one ? `name of topic ${topics[0]}` : "pick a topic to name it",
      "aria-label": "Name of the topic", value: (one && named.name) || "", disabled: !one,
      on: { keydown: (event) => event.key === "Enter" && this.edit({ kind: "rename", topic: topics[0], name: event.target.value }) } });
    const target = h("select", { "aria-label": "Move to", disabled: !can || !rows.length, on: { change: (event) => {
      if (event.target.value !== "") this.edit({ kind: "move", rows, to: Number(event.target.value) });
    } } }, h("option", { value: "" }, rows.length ? `move ${number.format(rows.length)} selected to …` : "select documents to move them"),
    app.atRunLevel && app.topics.map((topic) => h("option", { value: topic.topic }, `${topic.topic} · ${topic.title}`)), h("option", { value: NOISE }, "no topic (noise)"));
    const active = focused(this.element);
    const held = this.element.contains(active) ? (active.dataset.key ?? "") : null;
    fill(this.element,
      h("span", { class: "dim" }, app.atRunLevel ? (topics.length ? `topic${topics.length > 1 ? "s" : ""} ${topics.join(", ")}:` : edits.drafts ? "Draft edits:" : "Edit:")
        : "Topics are edited at the level of this run"),
      name,
      act("rename", "Name the topic (Enter)", one, () => ({ kind: "rename", topic: topics[0], name: name.value })),
      act("merge", "Make one topic of those that are picked", can && topics.length > 1, () => ({ kind: "merge", topics })),
      act(named?.validated ? "✓ withdraw" : "✓ validate", named?.validated ? "Take the mark away" : "Mark the topic as validated: kept, also when the run is made anew with the same topic", one,
        () => ({ kind: "validate", topic: topics[0], validated: !named.validated })),
      !edits.drafts && act("split", "Take the topic apart into those of the next finer level", one, () => ({ kind: "split", topic: topics[0] })),
      act("drop", "Set the topic aside: its documents become noise", one, () => ({ kind: "drop", topic: topics[0] })),
      target,
      h("span", { class: "group" }, act("↶ undo", "Undo the last edit (Ctrl+Z)", !this.busy && edits.done > 0, () => ({ kind: "undo" })),
        act("↷ redo", "Redo (Ctrl+Shift+Z)", !this.busy && edits.done < edits.said.length, () => ({ kind: "redo" }))),
      h("span", { class: "dim last", title: edits.said.slice(0, edits.done).join("; ") },
        edits.done ? `${edits.said[edits.done - 1]} (${edits.done} edit${edits.done > 1 ? "s" : ""}${edits.drafts ? " drafted" : edits.saved ? ", saved" : ", not saved"})` : ""));
    if (held !== null) { // what had the focus was made anew: keys such as undo still reach the explorer
      const same = [...this.element.querySelectorAll("[data-key]")].find((one) => one.dataset.key === held && !one.disabled);
      (same ?? app.element).focus({ preventScroll: true });
    }
  }

  async edit(edit) {
    const { app } = this;
    if (!app.data.meta.edits || this.busy) return;
    this.busy = true;
    this.draw();
    if (!app.data.meta.edits.drafts) app.say("editing: topics are described anew …");
    await app.trying(async () => {
      const { said } = await app.source.edit(edit);
      app.say(said);
    });
    this.busy = false;
    this.draw();
  }
}
