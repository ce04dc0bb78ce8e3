"""What is known of a text before it is compared: its key, its length and its signature."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topics.articles.duplicates._tokens import MAX_WORDS, folded, hashes, key_of, width_of, written

RUN = 4  # words; unrelated texts share phrases of three, hardly ever of four
MIN_WORDS = 10  # in fewer, one word makes another event
N_SLOTS = 128  # 512 bytes a text
_SEED = 1
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # odd, so that nothing is lost

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is known of a text before it is compared.

    Attributes
    ----------
    key : int
        Equal for texts that are equal but for case, white space and punctuation.
    n_tokens : int
        Its length.
    signature : bytes or None
        MinHash signature; None of a text too short to have near-duplicates.
    """

    key: int
    n_tokens: int
    signature: bytes | None


def sketch(text: str) -> Sketch:
    """What is known of a text before it is compared.

    Parameters
    ----------
    text : str
        Of a document.
    """
    from rensa import RMinHash

    text = written(text)
    tokens = folded(text)
    width = width_of(text, len(tokens))
    signature = None
    if len(tokens) >= MIN_WORDS * width:
        words = np.fromiter(map(hashes.__getitem__, tokens[: MAX_WORDS * width]), np.uint64)
        shingles = _shingles(words, RUN * width)
        ends = np.array([0, len(shingles)], np.uint64)
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(shingles, ends, N_SLOTS, _SEED)
        signature = np.asarray(matrix.to_rows(), np.uint32).tobytes()
    return Sketch(key_of(text, tokens), len(tokens), signature)


class Sketches:
    """The sketches of many texts, in about 530 bytes each."""

    def __init__(self) -> None:
        self._places, self._keys, self._lengths = array("q"), array("Q"), array("q")
        self._signed, self._signatures = array("q"), bytearray()

    def add(self, place: int, sketch: Sketch) -> None:
        """Keep the sketch of a text.

        Parameters
        ----------
        place : int
            Of the text among others.
        sketch : Sketch
            What :func:`sketch` gives for it.
        """
        if sketch.signature is not None:
            self._signed.append(len(self._places))
            self._signatures += sketch.signature
        self._places.append(place)
        self._keys.append(sketch.key)
        self._lengths.append(sketch.n_tokens)

    def of(self, places: Sequence[int]) -> tuple[NDArray[np.uint64], Rows, Rows, NDArray[np.uint32]]:
        """Keys and lengths in tokens of texts; the rows that have signatures, and these.

        Parameters
        ----------
        places : sequence of int
            Of the texts, each sketched, in the order that is asked for.
        """
        order = np.empty(max(self._places, default=-1) + 1, np.int64)
        order[np.frombuffer(self._places, np.int64)] = np.arange(len(self._places))
        chosen = order[np.asarray(places, np.int64)]
        row_of = np.full(len(self._places), -1)
        row_of[chosen] = np.arange(len(chosen))
        rows = row_of[np.frombuffer(self._signed, np.int64)]
        signatures = np.frombuffer(self._signatures, np.uint32).reshape(-1, N_SLOTS)
        at = np.flatnonzero(rows >= 0)
        at = at[np.argsort(rows[at], kind="stable")]
        if not np.array_equal(at, np.arange(len(rows))):
            signatures = signatures[at]
        keys, lengths = np.frombuffer(self._keys, np.uint64), np.frombuffer(self._lengths, np.int64)
        return keys[chosen], lengths[chosen], rows[at], signatures


def _shingles(words: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
    """A hash of every run of so many words."""
    n = len(words) - size + 1
    hashes = np.zeros(n, dtype=np.uint64)
    for offset in range(size):
        hashes = (hashes ^ words[offset : offset + n]) * _MULTIPLIER
        hashes ^= hashes >> np.uint64(29)
    return hashes
