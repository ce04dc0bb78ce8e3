"""Long texts → pieces that a model can read completely, split at sentence ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.text._sentences import SENTENCE_END

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPARE = 2  # not tuned: a piece may have a token more by itself than as part of the text


def split(text: str, offsets: NDArray[np.int64], *, n_fit: int) -> list[tuple[int, int, int]]:
    r"""Pieces of a text as ``(start, stop, n_tokens)``, characters from ``start`` to before ``stop``.

    The pieces have similar lengths, so that none is too short to be meaningful. Each ends at the sentence end closest
    to that length, otherwise between two words, otherwise between two tokens. Together they are the whole text.

    Parameters
    ----------
    text : str
        Text to split.
    offsets : numpy.ndarray of int, shape (n_tokens, 2)
        First character of each token and the one after its last.
    n_fit : int
        Maximum number of tokens per piece.

    Examples
    --------
    >>> import re
    >>> text = "One two. Three four. Five six."
    >>> tokens = np.array([(m.start(), m.end()) for m in re.finditer(r"\w+|[.]", text)])
    >>> [text[start:stop] for start, stop, _ in split(text, tokens, n_fit=7)]
    ['One two. ', 'Three four. ', 'Five six.']
    """
    n_tokens = len(offsets)
    if n_tokens <= n_fit:
        return [(0, len(text), n_tokens)]
    max_tokens = max(1, n_fit - _SPARE)
    starts = _past_spaces(text, offsets[:, 0])
    sentences = np.unique(np.searchsorted(starts, [match.end() for match in SENTENCE_END.finditer(text)]))
    words = np.array([i for i in range(1, n_tokens) if text[starts[i] - 1 : starts[i]].isspace()], dtype=np.int64)
    cuts = [0]
    while n_tokens - cuts[-1] > max_tokens:
        left = n_tokens - cuts[-1]
        cuts.append(
            _next_cut(cuts[-1], ideal=left / -(-left // max_tokens), max_tokens=max_tokens, ends=(sentences, words))
        )
    cuts.append(n_tokens)
    edges = [0, *(int(starts[cut]) for cut in cuts[1:-1]), len(text)]
    return [(edges[i], edges[i + 1], cuts[i + 1] - cuts[i]) for i in range(len(cuts) - 1)]


def _past_spaces(text: str, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """First character of each token that is not a space: many tokenizers include the space before a word."""
    moved = starts.copy()
    for i, start in enumerate(starts.tolist()):
        while start < len(text) - 1 and text[start].isspace():
            start += 1
        moved[i] = start
    return moved


def _next_cut(start: int, *, ideal: float, max_tokens: int, ends: tuple[NDArray[np.int64], ...]) -> int:
    """The first token after the piece that starts at ``start``."""
    first = start + max(1, max_tokens // 2)
    for places in ends:
        near = places[np.searchsorted(places, first) : np.searchsorted(places, start + max_tokens, side="right")]
        if len(near):
            return int(near[np.abs(near - (start + ideal)).argmin()])
    return start + max_tokens
