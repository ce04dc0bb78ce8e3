"""Words that say nothing of a subject: by kept lists, and by how the corpus itself uses them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from topics.text import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

# Words of the English lists that name subjects of articles.
_ENGLISH_SUBJECTS = frozenset(
    "abroad act adopted ai area areas auth beings bill biol buy caption case cases change changes computer copy course "  # noqa: SIM905
    "cry date edu energy field fields film fire fix free game games general goods gov group grouped grouping groups "
    "home information int interest interests invention join keys kid kids line man member members men microsoft mil "
    "mill mine mug net netscape order ordered ordering orders page pages pro research right ring room rooms round "
    "section shed shell sides sincere site sites state states sub system test tests text value web website wells "
    "width work worked working works world young younger youngest".split()
)
_IN_NAMES = frozenset({"big", "great", "high", "long", "low", "new", "old", "small"})  # "new york", "high court"
_WIDESPREAD_SHARE = 0.5
_EVEN = 0.85
_FEWEST_DOCUMENTS = 20
_AMBIGUOUS = frozenset({"march", "may", "sun", "mars", "mai"})  # months and days that are other words as well
_LONG_ABBREVIATION = 4
_UNITS = ("minute", "hour", "day", "week", "month", "year")


def stop_words_for(languages: Iterable[str]) -> frozenset[str]:
    """Function words of the languages and their words for times, months and weekdays, in lower case.

    Two kept lists are joined, since each leaves out words that the other has, without those that name subjects of
    English articles ("ai", "world"). A language without a list adds none.

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
    """Words that no term of several words holds: the stop words, but for adjectives that names are made of.

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
        for width, least in (("wide", 1), ("abbreviated", _LONG_ABBREVIATION))
        for name in table[use][width].values()
        if len(name) >= least
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
    known = [form for form in forms if "duration" not in form]  # the name of the unit stands where a language has none
    return frozenset(word for form in known for word in re.findall(r"[^\W\d_]{2,}", form))


def widespread(counts: csr_array, lengths: NDArray[np.int64]) -> NDArray[np.intp]:
    """Columns of the terms that most documents hold, and hold as evenly as words are that have no subject.

    It is for documents of which nothing else is known. A word of a subject keeps to some documents and repeats there; a
    function word is scattered as if by chance (Church and Gale 1995). Those count as such that stand in
    more than half of the documents and in more than 85 % of those that a Poisson distribution would give them, for as
    many occurrences and documents of the same lengths.

    Parameters
    ----------
    counts : scipy.sparse.csr_array of int, shape (n_docs, n_terms)
        Occurrences in documents of one language.
    lengths : numpy.ndarray of int, shape (n_docs,)
        Words of each document.
    """
    n_docs = counts.shape[0]
    if n_docs < _FEWEST_DOCUMENTS or not lengths.sum():
        return np.zeros(0, np.intp)
    held = np.bincount(counts.indices, minlength=counts.shape[1])
    columns = np.flatnonzero(held > _WIDESPREAD_SHARE * n_docs)
    often = np.bincount(counts.indices, weights=counts.data, minlength=counts.shape[1])[columns]
    expected = -np.expm1(-np.outer(often, lengths / lengths.sum())).sum(axis=1)
    found: NDArray[np.intp] = columns[held[columns] > _EVEN * expected]
    return found
