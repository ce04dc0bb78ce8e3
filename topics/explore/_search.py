"""Documents with all words of a query."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_WORD = re.compile(r'"([^"]+)"|(\S+)')


def words_of(query: str) -> list[str]:
    """The words of a query; what stands in quotation marks is one.

    Parameters
    ----------
    query : str
        As it was typed.

    Examples
    --------
    >>> words_of('grain "Black Sea"')
    ['grain', 'Black Sea']
    """
    words = ((quoted or plain).strip() for quoted, plain in _WORD.findall(query))
    return [word for word in words if word]


def find_words(documents: pd.DataFrame, words: list[str]) -> NDArray[np.bool_]:
    """Whether each document has all words in its title or text, each at the beginning of a word, in any case.

    Parameters
    ----------
    documents : pandas.DataFrame
        With ``title`` and ``text``.
    words : list of str
        As :func:`words_of` gives them.

    Returns
    -------
    numpy.ndarray of bool, shape (n_docs,)
        True for all where there are no words.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = [pa.chunked_array(pa.array(documents[name], from_pandas=True)) for name in ("title", "text")]
    rows = np.arange(len(documents))
    for word in words:  # each among those with all words before it
        spaced = r"\s+".join(re.escape(part) for part in word.split())
        hits = [
            pc.fill_null(pc.match_substring_regex(column, rf"(?:^|[^\pL\pN]){spaced}", ignore_case=True), False)
            for column in columns
        ]
        has = pc.or_(*hits)
        columns = [column.filter(has) for column in columns]
        rows = rows[has.to_numpy()]
    found = np.zeros(len(documents), dtype=bool)
    found[rows] = True
    return found
