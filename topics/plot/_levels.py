"""Figure of how the level was chosen: stability and noise of leaf and excess-of-mass cuts by number of clusters."""

from __future__ import annotations

from html import escape
from math import log10
from typing import TYPE_CHECKING

from topics.plot._figure import new_figure

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

_FAMILIES = {  # name, color, pale color for the error, marker
    "leaf": ("leaf cuts", "#0b5394", "rgba(11,83,148,.35)", "circle"),
    "eom": ("excess-of-mass cuts", "#c55a11", "rgba(197,90,17,.35)", "diamond"),
}
# Not tuned: what looks right.
_HEIGHT = 480
_PANELS = ((0.36, 1.0), (0.0, 0.26))
_TICKS = (2, 3, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
_HOVER = (
    "%{customdata[0]} to %{customdata[1]} clusters<br>min_cluster_size %{customdata[2]}<br>stability "
    "%{customdata[3]:.3f} (AMI %{customdata[4]:.3f}, ARI %{customdata[5]:.3f})<br>noise %{customdata[6]:.1%}"
)
_HOVERED = ["min_clusters", "max_clusters", "min_cluster_size", "stability", "agreement", "rand", "noise_share"]


def draw_scan(scan: pd.DataFrame, levels: pd.DataFrame | None = None) -> Figure:
    """A figure with two panels by number of clusters: stability with its standard error, and noise.

    Each selection method is a line, from the smallest ``min_cluster_size`` to the largest. A solid vertical line marks
    the level of the run, dotted lines the others.

    Parameters
    ----------
    scan : pandas.DataFrame
        ``Run.scan()``, at least two cuts.
    levels : pandas.DataFrame or None
        ``Run.levels()``; None marks the levels in the scan without highlighting one.
    """
    figure = new_figure()
    for method, (name, color, pale, symbol) in _FAMILIES.items():
        cuts = scan[scan["cluster_selection_method"] == method].sort_values("min_cluster_size")
        for column, axis in (("stability", "y"), ("noise_share", "y2")):
            figure.add_scatter(
                x=cuts["n_clusters"], y=cuts[column], yaxis=axis, name=name, legendgroup=method,
                mode="lines+markers", showlegend=axis == "y" and len(cuts) > 0,
                line={"color": color, "width": 2}, marker={"size": 7, "symbol": symbol},
                error_y={"array": cuts["stability_error"], "width": 0, "thickness": 4, "color": pale}
                if axis == "y" else None,
                customdata=cuts[_HOVERED], hovertemplate=f"{name}<br>{_HOVER}<extra></extra>",
            )  # fmt: skip
    marked = scan[scan["level"].notna()] if levels is None else levels
    for row in marked.to_dict("records"):
        chosen = bool(row.get("chosen", False))
        figure.add_shape(
            type="line", x0=row["n_clusters"], x1=row["n_clusters"], y0=0, y1=1, yref="paper",
            line={"color": "#1a1d21" if chosen else "#4a5058", "width": 2 if chosen else 1, "dash": "solid" if chosen
                  else "dot"},
            opacity=0.8 if chosen else 0.6, layer="below",
        )  # fmt: skip
        name = escape(str(row["level"]))
        figure.add_annotation(
            x=log10(row["n_clusters"]), y=1.0, yref="paper", yanchor="bottom", showarrow=False,
            text=f"<b>{name}</b> ({row['n_clusters']:.0f})" + ("<br>this run" if chosen else ""),
            font={"size": 13, "color": "#1a1d21" if chosen else "#4a5058"},
        )  # fmt: skip
    lowest = (scan["stability"] - scan["stability_error"].fillna(0)).min()
    figure.update_layout(
        autosize=True, height=_HEIGHT, template="plotly_white", margin={"l": 70, "r": 20, "t": 84, "b": 50},
        font={"family": "system-ui, sans-serif", "size": 13}, hovermode="closest",
        legend={"orientation": "h", "x": 0, "y": 1.14, "yanchor": "bottom"},
        xaxis={"type": "log", "title": "number of clusters", "anchor": "y2", "tickvals": _TICKS},
        yaxis={"domain": _PANELS[0], "title": "stability", "range": [min(0.5, lowest) - 0.02, 1.03]},
        yaxis2={"domain": _PANELS[1], "title": "noise", "tickformat": ".0%", "rangemode": "tozero"},
    )  # fmt: skip
    return figure
