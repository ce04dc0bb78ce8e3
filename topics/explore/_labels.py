"""Where labels of topics stand on the map of the explorer, and from which scale on: computed once, for every view."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from topics.plot._text import fit, width_of

_FONTS = (13.0, 11.5)  # pixels, of few topics and of many; not tuned
_FEW = 25
_BOLD = 1.06  # letters of weight 600 to plain ones, at most in usual fonts
_WIDEST = 290  # pixels of a label
_BESIDE = 7  # pixels from the text to the edge
_ABOVE = 8  # pixels of a line beyond its letters
_WHOLE = 250  # pixels a unit when a map of some 540 pixels shows all; labels that are free there stay near
_OFFSETS = (-1, 0, 1, -2, 2, -3, 3)  # from the middle of the topic, in lines: above first, so that points are seen
_NEVER = 1e9  # a scale that no map comes to


def with_places(topics: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The topics with ``short``, the text of their label, and ``place``.

    A place is a mapping: ``font`` and ``half`` of the label's width in pixels, ``step`` from the anchor in lines
    downward, ``from``, the scale (pixels a unit of the plane) from which the label meets none that is shown then.
    Labels of larger topics are placed first, and one that is shown stays at every closer look. Widths are those that
    letters have at most in usual fonts, so that the places hold in every browser.

    Parameters
    ----------
    topics : sequence of Mapping
        With ``topic, name, label, terms, size`` and ``anchor``, the place of the topic's middle.
    """
    font = _FONTS[len(topics) > _FEW]
    line = font + _ABOVE
    texts = [fit(_called(topic), _WIDEST, size=font * _BOLD) for topic in topics]
    places: list[dict[str, Any]] = [{} for _ in topics]
    shown = np.zeros((0, 5))  # x, y, half, step, from of those that are placed
    for at in sorted(range(len(topics)), key=lambda at: (-topics[at]["size"], topics[at]["topic"])):
        half = math.ceil(width_of(texts[at], font * _BOLD) / 2) + _BESIDE
        best = (_NEVER, 0)
        for step in _OFFSETS:
            best = min(best, (_first_free(topics[at]["anchor"], half, step, shown, line=line), step), key=_scale)
            if best[0] <= _WHOLE:
                break
        shown = np.vstack([shown, (*topics[at]["anchor"], half, best[1], best[0])])
        places[at] = {"font": font, "half": half, "step": best[1], "from": best[0]}
    return [{**topic, "short": text, "place": place} for topic, text, place in zip(topics, texts, places, strict=True)]


def _called(topic: Mapping[str, Any]) -> str:
    return topic["name"] or ", ".join(topic["terms"][:3]) or topic["label"]


def _scale(place: tuple[float, int]) -> float:
    return place[0]


def _first_free(anchor: Sequence[float], half: float, step: int, shown: Any, *, line: float) -> float:
    """The scale from which a label meets none of those that are placed before it."""
    x, y, halves, steps, since = shown.T
    with np.errstate(divide="ignore", invalid="ignore"):
        across = (half + halves) / np.abs(anchor[0] - x)  # the scale from which they are beside each other
        slope, shift = y - anchor[1], (step - steps) * line
        ends = np.array(
            [(-line - shift) / slope, (line - shift) / slope]
        )  # between which they are less than a line apart
        level = slope == 0
        low = np.where(level, 0.0, np.maximum(0.0, ends.min(axis=0)))
        high = np.where(level, np.where(np.abs(shift) < line, np.inf, 0.0), ends.max(axis=0))
    until = np.minimum(np.minimum(across, high), _NEVER)
    meets = (until > low) & (until > since) & (since < _NEVER)
    return math.ceil(float(until[meets].max(initial=0.0)) * 100) / 100
