"""What a notebook shows of a record beside its text: a heading, a small table and notes, every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

_MAX_ROWS, _MAX_LETTERS = 12, 160  # not tuned: what is seen without scrolling


def fragment(head: str, rows: Sequence[Mapping[Any, Any]], *, notes: Iterable[str] = ()) -> str:
    """HTML with the first rows as a table, and how many more there are.

    Parameters
    ----------
    head : str
        A line above the table.
    rows : sequence of Mapping
        Column to value, the columns of the first row that any row fills; missing values are empty, texts are cut.
    notes : iterable of str
        Sentences under the table.

    Examples
    --------
    >>> fragment("2 <topics>", [])
    '<div><p>2 &lt;topics&gt;</p></div>'
    """
    parts = [f"<p>{escape(head)}</p>"]
    shown = rows[:_MAX_ROWS]
    if shown:
        names = [name for name in shown[0] if any(_cell(row.get(name)) for row in shown)]
        numeric = {name: all(isinstance(row.get(name), (int, float)) for row in shown) for name in names}
        align = {name: f' style="text-align: {"right" if numeric[name] else "left"}"' for name in numeric}
        top = "".join(f"<th{align[name]}>{escape(str(name))}</th>" for name in numeric)
        body = "".join(
            "<tr>" + "".join(f'<td{align[name]} dir="auto">{_cell(row.get(name))}</td>' for name in numeric) + "</tr>"
            for row in shown
        )
        parts.append(f'<table class="dataframe"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>')
    if len(rows) > len(shown):
        parts.append(f"<p>… and {len(rows) - len(shown):,} more</p>")
    listed = "".join(f"<li>{escape(note)}</li>" for note in notes)
    return f"<div>{''.join(parts)}{f'<ul>{listed}</ul>' if listed else ''}</div>"


def topics_fragment(topics: Sequence[Mapping[Any, Any]]) -> str:
    """HTML of topics with their terms.

    Parameters
    ----------
    topics : sequence of Mapping
        With ``topic, size, terms``.
    """
    rows = [{"topic": row["topic"], "documents": row["size"], "terms": ", ".join(row["terms"])} for row in topics]
    return fragment(f"Topics: {len(rows):,}", rows)


def _cell(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    text = str(value)
    return escape(text if len(text) <= _MAX_LETTERS else f"{text[: _MAX_LETTERS - 1]}…")
