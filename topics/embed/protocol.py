"""What turns texts into vectors: one method, and what the key of its vectors needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Encoded(NamedTuple):
    """Vectors, and what their reader should know.

    Attributes
    ----------
    vectors : numpy.ndarray of float32, shape (n_texts, n_dims)
        Finite, of any length but zero; scaled to unit length later.
    seen : numpy.ndarray of float32, shape (n_texts,)
        Share of each text's tokens that was seen, in (0, 1]; NaN where unknown.
    notes : tuple of str
        Sentences for the run, such as "bfloat16 failed its check: float32 is used".
    """

    vectors: NDArray[np.float32]
    seen: NDArray[np.float32]
    notes: tuple[str, ...] = ()


class Encoder(Protocol):
    """Texts → vectors, and what the result depends on."""

    @property
    def identity(self) -> Mapping[str, Any]:
        """JSON-able facts that decide the vectors: model, weights, versions; part of the key."""
        ...

    @property
    def shard_rows(self) -> int | None:
        """Texts that are encoded and kept together; None where each vector depends on all texts."""
        ...

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Vectors of the texts, in their order."""
        ...
