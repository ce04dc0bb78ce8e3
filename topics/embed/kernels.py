"""The same arithmetic in less time, for transformers in bfloat16 on a CPU.

Two things are slow there: every product lays out its weights anew, and torch's fused attention is slower than the
three plain products it fuses. Here the weights are laid out once, and attention is taken text by text over the tokens
that are there. Results differ from the unchanged model's by rounding only; the encoder's check against float32 runs on
what is changed here.
"""

from __future__ import annotations

from typing import Any

from topics.compat import packed, packs_weights

_NAME = "topics_text_by_text"
_PADDING_ONLY = ("bert", "distilbert", "electra", "roberta", "xlm-roberta")
"""Architectures whose attention masks hide padding and nothing else."""

_FEWEST_TOKENS = 96  # shorter texts are too many small products
_ROWS_EXPECTED = 2048


def hasten(module: Any) -> None:
    """Change a sentence-transformers module, in bfloat16 on a CPU, so that it takes less time.

    Parameters
    ----------
    module : torch.nn.Module
        The first of a model. Left as it is where this torch or architecture does not allow it.
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
        if n_tokens < _FEWEST_TOKENS or not plain:
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
