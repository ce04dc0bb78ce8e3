"""Faster arithmetic for transformers in bfloat16 on a CPU.

Two things are slow there: every product packs its weights again, and torch's fused attention is slower than the three
plain products that it fuses. Here the weights are packed once, and attention is computed text by text without padding.
Results differ from those of the unchanged model by rounding only; the encoder's check against float32 runs on the
changed model.
"""

from __future__ import annotations

from typing import Any

from topics.compat import packed, packs_weights

_NAME = "topics_text_by_text"
_PADDING_ONLY = ("bert", "distilbert", "electra", "roberta", "xlm-roberta")
"""Architectures with attention masks that hide only padding."""

_MIN_TOKENS = 96  # no record of its tuning: shorter texts would give too many small products
_ROWS_EXPECTED = 2048  # tokens per batch on a CPU


def speed_up(module: Any) -> None:
    """Change a sentence-transformers module in bfloat16 on a CPU in place, so that it takes less time.

    Parameters
    ----------
    module : torch.nn.Module
        The first module of a model; left unchanged if this torch or architecture does not allow it.
    """
    if packs_weights():
        _lay_out_weights(module)
    network = getattr(module, "auto_model", None) or getattr(module, "model", None)
    if getattr(getattr(network, "config", None), "model_type", None) in _PADDING_ONLY:
        _attend_text_by_text(network)


def _lay_out_weights(module: Any) -> None:
    import torch

    for name, child in list(module.named_children()):
        if type(child) is torch.nn.Linear and child.weight.dtype == torch.bfloat16:
            setattr(module, name, packed(child, _ROWS_EXPECTED))
        else:
            _lay_out_weights(child)


def _attend_text_by_text(network: Any) -> None:
    import torch
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.integrations.sdpa_attention import sdpa_attention_forward
    from transformers.masking_utils import sdpa_mask

    def attend(module: Any, query: Any, key: Any, value: Any, mask: Any, *args: Any, **options: Any) -> Any:
        n_texts, n_heads, n_tokens, n_dims = query.shape
        plain = (mask is None or mask.dtype == torch.bool) and key.shape == query.shape
        if n_tokens < _MIN_TOKENS or not plain:
            return sdpa_attention_forward(module, query, key, value, mask, *args, **options)
        scaling = options.get("scaling") or n_dims**-0.5
        lengths = [n_tokens] * n_texts if mask is None else mask[:, 0, 0].sum(dim=-1).tolist()
        attended = query.new_zeros(n_texts, n_tokens, n_heads, n_dims)
        for i, n in enumerate(lengths):  # padding comes last
            weights = torch.bmm(query[i, :, :n] * scaling, key[i, :, :n].transpose(1, 2)).softmax(dim=-1)
            attended[i, :n] = torch.bmm(weights, value[i, :, :n]).transpose(0, 1)
        return attended, None

    AttentionInterface.register(_NAME, attend)
    AttentionMaskInterface.register(_NAME, sdpa_mask)
    network.set_attn_implementation(_NAME)
