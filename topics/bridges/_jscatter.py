"""Run → jupyter-scatter."""

from __future__ import annotations

from typing import Any

from topics.bridges._run import NOISE_NAME, Mapped, map_frame
from topics.errors import MissingExtraError
from topics.plot._theme import color_of
from topics.records import NOISE


def to_jscatter(run: Mapped, *, height: int = 640) -> Any:
    """A ``jscatter.Scatter`` of the map, colored and labeled by topic, with headlines as tooltips.

    ``scatter.show()`` displays it in a notebook, ``scatter.selection()`` gives the rows of what is selected there, of
    ``run.documents()`` without near-duplicates. It needs WebGL and no network.

    Parameters
    ----------
    run : Mapped
        A run.
    height : int
        Of the widget in pixels.

    Raises
    ------
    MissingExtraError
        If jupyter-scatter is not installed.

    Examples
    --------
    >>> run.to_jscatter().show()  # doctest: +SKIP
    """
    try:
        from jscatter import Scatter
    except ImportError:
        raise MissingExtraError(
            'a map in jupyter-scatter needs that library, which is not installed: pip install "topics[bridges]"'
        ) from None
    frame = map_frame(run)
    numbers = dict(zip(frame["topic_name"], frame["topic"], strict=True))
    order = sorted(numbers, key=lambda name: (numbers[name] == NOISE, numbers[name]))
    told = frame[["x", "y", "doc_id", "headline", "source", "lang", "confidence"]].assign(
        topic=frame["topic_name"].astype("category").cat.set_categories(order),
        **{name: frame[name].fillna("") for name in ("source", "lang")},
    )
    scatter = Scatter(x="x", y="y", data=told, height=height)
    scatter.color(by="topic", map={name: color_of(int(numbers[name])) for name in order})
    scatter.label(by="topic", exclude=[NOISE_NAME] if NOISE_NAME in order else [])
    scatter.axes(False)
    scatter.size(default=4)
    scatter.tooltip(True, properties=["topic", "source", "lang", "confidence"], preview="headline", histograms=False)
    return scatter
