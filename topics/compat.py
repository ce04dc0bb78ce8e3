"""Every private name of another library, each with the public way that is taken where the name is gone.

What has no public way is bounded from above in ``pyproject.toml``, and said here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


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


def output_container(estimator: Any) -> str:
    """What a scikit-learn estimator's ``transform`` gives: "default", "pandas" or "polars".

    The public way knows what holds for all estimators (``sklearn.set_config``), not what one was told alone.

    Parameters
    ----------
    estimator : sklearn.base.BaseEstimator
        With ``set_output``.
    """
    import sklearn

    try:
        from sklearn.utils._set_output import _get_output_config
    except ImportError:
        return str(sklearn.get_config()["transform_output"])
    return str(_get_output_config("transform", estimator)["dense"])
