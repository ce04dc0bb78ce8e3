"""Figure of where the documents of one run's topics are in another run, or which topics of two periods match."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, cast

from topics._say import count
from topics.errors import InputError, InputTypeError
from topics.plot._figure import largest, new_figure
from topics.plot._source import Source, at_least_one, frame_of, is_run
from topics.plot._text import fit, plain, said_of
from topics.plot._theme import DIM, INK, NOISE_COLOR, color_of, faded
from topics.records import NOISE

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

# Not tuned: what looks right.
_PAD, _ROW, _LEAST, _ABOVE, _BELOW = 16, 34, 320, 62, 14  # pixels
_NAME_WIDTH = 300
_SIDE, _NODE, _LINK = 14, 0.9, 0.35
_FURTHER, _NONE = -2, -3  # topics that are not among the largest, and no counterpart
_NEEDED = ("topic_a", "topic_b", "n_documents")


class Flow(Protocol):
    """Two sides, as :func:`topics.compare` compares them."""

    @property
    def titles(self) -> tuple[str, str]:
        """What the sides are called."""
        ...

    @property
    def flow(self) -> pd.DataFrame:
        """Documents by their topic on both sides."""
        ...

    @property
    def topics(self) -> pd.DataFrame:
        """What became of topics."""
        ...


def draw_flow(
    source: Flow | Source | pd.DataFrame, other: Source | None = None, *, topics: tuple[Any, Any] | None = None,
    max_topics: int = 15,
) -> Figure:  # fmt: skip
    """A figure with the topics of one side at the left, of the other at the right, and bands of the documents of both.

    Documents of topics that are not among the largest on either side are counted in a line above. Where two runs have
    no documents in common, as those of two periods, a band is a match of topics, as wide as any.

    Parameters
    ----------
    source : Comparison, Run or pandas.DataFrame
        Of :func:`topics.compare`; or a run; or a frame with ``topic_a, topic_b, n_documents``.
    other : Run or None
        The run at the right, if ``source`` is a run.
    topics : tuple of two Run or pandas.DataFrame, or None
        Whose names and terms the topics of both sides have; None takes those of ``source``.
    max_topics : int
        On each side, or matches, at most: the largest; all others of a side are one.

    Raises
    ------
    ValueError
        If no document and no topic is on both sides.
    TypeError
        If a run is given without another.
    """
    at_least_one(max_topics, "max_topics")
    titles, names, note = ("A", "B"), _names(topics), ""
    if is_run(source):
        if not is_run(other):
            raise InputTypeError(f"expected another run beside the first, got {type(other).__name__}")
        flow, names = _of_runs(source, other), names or _names((source, other))
        titles = (str(getattr(source, "name", "A")), str(getattr(other, "name", "B")))
    elif hasattr(source, "titles"):
        compared = cast("Flow", source)
        flow, titles = compared.flow, compared.titles
        names = names or _names_of_events(compared.topics)
        if not len(flow):
            flow, note = _of_events(compared.topics, max_topics=max_topics)
    else:
        flow = frame_of(source, "flow", columns=_NEEDED)
    if not len(flow):
        raise InputError("expected two sides with documents or matched topics in common, got none: nothing to draw")
    return _draw(flow, titles=titles, names=names or ({}, {}), note=note, max_topics=max_topics)


def _draw(
    flow: pd.DataFrame, *, titles: tuple[str, str], names: tuple[Mapping[int, str], Mapping[int, str]], note: str,
    max_topics: int,
) -> Figure:  # fmt: skip
    sides, left = [], []
    for column in ("topic_a", "topic_b"):
        sizes = flow[flow[column] >= 0].groupby(column)["n_documents"].sum()
        kept = sorted(sizes.index, key=lambda topic, sizes=sizes: (-sizes[topic], topic))[:max_topics]  # type: ignore[misc]
        left.append(len(sizes) - len(kept))
        sides.append(flow[column].where(flow[column].isin(kept) | (flow[column] < 0), _FURTHER))
    links: pd.DataFrame = flow.assign(a=sides[0], b=sides[1]).groupby(["a", "b"])[["n_documents"]].sum().reset_index()
    beyond = (links["a"] == _FURTHER) & (links["b"] == _FURTHER)
    if beyond.any() and not beyond.all():  # or they would leave the others no room
        note = f"{count(int(links.loc[beyond, 'n_documents'].sum()), 'document')} between further topics not shown"
        links = links[~beyond]
    nodes = [(side, int(topic)) for side, column in enumerate("ab") for topic in sorted(links[column].unique())]
    place = {node: i for i, node in enumerate(nodes)}
    mostly = links.sort_values("n_documents").drop_duplicates("b", keep="last").set_index("b")["a"]
    colors = [_color(topic if side == 0 else int(mostly[topic])) for side, topic in nodes]
    labels = [_label(topic, names[side], n_further=left[side]) for side, topic in nodes]
    cut = [fit(label, _NAME_WIDTH) for label in labels]
    figure = new_figure(note)
    figure.add_sankey(
        node={
            "label": list(map(plain, cut)), "color": [faded(color, _NODE) for color in colors], "pad": _PAD,
            "thickness": _SIDE, "line": {"width": 0}, "customdata": list(map(plain, labels)),
            "hovertemplate": "%{customdata}<br>%{value:,}<extra></extra>",
        },
        link={
            "source": [place[0, a] for a in links["a"]], "target": [place[1, b] for b in links["b"]],
            "value": links["n_documents"], "color": [faded(_color(a), _LINK) for a in links["a"]],
            "hovertemplate": "%{source.label} →<br>%{target.label}<br>%{value:,}<extra></extra>",
        },
        textfont={"size": 12, "color": INK}, arrangement="snap",
    )  # fmt: skip
    n_rows = max(sum(side == one for side, _ in nodes) for one in (0, 1))
    figure.update_layout(
        height=_ABOVE + _BELOW + max(_LEAST, _ROW * n_rows), margin={"l": 12, "r": 12, "t": _ABOVE, "b": _BELOW}
    )  # fmt: skip
    for x, anchor, title in ((0, "left", titles[0]), (1, "right", titles[1])):
        figure.add_annotation(
            x=x, y=1, xref="paper", yref="paper", xanchor=anchor, yanchor="bottom", yshift=8, showarrow=False,
            text=f"<b>{plain(fit(title, _NAME_WIDTH))}</b>", font={"size": 13, "color": DIM},
        )  # fmt: skip
    return figure


def _color(topic: int) -> str:
    return color_of(topic) if topic >= 0 else NOISE_COLOR


def _label(topic: int, names: Mapping[int, str], *, n_further: int) -> str:
    if topic == NOISE:
        return "in no topic"
    if topic == _NONE:
        return "no counterpart"
    if topic == _FURTHER:
        return count(n_further, "further topic")
    return f"{topic} · {names[topic]}" if names.get(topic) else f"topic {topic}"


def _names(topics: tuple[Any, Any] | None) -> tuple[dict[int, str], dict[int, str]] | None:
    if topics is None:
        return None
    one, other = (
        {int(row["topic"]): said_of(row) for row in frame.to_dict("records")}
        for frame in (frame_of(side, "topics", columns=("topic", "terms")) for side in topics)
    )  # fmt: skip
    return one, other


def _of_runs(one: Any, other: Any) -> pd.DataFrame:
    """Documents by their topic in both runs, those that both have, near-duplicates left out."""
    both = [run.documents() for run in (one, other)]
    a, b = (frame[frame["copy_of"].isna()].set_index("doc_id")["topic"] for frame in both)
    joined = a.to_frame("topic_a").join(b.rename("topic_b"), how="inner")
    counted: pd.DataFrame = joined.groupby(["topic_a", "topic_b"]).size().reset_index(name="n_documents")
    return counted


def _names_of_events(events: pd.DataFrame) -> tuple[dict[int, str], dict[int, str]]:
    """The terms of topics, as far as a comparison says which are whose."""
    found: tuple[dict[int, str], dict[int, str]] = ({}, {})
    for row in events.to_dict("records"):
        for names, side in zip(found, "ab", strict=True):
            ids, terms = row[f"topics_{side}"], str(row[f"terms_{side}"]).split(" / ")
            if len(ids) == len(terms):
                names.update(zip(map(int, ids), terms, strict=True))
    return found


def _of_events(events: pd.DataFrame, *, max_topics: int) -> tuple[pd.DataFrame, str]:
    """One row a match of two topics, and one a topic without any, of the largest events; and what is said of it."""
    import pandas as pd

    if {"n_a", "n_b"} <= set(events.columns):
        size = events["n_a"].fillna(0) + events["n_b"].fillna(0)
        events = events.loc[size.sort_values(ascending=False, kind="stable").index]
    n, events = len(events), events.head(max_topics)
    note = "no documents in common: a band is a match of topics"
    rows = [
        {"topic_a": int(a), "topic_b": int(b), "n_documents": 1}
        for row in events.to_dict("records")
        for a in (list(row["topics_a"]) or [_NONE])
        for b in (list(row["topics_b"]) or [_NONE])
    ]
    said = largest(len(events), n, noun="match", plural="matches")
    return pd.DataFrame(rows, columns=list(_NEEDED)), "; ".join(filter(None, [note, said]))
