"""How the level was chosen: stability, noise and number of clusters against the minimum cluster size."""

from __future__ import annotations

from html import escape
from math import log10
from typing import TYPE_CHECKING

from topics.plot._figure import new_figure

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

_STABILITY, _AGREEMENT, _NOISE, _CLUSTERS = "#0b5394", "#8db7dd", "#b45f06", "#38761d"
_HEIGHT = 560
_PANELS = ((0.56, 1.0), (0.33, 0.5), (0.0, 0.27))


def draw_scan(scan: pd.DataFrame, levels: pd.DataFrame | None = None) -> Figure:
    """A figure of three panels over one axis: agreement and stability, noise, number of clusters; levels are named.

    The level that the run is of has a full line, the others a dotted one.

    Parameters
    ----------
    scan : pandas.DataFrame
        ``Run.scan()``, of two cuts or more.
    levels : pandas.DataFrame or None
        ``Run.levels()``; None marks the levels among the cuts, and none of them as the run's.
    """
    sizes = scan["min_cluster_size"]
    figure = new_figure()
    lines = (
        ("agreement of seeds (AMI)", "agreement", _AGREEMENT, "y"),
        ("stability: agreement × share in clusters", "stability", _STABILITY, "y"),
        ("noise", "noise_share", _NOISE, "y2"),
    )
    for name, column, colour, axis in lines:
        figure.add_scatter(
            x=sizes, y=scan[column], yaxis=axis, name=name, mode="lines+markers", showlegend=axis == "y",
            line={"color": colour, "width": 2}, marker={"size": 6},
            hovertemplate=f"{name} %{{y:.3f}}<br>at least %{{x}} documents<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=sizes, y=scan["n_clusters"], yaxis="y3", name="clusters", mode="lines+markers", showlegend=False,
        line={"color": _CLUSTERS, "width": 2}, marker={"size": 6},
        error_y={
            "array": scan["most"] - scan["n_clusters"], "arrayminus": scan["n_clusters"] - scan["fewest"],
            "width": 0, "thickness": 4, "color": "rgba(56,118,29,.35)",
        },
        customdata=scan[["fewest", "most"]],
        hovertemplate="%{customdata[0]} to %{customdata[1]} clusters<br>min_cluster_size %{x}<extra></extra>",
    )  # fmt: skip
    marked = scan[scan["level"].notna()] if levels is None else levels
    for row in marked.to_dict("records"):
        chosen = bool(row.get("chosen", False))
        figure.add_shape(
            type="line", x0=row["min_cluster_size"], x1=row["min_cluster_size"], y0=0, y1=1, yref="paper",
            line={"color": "#1a1d21" if chosen else "#4a5058", "width": 2 if chosen else 1, "dash": "solid" if chosen
                  else "dot"},
            opacity=0.8 if chosen else 0.6, layer="below",
        )  # fmt: skip
        name = escape(str(row["level"]))
        figure.add_annotation(
            x=log10(row["min_cluster_size"]), y=1.0, yref="paper", yanchor="bottom", showarrow=False,
            text=f"<b>{name}</b> ({row['n_clusters']:.0f})" + ("<br>this run" if chosen else ""),
            font={"size": 13, "color": "#1a1d21" if chosen else "#4a5058"},
        )  # fmt: skip
    ticks = sizes.iloc[:: max(1, len(sizes) // 10)]
    figure.update_layout(
        autosize=True, height=_HEIGHT, template="plotly_white", margin={"l": 70, "r": 20, "t": 74, "b": 50},
        font={"family": "system-ui, sans-serif", "size": 13}, hovermode="closest",
        legend={"orientation": "h", "x": 0, "y": 1.1, "yanchor": "bottom"},
        xaxis={
            "type": "log", "title": "minimum cluster size", "anchor": "y3",
            "tickvals": ticks, "ticktext": ticks.astype(str),
        },
        yaxis={"domain": _PANELS[0], "title": "agreement", "range": [min(0.5, scan["stability"].min()) - 0.02, 1.03]},
        yaxis2={"domain": _PANELS[1], "title": "noise", "tickformat": ".0%", "rangemode": "tozero"},
        yaxis3={"domain": _PANELS[2], "title": "clusters", "type": "log", "dtick": "D2"},
    )  # fmt: skip
    return figure
