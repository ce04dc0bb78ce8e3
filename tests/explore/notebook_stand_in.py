"""The widget in a page of its own: messages go to a session in this process, as a notebook's kernel would take them."""

from __future__ import annotations

import base64
import json
from typing import Any

from topics.errors import TopicsError
from topics.explore import Session, explorer_script

_START = """
async ([source, meta, data]) => {
  const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  const values = {meta: JSON.parse(meta), data: bytes(data)};
  const listeners = {};
  const heard = (name, ...said) => (listeners[name] ?? []).forEach((one) => one(...said));
  const model = {
    get: (name) => values[name],
    on: (name, one) => (listeners[name] ??= []).push(one),
    off: (name, one) => (listeners[name] = (listeners[name] ?? []).filter((other) => other !== one)),
    async send(message, _, buffers = []) {
      const letters = buffers.map((buffer) => btoa(Array.from(new Uint8Array(buffer), (c) => String.fromCharCode(c)).join("")));
      const {reply, arrays, now} = await window.toKernel(JSON.stringify(message), letters);
      if (now) {
        Object.assign(values, {meta: JSON.parse(now.meta), data: bytes(now.data)});
        heard("change:revision");
      }
      if (reply) heard("msg:custom", JSON.parse(reply), arrays.map(bytes));
    },
  };
  const address = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
  const {default: {render}} = await import(address);
  const el = document.querySelector("main");
  render({model, el});
  window.topicsExplorer = el.explorer;
}
"""


def show_widget(page: Any, session: Session) -> None:
    """Show the explorer of a session in a page of Playwright's, with edits."""

    def letters(content: bytes) -> str:
        return base64.b64encode(content).decode()

    def to_kernel(message: str, buffers: list[str]) -> dict[str, Any]:
        asked, revision = json.loads(message), session.revision
        try:
            reply, arrays = session.answer(asked, [base64.b64decode(buffer) for buffer in buffers])
        except TopicsError as error:
            reply, arrays = {"error": str(error)}, []
        now = None
        if session.revision != revision:
            payload = session.payload()
            now = {"meta": json.dumps(payload.meta), "data": letters(payload.data)}
        said = json.dumps({"id": asked["id"], **reply}) if "id" in asked else None
        return {"reply": said, "arrays": [letters(array) for array in arrays], "now": now}

    page.expose_function("toKernel", to_kernel)
    page.set_content('<!doctype html><html lang="en"><title>A notebook</title><body><main></main>')
    payload = session.payload()
    page.evaluate(_START, [explorer_script(), json.dumps(payload.meta), letters(payload.data)])
    page.wait_for_selector(".map[data-drawn]")
