"""Placement of topic labels on a map: at the densest place of each topic, without overlaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from topics.plot._text import fit

if TYPE_CHECKING:
    from numpy.typing import NDArray

# No record of their tuning.
_WIDTH = 270  # pixels of a label of size 12, at most
_REACH = 3  # lines by which a label may be moved from its place
_SHIFT = 0.8  # of half the width, so that a label moved sideways still covers its place
_OFF = 0.25  # cost of a line up or down or of a shift, in shares of the topic's points hidden
_STEP = 0.5  # of a line
_AT_OTHER = 1.0  # cost of being closest to a point of another topic, likewise
_CORE = 30  # maximum number of neighbors that make a place dense
_MAX_POINTS = 5_000  # points of a topic that are searched, to bound the time


@dataclass(frozen=True)
class Label:
    """The place of a label, in pixels from the lower left corner.

    Attributes
    ----------
    topic : int
        Number of the topic.
    x, y : float
        Center of the label.
    """

    topic: int
    x: float
    y: float


def shorten(text: str) -> str:
    """The text on one line of about 40 letters.

    Parameters
    ----------
    text : str
        A name or some terms.
    """
    return fit(text, _WIDTH)


def densest(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Center of the densest neighborhood of the points; outliers do not move it.

    Parameters
    ----------
    points : numpy.ndarray of float64, shape (n, 2)
        At least one.
    """
    from scipy.spatial import cKDTree

    seen = points[:: -(-len(points) // _MAX_POINTS)]
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
    """The labels of the topics with room near their densest place, in the order of ``widths``.

    Parameters
    ----------
    points : numpy.ndarray of float64, shape (n_docs, 2)
        Points in pixels from the lower left corner.
    topics : numpy.ndarray of int, shape (n_docs,)
        Topic of each point.
    widths : sequence of (int, float)
        Topics and the widths of their labels in pixels; earlier topics are placed first.
    line : float
        Height of a line in pixels.
    size : tuple of float
        Width and height of the map in pixels.
    """
    occupied: list[tuple[float, float, float]] = []
    placed: list[Label] = []
    for topic, width in widths:
        is_own = topics == topic
        own = points[is_own]
        if not len(own):
            continue
        half = width / 2
        x, y = densest(own)
        # A label covers x and is at most so many lines off y: what is farther than its own points cannot be nearest.
        far = np.hypot(*(own - (x, y)).T).min() + (_REACH + 0.5) * line
        is_near = (np.abs(points[:, 0] - x) <= width + far) & (np.abs(points[:, 1] - y) <= (_REACH + 1) * line + far)
        near, own_near = points[is_near], is_own[is_near]
        best, lowest = None, np.inf
        for step, shift in product(np.arange(-_REACH, _REACH + _STEP, _STEP).tolist(), (0, -1, 1)):
            middle = float(np.clip(x + shift * half * _SHIFT, half, max(half, size[0] - half)))
            top = float(np.clip(y + step * line, line / 2, size[1] - line / 2))
            if any(abs(middle - there) < half + other and abs(top - at) < line for there, at, other in occupied):
                continue
            beside = np.maximum(np.abs(near[:, 0] - middle) - half, 0.0)
            apart = np.hypot(beside, np.maximum(np.abs(near[:, 1] - top) - line / 2, 0.0))
            at_other = apart[~own_near].min(initial=np.inf) < apart[own_near].min()
            cost = (apart == 0).sum() / len(own) + _OFF * (abs(step) + abs(shift)) + _AT_OTHER * at_other
            if cost < lowest:
                best, lowest = (middle, top), cost
        if best is not None:
            occupied.append((*best, half))
            placed.append(Label(topic, *best))
    return placed
