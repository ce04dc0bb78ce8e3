"""What figures with a row a thing share: names at the left, the room they take, and the figure's height."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from topics.plot._text import fit, plain, width_of

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

NAME_WIDTH = 280  # pixels of a name, at most, which leaves the plane two thirds of 900
_SIZE, _GAP = 12, 14


def write_rows(
    figure: Figure, names: Sequence[str], *, row_height: float, above: int = 40, below: int = 50
) -> dict[str, Any]:
    """Name the rows of the y axis from the top, at 0, 1, …, and give the figure the height for them.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        Changed in place.
    names : sequence of str
        One a row; cut where they are long.
    row_height : float
        Pixels.
    above, below : int
        Pixels of the margins.
    """
    cut = [fit(name, NAME_WIDTH, size=_SIZE) for name in names]
    left = max((width_of(name, _SIZE) for name in cut), default=0) + _GAP
    figure.update_layout(
        height=above + below + row_height * max(len(cut), 2),
        margin={"l": max(60, left), "r": 24, "t": above, "b": below},
        yaxis={
            "tickmode": "array", "tickvals": list(range(len(cut))), "ticktext": list(map(plain, cut)),
            "tickfont": {"size": _SIZE}, "range": [max(len(cut), 2) - 0.5, -0.5], "showgrid": False, "fixedrange": True,
        },
    )  # fmt: skip
    return {"names": cut, "left": left}
