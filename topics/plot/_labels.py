"""Where labels of topics stand on a map: at the densest place of each, clear of one another."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CHARACTERS = 42
_REACH = 3  # lines that a label may stand off its place
_ASIDE = 0.8  # of half the width, so that the label still covers its place
_OFF = 0.25  # a line off, or a step aside, is as bad as hiding so many points as this share of the topic's
_STEP = 0.5  # of a line
_AT_OTHER = 1.0  # to stand nearest to a point of another topic is as bad as hiding so much of the own
_CORE = 30  # neighbors, at most, that make a place dense
_LOOKED_AT = 5_000


@dataclass(frozen=True)
class Label:
    """A label in pixels from the lower left corner.

    Attributes
    ----------
    topic : int
        Its topic.
    x, y : float
        Its middle.
    """

    topic: int
    x: float
    y: float


def shorten(text: str) -> str:
    """A label of one line that is not too wide.

    Parameters
    ----------
    text : str
        A name or some terms.
    """
    line = " ".join(text.split())
    if len(line) <= _CHARACTERS:
        return line
    cut = textwrap.shorten(line, _CHARACTERS, placeholder=" …")
    return cut if len(cut) > _CHARACTERS // 3 else f"{line[: _CHARACTERS - 1]}…"  # one long word, or no spaces


def n_cells(text: str) -> int:
    """Width of a text in Latin letters; letters of East Asia take two.

    Parameters
    ----------
    text : str
        Of one line.
    """
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def densest(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The middle of the points about the one whose neighbors are nearest; a few outliers do not move it.

    Parameters
    ----------
    points : numpy.ndarray of float64, shape (n, 2)
        At least one.
    """
    from scipy.spatial import cKDTree

    seen = points[:: -(-len(points) // _LOOKED_AT)]
    k = min(len(seen), _CORE, max(3, round(len(seen) / 3)))
    distances, neighbors = cKDTree(seen).query(seen, k=k)
    reach = distances.reshape(len(seen), k)[:, -1]
    return np.asarray(seen[neighbors.reshape(len(seen), k)[reach.argmin()]].mean(axis=0))


def place_labels(
    points: NDArray[np.float64],
    topics: NDArray[np.integer],
    *,
    widths: Sequence[tuple[int, float]],
    line: float,
    size: tuple[float, float],
) -> list[Label]:
    """A label for each topic that has room near its densest place, those named first before others.

    Parameters
    ----------
    points : numpy.ndarray of float64, shape (n_docs, 2)
        In pixels from the lower left corner.
    topics : numpy.ndarray of int, shape (n_docs,)
        Of each point.
    widths : sequence of (int, float)
        Topics and the pixels their labels take.
    line : float
        Pixels from one line to the next.
    size : tuple of float
        Width and height of the map.
    """
    taken: list[tuple[float, float, float]] = []
    placed: list[Label] = []
    for topic, width in widths:
        is_own = topics == topic
        own = points[is_own]
        if not len(own):
            continue
        half = width / 2
        x, y = densest(own)
        best, least = None, np.inf
        for step, shift in product(np.arange(-_REACH, _REACH + _STEP, _STEP).tolist(), (0, -1, 1)):
            middle = float(np.clip(x + shift * half * _ASIDE, half, max(half, size[0] - half)))
            top = float(np.clip(y + step * line, line / 2, size[1] - line / 2))
            if any(abs(middle - there) < half + other and abs(top - at) < line for there, at, other in taken):
                continue
            beside = np.maximum(np.abs(points[:, 0] - middle) - half, 0.0)
            apart = np.hypot(beside, np.maximum(np.abs(points[:, 1] - top) - line / 2, 0.0))
            at_other = apart[~is_own].min(initial=np.inf) < apart[is_own].min()
            cost = (apart == 0).sum() / len(own) + _OFF * (abs(step) + abs(shift)) + _AT_OTHER * at_other
            if cost < least:
                best, least = (middle, top), cost
        if best is not None:
            taken.append((*best, half))
            placed.append(Label(topic, *best))
    return placed
