"""Figure of one document: how much of it is in each topic."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from topics._say import count, percent
from topics.errors import InputError
from topics.plot._figure import new_figure
from topics.plot._rows import write_rows
from topics.plot._source import Source, at_least_one, frame_of, is_run, topics_of
from topics.plot._text import one_line, said_of
from topics.plot._theme import color_of, faded

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

_ROW = 30  # pixels; not tuned: what looks right


def draw_document(
    source: Source | pd.DataFrame, doc_id: str, *, topics: Source | pd.DataFrame | None = None, max_topics: int = 10
) -> Figure:
    """A figure with one bar per topic that a document has to do with: its membership, the largest first.

    Parameters
    ----------
    source : Run or pandas.DataFrame
        A run, or its ``membership()``.
    doc_id : str
        Of the document; a near-duplicate is shown as its canonical document, if a run is given.
    topics : Run, pandas.DataFrame or None
        ``Run.topics()``; None takes those of the run that is drawn.
    max_topics : int
        Bars, at most.

    Raises
    ------
    ValueError
        If there is no such document, or it is in no topic.
    TypeError
        If there are no topics beside a frame.
    """
    membership = frame_of(source, "membership", columns=("doc_id", "topic", "membership"))
    named = topics_of(source, topics)
    shown_id, title = doc_id, ""
    if is_run(source):
        documents = source.documents().set_index("doc_id")
        if doc_id not in documents.index:
            raise InputError(_unknown(doc_id, documents.index.tolist()))
        row = documents.loc[doc_id]
        shown_id = row["copy_of"] if isinstance(row["copy_of"], str) else doc_id
        title = row["title"] if isinstance(row["title"], str) else str(row["text"])
    own = membership[membership["doc_id"] == shown_id].sort_values("membership", ascending=False, kind="stable")
    if not len(own):
        if not title:
            raise InputError(_unknown(doc_id, membership["doc_id"].unique().tolist()))
        raise InputError(f"expected a document that is in a topic, got {doc_id!r}, which is noise and has none")
    shown = own.head(at_least_one(max_topics, "max_topics"))
    said = {int(row["topic"]): f"{row['topic']} · {said_of(row)}" for row in named.to_dict("records")}
    names = [said.get(int(topic), str(topic)) for topic in shown["topic"]]
    left = len(own) - len(shown)
    more = f"; {count(left, 'topic')} with less {'is' if left == 1 else 'are'} not shown" if left else ""
    figure = new_figure(f"{one_line(doc_id)}: {one_line(title)}{more}" if title else f"{one_line(doc_id)}{more}")
    write_rows(figure, names, row_height=_ROW)
    bars = [faded(color_of(int(topic)), 0.75) for topic in shown["topic"]]
    figure.add_bar(
        x=shown["membership"], y=list(range(len(shown))), orientation="h", width=0.7, showlegend=False,
        marker={"color": bars}, text=[percent(share) for share in shown["membership"]], textposition="outside",
        cliponaxis=False, hovertemplate="%{x:.1%}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(range=[0, 1.08], tickformat=".0%", tickvals=[0, 0.2, 0.4, 0.6, 0.8, 1.0], title="membership")
    return figure


def _unknown(doc_id: str, known: Sequence[object]) -> str:
    near = difflib.get_close_matches(str(doc_id), [str(name) for name in known], n=1)
    meant = f"; did you mean {near[0]!r}?" if near else ""
    return f"expected the id of a document in a topic, got {doc_id!r}{meant}"
