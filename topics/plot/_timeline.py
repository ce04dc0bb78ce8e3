"""Figure of topics over time: a panel a topic, its share by period with the interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from topics.errors import InputError
from topics.plot._figure import largest, new_figure
from topics.plot._panels import n_rows_of, panel_width, place_panel
from topics.plot._source import Source, at_least_one, frame_of
from topics.plot._text import fit, plain, said_of
from topics.plot._theme import color_of, faded
from topics.records import NOISE

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

_COLUMNS, _HEIGHT, _LEFT = 3, 130, 46  # not tuned: what looks right
_BAND = 0.18  # how much of a topic's color its interval has
_NEEDED = ("period", "topic", "n_documents", "n_period", "share", "low", "high")


class Periods(Protocol):
    """Topics by period, as :func:`topics.timeline.over_time` counts them."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row a period and topic."""
        ...

    @property
    def notes(self) -> list[str]:
        """What is left out, in sentences."""
        ...


def draw_over_time(timeline: Periods | pd.DataFrame, topics: Source | pd.DataFrame, *, max_topics: int = 12) -> Figure:
    """A figure with one panel per topic, the largest first: its share of a period's documents and the 95 % interval.

    All panels have the same axes, so that heights compare. Where the timeline is smoothed, the line and its interval
    are the smoothed share's, and points are the shares themselves. A line above says how many topics and documents are
    not shown.

    Parameters
    ----------
    timeline : Timeline or pandas.DataFrame
        Of :func:`topics.timeline.over_time`, or its ``frame``.
    topics : Run or pandas.DataFrame
        A run, or its ``topics()``, for names and terms.
    max_topics : int
        Panels, at most.

    Raises
    ------
    ValueError
        If the timeline has no topic.
    """
    frame = frame_of(getattr(timeline, "frame", timeline), "over_time", columns=_NEEDED)
    named = frame_of(topics, "topics", columns=("topic", "terms"))
    sizes = frame[frame["topic"] != NOISE].groupby("topic")["n_documents"].sum()
    every = sorted(sizes.index.tolist(), key=lambda topic: (-sizes[topic], topic))
    shown = every[: at_least_one(max_topics, "max_topics")]
    if not shown:
        raise InputError("expected a timeline with topics, got one without")
    said = {row["topic"]: said_of(row) for row in named.to_dict("records")}
    n_rows = n_rows_of(len(shown), _COLUMNS)
    figure = new_figure("; ".join(filter(None, [largest(len(shown), len(every)), *getattr(timeline, "notes", ())])))
    for place, topic in enumerate(shown):
        own = frame[(frame["topic"] == topic) & (frame["n_period"] > 0)]
        axes = place_panel(
            figure, place, n_columns=_COLUMNS, n_rows=n_rows, height=_HEIGHT, color=color_of(topic), left=_LEFT,
            title=fit(f"{topic} · {said.get(topic, '')}", panel_width(_COLUMNS, left=_LEFT)),
        )  # fmt: skip
        _draw_panel(figure, own, axes, color=color_of(topic))
    highest = float(frame.loc[frame["topic"].isin(shown), "share"].max())
    figure.update_xaxes(nticks=4, matches="x", tickfont={"size": 11}, ticklabelstandoff=6)
    figure.layout.xaxis.matches = None
    figure.update_yaxes(range=[0, highest * 1.08], tickformat=".0%", nticks=4, tickfont={"size": 11})
    figure.update_layout(showlegend=False)
    return figure


def _draw_panel(figure: Figure, own: pd.DataFrame, axes: dict[str, str], *, color: str) -> None:
    shared: dict[str, Any] = {**axes, "showlegend": False}
    smooth = "smoothed" in own.columns
    for column, fill in (("high", None), ("low", "tonexty")):
        figure.add_scatter(
            x=own["period"], y=own[f"smoothed_{column}" if smooth else column], mode="lines", line={"width": 0},
            fill=fill, fillcolor=faded(color, _BAND), hoverinfo="skip", **shared,
        )  # fmt: skip
    terms_of = own["terms"].tolist() if "terms" in own else [() for _ in range(len(own))]
    figure.add_scatter(
        x=own["period"], y=own["share"], mode="markers" if smooth else "lines+markers",
        line={"color": color, "width": 2}, marker={"size": 4, "color": color},
        text=[
            f"{period:%Y-%m-%d}<br>{n} of {n_period} documents" + (f"<br>{plain(', '.join(terms))}" if terms else "")
            for period, n, n_period, terms in zip(
                own["period"], own["n_documents"], own["n_period"], map(list, terms_of), strict=True
            )
        ],
        hovertemplate="%{text}<extra></extra>", **shared,
    )  # fmt: skip
    if smooth:
        figure.add_scatter(
            x=own["period"], y=own["smoothed"], mode="lines", line={"color": color, "width": 2}, hoverinfo="skip",
            **shared,
        )  # fmt: skip
