"""The documents as vectors, neighbours, points and a tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from topics.records.origin import Origin, freeze

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Embeddings:
    """One unit vector a document.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus it belongs to.
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit length.
    seen : numpy.ndarray of float32, shape (n_docs,)
        Share of each document's tokens that the encoder saw, in (0, 1]; NaN where unknown.
    origin : Origin
        Where it came from.
    lexical_weight : float
        Weight of the documents' words in their similarity, in [0, 1]; 0 but for a hybrid.
    """

    corpus_key: str
    vectors: NDArray[np.float32]
    seen: NDArray[np.float32]
    origin: Origin
    lexical_weight: float = 0.0

    def __post_init__(self) -> None:
        freeze(self, {"vectors": np.float32, "seen": np.float32})

    def frame(self) -> pd.DataFrame:
        """One row a document, one column a dimension."""
        import pandas as pd

        return pd.DataFrame(self.vectors)


@dataclass(frozen=True, eq=False)
class Neighbors:
    """The nearest neighbours of each document by cosine distance.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus it belongs to.
    indices : numpy.ndarray of int32, shape (n_docs, k)
        Row numbers, self first, then by distance; equal distances by row number.
    distances : numpy.ndarray of float32, shape (n_docs, k)
        Cosine distances in [0, 2]; 0 is nearest.
    origin : Origin
        Where it came from.
    """

    corpus_key: str
    indices: NDArray[np.int32]
    distances: NDArray[np.float32]
    origin: Origin

    def __post_init__(self) -> None:
        freeze(self, {"indices": np.int32, "distances": np.float32})

    def frame(self) -> pd.DataFrame:
        """One row a pair: ``document, rank, neighbor, distance``."""
        import pandas as pd

        n, k = self.indices.shape
        return pd.DataFrame(
            {
                "document": np.repeat(np.arange(n), k),
                "rank": np.tile(np.arange(k), n),
                "neighbor": self.indices.ravel(),
                "distance": self.distances.ravel(),
            }
        )


@dataclass(frozen=True, eq=False)
class Layout:
    """The documents, or some of them, as points in few dimensions.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus it belongs to.
    points : numpy.ndarray of float32, shape (n_kept, n_components)
        Coordinates; only relative distances mean anything.
    method : str
        ``"umap"``, or ``"pca"`` where the documents are too few for UMAP.
    n_docs : int
        Number of documents of the corpus.
    rows : numpy.ndarray of int64, shape (n_kept,)
        Those that are in the layout, ascending.
    origin : Origin
        Where it came from.
    """

    corpus_key: str
    points: NDArray[np.float32]
    method: str
    n_docs: int
    rows: NDArray[np.int64]
    origin: Origin

    def __post_init__(self) -> None:
        freeze(self, {"points": np.float32, "rows": np.int64})

    def frame(self) -> pd.DataFrame:
        """One row a document, one column a component: ``x0, x1, …``."""
        import pandas as pd

        return pd.DataFrame(self.points, columns=[f"x{i}" for i in range(self.points.shape[1])])


@dataclass(frozen=True, eq=False)
class ClusterTree:
    """HDBSCAN's single-linkage tree over a layout; cutting it is cheap.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus it belongs to.
    single_linkage : numpy.ndarray of float64, shape (n_kept - 1, 4) or (0, 4)
        Merges as in :func:`scipy.cluster.hierarchy.linkage`: left, right, mutual-reachability distance, size.
        Empty where the documents are too few to cluster.
    n_docs : int
        Number of documents of the corpus.
    rows : numpy.ndarray of int64, shape (n_kept,)
        Those that are in the tree.
    origin : Origin
        Where it came from.
    """

    corpus_key: str
    single_linkage: NDArray[np.float64]
    n_docs: int
    rows: NDArray[np.int64]
    origin: Origin

    def __post_init__(self) -> None:
        freeze(self, {"single_linkage": np.float64, "rows": np.int64})

    def frame(self) -> pd.DataFrame:
        """One row a merge: ``left, right, distance, size``."""
        import pandas as pd

        return pd.DataFrame(self.single_linkage, columns=["left", "right", "distance", "size"])
