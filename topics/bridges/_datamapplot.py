"""Run → DataMapPlot."""

from __future__ import annotations

from typing import Any

from topics.bridges._run import NOISE_NAME, Mapped, map_frame
from topics.errors import MissingExtraError
from topics.plot._theme import color_of


def to_datamapplot(run: Mapped, *, interactive: bool = False) -> Any:
    """DataMapPlot's figure of the map, with the topics' names around it.

    The still one is matplotlib's, in fonts of the system, and needs no network; an interactive page loads its scripts
    from one.

    Parameters
    ----------
    run : Mapped
        A run.
    interactive : bool
        Whether to make a page on which points can be hovered over and searched.

    Returns
    -------
    tuple of matplotlib.figure.Figure and matplotlib.axes.Axes, or datamapplot.InteractiveFigure
        The interactive one has ``save(path)`` and shows itself in a notebook.

    Raises
    ------
    MissingExtraError
        If DataMapPlot is not installed.
    """
    try:
        import datamapplot
    except ImportError as error:
        # no extra: a library that it asks for takes no pandas 3, which is pinned here, though it works with it
        raise MissingExtraError(
            f"a map in DataMapPlot needs that library, which does not open here ({error}): pip install datamapplot, or "
            "beside pandas 3 as docs/time.md says"
        ) from None
    frame = map_frame(run)
    names = frame["topic_name"].to_numpy(dtype=object)
    colors = {name: color_of(int(topic)) for name, topic in zip(names, frame["topic"], strict=True)}
    places = frame[["x", "y"]].to_numpy()
    shared: dict[str, Any] = {"noise_label": NOISE_NAME, "label_color_map": colors, "title": run.name}
    if interactive:
        return datamapplot.create_interactive_plot(
            places, names, hover_text=frame["headline"].tolist(), enable_search=True, **shared
        )
    return datamapplot.create_plot(places, names, use_system_fonts=True, font_family="DejaVu Sans", **shared)
