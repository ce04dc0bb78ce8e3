"""What turns texts into vectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from topics._blocks import map_blocks
from topics.config import EmbedParams
from topics.embed.weights import fingerprint_folder, resolve
from topics.records import library_versions

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Encoder(Protocol):
    """Texts → vectors, and what the result depends on."""

    @property
    def identity(self) -> Mapping[str, Any]:
        """JSON-able facts that decide the vectors: model, weights, versions; part of the cache key."""
        ...

    def encode(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Vectors (n_texts, n_dims), and the share of each text's tokens that was seen (n_texts,)."""
        ...


class SentenceTransformerEncoder:
    """Any sentence-transformers model, by folder or name.

    Batches hold texts of like length and are computed on one thread each, several side by side, so that the vectors
    do not depend on the number of threads.

    Parameters
    ----------
    params : EmbedParams
        Which model and how.

    Raises
    ------
    ModelNotFoundError
        If the model cannot be had.
    """

    def __init__(self, params: EmbedParams) -> None:
        self.params = params
        self.folder = resolve(params.model, params.revision)

    @cached_property
    def identity(self) -> Mapping[str, Any]:
        """The weights' fingerprint, what shapes the vectors, and the libraries' versions."""
        return {
            "kind": "sentence-transformers",
            "weights": fingerprint_folder(self.folder),
            "max_tokens": self.params.max_tokens,
            "batch_size": self.params.batch_size,
            "device": self.params.device,
            "dtype": "float32",
            "libraries": library_versions("sentence-transformers", "transformers", "tokenizers", "torch"),
        }

    def encode(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Vectors (n_texts, n_dims), and the share of each text's tokens that was seen (n_texts,)."""
        import torch

        if not len(texts):
            raise ValueError("expected at least one text, got none")
        model = self._model
        n_tokens = _count_tokens(model, texts)
        order = np.lexsort((np.arange(len(texts)), -n_tokens))  # longest first: memory is known at once
        size = self.params.batch_size
        on_cpu = model.device.type == "cpu"
        prompt = model.prompts.get(model.default_prompt_name)
        tokenizing = Lock()  # a fast tokenizer serves one thread at a time

        def block(start: int, stop: int) -> NDArray[np.float32]:
            with tokenizing:
                features = model.preprocess([texts[i] for i in order[start:stop]], prompt=prompt)
            features = {
                name: value.to(model.device) if hasattr(value, "to") else value for name, value in features.items()
            }
            with torch.inference_mode():
                found = model(features)["sentence_embedding"]
            return np.asarray(found.float().cpu().numpy())

        vectors = np.empty((len(texts), int(model.get_embedding_dimension())), dtype=np.float32)
        done = 0
        threads = torch.get_num_threads()
        blocks = (
            map_blocks(block, len(texts), size, initializer=lambda: torch.set_num_threads(1))
            if on_cpu
            else (block(start, min(start + size, len(texts))) for start in range(0, len(texts), size))
        )
        try:
            for found in blocks:
                vectors[order[done : done + len(found)]] = found
                done += len(found)
        finally:
            torch.set_num_threads(threads)
        return vectors, _share_seen(model, n_tokens)

    @cached_property
    def _model(self) -> Any:
        with _without_loading_bar():
            from sentence_transformers import SentenceTransformer

            model = SentenceTransformer(
                str(self.folder),
                device=None if self.params.device == "auto" else self.params.device,
                trust_remote_code=False,
                local_files_only=True,
            )
        if self.params.max_tokens is not None:
            model.max_seq_length = self.params.max_tokens
        return model.eval()


def _count_tokens(model: Any, texts: Sequence[str]) -> NDArray[np.int64]:
    """Tokens of each text; of a model without an ordinary tokenizer its characters, which order texts as well."""
    if not hasattr(model.tokenizer, "num_special_tokens_to_add"):
        return np.array([len(text) for text in texts], dtype=np.int64)
    encoded = model.tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
    return np.array([len(ids) for ids in encoded["input_ids"]], dtype=np.int64)


def _share_seen(model: Any, n_tokens: NDArray[np.int64]) -> NDArray[np.float32]:
    """Share of each text's tokens that fit beside the special ones; NaN where the model does not tell."""
    if not hasattr(model.tokenizer, "num_special_tokens_to_add") or not model.max_seq_length:
        return np.full(len(n_tokens), np.nan, dtype=np.float32)
    fit = int(model.max_seq_length) - int(model.tokenizer.num_special_tokens_to_add())
    share: NDArray[np.float32] = np.minimum(1.0, fit / np.maximum(n_tokens, 1)).astype(np.float32)
    return share


@contextmanager
def _without_loading_bar() -> Iterator[None]:
    """Keep transformers from drawing a bar for loading weights, and leave its setting as it was."""
    from transformers.utils import logging

    bars: Any = logging
    shown = bars.is_progress_bar_enabled()
    bars.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            bars.enable_progress_bar()
