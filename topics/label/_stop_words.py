"""Words without a subject of their own: from published lists, and from how the corpus itself uses them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from topics.text import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

# Words of the English lists that can be the subject of an article.
_ENGLISH_SUBJECTS = frozenset(
    "abroad act adopted ai area areas auth beings bill biol buy caption case cases change changes computer copy course "  # noqa: SIM905
    "cry date edu energy field fields film fire fix free game games general goods gov group grouped grouping groups "
    "home information int interest interests invention join keys kid kids line man member members men microsoft mil "
    "mill mine mug net netscape order ordered ordering orders page pages pro research right ring room rooms round "
    "section shed shell sides sincere site sites state states sub system test tests text value web website wells "
    "width work worked working works world young younger youngest".split()
)
_IN_NAMES = frozenset({"big", "great", "high", "long", "low", "new", "old", "small"})  # "new york", "high court"
# No record of their tuning.
_WIDESPREAD_SHARE = 0.5  # of the documents
_EVEN = 0.85  # of the documents that a Poisson distribution gives
_MIN_DOCUMENTS = 20  # not tuned: with fewer the two shares are too coarse
_AMBIGUOUS = frozenset({"march", "may", "sun", "mars", "mai"})  # months and days that are also other words
_MIN_ABBREVIATION = 4  # not tuned: shorter abbreviations are often other words
_UNITS = ("minute", "hour", "day", "week", "month", "year")


def stop_words_for(languages: Iterable[str]) -> frozenset[str]:
    """Stop words of the languages, with their words for times, months and weekdays, in lower case.

    Two published lists are joined, since each lacks words of the other. Words that can be the subject of an English
    article ("ai", "world") are left out. A language without a list adds none.

    Parameters
    ----------
    languages : iterable of str
        ISO 639-1 codes.
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
    from stop_words import safe_get_stop_words
    from stopwordsiso import has_lang, stopwords

    words: set[str] = set()
    for language in set(languages):
        listed = {*safe_get_stop_words(language), *(stopwords(language) if has_lang(language) else ())}
        listed = (listed | ENGLISH_STOP_WORDS) - _ENGLISH_SUBJECTS if language == "en" else listed
        further = _calendar(language) | _durations(language)
        words.update(fold(word, language=language) for word in listed | further)
    return frozenset(words)


def function_words_for(languages: Iterable[str]) -> frozenset[str]:
    """Words that no collocation contains: the stop words, except adjectives that are part of names.

    Parameters
    ----------
    languages : iterable of str
        ISO 639-1 codes.
    """
    return stop_words_for(languages) - _IN_NAMES


def _calendar(language: str) -> frozenset[str]:
    """Names of months and weekdays."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return frozenset()
    names = {
        re.sub(r"\W+$", "", name)
        for table in (locale.months, locale.days)
        for use in ("format", "stand-alone")
        for width, min_length in (("wide", 1), ("abbreviated", _MIN_ABBREVIATION))
        for name in table[use][width].values()
        if len(name) >= min_length
    }
    return frozenset(name for name in names if name.lower() not in _AMBIGUOUS)


def _durations(language: str) -> frozenset[str]:
    """Every form of "minute", "hour", "day", "week", "month", "year"."""
    from babel import Locale, UnknownLocaleError
    from babel.units import format_unit

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return frozenset()
    forms = (format_unit(n, f"duration-{unit}", locale=locale) for unit in _UNITS for n in (1, 2, 5, 21, 1.5))
    known = [form for form in forms if "duration" not in form]  # babel returns the unit's key if a language has no word
    return frozenset(word for form in known for word in re.findall(r"[^\W\d_]{2,}", form))


def widespread(counts: csr_array, lengths: NDArray[np.int64]) -> NDArray[np.intp]:
    """Columns of the terms that occur in most documents and are scattered like function words.

    For documents in an unknown language. A word of a subject is concentrated in some documents and repeated there; a
    function word is scattered as if by chance (Church and Gale 1995). A term is scattered if it is in more than half of
    the documents and in more than 85 % of those that a Poisson distribution would give it, for the same number of
    occurrences in documents of the same lengths.

    Parameters
    ----------
    counts : scipy.sparse.csr_array of int, shape (n_docs, n_terms)
        Occurrences in documents of one language.
    lengths : numpy.ndarray of int, shape (n_docs,)
        Number of words of each document.
    """
    n_docs = counts.shape[0]
    if n_docs < _MIN_DOCUMENTS or not lengths.sum():
        return np.zeros(0, np.intp)
    n_docs_with = np.bincount(counts.indices, minlength=counts.shape[1])
    columns = np.flatnonzero(n_docs_with > _WIDESPREAD_SHARE * n_docs)
    occurrences = np.bincount(counts.indices, weights=counts.data, minlength=counts.shape[1])[columns]
    expected = -np.expm1(-np.outer(occurrences, lengths / lengths.sum())).sum(axis=1)
    scattered: NDArray[np.intp] = columns[n_docs_with[columns] > _EVEN * expected]
    return scattered
