"""Small panels side by side, each under its title, as figures with one a topic have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from topics.plot._figure import MIN_WIDTH
from topics.plot._text import plain
from topics.plot._theme import INK

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_GAP_SHARE = 0.06  # of the width, with labels of axes in it
_TITLE, _BETWEEN = 22, 36  # pixels: of a title, between a panel and the next title
_ABOVE, _BELOW, _SIDE = 36, 36, 20


def n_rows_of(n_panels: int, n_columns: int) -> int:
    """Rows that panels take."""
    return -(-n_panels // n_columns)


def place_panel(
    figure: Figure, place: int, *, n_columns: int, n_rows: int, height: float, color: str, title: str, left: int = _SIDE
) -> dict[str, str]:
    """Add the axes and the title of a panel, and say which axes its traces belong to.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        Changed in place: its height is that of all rows.
    place : int
        Number of the panel, from 0, row by row.
    n_columns, n_rows : int
        Of all panels.
    height : float
        Of a panel in pixels, its title not counted.
    color : str
        Of the line under the title.
    title : str
        A line that fits.
    left : int
        Pixels left of all panels.
    """
    axis, row, column = "" if place == 0 else str(place + 1), place // n_columns, place % n_columns
    whole = n_rows * (height + _TITLE + _BETWEEN) - _BETWEEN
    top = row * (height + _TITLE + _BETWEEN)
    width = (1 - _GAP_SHARE * (n_columns - 1)) / n_columns
    start = column * (width + _GAP_SHARE)
    figure.update_layout(height=whole + _ABOVE + _BELOW, margin={"l": left, "r": _SIDE, "t": _ABOVE, "b": _BELOW})
    figure.layout[f"xaxis{axis}"] = {"domain": [start, min(1.0, start + width)], "anchor": f"y{axis}"}
    figure.layout[f"yaxis{axis}"] = {
        "domain": [max(0.0, 1 - (top + _TITLE + height) / whole), 1 - (top + _TITLE) / whole], "anchor": f"x{axis}",
    }  # fmt: skip
    under = 1 - (top + _TITLE - 3) / whole
    figure.add_shape(
        type="line", xref="paper", yref="paper", x0=start, x1=min(1.0, start + width), y0=under, y1=under,
        line={"color": color, "width": 2},
    )  # fmt: skip
    figure.add_annotation(
        text=plain(title), xref="paper", yref="paper", showarrow=False, x=start, y=1 - top / whole, xanchor="left",
        yanchor="top", font={"size": 12, "color": INK}, borderpad=0,
    )  # fmt: skip
    return {"xaxis": f"x{axis}", "yaxis": f"y{axis}"}


def panel_width(n_columns: int, *, left: int = _SIDE) -> float:
    """Pixels of a panel at the least width of a figure.

    Parameters
    ----------
    n_columns : int
        Of all panels.
    left : int
        Pixels left of all panels.
    """
    return (MIN_WIDTH - left - _SIDE) * (1 - _GAP_SHARE * (n_columns - 1)) / n_columns
