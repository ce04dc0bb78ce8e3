// The explorer as a widget of a notebook (anywidget), and as a part of a report, whose page holds its data.

import { App, isDark } from "./app.js";
import { h } from "./dom.js";
import { heldBytes, heldJson, KernelSource, PageSource } from "./sources.js";
import style from "./style.css";

function render({ model, el }) {
  const source = new KernelSource(model);
  const root = h("div");
  el.replaceChildren(h("style", {}, style), root);
  const app = (el.explorer = new App(root, model.get("meta"), model.get("data"), source));
  const reload = () => app.reload(model.get("meta"), model.get("data"));
  model.on("change:revision", reload);
  const themes = new MutationObserver(() => app.setDark(isDark()));
  themes.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
  return () => {
    themes.disconnect();
    model.off("change:revision", reload);
    source.close();
  };
}

async function report(place) {
  const meta = await heldJson("meta");
  const bytes = new Uint8Array(await heldBytes("data"));
  const source = new PageSource(meta, bytes);
  const root = h("div");
  place.replaceChildren(h("style", {}, style), root);
  const app = (globalThis.topicsExplorer = new App(root, meta, bytes, source));
  source.changed = (...now) => app.reload(...now);
  printable(place, app);
  // Drafts are in the page alone until they are saved.
  addEventListener("beforeunload", (event) => app.unsaved && event.preventDefault());
}

/** A picture of the maps for paper, made as the page is printed: in light, of what is shown then. */
function printable(place, app) {
  const paper = h("div", { class: "printed-map" });
  place.after(paper);
  let dark = false;
  addEventListener("beforeprint", () => {
    dark = app.dark;
    app.setDark(false);
    paper.replaceChildren(...app.maps.map((map) => map.picture()));
  });
  addEventListener("afterprint", () => {
    paper.replaceChildren();
    app.setDark(dark);
  });
}

const place = globalThis.document?.querySelector("[data-topics-report]");
if (place) report(place).catch((error) => (place.textContent = `The explorer cannot be shown: ${error.message}`));

export default { render };
