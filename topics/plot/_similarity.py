"""Figure of how near topics are to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.errors import InputError
from topics.plot._cells import add_cells
from topics.plot._figure import largest, new_figure
from topics.plot._rows import write_rows
from topics.plot._source import Source, at_least_one, is_run, some_topics, topics_of
from topics.plot._text import plain, said_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

_WITH_VALUES = 12  # topics up to which each cell says its value; not tuned: what has room
_BAR_WIDTH = 90  # pixels of the color bar and its numbers


def draw_similarity(source: Source | pd.DataFrame, *, max_topics: int = 40) -> Figure:
    """A heat map of topics by topics: cosine similarity of their mean vectors, near topics beside each other.

    Topics are in the order of a hierarchy of average linkage, with near neighbors together (Bar-Joseph et al. 2001).

    Parameters
    ----------
    source : Run or pandas.DataFrame
        A run, or its ``topics()``.
    max_topics : int
        Rows, at most: the largest topics.

    Raises
    ------
    ValueError
        If there are fewer than two topics, or they have no mean vectors.
    """
    given = topics_of(source, None if is_run(source) else source)
    every = some_topics(given, what="a run")
    if len(every) < 2 or "centroid" not in every or every["centroid"].isna().any():
        got = "one" if len(every) < 2 else "topics without a mean vector"
        raise InputError(f"expected at least two topics with mean vectors (centroid), got {got}")
    shown = every.head(max(2, at_least_one(max_topics, "max_topics")))
    similarity, order = _similarity(np.stack([np.asarray(row, dtype=np.float64) for row in shown["centroid"]]))
    rows = [shown.to_dict("records")[i] for i in order]
    names = [f"{row['topic']} · {said_of(row)}" for row in rows]
    n, table = len(rows), similarity[np.ix_(order, order)]
    hover = [[f"{plain(one)}<br>{plain(other)}" for other in names] for one in names]
    figure = new_figure("; ".join(filter(None, ["cosine similarity of topics", largest(n, len(every))])))
    write_rows(figure, names, row_height=max(15, min(34, 420 / n)), below=34)
    add_cells(figure, table, hover=hover, digits=2 if n <= _WITH_VALUES else None)
    figure.update_xaxes(
        tickmode="array", tickvals=list(range(n)), ticktext=[str(row["topic"]) for row in rows], showgrid=False,
        tickfont={"size": 12 if n <= _WITH_VALUES else 10}, tickangle=0 if n <= _WITH_VALUES else -90,
    )  # fmt: skip
    figure.update_layout(margin={"r": _BAR_WIDTH})
    return figure


def _similarity(vectors: NDArray[np.float64]) -> tuple[NDArray[np.float64], list[int]]:
    """Cosine of every two rows, without that of a row with itself, and an order that puts near rows together."""
    from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
    from scipy.spatial.distance import squareform

    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    similarity = np.clip(unit @ unit.T, -1, 1)
    far = squareform(1 - similarity, checks=False)
    tree = linkage(far, "average")
    order = leaves_list(optimal_leaf_ordering(tree, far)).tolist() if len(unit) > 2 else [0, 1]
    np.fill_diagonal(similarity, np.nan)
    return similarity, order
