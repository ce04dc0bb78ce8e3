"""Figure of the topics' tree: levels from the coarsest to the finest, each cluster beside the one it is part of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from topics.errors import InputError
from topics.plot._figure import MIN_WIDTH, new_figure
from topics.plot._source import Source, frame_of, is_run, topics_of
from topics.plot._text import fit, plain, said_of
from topics.plot._theme import INK, LINE, PAPER, color_of, faded
from topics.records import NOISE

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

# Not tuned: what looks right.
_SIZE, _LEAST, _MOST, _PER_TOPIC = 12, 420, 1_300, 22
_ABOVE, _BELOW = 60, 12
_ALPHA = 0.3  # of a box's color, so that its text is read
_MAX_NODES = 1_500  # that browsers draw without delay
_LEVEL = "level_"


@dataclass(frozen=True)
class _Node:
    """A cluster at its place in the tree."""

    id: str
    parent: str
    label: str
    size: int
    color: str


def draw_tree(
    source: Source | pd.DataFrame, topics: Source | pd.DataFrame | None = None, *, levels: pd.DataFrame | None = None
) -> Figure:
    """A figure with a column per level, the coarsest at the left: each cluster beside the one that has most of it.

    The first column is of all documents that are in a topic at some level. A box is as high as the documents that it
    shares with the box to its left; clusters of other levels than the run's
    are called by what most of them is: a topic, or the headline of their surest document. Boxes too small for their
    name show it on hover; a click zooms in.

    Parameters
    ----------
    source : Run or pandas.DataFrame
        A run, or its ``documents()``.
    topics : Run, pandas.DataFrame or None
        ``Run.topics()``; None takes those of the run that is drawn.
    levels : pandas.DataFrame or None
        ``Run.levels()``, which are drawn in that order; None takes those of the run, or, of a frame, the columns of
        levels by their number of clusters.

    Raises
    ------
    ValueError
        If there is no topic at any level.
    TypeError
        If there are no topics beside a frame of documents.
    """
    documents = frame_of(source, "documents", columns=("topic", "title", "text", "copy_of", "confidence"))
    named = topics_of(source, topics)
    if levels is None and is_run(source):
        levels = source.levels()
    own = documents[documents["copy_of"].isna()]
    columns = _columns(own, levels)
    own = own[(own[[column for _, column in columns]] != NOISE).any(axis=1)]
    if not len(own):
        raise InputError("expected a run with topics at some level, got one without any: nothing to draw")
    width = (MIN_WIDTH - 24) / (len(columns) + 1) - 16
    said = {int(row["topic"]): said_of(row) for row in named.to_dict("records")}
    grown = _Grown(own, columns, said, width)
    nodes = [_Node("/", "", f"{len(own):,} documents", len(own), faded(LINE, _ALPHA)), *grown.nodes()]
    nodes = _largest(nodes)
    figure = new_figure("boxes too small for their name show it on hover; a click zooms in")
    figure.add_icicle(
        ids=[node.id for node in nodes], parents=[node.parent for node in nodes], values=[node.size for node in nodes],
        labels=[node.label for node in nodes], branchvalues="total", tiling={"orientation": "h", "pad": 1}, sort=True,
        marker={"colors": [node.color for node in nodes], "line": {"color": PAPER, "width": 1}},
        texttemplate="%{label}", hovertemplate="%{label}<br>%{value} documents<extra></extra>",
        textfont={"size": _SIZE, "color": INK}, textposition="middle left", pathbar={"visible": False},
    )  # fmt: skip
    height = min(_MOST, max(_LEAST, _PER_TOPIC * len(said)))
    figure.update_layout(
        height=height + _ABOVE + _BELOW, margin={"l": 12, "r": 12, "t": _ABOVE, "b": _BELOW},
        uniformtext={"minsize": _SIZE - 1, "mode": "hide"},
    )  # fmt: skip
    for place, (name, column) in enumerate(columns, 1):
        n = own.loc[own[column] != NOISE, column].nunique()
        text = fit(f"{name} ({n}{', this run' if column == 'topic' else ''})", width)
        figure.add_annotation(
            x=place / (len(columns) + 1), y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=6,
            showarrow=False, text=plain(text), font={"size": 12},
        )  # fmt: skip
    return figure


def _columns(documents: pd.DataFrame, levels: pd.DataFrame | None) -> list[tuple[str, str]]:
    """Name and column of each level, the coarsest first."""
    if levels is not None and len(levels):
        ordered = [
            (str(row["level"]), "topic" if row["chosen"] else f"{_LEVEL}{row['level']}")
            for row in levels.to_dict("records")[::-1]
        ]
        return [pair for pair in ordered if pair[1] in documents.columns] or [("topic", "topic")]
    others = [(column.removeprefix(_LEVEL), column) for column in documents.columns if column.startswith(_LEVEL)]
    return sorted([*others, ("topic", "topic")], key=lambda pair: documents[pair[1]].nunique())


class _Grown:
    """The clusters of the first level and, in each, those of the next that have most of their documents there."""

    def __init__(
        self, documents: pd.DataFrame, columns: Sequence[tuple[str, str]], said: dict[int, str], width: float
    ) -> None:
        self._labels = [documents[column].tolist() for _, column in columns]
        self._columns, self._said, self._width = columns, said, width
        self._topics = documents["topic"].tolist()
        self._confidences = documents["confidence"].tolist()
        titles = zip(documents["title"], documents["text"], strict=True)
        self._titles = [title if isinstance(title, str) else str(text) for title, text in titles]

    def nodes(self) -> list[_Node]:
        """Every node but the root, each after what it is part of."""
        found: list[_Node] = []
        self._grow(found, list(range(len(self._topics))), 0, parent="/")
        return found

    def _grow(self, found: list[_Node], rows: list[int], level: int, *, parent: str) -> None:
        (name, column), labels = self._columns[level], self._labels[level]
        of_cluster: dict[int, list[int]] = {}
        for row in rows:
            of_cluster.setdefault(labels[row], []).append(row)
        home = self._home(rows, level) if level + 1 < len(self._columns) else {}
        for cluster, own in sorted(of_cluster.items()):
            inside = [row for row in own if home.get(self._labels[level + 1][row]) == cluster] if home else []
            inside = [row for row in inside if any(of[row] != NOISE for of in self._labels[level + 1 :])]
            if cluster == NOISE and not inside:
                continue
            place = f"{parent.rstrip('/')}/{column}:{cluster}"
            text = f"in no {name}" if cluster == NOISE else self._title(own, column, cluster)
            color = LINE if cluster == NOISE else self._color(own)
            size = len(inside) if cluster == NOISE else len(own)
            found.append(_Node(place, parent, plain(fit(text, self._width, size=_SIZE)), size, faded(color, _ALPHA)))
            if inside:
                self._grow(found, inside, level + 1, parent=place)

    def _home(self, rows: list[int], level: int) -> dict[int, int]:
        """Of each cluster of the next level, the cluster of this one that has most of it."""
        finer, coarser = self._labels[level + 1], self._labels[level]
        counts: dict[int, Counter[int]] = {}
        for row in rows:
            counts.setdefault(finer[row], Counter())[coarser[row]] += 1
        return {cluster: min(of, key=lambda home, of=of: (-of[home], home)) for cluster, of in counts.items()}  # type: ignore[misc]

    def _color(self, rows: list[int]) -> str:
        """Of the topic that has most of the documents."""
        counts = Counter(self._topics[row] for row in rows if self._topics[row] != NOISE)
        return color_of(min(counts, key=lambda topic: (-counts[topic], topic))) if counts else LINE

    def _title(self, rows: list[int], column: str, cluster: int) -> str:
        if column == "topic":
            return f"{cluster} · {self._said.get(cluster, '')}"
        counts = Counter(self._topics[row] for row in rows if self._topics[row] != NOISE)
        if len(counts) > 1:  # it spans topics
            most = sorted(counts, key=lambda topic: (-counts[topic], topic))[:3]
            return " + ".join(self._said.get(topic, str(topic)).split(",")[0] for topic in most)
        return self._titles[max(rows, key=lambda row: (self._confidences[row], -row))]


def _largest(nodes: list[_Node]) -> list[_Node]:
    """As many nodes as browsers draw at once, the largest, each with all that it is part of."""
    if len(nodes) <= _MAX_NODES:
        return nodes
    least = sorted((node.size for node in nodes), reverse=True)[_MAX_NODES]
    return [node for node in nodes if node.size > least]  # a part is never larger than its whole
