"""Every private name of another library, each with the public way that is taken where the name is gone.

What has no public way is bounded from above in ``pyproject.toml``, and said here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAF = 40  # points in a leaf of the tree, as hdbscan has it
_MAX_DIMENSIONS_FOR_A_TREE = 60  # beyond, hdbscan itself takes another algorithm


def spanning_tree(points: NDArray[np.float64], min_samples: int) -> NDArray[np.float64]:
    """The edges of hdbscan's minimum spanning tree of the mutual-reachability distances, the shortest first.

    hdbscan's public way is its whole clustering, most of whose work is not needed here: 2.2 times the processor time at
    1,000 points, 1.8 at 5,000, 1.4 at 20,000.

    Parameters
    ----------
    points : numpy.ndarray of float64, shape (n_docs, n_components)
        A layout.
    min_samples : int
        Of hdbscan.

    Returns
    -------
    numpy.ndarray of float64, shape (n_docs - 1, 3)
        Two rows and their distance.
    """
    try:
        from hdbscan._hdbscan_boruvka import KDTreeBoruvkaAlgorithm
    except ImportError:
        return public_spanning_tree(points, min_samples)
    from sklearn.neighbors import KDTree

    if points.shape[1] > _MAX_DIMENSIONS_FOR_A_TREE:
        return public_spanning_tree(points, min_samples)
    tree = KDTree(points, metric="euclidean", leaf_size=_LEAF)
    samples = max(1, min(min_samples, len(points) - 1))
    edges = KDTreeBoruvkaAlgorithm(
        tree, samples, metric="euclidean", leaf_size=_LEAF // 3, approx_min_span_tree=True, n_jobs=1
    ).spanning_tree()
    return np.asarray(edges[np.argsort(edges.T[2])])


def public_spanning_tree(points: NDArray[np.float64], min_samples: int) -> NDArray[np.float64]:
    """The same from hdbscan's public class.

    Parameters
    ----------
    points, min_samples
        As for :func:`spanning_tree`.
    """
    from hdbscan import HDBSCAN

    model = HDBSCAN(min_cluster_size=2, min_samples=min_samples, gen_min_span_tree=True, core_dist_n_jobs=1)
    edges = model.fit(points).minimum_spanning_tree_.to_numpy()
    return np.asarray(edges[np.argsort(edges.T[2])])


def tree_labels(
    single_linkage: NDArray[np.float64],
    *,
    min_cluster_size: int,
    method: str,
    allow_single_cluster: bool,
    epsilon: float,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Label and strength of each row that hdbscan gives a single-linkage tree.

    hdbscan cuts no tree of somebody else's in public: ``hdbscan<0.9`` stands in ``pyproject.toml`` for this.

    Parameters
    ----------
    single_linkage : numpy.ndarray of float64, shape (n_docs - 1, 4)
        As in :func:`scipy.cluster.hierarchy.linkage`.
    min_cluster_size : int
        Of hdbscan.
    method : {"eom", "leaf"}
        Its ``cluster_selection_method``.
    allow_single_cluster : bool
        Of hdbscan.
    epsilon : float
        Its ``cluster_selection_epsilon``.
    """
    from hdbscan.hdbscan_ import _tree_to_labels

    labels, strengths, *_ = _tree_to_labels(
        None,
        np.array(single_linkage),
        min_cluster_size,
        method,
        allow_single_cluster,
        cluster_selection_epsilon=epsilon,
    )
    return labels, strengths


def bfloat16_units() -> dict[str, bool]:
    """What this processor has, by torch's names; empty where torch does not say."""
    import torch

    ask = getattr(torch.cpu, "get_capabilities", None)
    if ask is not None:
        return dict(ask())
    old = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return {"avx512_bf16": bool(old())} if old is not None else {}


def packs_weights() -> bool:
    """Whether this torch can keep a linear layer's bfloat16 weights as its products want them, and has such products.

    The public way is the layer as it is, which lays its weights out anew at every product.
    """
    import torch

    backends: Any = torch.backends
    if not backends.mkldnn.is_available():
        return False
    names = ("_reorder_linear_weight", "_linear_pointwise", "_is_mkldnn_bf16_supported")
    if not all(hasattr(torch.ops.mkldnn, name) for name in names):
        return False
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def packed(linear: Any, n_rows: int) -> Any:
    """A linear layer whose weights lie as the product wants them.

    Parameters
    ----------
    linear : torch.nn.Linear
        In bfloat16.
    n_rows : int
        Rows that it will mostly be given.
    """
    import torch

    class Packed(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bias = linear.bias
            self.weight = torch.ops.mkldnn._reorder_linear_weight(linear.weight.detach(), n_rows)

        def forward(self, rows: Any) -> Any:
            return torch.ops.mkldnn._linear_pointwise(rows, self.weight, self.bias, "none", [], "none")

    return Packed()
