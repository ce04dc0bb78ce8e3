"""Figures that display in every notebook: in JupyterLab, in VS Code and on the page that nbconvert makes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from topics._say import count
from topics.plot._text import fit, plain
from topics.plot._theme import template

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_MIME = "application/vnd.plotly.v1+json"
_CARRIER = "topics_plotly_cell"
MIN_WIDTH = 900
"""Pixels for which figures are laid out; they fill wider places, and their labels still fit."""


def new_figure(note: str = "") -> Figure:
    """An empty figure of the theme; in a notebook it also displays as HTML without network access.

    Parameters
    ----------
    note : str
        A line above the figure, such as how many topics are not shown.
    """
    figure: Figure = _figure_class()()
    figure.layout.template = template()
    figure.layout.autosize = True
    if note:
        figure.layout.title = {"text": plain(fit(note, MIN_WIDTH - 24, size=13))}
    return figure


def largest(n_shown: int, n: int, *, noun: str = "topic", plural: str | None = None) -> str:
    """What is said of how many are shown; nothing where all are.

    Parameters
    ----------
    n_shown, n : int
        How many are shown, of how many.
    noun, plural : str
        What they are; None adds an s.
    """
    if n_shown >= n:
        return ""
    return f"the largest {f'{n_shown:,} ' if n_shown > 1 else ''}of {count(n, noun, plural)}"


@cache
def _figure_class() -> type[Figure]:
    import plotly.graph_objects as go

    class NotebookFigure(go.Figure):  # type: ignore[misc]
        def _ipython_display_(self) -> None:
            """Display as plotly does, with HTML beside its JSON, which alone is blank on nbconvert's page."""
            bundle = self._repr_mimebundle_()
            if set(bundle) != {_MIME}:  # the user or another front end has chosen a renderer
                super()._ipython_display_()
                return
            from IPython.display import display

            display({**bundle, "text/html": _html(self)}, raw=True)  # type: ignore[no-untyped-call]

        def __reduce__(self) -> Any:
            return go.Figure(self).__reduce__()

    return NotebookFigure


def _html(figure: Figure) -> str:
    """A ``div`` with the figure; in the first cell with a figure also the library, for all cells."""
    place = str(uuid4())
    html = figure.to_html(
        full_html=False,
        include_plotlyjs=_carries_library(),
        include_mathjax=False,
        div_id=place,
        config={"displaylogo": False},
    )
    otherwise = (
        f'<script>window.Plotly || (document.getElementById("{place}").textContent = '
        '"The figure needs the first figure of this notebook: run all cells.")</script>'
    )
    return f"{html}{otherwise}"


def _carries_library() -> bool:
    """Whether the running cell is the first of its kernel with a figure; also true when that cell is rerun."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return True
    request: Mapping[str, Any] = getattr(shell, "get_parent", dict)() or {}
    message = request.get("header", {}).get("msg_id", str(shell.execution_count))
    cell = request.get("metadata", {}).get("cellId", message)
    first, shown = shell.meta.setdefault(_CARRIER, (cell, None))
    if cell != first or message == shown:
        return False
    shell.meta[_CARRIER] = (cell, message)
    return True
