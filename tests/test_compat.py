"""Each private name of another library and its public way give the same."""

from __future__ import annotations

import builtins

import numpy as np
import pytest
from helpers import blobs
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from topics import compat
from topics.cluster._merges import merges


def groups_within(tree, distance):
    """Group of each point, when all edges up to a length are merged."""
    kept = tree[tree[:, 2] <= distance * (1 + 1e-9)]
    ends, n = kept[:, :2].astype(int).T, len(tree) + 1
    return connected_components(coo_array((np.ones(len(kept)), tuple(ends)), shape=(n, n)), directed=False)[1]


@pytest.mark.parametrize(("n", "min_samples"), [(20, 5), (150, 5), (150, 1), (16, 40)])
def test_the_public_spanning_tree_gives_the_same_hierarchy(n, min_samples):
    points = np.ascontiguousarray(blobs(3, n, spread=0.3)[:, :5], dtype=np.float64)
    private, public = compat.spanning_tree(points, min_samples), compat.public_spanning_tree(points, min_samples)
    assert len(private) == len(public) == len(points) - 1
    np.testing.assert_allclose(private[:, 2], public[:, 2])
    for distance in np.unique(private[:, 2]):  # equally long edges may be merged in any order
        one, other = (groups_within(tree, distance) for tree in (private, public))
        np.testing.assert_array_equal(one[:, None] == one, other[:, None] == other)
    assert merges(private)[-1, 3] == merges(public)[-1, 3] == len(points)


def test_without_the_private_name_the_public_way_is_taken(monkeypatch):
    imported = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("hdbscan._hdbscan_boruvka") and not kwargs.get("level"):
            caller = args[0] if args else {}
            if caller.get("__name__") == "topics.compat":
                raise ImportError(name)
        return imported(name, *args, **kwargs)

    points = np.ascontiguousarray(blobs(2, 30, spread=0.3)[:, :5], dtype=np.float64)
    expected = compat.public_spanning_tree(points, 5)
    monkeypatch.setattr(builtins, "__import__", without)
    np.testing.assert_array_equal(compat.spanning_tree(points, 5), expected)


def test_a_torch_without_packed_products_leaves_the_layer_as_it_is(monkeypatch):
    import torch

    from topics.embed._kernels import speed_up

    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    assert not compat.packs_weights()
    module = torch.nn.Sequential(torch.nn.Linear(4, 4).to(torch.bfloat16))
    speed_up(module)
    assert type(module[0]) is torch.nn.Linear


def test_a_packed_layer_computes_what_the_layer_does():
    import torch

    if not compat.packs_weights():
        pytest.skip("this processor has no bfloat16 products")
    torch.manual_seed(0)
    layer = torch.nn.Linear(64, 32).to(torch.bfloat16)
    rows = torch.randn(10, 64).to(torch.bfloat16)
    with torch.no_grad():
        plain, packed = layer(rows), compat.packed(layer, 64)(rows)
    torch.testing.assert_close(packed, plain, atol=0.05, rtol=0.05)


def test_a_torch_that_does_not_tell_its_units_has_none(monkeypatch):
    import torch

    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    monkeypatch.delattr(torch.cpu, "_is_avx512_bf16_supported", raising=False)
    assert compat.bfloat16_units() == {}
