"""The protocol of encoders: one method, and what the key of the vectors needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Encoded(NamedTuple):
    """The vectors of some texts, with notes.

    Attributes
    ----------
    vectors : numpy.ndarray of float32, shape (n_texts, n_dims)
        Finite and not zero; scaled to unit length later.
    seen : numpy.ndarray of float32, shape (n_texts,)
        Share of each text's tokens that was seen, in (0, 1]; NaN if unknown.
    notes : tuple of str
        Notes for the run, such as "bfloat16 failed its check: float32 is used".
    """

    vectors: NDArray[np.float32]
    seen: NDArray[np.float32]
    notes: tuple[str, ...] = ()


class Encoder(Protocol):
    """Turns texts into vectors, and declares what the vectors depend on."""

    @property
    def identity(self) -> Mapping[str, Any]:
        """JSON-able values that determine the vectors: model, weights, versions; part of the key."""
        ...

    @property
    def shard_rows(self) -> int | None:
        """Number of texts that are encoded and stored together; None if each vector depends on all texts."""
        ...

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Vectors of the texts, in their order."""
        ...
