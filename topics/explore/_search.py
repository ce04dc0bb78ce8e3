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

    found = np.ones(len(documents), dtype=bool)
    columns = [pa.array(documents[name].tolist(), pa.large_string(), from_pandas=True) for name in ("title", "text")]
    for word in words:
        spaced = r"\s+".join(re.escape(part) for part in word.split())
        hits = [
            pc.fill_null(pc.match_substring_regex(column, rf"(?:^|[^\pL\pN]){spaced}", ignore_case=True), False)
            for column in columns
        ]
        found &= np.asarray(pc.or_(*hits))
    return found
