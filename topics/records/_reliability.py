"""How reliable the topics of a run are under other seeds, as far as its levels say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.records._clusters import Levels
from topics.records._origin import NOISE

if TYPE_CHECKING:
    from numpy.typing import NDArray


def seed_reproducibility(labels: NDArray[np.int32], levels: Levels, *, level: str) -> dict[int, float]:
    """How reproducible each topic is under other seeds; topics that edits changed are not among them.

    Parameters
    ----------
    labels : numpy.ndarray of int32, shape (n_docs,)
        Topic of each document, with noise assigned or not.
    levels : Levels
        Of the same corpus.
    level : str
        Of the labels.
    """
    if level not in levels.names:
        return {}
    place = levels.names.index(level)
    fitted, values = levels.labels[place], levels.table["seed_reproducibility"][place].as_py() or []
    found: dict[int, float] = {}
    for cluster, value in enumerate(values):
        own = set(labels[fitted == cluster].tolist())
        if len(own) != 1 or value is None or value != value:
            continue
        topic = own.pop()
        if topic != NOISE and set(fitted[labels == topic].tolist()) <= {cluster, NOISE}:
            found[topic] = float(value)
    return found
