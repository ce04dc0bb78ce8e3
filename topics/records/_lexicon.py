"""The record by which new texts get vectors among those of a corpus whose words count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from topics.records._origin import Origin, freeze

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The words of a corpus and where each points, and how the parts of a hybrid are sharpened and joined.

    Its size is that of the words: 2 bytes a word and dimension, so 200 bytes a word, of at most 100,000 words.

    Attributes
    ----------
    corpus_key : str
        Key of the corpus it belongs to.
    stems : tuple of str
        Word beginnings, sorted.
    inverse : numpy.ndarray of float64, shape (n_stems,)
        Weight of each, the greater the fewer documents have it.
    components : numpy.ndarray of float16, shape (n_stems, n_components)
        Direction of each.
    lexical_weight : float
        Weight of the lexical part of a hybrid, in [0, 1]; 1 where there is no other part.
    is_hybrid : bool
        Whether there is a semantic part, and the parts are sharpened.
    semantic_mean, lexical_mean : numpy.ndarray of float32, shape (n_dims,)
        Subtracted from the unit vectors of each part.
    semantic_turn, lexical_turn : numpy.ndarray of float32, shape (n_dims, n_dims)
        What they are multiplied with then.
    shortest : numpy.ndarray of float64, shape (2,)
        Lengths, after that, up to which a semantic and a lexical vector have no direction.
    origin : Origin
        Where it came from.
    """

    corpus_key: str
    stems: tuple[str, ...]
    inverse: NDArray[np.float64]
    components: NDArray[np.float16]
    lexical_weight: float
    is_hybrid: bool
    semantic_mean: NDArray[np.float32]
    lexical_mean: NDArray[np.float32]
    semantic_turn: NDArray[np.float32]
    lexical_turn: NDArray[np.float32]
    shortest: NDArray[np.float64]
    origin: Origin

    def __post_init__(self) -> None:
        object.__setattr__(self, "stems", tuple(self.stems))
        freeze(
            self,
            {
                "inverse": np.float64, "components": np.float16, "semantic_mean": np.float32,
                "lexical_mean": np.float32, "semantic_turn": np.float32, "lexical_turn": np.float32,
                "shortest": np.float64,
            },
        )  # fmt: skip
