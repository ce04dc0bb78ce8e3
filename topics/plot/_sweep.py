"""Figures of a sweep: a metric by each parameter, metrics against each other, and a metric by two parameters."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.errors import InputError
from topics.plot._figure import new_figure

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

_INK, _PALE, _FRONT, _OTHER = "#1a1d21", "#9aa1a9", "#c55a11", "#5b7aa3"
_PANEL_WIDTH, _HEIGHT = 300, 360  # pixels; not tuned: set by eye
_AXES = ("npmi_held_out", "diversity", "stability", "noise_share", "n_topics")


def draw_cliffs(results: pd.DataFrame, metric: str = "npmi_held_out") -> Figure:
    """A figure with one panel per parameter: a metric of each setting by the parameter's value, with a line of means.

    A step in the line is a cliff: a small change of the parameter changes the result much. Points at the same value are
    other seeds and other parameters.

    Parameters
    ----------
    results : pandas.DataFrame
        ``Study.results()``.
    metric : str
        Name of a score, or ``"n_topics"``.

    Raises
    ------
    ValueError
        If no parameter is varied, or no setting has the metric.
    """
    column, done = _column(results, metric)
    params = [name for name in done.columns if name.startswith("params.")]
    varied = [name for name in params if len(set(map(repr, done[name]))) > 1]
    if not varied:
        raise InputError("expected a sweep with several values of a parameter, got none")
    figure, width = new_figure(), 1 / len(varied)
    for i, name in enumerate(varied):
        axis = "" if i == 0 else str(i + 1)
        places, ticks = _places(done[name])
        shift = np.random.default_rng(0).uniform(-0.12, 0.12, len(done))  # keeps equal values apart
        figure.add_scatter(
            x=places + shift, y=done[column], mode="markers", xaxis=f"x{axis}", yaxis="y", showlegend=False,
            marker={"size": 7, "color": _OTHER, "opacity": 0.6}, hovertemplate="%{text}<br>%{y:.3f}<extra></extra>",
            text=[_describe(row, varied) for row in done.to_dict("records")],
        )  # fmt: skip
        means = done.groupby(places)[column].mean()
        figure.add_scatter(
            x=means.index, y=means, mode="lines+markers", xaxis=f"x{axis}", yaxis="y", showlegend=False,
            line={"color": _INK, "width": 2}, marker={"size": 5}, hovertemplate="mean %{y:.3f}<extra></extra>",
        )  # fmt: skip
        figure.layout[f"xaxis{axis}"] = {
            "domain": [i * width + 0.02, (i + 1) * width - 0.02], "anchor": "y", "tickvals": list(range(len(ticks))),
            "ticktext": [escape(str(tick)) for tick in ticks], "title": escape(name.removeprefix("params.")),
            "range": [-0.4, len(ticks) - 0.6], "gridcolor": "#eef0f2",
        }  # fmt: skip
    figure.update_layout(
        yaxis={"title": escape(_plain(metric)), "gridcolor": "#eef0f2"}, template="plotly_white", height=_HEIGHT,
        width=max(420, 90 + _PANEL_WIDTH * len(varied)), margin={"l": 60, "r": 16, "t": 24, "b": 60},
        font={"family": "system-ui, sans-serif", "size": 13},
    )  # fmt: skip
    return figure


def draw_tradeoff(summary: pd.DataFrame) -> Figure:
    """A figure with parallel axes, one per metric, and one line per setting; those on the Pareto front are highlighted.

    Parameters
    ----------
    summary : pandas.DataFrame
        ``Study.summary()``.

    Raises
    ------
    ValueError
        If no setting is finished.
    """
    columns = [name for name in ("n_topics", *(f"metrics.{axis}" for axis in _AXES)) if name in summary.columns]
    if not len(summary) or len(columns) < 2:
        raise InputError("expected finished settings with at least two metrics, got none")
    spans = {name: (float(summary[name].min()), float(summary[name].max())) for name in columns}
    params = [name for name in summary.columns if name.startswith("params.")]
    figure = new_figure()
    for row in sorted(summary.to_dict("records"), key=lambda row: row["front"]):
        heights = [_share(row[name], spans[name]) for name in columns]
        values = "<br>".join(f"{_plain(name)} {row[name]:.3f}" for name in columns)
        figure.add_scatter(
            x=list(range(len(columns))), y=heights, mode="lines+markers", showlegend=False,
            line={"color": _FRONT if row["front"] else _PALE, "width": 2.5 if row["front"] else 1},
            marker={"size": 6}, opacity=1.0 if row["front"] else 0.6,
            hovertemplate=f"{escape(_describe(row, params))}<br>{values}<extra></extra>",
        )  # fmt: skip
    for i, name in enumerate(columns):
        for height, value in zip((0, 1), spans[name], strict=True):
            figure.add_annotation(
                x=i, y=height, text=f"{value:.3g}", showarrow=False, yshift=14 if height else -14,
                font={"size": 12, "color": "#4a5058"},
            )  # fmt: skip
        figure.add_shape(type="line", x0=i, x1=i, y0=0, y1=1, line={"color": "#c9ccd1", "width": 1}, layer="below")
    figure.update_layout(
        xaxis={
            "tickvals": list(range(len(columns))), "ticktext": [_plain(name) for name in columns], "showgrid": False,
            "zeroline": False, "range": [-0.3, len(columns) - 0.7],
        },
        yaxis={"visible": False, "range": [-0.12, 1.12]}, template="plotly_white", height=_HEIGHT,
        width=max(520, 130 * len(columns)), margin={"l": 30, "r": 30, "t": 40, "b": 40},
        title={"text": "on the front (orange): no other setting is better in all metrics", "font": {"size": 13}},
        font={"family": "system-ui, sans-serif", "size": 13},
    )  # fmt: skip
    return figure


def draw_heat(results: pd.DataFrame, x: str, *, y: str, metric: str = "npmi_held_out") -> Figure:
    """A heat map of a metric by two parameters: the mean of all settings and seeds at each pair of values.

    Parameters
    ----------
    results : pandas.DataFrame
        ``Study.results()``.
    x, y : str
        Dotted keys of the parameters, such as ``cluster.min_samples``.
    metric : str
        Name of a score, or ``"n_topics"``.

    Raises
    ------
    ValueError
        If a parameter was not set, or no setting has the metric.
    """
    column, done = _column(results, metric)
    for name in (x, y):
        if f"params.{name}" not in done.columns:
            known = [c.removeprefix("params.") for c in done.columns if c.startswith("params.")]
            raise InputError(f"expected a parameter of the sweep ({', '.join(known) or 'it has none'}), got {name!r}")
    across, across_ticks = _places(done[f"params.{x}"])
    up, up_ticks = _places(done[f"params.{y}"])
    table = np.full((len(up_ticks), len(across_ticks)), np.nan)
    for j, i in {*zip(up.tolist(), across.tolist(), strict=True)}:
        table[j, i] = done.loc[(up == j) & (across == i), column].mean()
    figure = new_figure()
    figure.add_heatmap(
        z=table, x=[str(tick) for tick in across_ticks], y=[str(tick) for tick in up_ticks], colorscale="Cividis",
        texttemplate="%{z:.3f}", colorbar={"title": escape(_plain(metric))}, hoverongaps=False,
        hovertemplate=f"{escape(x)} %{{x}}<br>{escape(y)} %{{y}}<br>%{{z:.3f}}<extra></extra>",
    )  # fmt: skip
    figure.update_layout(
        xaxis={"title": escape(x), "type": "category"}, yaxis={"title": escape(y), "type": "category"},
        template="plotly_white", width=220 + 90 * max(3, len(across_ticks)), height=150 + 55 * max(3, len(up_ticks)),
        margin={"l": 80, "r": 16, "t": 24, "b": 60}, font={"family": "system-ui, sans-serif", "size": 13},
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
    return "<br>".join([*map(escape, settings), *([f"seed {row['seed']}"] if "seed" in row else [])])


def _share(value: float, span: tuple[float, float]) -> float:
    lowest, highest = span
    return (value - lowest) / (highest - lowest) if highest > lowest else 0.5


def _plain(name: str) -> str:
    return name.removeprefix("metrics.").replace("_", " ")
