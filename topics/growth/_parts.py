"""Some documents of a corpus as a corpus."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from topics.records import Corpus, Origin

if TYPE_CHECKING:
    from numpy.typing import NDArray


def part_of(corpus: Corpus, rows: NDArray[np.intp]) -> Corpus:
    """The corpus of some documents, without their near-duplicates.

    Parameters
    ----------
    corpus : Corpus
        All documents.
    rows : numpy.ndarray of int, shape (n,)
        Which, ascending.
    """
    origin = Origin("part", 1, {"rows": rows.tolist()}, (corpus.corpus_key,), {})
    return replace(
        corpus, documents=corpus.documents.take(rows), copies=corpus.copies.slice(0, 0),
        input_rows=corpus.input_rows.take(rows), origin=origin,
    )  # fmt: skip
