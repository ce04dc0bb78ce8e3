"""The canonical text of each: itself, or the first that it is a near-duplicate of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from topics.articles.duplicates._candidates import candidates, long_enough
from topics.articles.duplicates._rule import is_near_duplicate
from topics.articles.duplicates._sketches import Rows, Sketches, sketch
from topics.articles.duplicates._tokens import exact_key, tokens_of
from topics.errors import InputError


def exact_duplicates(texts: Sequence[str]) -> Rows:
    """Row (n_texts,) of the first text that equals each but for case, white space and punctuation.

    Parameters
    ----------
    texts : sequence of str
        Each is read once.
    """
    return _first_of_equals(np.fromiter(map(exact_key, texts), np.uint64, len(texts)))


def near_duplicates(
    texts: Sequence[str],
    *,
    sketches: Sketches | None = None,
    places: Sequence[int] | None = None,
    min_shared: float = 0.6,
) -> Rows:
    """Row (n_texts,) of the canonical text of each: itself, or the first text that it is a near-duplicate of.

    Every near-duplicate is one of its canonical text itself, never through a third. Texts of fewer than ten words
    (twenty letters, in scripts without spaces) are duplicates only if they are equal but for case, white space and
    punctuation. Where very many texts resemble one another, each is compared with the 32 likeliest.

    Parameters
    ----------
    texts : sequence of str
        May read from disk: each text is read once in order, and those that may be near-duplicates again; about
        550 bytes a text are held.
    sketches : Sketches or None
        Where the texts are sketched already.
    places : sequence of int or None
        Of the texts among them; None where they stand there in the same order.
    min_shared : float in (0, 1]
        Share of the words of the longer text that the other has too, in the same order and in runs of four and more.
        A text cut after two thirds and edited has 0.6 and more; one of two stories on a page has 0.5.

    Raises
    ------
    ValueError
        If `min_shared` is not above 0 and at most 1.

    Examples
    --------
    >>> story = "The ferry to Rosk ran aground on a sandbank early on Monday and was freed by two tugs at high water."
    >>> texts = [story, "By our staff: " + story, story.replace("Rosk", "Selwe").replace("two", "nine")]
    >>> near_duplicates(texts).tolist()
    [0, 0, 2]
    """
    if not 0 < min_shared <= 1:
        raise InputError(f"expected min_shared above 0 and at most 1, got {min_shared!r}")
    if sketches is None:
        sketches = Sketches()
        for row in range(len(texts)):
            sketches.add(row, sketch(texts[row]))
    keys, lengths, signed, signatures = sketches.of(range(len(texts)) if places is None else places)
    canonical = _first_of_equals(keys)
    is_first = canonical[signed] == signed
    if not is_first.all():
        signed, signatures = signed[is_first], signatures[is_first]
    read = lru_cache(maxsize=1024)(lambda row: tokens_of(texts[row]))
    for row, likely in candidates(signatures, signed, lengths=lengths, min_shared=min_shared):
        for first in sorted(set(canonical[likely].tolist())):
            if long_enough(lengths[first], lengths[row], min_shared=min_shared) and is_near_duplicate(
                read(first), read(row), min_shared=min_shared
            ):
                canonical[row] = first
                break
    return canonical[canonical]  # equal texts follow the first of them


def _first_of_equals(keys: NDArray[np.uint64]) -> Rows:
    _, first, of_row = np.unique(keys, return_index=True, return_inverse=True)
    return first[of_row].astype(np.int64)
