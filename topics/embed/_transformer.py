"""Any sentence-transformers model as an encoder: whole texts, full batches, the fastest number format that is sound."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.config import EmbedParams
from topics.embed._kernels import speed_up
from topics.embed._load import load_model
from topics.embed._model_folder import fingerprint_folder, resolve
from topics.embed._model_languages import languages_of
from topics.embed._precision import (
    CHECK_TEXTS,
    MIN_COSINE,
    TorchProcessor,
    fastest_precision,
    has_only_cpu,
    look_at_processor,
    smallest_cosine,
)
from topics.embed._prompts import prompt_for
from topics.embed._protocol import Encoded
from topics.embed._reading import Pieces, Reader
from topics.embed._torch_work import side_by_side
from topics.errors import InputError
from topics.records import library_versions

if TYPE_CHECKING:
    from numpy.typing import NDArray

# No record of their tuning: on a CPU a batch should fit its caches, a GPU needs large ones.
_BATCH_TOKENS_ON_CPU = 2048
_BATCH_TOKENS_ELSEWHERE = 65536
_BATCH_TOKENS_OF_CHECK = 512  # few texts of very different lengths: in one batch, padding triples the time


class SentenceTransformerEncoder:
    """An encoder with any sentence-transformers model, by folder or name.

    Texts longer than the model reads are split at sentence ends, and the unit vectors of their pieces are averaged,
    weighted by tokens. Batches contain pieces of similar length, with ``batch_tokens`` tokens in all. On a CPU each
    batch is computed on one thread and several side by side, so the vectors do not depend on the number of threads.

    Parameters
    ----------
    params : EmbedParams
        Model and settings; all parameters but those of the other encoders are used.
    processor : callable
        Returns what torch computes with on this machine's CPU; imports and asks torch by default.

    Raises
    ------
    ModelNotFoundError
        If the model is not available.
    """

    shard_rows = 256

    def __init__(self, params: EmbedParams, processor: Callable[[], TorchProcessor] = look_at_processor) -> None:
        self.params = params
        self._processor = processor
        self.folder = resolve(params.model, params.revision)
        self.prompt = prompt_for(params.model, self.folder, wanted=params.prompt)

    @property
    def model_name(self) -> str:
        """The user's name for the model."""
        return self.params.model

    @cached_property
    def languages(self) -> frozenset[str] | None:
        """ISO 639-1 codes of the languages that the model knows; None if unknown."""
        return languages_of(self.params.model, self.folder)

    @cached_property
    def identity(self) -> Mapping[str, Any]:
        """Fingerprint of the weights, settings that change the vectors, and versions of the libraries."""
        pooled = {"lead_weight": self.params.lead_weight} if self.params.long_texts == "pool" else {}
        return {
            "kind": "sentence-transformers",
            "weights": fingerprint_folder(self.folder),
            "prompt": self.prompt,
            "long_texts": self.params.long_texts,
            **pooled,
            "max_tokens": self.params.max_tokens,
            "batch_tokens": self._batch_tokens,
            "device": self._device.partition(":")[0],
            "precision": self._wanted_precision,
            "libraries": library_versions("sentence-transformers", "transformers", "tokenizers", "torch"),
        }

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Vectors (n_texts, n_dims), the share of each text's tokens that was seen, and notes."""
        if not len(texts):
            raise InputError("expected at least one text, got none")
        made = self._ready
        pieces = made.reader.pieces(texts, long_texts=self.params.long_texts)
        vectors = self._vectors(made, pieces, self._batch_tokens)
        prompted = (f"the prompt {self.prompt!r} was put before every text",) if self.prompt else ()
        notes = (*made.notes, *pieces.notes, *prompted)
        return Encoded(self._pool(vectors, pieces.n_tokens, pieces.owners), pieces.seen, notes)

    def __reduce__(self) -> tuple[type[SentenceTransformerEncoder], tuple[EmbedParams]]:
        """Copies and pickles carry the parameters and load the model themselves."""
        return type(self), (self.params,)

    def _vectors(self, made: _Loaded, pieces: Pieces, batch_tokens: int) -> NDArray[np.float32]:
        """One vector per piece, in order; computed longest first, so that the memory needed is known at once."""
        order = np.lexsort((np.arange(len(pieces.contents)), -pieces.n_tokens))
        batches = _batches(pieces.n_tokens[order], batch_tokens)
        in_order = np.empty((len(order), made.n_dims), dtype=np.float32)
        done = 0
        for vectors in side_by_side(
            lambda batch: made.forward([pieces.contents[i] for i in order[batch]]),
            batches,
            on_cpu=self._on_cpu,
        ):
            in_order[order[done : done + len(vectors)]] = vectors
            done += len(vectors)
        return in_order

    def _pool(
        self, vectors: NDArray[np.float32], n_tokens: NDArray[np.int64], owners: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """The mean of each text's unit vectors, weighted by tokens, and the first piece also by ``lead_weight``."""
        first = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
        if len(first) == len(owners):
            return vectors
        weights = np.maximum(n_tokens, 1).astype(np.float64)
        weights[first] *= self.params.lead_weight
        lengths = np.maximum(np.linalg.norm(vectors, axis=1), np.finfo(np.float32).tiny)
        pooled: NDArray[np.float32] = np.add.reduceat(vectors * (weights / lengths)[:, None], first).astype(np.float32)
        single = np.diff(np.r_[first, len(owners)]) == 1
        pooled[single] = vectors[first[single]]
        return pooled

    @cached_property
    def _device(self) -> str:
        wanted = self.params.device
        if wanted in ("auto", "cpu") and has_only_cpu():
            return "cpu"
        import torch  # sentence-transformers gives the same device but takes three times as long to import

        if wanted == "auto":
            accelerator = torch.accelerator.current_accelerator(check_available=True)
            return "cpu" if accelerator is None else accelerator.type
        try:
            kind = torch.device(wanted).type
        except RuntimeError:
            raise InputError(f"embed.device: expected a torch device such as 'cpu' or 'cuda', got {wanted!r}") from None
        backends: Any = torch
        if (kind == "cuda" and not backends.cuda.is_available()) or (
            kind == "mps" and not backends.backends.mps.is_available()
        ):
            raise InputError(f"embed.device: {wanted!r} is not available here; 'auto' takes what is")
        return wanted

    @property
    def _on_cpu(self) -> bool:
        return self._device.partition(":")[0] == "cpu"

    @property
    def _batch_tokens(self) -> int:
        if self.params.batch_tokens != "auto":
            return self.params.batch_tokens
        return _BATCH_TOKENS_ON_CPU if self._on_cpu else _BATCH_TOKENS_ELSEWHERE

    @cached_property
    def _wanted_precision(self) -> str:
        if self.params.precision != "auto":
            return self.params.precision
        return fastest_precision(self._device, self._processor() if self._on_cpu else None)

    @cached_property
    def _ready(self) -> _Loaded:
        """The loaded model, in the requested precision if that passes the check against float32."""
        made = _Loaded.of(self._load(), self.prompt)
        wanted = self._wanted_precision
        if wanted == "float32":
            return made
        import torch

        check = made.reader.pieces(CHECK_TEXTS, long_texts="truncate")
        reference = self._vectors(made, check, _BATCH_TOKENS_OF_CHECK)
        made.model[0].to(getattr(torch, wanted))
        if wanted == "bfloat16" and self._on_cpu and made.model.tokenizer.padding_side == "right":
            speed_up(made.model[0])
        try:
            cosine = smallest_cosine(self._vectors(made, check, _BATCH_TOKENS_OF_CHECK), reference)
            why = f"smallest cosine to float32 {cosine:.4f}, expected at least {MIN_COSINE}"
        except RuntimeError as error:  # torch has no such kernel here
            cosine, why = -1.0, str(error).partition("\n")[0]
        if cosine >= MIN_COSINE:
            return made
        note = f"{wanted} is not accurate for {self.params.model} ({why}): embedded in float32"
        return replace(_Loaded.of(self._load(), self.prompt), notes=(note,))

    def _load(self) -> Any:
        model = load_model(
            self.folder, name=self.params.model, device=self._device, fingerprint=self.identity["weights"]
        )
        if self.params.max_tokens is not None:
            try:
                model.max_seq_length = self.params.max_tokens
            except AttributeError:
                raise InputError(
                    f"embed.max_tokens: {self.params.model} reads texts of any length and takes no limit; leave it out"
                ) from None
        return model.float().eval()


@dataclass(frozen=True, eq=False)
class _Loaded:
    """A loaded model with the reader of its input, and notes."""

    model: Any
    reader: Reader
    n_dims: int
    reading: Lock  # a tokenizer serves one thread at a time
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, model: Any, prompt: str) -> _Loaded:
        return cls(model, Reader(model, prompt), int(model.get_embedding_dimension()), Lock())

    def forward(self, contents: Sequence[Any]) -> NDArray[np.float32]:
        """Vectors of some pieces; the transformer may have a lower precision, later modules use float32."""
        import torch

        with self.reading:
            features = self.reader.features(contents)
        features = {name: _to(value, self.model.device) for name, value in features.items()}
        with torch.inference_mode():
            for module in self.model:
                features = module(features)
                features = {name: _as_float32(value) for name, value in features.items()}
        return np.asarray(features["sentence_embedding"].cpu().numpy()[:, : self.n_dims])


def _to(value: Any, device: Any) -> Any:
    return value.to(device) if hasattr(value, "to") else value


def _as_float32(value: Any) -> Any:
    return value.float() if hasattr(value, "is_floating_point") and value.is_floating_point() else value


def _batches(lengths: NDArray[np.int64], batch_tokens: int) -> list[slice]:
    """Ranges of rows, longest first, of at most ``batch_tokens`` tokens including padding, or of one row."""
    batches, start = [], 0
    while start < len(lengths):
        rows = max(1, batch_tokens // max(1, int(lengths[start])))
        batches.append(slice(start, min(start + rows, len(lengths))))
        start += rows
    return batches
