"""Each private name of another library and its public way give the same."""

from __future__ import annotations

import pytest

from topics import compat


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
