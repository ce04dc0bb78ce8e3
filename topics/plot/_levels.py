"""Figure of how the level was chosen: stability and noise of leaf and excess-of-mass cuts by number of clusters."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING, Any

from topics.errors import InputError
from topics.plot._figure import MIN_WIDTH, new_figure
from topics.plot._source import Source, frame_of, is_run
from topics.plot._text import fit, plain, width_of
from topics.plot._theme import DIM, FIRST, INK, SECOND, faded

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

_FAMILIES = {"leaf": ("leaf cuts", FIRST, "circle"), "eom": ("excess-of-mass cuts", SECOND, "diamond")}
# Not tuned: what looks right.
_HEIGHT, _LINE, _LABEL_SIZE = 400, 18, 13  # pixels: of the panels, of a row of labels, of their font
_LEFT, _RIGHT, _LABEL_WIDTH = 70, 20, 240
_PANELS = ((0.36, 1.0), (0.0, 0.26))
_TICKS = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
_HOVER = (
    "%{customdata[0]} to %{customdata[1]} clusters<br>min_cluster_size %{customdata[2]}<br>stability "
    "%{customdata[3]:.3f} (AMI %{customdata[4]:.3f}, ARI %{customdata[5]:.3f})<br>noise %{customdata[6]:.1%}"
)
_HOVERED = ["min_clusters", "max_clusters", "min_cluster_size", "stability", "agreement", "rand", "noise_share"]
_COLUMNS = ("cluster_selection_method", "min_cluster_size", "n_clusters", "stability", "stability_error", "noise_share")


def draw_scan(source: Source | pd.DataFrame, levels: Source | pd.DataFrame | None = None) -> Figure:
    """A figure with two panels by number of clusters: stability with its standard error, and noise.

    Each selection method is a line, from the smallest ``min_cluster_size`` to the largest. A solid vertical line marks
    the level of the run, dotted lines the others.

    Parameters
    ----------
    source : Run or pandas.DataFrame
        A run, or its ``scan()``.
    levels : Run, pandas.DataFrame or None
        ``Run.levels()``; None takes those of the run that is drawn, and with a frame marks the levels in the scan
        without highlighting one.

    Raises
    ------
    ValueError
        If no cut was tried.
    """
    scan = frame_of(source, "scan", columns=_COLUMNS)
    if not len(scan):
        raise InputError("expected a run with cuts, got one without any: there was nothing to choose a level from")
    if levels is None and is_run(source):
        levels = source
    marked = scan[scan["level"].notna()] if levels is None else frame_of(levels, "levels", columns=("n_clusters",))
    figure = new_figure()
    for method, (name, color, symbol) in _FAMILIES.items():
        cuts = scan[scan["cluster_selection_method"] == method].sort_values("min_cluster_size")
        for column, axis in (("stability", "y"), ("noise_share", "y2")):
            figure.add_scatter(
                x=cuts["n_clusters"], y=cuts[column], yaxis=axis, name=name, legendgroup=method,
                mode="lines+markers", showlegend=axis == "y" and len(cuts) > 0,
                line={"color": color, "width": 2}, marker={"size": 7, "symbol": symbol},
                error_y={"array": cuts["stability_error"], "width": 0, "thickness": 4, "color": faded(color, 0.35)}
                if axis == "y" else None,
                customdata=cuts[_HOVERED], hovertemplate=f"{name}<br>{_HOVER}<extra></extra>",
            )  # fmt: skip
    range_x = _range(scan, marked)
    n_rows = _mark(figure, marked, range_x=range_x)
    lowest = (scan["stability"] - scan["stability_error"].fillna(0)).min()
    above = n_rows * _LINE + 6
    figure.update_layout(
        height=_HEIGHT + above + 34, margin={"l": _LEFT, "r": _RIGHT, "t": above + 34, "b": 50},
        legend={"yref": "container", "y": 1, "yanchor": "top"},
        xaxis={"type": "log", "title": {"text": "number of clusters"}, "anchor": "y2", "tickvals": _ticks(range_x),
               "range": range_x, "showgrid": False},
        yaxis={"domain": _PANELS[0], "title": {"text": "stability"}},
        yaxis2={"domain": _PANELS[1], "title": {"text": "noise"}, "tickformat": ".0%", "rangemode": "tozero"},
    )  # fmt: skip
    if lowest == lowest:  # a single layout has no stability
        figure.layout.yaxis.range = [min(0.5, lowest) - 0.02, 1.03]
    return figure


def _ticks(range_x: list[float]) -> list[int]:
    """Round numbers of the axis; every whole one where these are too few to read it."""
    low, high = (10**end for end in range_x)
    round_ones = [n for n in _TICKS if low <= n <= high]
    return round_ones if len(round_ones) > 1 else [n for n in range(1, _TICKS[-1]) if low <= n <= high]


def _range(scan: pd.DataFrame, marked: pd.DataFrame) -> list[float]:
    """Of the axis, as logarithms, with a margin."""
    every = [*scan["n_clusters"], *marked["n_clusters"]]
    low, high = (log10(max(1.0, n)) for n in (min(every), max(every)))
    margin = max((high - low) * 0.06, 0.05)
    return [low - margin, high + margin]


def _mark(figure: Figure, marked: pd.DataFrame, *, range_x: list[float]) -> int:
    """Add a line and a label for each level; the rows that labels take, each in the lowest where it hides none."""
    width, ends = MIN_WIDTH - _LEFT - _RIGHT, list[float]()
    for row in sorted(marked.to_dict("records"), key=lambda row: row["n_clusters"]):
        chosen, at = bool(row.get("chosen", False)), log10(max(1.0, row["n_clusters"]))
        figure.add_shape(
            type="line", x0=row["n_clusters"], x1=row["n_clusters"], y0=0, y1=1, yref="paper",
            line={"color": INK if chosen else DIM, "width": 2 if chosen else 1, "dash": "solid" if chosen else "dot"},
            opacity=0.8 if chosen else 0.6, layer="below",
        )  # fmt: skip
        text = _label(row, chosen=chosen)
        half = width_of(text, _LABEL_SIZE) / 2 + 6
        place = (at - range_x[0]) / (range_x[1] - range_x[0]) * width
        middle = min(max(place, half), width - half)
        level = next((i for i, end in enumerate(ends) if end <= middle - half), len(ends))
        ends[level : level + 1] = [middle + half]
        name, rest = text.split(" (")
        figure.add_annotation(
            x=at, xshift=middle - place, y=1.0, yref="paper", yanchor="bottom", yshift=2 + level * _LINE,
            showarrow=False, text=f"<b>{plain(name)}</b> ({rest}",
            font={"size": _LABEL_SIZE, "color": INK if chosen else DIM},
        )  # fmt: skip
    return max(1, len(ends))


def _label(row: dict[Any, Any], *, chosen: bool) -> str:
    name = fit(str(row["level"]).replace(" (", " "), _LABEL_WIDTH, size=_LABEL_SIZE)
    return f"{name} ({row['n_clusters']:.0f}{', this run' if chosen else ''})"
