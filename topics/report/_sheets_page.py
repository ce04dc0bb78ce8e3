"""Sheets of human checks as one offline page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from topics.report._page import render_page

_SCRIPT = """
const boxes = [...document.querySelectorAll("fieldset")];
const answered = () => boxes.filter((box) => box.querySelector("input:checked")).length;
const say = () => {
  document.getElementById("left").textContent = `${answered()} of ${boxes.length} answered`;
};
document.addEventListener("change", say);
say();
document.getElementById("save").addEventListener("click", () => {
  const chosen = [...document.querySelectorAll("input:checked")];
  const rows = chosen.map((input) => [input.dataset.sheet, input.dataset.item, input.value].join(","));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([["sheet,item,answer", ...rows].join("\\n") + "\\n"], {type: "text/csv"}));
  link.download = "answers.csv";
  link.click();
});
"""


def sheets_page(words: Sequence[Mapping[str, Any]], topics: Sequence[Mapping[str, Any]], *, title: str) -> str:
    """One HTML page with both sheets that loads nothing from anywhere and saves the answers as a file.

    Every text is escaped; a content security policy allows only the page's own script, by hash.

    Parameters
    ----------
    words, topics : sequence of Mapping
        Items of the word and the topic sheet.
    title : str
        Name of the run.
    """
    sheets = [
        ("word", "Which word is not of the same topic as the others?", [_with_options(item) for item in words]),
        ("topic", "Which topic has nothing to do with the article?", [_with_options(item) for item in topics]),
    ]
    return render_page(
        "sheets_page.html.j2",
        {"sheets": sheets},
        title=f"{title}: which does not belong?",
        scripts={"answers": _SCRIPT},
    )


def _with_options(item: Mapping[str, Any]) -> dict[str, Any]:
    options = [(name.removeprefix("option_"), value) for name, value in item.items() if name.startswith("option_")]
    return {"item": item["item"], "shown": item["shown"], "text": item["text"], "options": options}
