"""Cells of a heat map with their values, readable on every color of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from topics.plot._theme import SCALE

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

# Where on the scale black and white text contrast alike: Cividis is even in lightness, from 13 to 92 of 100, and that
# is at 50 (WCAG 2: a luminance of .18).
_BLACK_FROM = (50 - 13) / (92 - 13)


def add_cells(
    figure: Figure, table: NDArray[np.float64], *, hover: Sequence[Sequence[str]], digits: int | None
) -> None:
    """Add a heat map; cells without a value are empty.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        Changed in place.
    table : numpy.ndarray of float64, shape (n_rows, n_columns)
        NaN where there is no value.
    hover : sequence of sequence of str
        What each cell says before its value, inert.
    digits : int or None
        After the decimal point, of the value in each cell; None writes none.
    """
    rows, columns = np.nonzero(~np.isnan(table))
    figure.add_heatmap(
        z=table, x=list(range(table.shape[1])), y=list(range(table.shape[0])), colorscale=SCALE, hoverongaps=False,
        xgap=1, ygap=1, customdata=[list(row) for row in hover], colorbar={"thickness": 14, "outlinewidth": 0},
        hovertemplate="%{customdata}<br>%{z:.3f}<extra></extra>",
    )  # fmt: skip
    if digits is None or not len(rows):
        return
    values = table[rows, columns]
    span = values.max() - values.min()
    on_light = (values - values.min()) / span > _BLACK_FROM if span > 0 else np.zeros(len(values), dtype=bool)
    for color, chosen in (("black", on_light), ("white", ~on_light)):
        figure.add_scatter(
            x=columns[chosen], y=rows[chosen], mode="text", text=[f"{value:.{digits}f}" for value in values[chosen]],
            textfont={"color": color, "size": 12}, hoverinfo="skip", showlegend=False,
        )  # fmt: skip
