"""The frozen records that flow between stages, and where each came from.

A record is never changed after it is made: arrays are copied in and set read-only, tables are Arrow tables.
``n_docs`` is the number of *distinct* documents; articles with the same text are folded into one document and
listed as its copies, so that a copy never counts twice and always shares its document's label.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

NOISE = -1
"""The label of a document that belongs to no cluster."""

DOCUMENT_COLUMNS = (
    "doc_id", "title", "text", "date", "date_precision", "lang", "other_langs", "source", "author", "url", "parent_id",
    "parent_title", "copies",
)  # fmt: skip
"""Columns of a corpus's documents, before the user's own."""


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a record came from: everything its content depends on, known before the stage runs.

    Attributes
    ----------
    stage : str
        Name of the stage.
    version : int
        Version of the stage's code; raised whenever its results may change.
    parameters : Mapping[str, Any]
        JSON-able parameters.
    parents : tuple of str
        Keys of the records it was made from.
    libraries : Mapping[str, str]
        Versions of the numeric libraries the stage uses.
    notes : tuple of str
        Sentences a reader of the result should know, such as "3 documents: too few to cluster".
    """

    stage: str
    version: int
    parameters: Mapping[str, Any]
    parents: tuple[str, ...]
    libraries: Mapping[str, str]
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """SHA-256 (64 hexadecimal digits) of all the above but the notes."""
        return fingerprint(
            {
                "stage": self.stage,
                "version": self.version,
                "parameters": self.parameters,
                "parents": self.parents,
                "libraries": self.libraries,
            }
        )


def fingerprint(value: Any) -> str:
    """SHA-256 of a JSON-able value in canonical form (sorted keys, no spaces, no NaN)."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def library_versions(*names: str) -> dict[str, str]:
    """Installed version of each distribution; ``"absent"`` where it is not installed."""
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


@dataclass(frozen=True, eq=False)
class Corpus:
    """The documents, sorted by id.

    Attributes
    ----------
    documents : pyarrow.Table
        One row a distinct document: ``doc_id, title, text, date, date_precision, lang, other_langs, source, author,
        url, parent_id, parent_title, copies`` and the user's own further columns. A story of a round-up is a document
        with the page's id as ``parent_id``.
    copies : pyarrow.Table
        One row an article that repeats the text of a document: the same columns and ``copy_of``.
    rejected_rows : pyarrow.Table
        One row an article that was not taken in: ``file, row, doc_id, reason``.
    removed_lines : pyarrow.Table
        One row a line that was taken off its page: ``doc_id`` of the page, ``number`` from 1, ``line, reason``.
    origin : Origin
        Its key is the fingerprint of the articles' content.
    """

    documents: pa.Table
    copies: pa.Table
    rejected_rows: pa.Table
    removed_lines: pa.Table
    origin: Origin

    @property
    def n_docs(self) -> int:
        """Number of distinct documents."""
        return int(self.documents.num_rows)

    @property
    def doc_ids(self) -> list[str]:
        """Ids of the distinct documents, ascending."""
        return list(self.documents.column("doc_id").to_pylist())

    @property
    def languages(self) -> dict[str, int]:
        """Number of documents in each language (ISO 639-1), most frequent first."""
        found = self.documents.column("lang").to_pylist()
        counts = {lang: found.count(lang) for lang in sorted(set(found) - {None})}
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def full_texts(self) -> list[str]:
        """Title and text of each document, joined by an empty line."""
        pairs = zip(self.documents.column("title").to_pylist(), self.documents.column("text").to_pylist(), strict=True)
        return [text if not title or text.startswith(title) else f"{title}\n\n{text}" for title, text in pairs]

    @property
    def n_pages(self) -> int:
        """Number of articles taken in, copies included; a round-up counts once."""
        pages: set[str] = set()
        for table in (self.documents, self.copies):
            ids, parents = table.column("doc_id").to_pylist(), table.column("parent_id").to_pylist()
            pages.update(parent or doc_id for doc_id, parent in zip(ids, parents, strict=True))
        return len(pages)

    @property
    def n_rows(self) -> int:
        """Number of rows read: ``n_pages`` and the rejected ones."""
        return self.n_pages + int(self.rejected_rows.num_rows)

    @property
    def rejected(self) -> pd.DataFrame:
        """One row an article that was not taken in: ``file, row, doc_id, reason``."""
        frame: pd.DataFrame = self.rejected_rows.to_pandas(use_threads=False)
        return frame

    @property
    def removed(self) -> pd.DataFrame:
        """One row a line that was taken off its page: ``doc_id, number, line, reason``."""
        frame: pd.DataFrame = self.removed_lines.to_pandas(use_threads=False)
        return frame

    def frame(self) -> pd.DataFrame:
        """One row a distinct document, in id order."""
        frame: pd.DataFrame = self.documents.to_pandas(use_threads=False)
        return frame


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
        _freeze(self, vectors=np.float32, seen=np.float32)

    def frame(self) -> pd.DataFrame:
        """One row a document, one column a dimension."""
        import pandas as pd

        return pd.DataFrame(self.vectors)


@dataclass(frozen=True, eq=False)
class Neighbors:
    """The exact nearest neighbours of each document by cosine distance.

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
        _freeze(self, indices=np.int32, distances=np.float32)

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
    """The documents as points in few dimensions.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus it belongs to.
    points : numpy.ndarray of float32, shape (n_docs, n_components)
        Coordinates; only relative distances mean anything.
    method : str
        ``"umap"``, or ``"pca"`` where the documents are too few for UMAP.
    origin : Origin
        Where it came from.
    """

    corpus_key: str
    points: NDArray[np.float32]
    method: str
    origin: Origin

    def __post_init__(self) -> None:
        _freeze(self, points=np.float32)

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
    single_linkage : numpy.ndarray of float64, shape (n_docs - 1, 4) or (0, 4)
        Merges as in :func:`scipy.cluster.hierarchy.linkage`: left, right, mutual-reachability distance, size.
        Empty where the documents are too few to cluster.
    n_docs : int
        Number of documents.
    origin : Origin
        Where it came from.
    """

    corpus_key: str
    single_linkage: NDArray[np.float64]
    n_docs: int
    origin: Origin

    def __post_init__(self) -> None:
        _freeze(self, single_linkage=np.float64)

    def frame(self) -> pd.DataFrame:
        """One row a merge: ``left, right, distance, size``."""
        import pandas as pd

        return pd.DataFrame(self.single_linkage, columns=["left", "right", "distance", "size"])


@dataclass(frozen=True, eq=False)
class Clusters:
    """A label for each document.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus it belongs to.
    labels : numpy.ndarray of int32, shape (n_docs,)
        0 is the largest cluster, ties by smallest document id; ``NOISE`` (-1) belongs to none.
    strengths : numpy.ndarray of float32, shape (n_docs,)
        Membership strength in [0, 1], higher is firmer; 0 for noise.
    min_cluster_size, min_samples : int
        The sizes that were used, after ``"auto"`` was resolved.
    origin : Origin
        Where it came from.
    """

    corpus_key: str
    labels: NDArray[np.int32]
    strengths: NDArray[np.float32]
    min_cluster_size: int
    min_samples: int
    origin: Origin

    def __post_init__(self) -> None:
        _freeze(self, labels=np.int32, strengths=np.float32)

    @property
    def n_clusters(self) -> int:
        """Number of clusters, noise not counted."""
        return int(self.labels.max(initial=NOISE)) + 1

    def frame(self) -> pd.DataFrame:
        """One row a document: ``label, strength``."""
        import pandas as pd

        return pd.DataFrame({"label": self.labels, "strength": self.strengths})


@dataclass(frozen=True, eq=False)
class Topics:
    """The clusters described.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus it belongs to.
    table : pyarrow.Table
        One row a topic, by number: ``topic, label, size, n_copies, terms, term_weights, evidence, languages,
        nearest_topics, centroid``. Noise is never a row.
    vocabulary : tuple of str
        The ``n_terms`` counted terms, sorted.
    weights : scipy.sparse.csr_array of float32, shape (n_topics, n_terms)
        Weight of each term in each topic, ≥ 0; higher is more characteristic.
    origin : Origin
        Where it came from.
    """

    corpus_key: str
    table: pa.Table
    vocabulary: tuple[str, ...]
    weights: csr_array
    origin: Origin = field(repr=False)

    def __post_init__(self) -> None:
        for part in (self.weights.data, self.weights.indices, self.weights.indptr):
            part.setflags(write=False)

    @property
    def n_topics(self) -> int:
        """Number of topics."""
        return int(self.table.num_rows)

    def frame(self) -> pd.DataFrame:
        """One row a topic."""
        frame: pd.DataFrame = self.table.to_pandas(use_threads=False)
        return frame


def check_same_corpus(*records: Embeddings | Neighbors | Layout | ClusterTree | Clusters | Topics) -> str:
    """Key of the corpus that all the records belong to.

    Raises
    ------
    ValueError
        If they come from different corpora.
    """
    keys = {record.corpus_key for record in records}
    if len(keys) != 1:
        parts = ", ".join(f"{type(r).__name__} of {r.corpus_key[:12]}" for r in records)
        raise ValueError(f"expected records of one corpus, got {parts}: make them from the same articles")
    return keys.pop()


def _freeze(record: Any, **dtypes: type[np.generic]) -> None:
    """Copy the named arrays in, in C order, and set them read-only; what is so already, and no one's view, is taken."""
    for name, dtype in dtypes.items():
        value = getattr(record, name)
        if isinstance(value, np.ndarray) and value.dtype == dtype:
            flags = value.flags
            if flags.owndata and flags.c_contiguous and not flags.writeable:
                continue
        array = np.array(value, dtype=dtype, order="C", copy=True)
        array.setflags(write=False)
        object.__setattr__(record, name, array)
