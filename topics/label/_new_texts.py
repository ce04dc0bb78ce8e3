"""New texts → counts of the terms that a corpus has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from topics.label._counting import read_terms
from topics.records import TermCounts

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def count_again(texts: Sequence[str], counts: TermCounts) -> csr_array:
    """Number of occurrences of each of a corpus's terms in each text, int64 of shape (n_texts, n_terms).

    Parameters
    ----------
    texts : sequence of str
        Texts of any documents.
    counts : TermCounts
        Of the corpus.
    """
    from scipy.sparse import csr_array

    place = {term: i for i, term in enumerate(counts.terms)}
    rows, columns, numbers = list[int](), list[int](), list[int]()
    for row, terms in enumerate(read_terms(texts, counts)):
        for column, n in sorted(Counter(place[term] for term in terms if term in place).items()):
            rows.append(row)
            columns.append(column)
            numbers.append(n)
    values = np.array(numbers, dtype=np.int64)
    return csr_array((values, (rows, columns)), shape=(len(texts), len(counts.terms)))
