"""Records of vectors, neighbors, layouts and trees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from topics.records._origin import Origin, freeze

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Embeddings:
    """One unit vector per document.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus.
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit vectors.
    seen : numpy.ndarray of float32, shape (n_docs,)
        Share of each document's tokens that the encoder saw, in (0, 1]; NaN if unknown.
    origin : Origin
        Origin of the record.
    lexical_weight : float
        Weight of the lexical part, in [0, 1]; 0 except for a hybrid.
    """

    corpus_key: str
    vectors: NDArray[np.float32]
    seen: NDArray[np.float32]
    origin: Origin
    lexical_weight: float = 0.0

    def __post_init__(self) -> None:
        freeze(self, {"vectors": np.float32, "seen": np.float32})

    def frame(self) -> pd.DataFrame:
        """One row per document, one column per dimension."""
        import pandas as pd

        return pd.DataFrame(self.vectors)


@dataclass(frozen=True, eq=False)
class Neighbors:
    """The nearest neighbors of each document by cosine distance.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus.
    indices : numpy.ndarray of int32, shape (n_docs, k)
        Row numbers: the document itself, then the others by distance; equal distances by row number.
    distances : numpy.ndarray of float32, shape (n_docs, k)
        Cosine distances in [0, 2]; lower is nearer.
    origin : Origin
        Origin of the record.
    """

    corpus_key: str
    indices: NDArray[np.int32]
    distances: NDArray[np.float32]
    origin: Origin

    def __post_init__(self) -> None:
        freeze(self, {"indices": np.int32, "distances": np.float32})

    def frame(self) -> pd.DataFrame:
        """One row per pair: ``document, rank, neighbor, distance``."""
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
    """All or some of the documents as points in few dimensions.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus.
    points : numpy.ndarray of float32, shape (n_kept, n_components)
        Coordinates; only relative distances are meaningful.
    method : str
        ``"umap"``, or ``"pca"`` if there are too few documents for UMAP.
    n_docs : int
        Number of documents in the corpus.
    rows : numpy.ndarray of int64, shape (n_kept,)
        Documents in the layout, ascending.
    origin : Origin
        Origin of the record.
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
        """One row per document, one column per component: ``x0, x1, …``."""
        import pandas as pd

        return pd.DataFrame(self.points, columns=[f"x{i}" for i in range(self.points.shape[1])])


@dataclass(frozen=True, eq=False)
class ClusterTree:
    """HDBSCAN's single-linkage tree over a layout; cutting it is cheap.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus.
    single_linkage : numpy.ndarray of float64, shape (n_kept - 1, 4) or (0, 4)
        Merges as in :func:`scipy.cluster.hierarchy.linkage`: left, right, mutual-reachability distance, size.
        Empty if there are too few documents to cluster.
    n_docs : int
        Number of documents in the corpus.
    rows : numpy.ndarray of int64, shape (n_kept,)
        Documents in the tree, ascending.
    origin : Origin
        Origin of the record.
    """

    corpus_key: str
    single_linkage: NDArray[np.float64]
    n_docs: int
    rows: NDArray[np.int64]
    origin: Origin

    def __post_init__(self) -> None:
        freeze(self, {"single_linkage": np.float64, "rows": np.int64})

    def frame(self) -> pd.DataFrame:
        """One row per merge: ``left, right, distance, size``."""
        import pandas as pd

        return pd.DataFrame(self.single_linkage, columns=["left", "right", "distance", "size"])
