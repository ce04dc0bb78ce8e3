"""A figure → a picture for a paper or a slide, by kaleido and a browser, without a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

from topics.errors import InputError, MissingExtraError
from topics.plot import with_theme
from topics.plot._theme import Theme
from topics.store import write_file

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_FORMATS = ("png", "svg", "pdf", "jpg", "webp")
_HEIGHT = 450  # pixels; Plotly's own, of a figure that says none


def save_figure(
    figure: Figure, path: str | Path, *, width: int = 900, height: int | None = None, scale: float = 2.0,
    theme: Theme = "light",
) -> Path:  # fmt: skip
    """Path of the picture that was written: PNG, SVG, PDF, JPEG or WebP by the path's suffix.

    Plotly's own ``write_image`` asks a server for MathJax; this loads nothing. SVG and PDF keep texts as texts.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        Of :mod:`topics.plot`, or any other.
    path : str or Path
        A file that is there is replaced.
    width, height : int
        In pixels; None takes the figure's own height. Figures of this toolkit are made for a width of 900 and more.
    scale : float
        Pixels of the picture for one of the figure, of formats that have pixels.
    theme : {"light", "dark"}
        See :func:`topics.plot.with_theme`.

    Raises
    ------
    ImportError
        If kaleido is not installed (extra: images).
    ValueError
        If the suffix is none of these, or there is no Chrome or Chromium.
    StoreError
        If the disk refuses.

    Examples
    --------
    >>> from topics.plot import draw_map
    >>> save_figure(draw_map(run), "map.svg")  # doctest: +SKIP
    """
    target = Path(path)
    kind = target.suffix.lower().removeprefix(".").replace("jpeg", "jpg")
    if kind not in _FORMATS:
        raise InputError(f"expected a picture's path to end in .{', .'.join(_FORMATS)}, got {str(path)!r}")
    if theme not in get_args(Theme):
        raise InputError(f"expected a theme to be 'light' or 'dark', got {theme!r}")
    try:
        import kaleido
        from kaleido.errors import ChromeNotFoundError
    except ImportError:
        raise MissingExtraError('to write pictures, kaleido is needed: pip install "topics[images]"') from None
    drawn = with_theme(figure, theme) if theme == "dark" else figure
    size = {"width": width, "height": height or drawn.layout.height or _HEIGHT}
    try:
        content = kaleido.calc_fig_sync(
            drawn.to_dict(), opts={"format": kind, "scale": scale, **size}, kopts={"mathjax": False}
        )
    except ChromeNotFoundError:
        raise InputError(
            "expected Chrome or Chromium on this machine, which draws pictures, got none: install one (on Debian "
            "'apt install chromium') or run 'kaleido_get_chrome'"
        ) from None
    write_file(target, content)
    return target
