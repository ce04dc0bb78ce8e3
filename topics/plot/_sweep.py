"""Figures of a sweep: a metric by each parameter, metrics against each other, and a metric by two parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from topics.errors import InputError
from topics.plot._cells import add_cells
from topics.plot._figure import MIN_WIDTH, new_figure
from topics.plot._panels import n_rows_of, panel_width, place_panel
from topics.plot._rows import NAME_WIDTH, write_rows
from topics.plot._source import frame_of
from topics.plot._text import fit, plain, width_of
from topics.plot._theme import COLORS, DIM, INK, LINE, SECOND

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

# Not tuned: what looks right.
_COLUMNS, _HEIGHT, _LEFT, _SIZE = 3, 240, 64, 12  # panels in a row; pixels of a panel, left of all, of the font
_CELL, _CELL_TEXT = 40, 46  # pixels: height of a cell, width from which its value has room
_MAX_AXES = 8
_AXES = ("npmi_held_out", "diversity", "stability", "noise_share", "n_topics")


class Results(Protocol):
    """A study, as :func:`topics.sweep` makes it."""

    def results(self) -> pd.DataFrame:
        """One row a setting and seed."""
        ...

    def summary(self) -> pd.DataFrame:
        """One row a setting."""
        ...


def draw_cliffs(results: Results | pd.DataFrame, metric: str = "npmi_held_out") -> Figure:
    """A figure with one panel per parameter: a metric of each setting by the parameter's value, with a line of means.

    A step in the line is a cliff: a small change of the parameter changes the result much. Points at the same value are
    other seeds and other parameters.

    Parameters
    ----------
    results : Study or pandas.DataFrame
        Of :func:`topics.sweep`, or its ``results()``.
    metric : str
        Name of a score, or ``"n_topics"``.

    Raises
    ------
    ValueError
        If no parameter is varied, or no setting has the metric.
    """
    column, done = _column(frame_of(results, "results", columns=()), metric)
    params = [name for name in done.columns if name.startswith("params.")]
    varied = [name for name in params if len(set(map(repr, done[name]))) > 1]
    if not varied:
        raise InputError("expected a sweep with several values of a parameter, got none")
    n_columns = next((n for n in range(min(_COLUMNS, len(varied)), 1, -1) if _have_room(done[varied], n)), 1)
    figure = new_figure(f"{_plain(metric)}: a point is a setting and seed, the line their means")
    low, high = float(done[column].min()), float(done[column].max())
    margin = (high - low) * 0.08 or 0.05
    for i, name in enumerate(varied):
        room = panel_width(n_columns, left=_LEFT)
        axes = place_panel(
            figure, i, n_columns=n_columns, n_rows=n_rows_of(len(varied), n_columns), height=_HEIGHT, color=LINE,
            left=_LEFT, title=fit(name.removeprefix("params."), room),
        )  # fmt: skip
        places, ticks = _places(done[name])
        shift = np.random.default_rng(0).uniform(-0.12, 0.12, len(done))  # keeps equal values apart
        figure.add_scatter(
            x=places + shift, y=done[column], mode="markers", showlegend=False,
            marker={"size": 7, "color": COLORS[0], "opacity": 0.55}, hovertemplate="%{text}<br>%{y:.3f}<extra></extra>",
            text=[_describe(row, varied) for row in done.to_dict("records")], **axes,
        )  # fmt: skip
        means = done.groupby(places)[column].mean()
        figure.add_scatter(
            x=means.index, y=means, mode="lines+markers", showlegend=False, line={"color": INK, "width": 2},
            marker={"size": 5}, hovertemplate="mean %{y:.3f}<extra></extra>", **axes,
        )  # fmt: skip
        each = room / len(ticks)
        step = -(-26 // int(each)) if each < 26 else 1  # of many values, every second is named, or every third
        figure.layout[f"xaxis{axes['xaxis'][1:]}"].update(
            tickvals=list(range(len(ticks))), tickangle=0, range=[-0.5, len(ticks) - 0.5], tickfont={"size": _SIZE},
            ticktext=[plain(fit(tick, each * step - 6, size=_SIZE)) if j % step == 0 else "" for j, tick in
                      enumerate(ticks)],
        )  # fmt: skip
        figure.layout[f"yaxis{axes['yaxis'][1:]}"].update(range=[low - margin, high + margin], nticks=6)
    figure.update_xaxes(showgrid=False)
    return figure


def _have_room(values: pd.DataFrame, n_columns: int) -> bool:
    """Whether the values of every parameter can be written whole under panels of that many columns."""
    room = panel_width(n_columns, left=_LEFT)
    each = [ticks for name in values for ticks in [_places(values[name])[1]]]
    texts = [(tick, room / len(ticks) - 6) for ticks in each for tick in ticks if isinstance(tick, str)]
    return all(width_of(tick, _SIZE) <= width for tick, width in texts)


def draw_tradeoff(summary: Results | pd.DataFrame) -> Figure:
    """A figure with parallel axes, one per metric, and one line per setting; those on the Pareto front are highlighted.

    Parameters
    ----------
    summary : Study or pandas.DataFrame
        Of :func:`topics.sweep`, or its ``summary()``.

    Raises
    ------
    ValueError
        If no setting is finished.
    """
    frame = frame_of(summary, "summary", columns=())
    names = [name for name in ("n_topics", *(f"metrics.{axis}" for axis in _AXES)) if name in frame.columns]
    columns = [name for name in names if frame[name].notna().any()][:_MAX_AXES]
    if not len(frame) or "front" not in frame.columns or len(columns) < 2:
        raise InputError("expected finished settings with at least two metrics, got none")
    spans = {name: (float(frame[name].min()), float(frame[name].max())) for name in columns}
    params = [name for name in frame.columns if name.startswith("params.")]
    figure = new_figure("on the front (orange): no other setting is better in all metrics")
    for row in sorted(frame.to_dict("records"), key=lambda row: row["front"]):
        values = "<br>".join(f"{_plain(name)} {row[name]:.3f}" for name in columns)
        figure.add_scatter(
            x=list(range(len(columns))), y=[_share(row[name], spans[name]) for name in columns], mode="lines+markers",
            showlegend=False, line={"color": SECOND if row["front"] else DIM, "width": 2.5 if row["front"] else 1},
            marker={"size": 6}, opacity=1.0 if row["front"] else 0.5, text=[_describe(row, params)] * len(columns),
            hovertemplate=f"%{{text}}<br>{values}<extra></extra>",
        )  # fmt: skip
    for i, name in enumerate(columns):
        for height, value in zip((0, 1), spans[name], strict=True):
            figure.add_annotation(
                x=i, y=height, text=f"{value:.3g}", showarrow=False, yshift=14 if height else -14,
                font={"size": _SIZE, "color": DIM},
            )  # fmt: skip
        figure.add_shape(type="line", x0=i, x1=i, y0=0, y1=1, line={"color": LINE, "width": 1}, layer="below")
    room = (MIN_WIDTH - 60) / len(columns) - 10
    figure.update_layout(
        xaxis={
            "tickvals": list(range(len(columns))), "ticktext": [plain(fit(_plain(name), room)) for name in columns],
            "showgrid": False, "range": [-0.5, len(columns) - 0.5], "tickangle": 0,
        },
        yaxis={"visible": False, "range": [-0.12, 1.12]}, height=380, margin={"l": 30, "r": 30, "t": 50, "b": 40},
    )  # fmt: skip
    return figure


def draw_heat(results: Results | pd.DataFrame, x: str, *, y: str, metric: str = "npmi_held_out") -> Figure:
    """A heat map of a metric by two parameters: the mean of all settings and seeds at each pair of values.

    Parameters
    ----------
    results : Study or pandas.DataFrame
        Of :func:`topics.sweep`, or its ``results()``.
    x, y : str
        Dotted keys of the parameters, such as ``cluster.min_samples``.
    metric : str
        Name of a score, or ``"n_topics"``.

    Raises
    ------
    ValueError
        If a parameter was not set, or no setting has the metric.
    """
    column, done = _column(frame_of(results, "results", columns=()), metric)
    for name in (x, y):
        if f"params.{name}" not in done.columns:
            known = [c.removeprefix("params.") for c in done.columns if c.startswith("params.")]
            raise InputError(f"expected a parameter of the sweep ({', '.join(known) or 'it has none'}), got {name!r}")
    across, across_ticks = _places(done[f"params.{x}"])
    up, up_ticks = _places(done[f"params.{y}"])
    table = np.full((len(up_ticks), len(across_ticks)), np.nan)
    for j, i in {*zip(up.tolist(), across.tolist(), strict=True)}:
        table[j, i] = done.loc[(up == j) & (across == i), column].mean()
    ends = [fit(tick, NAME_WIDTH, size=_SIZE) for tick in across_ticks]
    figure = new_figure(f"{_plain(metric)}, mean of settings and seeds")
    left = write_rows(figure, [str(tick) for tick in up_ticks], row_height=_CELL)["left"]
    cell = (MIN_WIDTH - max(60, left) - 24 - 120) / len(ends)  # beside the color bar
    widest = max(width_of(end, _SIZE) for end in ends)
    turned = widest > cell - 8
    below = 60 + (widest if turned else 0)
    hover = [[f"{plain(x)} {plain(one)}<br>{plain(y)} {plain(other)}" for one in across_ticks] for other in up_ticks]
    digits = 1 if np.nanmax(np.abs(table)) >= 10 else 3  # counts, or scores
    add_cells(figure, table, hover=hover, digits=digits if cell >= _CELL_TEXT else None)
    figure.update_layout(
        xaxis={
            "title": {"text": plain(fit(x, MIN_WIDTH / 2)), "standoff": 8}, "tickvals": list(range(len(ends))),
            "ticktext": list(map(plain, ends)), "tickangle": -90 if turned else 0, "showgrid": False,
            "tickfont": {"size": _SIZE},
        },
        yaxis={"title": {"text": plain(fit(y, _CELL * max(2, len(up_ticks)) + 20)), "standoff": 8}},
        height=figure.layout.height - 50 + below, margin={"l": max(60, left) + 24, "b": below},
    )  # fmt: skip
    return figure


def _column(results: pd.DataFrame, metric: str) -> tuple[str, pd.DataFrame]:
    """The metric's column, and the settings with a value."""
    column = metric if metric in results.columns else f"metrics.{metric}"
    if column not in results.columns or results[column].isna().all():
        known = [name.removeprefix("metrics.") for name in results.columns if name.startswith("metrics.")]
        raise InputError(f"expected a metric of the settings ({', '.join(known) or 'none'}), got {metric!r}")
    return column, results[results[column].notna()].reset_index(drop=True)


def _places(values: pd.Series) -> tuple[Any, list[Any]]:
    """Place of each value on an axis with equal steps, and the distinct values in order."""
    texts = values.map(repr)
    firsts = dict(zip(texts, values, strict=True))
    try:
        ordered = sorted(firsts, key=lambda text: firsts[text])
    except TypeError:  # of several types
        ordered = sorted(firsts)
    place = {text: i for i, text in enumerate(ordered)}
    return texts.map(place).to_numpy(), [firsts[text] for text in ordered]


def _describe(row: dict[Any, Any], params: list[str]) -> str:
    settings = [f"{name.removeprefix('params.')} {row[name]}" for name in params]
    return "<br>".join([*map(plain, settings), *([f"seed {row['seed']}"] if "seed" in row else [])])


def _share(value: float, span: tuple[float, float]) -> float:
    lowest, highest = span
    return (value - lowest) / (highest - lowest) if highest > lowest else 0.5


def _plain(name: str) -> str:
    return name.removeprefix("metrics.").replace("_", " ")
