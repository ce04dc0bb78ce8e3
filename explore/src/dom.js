// Elements. A text only ever becomes a text node or the value of a harmless attribute: nothing is parsed as markup.

/** An element with attributes, listeners (`on`), styles (`style`) and children; strings become text nodes. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name === "style") for (const [key, one] of Object.entries(value)) element.style.setProperty(key, one);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  fill(element, ...children);
  return element;
}

/** The element with other children. */
export function fill(element, ...children) {
  const nodes = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
  element.replaceChildren(...nodes.map((child) => (child instanceof Node ? child : document.createTextNode(String(child)))));
  return element;
}

/** What has the focus where an element is: marimo puts a widget into a tree of its own. */
export const focused = (element) => element.getRootNode().activeElement;

/** A link to an address of the web; any other address is shown as text. */
export function link(address) {
  if (!/^https?:\/\/[^\s]+$/i.test(address)) return h("span", {}, address);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, address);
}

/** A button; `title` says what it does and by which key. */
export function button(label, title, click, props = {}) {
  const said = /\p{L}/u.test(label) ? undefined : title; // signs are read as what they do
  return h("button", { type: "button", title, "aria-label": said, on: { click }, ...props }, label);
}

/** Saves a text as a file. */
export function download(text, name, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export const SVG = "http://www.w3.org/2000/svg";

/** An SVG element with attributes. */
export function svg(tag, props = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

export const number = new Intl.NumberFormat("en-US");
/** A share as it is said: "0%" and "100%" only where it is exactly that. */
export function percent(share) {
  if (share === null || share === undefined || Number.isNaN(share)) return "–";
  const text = `${Math.round(share * 100)}%`;
  if (share > 0 && text === "0%") return "<1%";
  return share < 1 && text === "100%" ? ">99%" : text;
}
