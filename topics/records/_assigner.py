"""The record by which new documents are assigned to topics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from topics.records._origin import Origin, freeze

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Assigner:
    """Prototypes of every cluster, of the run's topics and of the other levels, and how densely documents lie there.

    A prototype is the mean of a group of similar documents of one cluster. Prototypes are bounded in number by that of
    the clusters; ``cells`` and ``known`` take 8 bytes a document and 4 more a level.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus it belongs to.
    sets : tuple of str
        What was grouped: first ``""``, the run's topics as they were fitted, then the names of the other levels.
    prototypes : numpy.ndarray of float32, shape (n_prototypes, n_dims)
        Unit vectors, rounded to multiples of ``2**-24``.
    set_of : numpy.ndarray of int32, shape (n_prototypes,)
        Place in ``sets`` of each prototype, ascending.
    cluster_of : numpy.ndarray of int32, shape (n_prototypes,)
        Cluster of each prototype as it was fitted, ascending in each set; ``NOISE`` for a group of noise.
    cells : numpy.ndarray of int32, shape (n_sets, n_docs)
        Prototype of each document in each set.
    density : numpy.ndarray of float64, shape (n_prototypes,)
        Mean log density of the documents of the prototype's cluster, each without itself.
    spread : numpy.ndarray of float64, shape (n_sets, 3)
        Of the log densities less half of ``density``: mean, standard deviation, and the value below which a document is
        like none.
    known : numpy.ndarray of uint64, shape (n_docs,)
        Fingerprint of each document's vector.
    origin : Origin
        Where it came from.
    """

    corpus_key: str
    sets: tuple[str, ...]
    prototypes: NDArray[np.float32]
    set_of: NDArray[np.int32]
    cluster_of: NDArray[np.int32]
    cells: NDArray[np.int32]
    density: NDArray[np.float64]
    spread: NDArray[np.float64]
    known: NDArray[np.uint64]
    origin: Origin

    def __post_init__(self) -> None:
        object.__setattr__(self, "sets", tuple(self.sets))
        freeze(
            self,
            {
                "prototypes": np.float32, "set_of": np.int32, "cluster_of": np.int32, "cells": np.int32,
                "density": np.float64, "spread": np.float64, "known": np.uint64,
            },
        )  # fmt: skip
