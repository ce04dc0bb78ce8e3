"""The one theme of all figures, light and dark: colors, fonts, grid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from topics.errors import InputError
from topics.records import NOISE

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Theme = Literal["light", "dark"]

FONT = "system-ui, sans-serif"
INK, DIM, LINE, GRID, PAPER = "#1a1d21", "#4a5058", "#c8ccd2", "#eceef1", "#ffffff"
NOISE_COLOR = "#c9ccd1"
# Eighteen hues of alternating lightness; the first six differ for readers without one kind of cones (tests/plot), in
# both themes. Further topics repeat them, since labels name the topics directly.
COLORS = (
    "#3366a8", "#e07b39", "#2e8b57", "#b5338a", "#8a6d1f", "#5aa9d6",
    "#c0392b", "#6b4fa0", "#7fae3c", "#d98cb3", "#1f7a7a", "#9c5a3c",
    "#4a4f57", "#d4ac0d", "#16c1c8", "#7b241c", "#9fa8da", "#274e37",
)  # fmt: skip
_DARK_COLORS = (
    "#6f9fe0", "#f0925a", "#4fc07f", "#e06abb", "#a38534", "#7cc4ec",
    "#ee6a5c", "#a48ae0", "#a5d35c", "#eda9cb", "#46b5b5", "#cf8a68",
    "#aab2bd", "#f0cf3c", "#3fdbe2", "#d06a60", "#b9c1f2", "#6fae8a",
)  # fmt: skip
# Of few things that are compared, in this order: blue and orange differ for every reader and in gray.
FIRST, SECOND = "#0b5394", "#c55a11"
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "x", "cross", "star", "triangle-down")
# Sequential, even for color-blind readers and in gray (Nuñez et al. 2018), without its darkest fifth in the dark.
SCALE = "Cividis"
DARK: Mapping[str, str] = {
    INK: "#e9edf2", DIM: "#a9b2bd", LINE: "#4d555f", GRID: "#2a3038", PAPER: "#16191e", NOISE_COLOR: "#5b626b",
    FIRST: "#5a9bea", SECOND: "#ffb37f", **dict(zip(COLORS, _DARK_COLORS, strict=True)),
}  # fmt: skip
"""What each color of the light theme is in the dark one."""


def color_of(topic: int) -> str:
    """Color of a topic's points and label; gray for noise."""
    return NOISE_COLOR if topic == NOISE else COLORS[topic % len(COLORS)]


def faded(color: str, alpha: float) -> str:
    """A color that lets what is behind it through.

    Parameters
    ----------
    color : str
        As ``#rrggbb``.
    alpha : float
        From 0 (nothing is seen) to 1.
    """
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def template() -> dict[str, Any]:
    """What Plotly takes as ``layout.template``: fonts, ground and grid in the colors of the light theme."""
    axis = {
        "gridcolor": GRID, "linecolor": LINE, "tickcolor": LINE, "zeroline": False, "title": {"font": {"size": 13}},
    }  # fmt: skip
    return {
        "layout": {
            "font": {"family": FONT, "size": 13, "color": INK}, "paper_bgcolor": PAPER, "plot_bgcolor": PAPER,
            "colorway": list(COLORS), "colorscale": {"sequential": SCALE}, "xaxis": axis, "yaxis": axis,
            "hoverlabel": {"align": "left"}, "hovermode": "closest", "margin": {"l": 60, "r": 20, "t": 30, "b": 50},
            "title": {
                "font": {"size": 13, "color": DIM}, "x": 0, "xref": "container", "xanchor": "left", "y": 1,
                "yref": "container", "yanchor": "top", "pad": {"l": 12, "t": 10}, "automargin": False,
            },
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom", "itemsizing":
                       "constant"},
        }
    }  # fmt: skip


def with_theme(figure: Figure, theme: Theme = "dark") -> Figure:
    """The figure in the other theme; the one that is given stays as it is.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        Of this room, as it was drawn.
    theme : {"light", "dark"}
        "dark" is for notebooks and slides with a dark ground; figures are drawn in the light theme, which is for print.

    Raises
    ------
    ValueError
        If there is no such theme.
    """
    if theme not in ("light", "dark"):
        raise InputError(f"expected a theme to be 'light' or 'dark', got {theme!r}")
    swap = DARK if theme == "dark" else {dark: light for light, dark in DARK.items()}
    return type(figure)(_turned(figure.to_dict(), swap))


def _turned(value: Any, swap: Mapping[str, str], *, is_color: bool = False) -> Any:
    """A part of a figure with every color swapped; other texts, such as a topic's name, are left alone."""
    if isinstance(value, dict):
        return {name: _turned(part, swap, is_color="color" in name) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_turned(part, swap, is_color=is_color) for part in value]
    if not is_color or not isinstance(value, str):
        return value
    if value.startswith("rgba("):
        *rgb, alpha = value[5:-1].split(",")
        opaque = "#" + "".join(f"{int(part):02x}" for part in rgb)
        return faded(swap[opaque], float(alpha)) if opaque in swap else value
    return swap.get(value, value)
