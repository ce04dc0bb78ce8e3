"""The record of the levels: their names and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.cluster._choose import worths
from topics.cluster._consensus import Consensus, by_size, overlap
from topics.cluster._scan import Cut
from topics.cluster._tree import resolve_min_samples
from topics.config import ClusterParams
from topics.records import NOISE, ClusterTree, Levels, Origin

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_MEMBERSHIPS = 5  # not tuned: bounds memory, and a document has few main topics
_NAMES = {
    1: ("topic",),
    2: ("topic", "theme"),
    3: ("story", "topic", "theme"),
    4: ("story", "subtopic", "topic", "theme"),
}
_NAMES_WITH_STORY = {**_NAMES, 2: ("story", "topic")}


@dataclass(frozen=True, eq=False)
class Level:
    """One level of detail.

    Attributes
    ----------
    cut : Cut
        The cut and how well the layouts agree on it.
    source : {"layouts", "neighbors"}
        What the trees were built from.
    consensus : Consensus
        The labels of the level.
    confidences : numpy.ndarray of float64, shape (n_docs,)
        As in :class:`topics.records.Levels`.
    reproducibility, seed_reproducibility, jaccard : numpy.ndarray of float64, shape (n_clusters,)
        As there: for other documents, and for other seeds alone; NaN without other layouts.
    preferred : bool
        Whether ``"auto"`` or the requested number of clusters chooses this level.
    """

    cut: Cut
    source: str
    consensus: Consensus
    confidences: NDArray[np.float64]
    reproducibility: NDArray[np.float64]
    seed_reproducibility: NDArray[np.float64]
    jaccard: NDArray[np.float64]
    preferred: bool = True

    @property
    def n_clusters(self) -> int:
        """Number of clusters of the consensus."""
        return self.consensus.n_clusters


def _names(levels: Sequence[Level]) -> list[str]:
    level_names = _NAMES_WITH_STORY if levels and levels[0].source == "neighbors" else _NAMES
    return list(level_names.get(len(levels), [f"level-{i + 1}" for i in range(len(levels))]))


def record(
    levels: Sequence[Level],
    cuts: Sequence[Cut],
    *,
    trees: Sequence[ClusterTree],
    params: ClusterParams,
    origin: Origin,
) -> Levels:
    """The record of the levels and of the scan.

    Parameters
    ----------
    levels : sequence of Level
        The finest first.
    cuts : sequence of Cut
        All cuts that were tried, the finest first.
    trees : sequence of ClusterTree
        The trees that were cut.
    params : ClusterParams
        Its ``min_samples`` is recorded.
    origin : Origin
        Origin of the record.
    """
    n_docs = trees[0].n_docs
    level_names = _names(levels)
    by_cut = {level.cut: name for name, level in zip(level_names, levels, strict=True)}
    return Levels(
        trees[0].corpus_key,
        _table(levels, level_names),
        _scan_table(cuts, by_cut),
        np.array([level.consensus.labels for level in levels], dtype=np.int32).reshape(len(levels), n_docs),
        np.array([level.confidences for level in levels], dtype=np.float32).reshape(len(levels), n_docs),
        _stack([level.consensus.membership for level in levels], n_docs),
        resolve_min_samples(params),
        len(trees),
        origin,
    )


def _table(levels: Sequence[Level], level_names: Sequence[str]) -> pa.Table:
    import pyarrow as pa

    coarser = [*levels[1:], None][: len(levels)]
    columns: Mapping[str, tuple[Any, list[Any]]] = {
        "level": (pa.string(), list(level_names)),
        "preferred": (pa.bool_(), [level.preferred for level in levels]),
        "from": (pa.string(), [level.source for level in levels]),
        "cluster_selection_method": (pa.string(), [level.cut.method for level in levels]),
        "min_cluster_size": (pa.int64(), [level.cut.min_cluster_size for level in levels]),
        "n_clusters": (pa.int64(), [level.n_clusters for level in levels]),
        "stability": (pa.float64(), [_or_none(level.cut.stability) for level in levels]),
        "stability_error": (pa.float64(), [_or_none(level.cut.error) for level in levels]),
        "agreement": (pa.float64(), [_or_none(level.cut.agreement) for level in levels]),
        "rand": (pa.float64(), [_or_none(level.cut.rand) for level in levels]),
        "noise_share": (pa.float64(), [float((level.consensus.labels == NOISE).mean()) for level in levels]),
        "nested": (pa.float64(), [_nested(level, above) for level, above in zip(levels, coarser, strict=True)]),
        "reproducibility": (pa.list_(pa.float64()), [level.reproducibility.tolist() for level in levels]),
        "seed_reproducibility": (pa.list_(pa.float64()), [level.seed_reproducibility.tolist() for level in levels]),
        "jaccard": (pa.list_(pa.float64()), [level.jaccard.tolist() for level in levels]),
    }
    return pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})


def _scan_table(cuts: Sequence[Cut], level_names: Mapping[Cut, str]) -> pa.Table:
    import pyarrow as pa

    columns: Mapping[str, tuple[Any, list[Any]]] = {
        "cluster_selection_method": (pa.string(), [cut.method for cut in cuts]),
        "min_cluster_size": (pa.int64(), [cut.min_cluster_size for cut in cuts]),
        "n_clusters": (pa.float64(), [cut.mean_clusters for cut in cuts]),
        "min_clusters": (pa.int64(), [min(cut.n_clusters) for cut in cuts]),
        "max_clusters": (pa.int64(), [max(cut.n_clusters) for cut in cuts]),
        "agreement": (pa.float64(), [_or_none(cut.agreement) for cut in cuts]),
        "rand": (pa.float64(), [_or_none(cut.rand) for cut in cuts]),
        "noise_share": (pa.float64(), [cut.noise_share for cut in cuts]),
        "stability": (pa.float64(), [_or_none(cut.stability) for cut in cuts]),
        "stability_error": (pa.float64(), [_or_none(cut.error) for cut in cuts]),
        "worth": (pa.float64(), worths(cuts).tolist() if cuts else []),
        "level": (pa.string(), [level_names.get(cut) for cut in cuts]),
    }
    return pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value


def _nested(level: Level, above: Level | None) -> float | None:
    """Share of the documents clustered at both levels that follow most of their cluster to the coarser level."""
    if above is None:
        return None
    shared, _ = overlap(level.consensus.labels, above.consensus.labels, n_clusters=above.n_clusters)
    return float(shared.max(axis=1, initial=0).sum() / max(shared.sum(), 1))


def _stack(parts: Sequence[csr_array], n_docs: int) -> csr_array:
    """The five largest memberships of each document, with the levels stacked in order."""
    from scipy.sparse import csr_array

    rows, columns, values = [], [], []
    for i, part in enumerate(parts):
        row, column, value = by_size(part)
        first = np.searchsorted(row, np.arange(n_docs))
        kept = np.arange(len(row)) - first[row] < _MEMBERSHIPS
        rows.append(row[kept] + i * n_docs)
        columns.append(column[kept])
        values.append(value[kept])
    if not parts:
        return csr_array((0, 0), dtype=np.float32)
    shape = (len(parts) * n_docs, max(1, *(part.shape[1] for part in parts)))
    entries = (np.concatenate(values).astype(np.float32), (np.concatenate(rows), np.concatenate(columns)))
    return csr_array(entries, shape=shape)
