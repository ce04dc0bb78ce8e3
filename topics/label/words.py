"""Texts → words: lower case, without addresses; scripts written without spaces are segmented."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec

from topics.label.stop_words import one_apostrophe

# Letters, digits, the marks that many scripts write them with, and apostrophes and hyphens inside; what parts phrases
# comes as a token too. What is no word is sorted out among the distinct tokens, of which there are few.
_MARKS = r"\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0981-\u0dff\u0e31-\u0e4e\u1031-\u103e"
_MARK = "\x1f"  # between tokens; it counts as space, so none is in them
_TOKEN = re.compile(rf"\w[\w{_MARKS}]*(?:['\u200c\u200d-][\w{_MARKS}]+)*|[.,;:!?()…\n。，、；：！？（）।؟،{_MARK}]")
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+|(?<![\w.%+-])[A-Za-z0-9._%+-]*+@[A-Za-z0-9._-]*", re.IGNORECASE)
_ELISION = re.compile(
    r"^(?:l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu|quoiqu|dell|nell|dall|sull|all|un|quest|quell)'(?=[^\W\d_]{3})"
)
GAP = ""
# Han, kana, Thai, Lao, Burmese, Khmer
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_HAN = re.compile(r"[\u3005\u3400-\u9fff\uf900-\ufaff]+|[\u30a1-\u30ff]{2,}|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")


def words_of(text: str) -> list[str]:
    """The words of a text in order; :data:`GAP` stands for marks that part phrases, for numbers and lone letters.

    A word starts with a letter and has two characters or more; an English possessive ending is left out, and what is
    elided before a French or Italian word ("l'armée"). Web and mail addresses and handles are no words. Chinese,
    Japanese, Thai, Lao, Khmer and Burmese are segmented by ICU's dictionaries where ``icu4py`` is installed; without it
    Chinese characters come in pairs, katakana as runs.

    Parameters
    ----------
    text : str
        Any.

    Examples
    --------
    >>> words_of("Ukraine's grain in 2022: www.example.org")
    ['ukraine', 'grain', 'in', '', '']
    """
    return words_in(tokens_of(text))[0]


def tokens_of(text: str) -> list[str]:
    """What stands between spaces, in order, a full stop for each line's end; :func:`words_in` finds the words in it.

    There are few distinct ones: to look for words in these alone takes a fraction of the time.

    Parameters
    ----------
    text : str
        Any.
    """
    return text.replace("\n", " . ").split()


def words_in(tokens: Sequence[str]) -> tuple[list[str], list[int]]:
    """The words of tokens in order, :data:`GAP` for what is none, and how many come before each token's end.

    Parameters
    ----------
    tokens : sequence of str
        As :func:`tokens_of` gives them.
    """
    plain = [
        _ADDRESS.sub(" . ", token) if "@" in token or "/" in token or "www." in token else token for token in tokens
    ]
    text = _MARK.join(plain)
    text = one_apostrophe(text.lower())
    if not text.isascii() and _UNSPACED.search(text):
        text = _UNSPACED.sub(_segmented, text)
    found = _TOKEN.findall(text)
    marks = [i for i, part in enumerate(found) if part == _MARK]
    ends = [mark - n for n, mark in enumerate([*marks, len(found)])] if tokens else []
    known = {part: _word(part) for part in set(found)}
    return [known[part] for part in found if part != _MARK], ends


def _word(token: str) -> str:
    word = _ELISION.sub("", token.removesuffix("'s")) if "'" in token else token
    return word if len(word) > 1 and word[0].isalpha() else GAP


def is_unspaced(text: str) -> bool:
    """Whether a text holds words of a script that is written without spaces.

    Parameters
    ----------
    text : str
        Any.
    """
    return not text.isascii() and _UNSPACED.search(text) is not None


@cache
def can_segment() -> bool:
    """Whether the segmenter is installed."""
    return find_spec("icu4py") is not None


def _segmented(run: re.Match[str]) -> str:
    return f" {' '.join(_segmenter()(run.group()))} "


@cache
def _segmenter() -> Callable[[str], list[str]]:
    if not can_segment():
        return _pairs
    from icu4py.breakers import WordBreaker

    def segment(run: str) -> list[str]:
        return [run[start:stop] for start, stop in WordBreaker(run, "en").segments()]

    return segment


def _pairs(run: str) -> list[str]:
    """Chinese characters in overlapping pairs; katakana, which write names and foreign words, whole."""
    found = []
    for match in _HAN.finditer(run):
        part = match.group()
        is_han = "\u3400" <= part[0] <= "\ufaff" or part[0] == "\u3005"
        found += [part[i : i + 2] for i in range(len(part) - 1)] if is_han else [part]
    return found
