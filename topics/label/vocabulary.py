"""Texts → counted terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# A letter, then letters, digits, the marks that many scripts write them with, and apostrophes and hyphens inside.
_MARKS = r"\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0981-\u0dff\u0e31-\u0e4e\u1031-\u103e"
_TERM = rf"(?u)\b[^\W\d_](?:[\w{_MARKS}]|['’ʼ\u200c\u200d-](?=\w))+"
_WHOLE_TERM = re.compile(_TERM)
_POSSESSIVE = re.compile(r"'s\b")

# Words of scikit-learn's English list that name subjects of news.
_ENGLISH_SUBJECTS = frozenset({"bill", "cry", "fire", "interest", "mill", "mine", "sincere", "system"})


def stop_words_for(languages: Iterable[str]) -> frozenset[str]:
    """Function words of the languages, in lower case; a language without a list adds none.

    Two kept lists are joined, since each leaves out words that the other has; for English, where both hold subjects
    ("ai", "world", "web"), scikit-learn's stands alone.

    Parameters
    ----------
    languages : iterable of str
        ISO 639-1 codes.
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
    from stop_words import get_stop_words, safe_get_stop_words
    from stopwordsiso import has_lang, stopwords

    words: set[str] = set()
    for language in set(languages):
        if language == "en":
            contractions = {word for word in get_stop_words("en") if "'" in word}
            words |= contractions | (ENGLISH_STOP_WORDS - _ENGLISH_SUBJECTS)
        else:
            words.update(safe_get_stop_words(language), stopwords(language) if has_lang(language) else ())
    return frozenset(_one_apostrophe(word.lower()) for word in words)


def count_terms(
    texts: Sequence[str], *, stop_words: Iterable[str], ngram_range: tuple[int, int], min_df: int
) -> tuple[csr_array, tuple[str, ...]]:
    """Counts of shape (n_texts, n_terms) and the terms, sorted; no terms where nothing is left to count.

    A term starts with a letter and has two characters or more; an English possessive ending is dropped.

    Parameters
    ----------
    texts : sequence of str
        One document each.
    stop_words : iterable of str
        Words, in lower case, that are no terms.
    ngram_range : tuple of int
        Shortest and longest term in words.
    min_df : int
        Fewest texts that hold a term.
    """
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import CountVectorizer

    kept = sorted({word for word in map(_flatten, stop_words) if _WHOLE_TERM.fullmatch(word)})
    vectorizer = CountVectorizer(
        preprocessor=_flatten,
        token_pattern=_TERM,
        stop_words=kept or None,
        ngram_range=ngram_range,
        min_df=min_df,
        dtype=np.int32,
    )
    try:
        counts = vectorizer.fit_transform(texts)
    except ValueError as error:
        if "vocabulary" not in str(error) and "no terms remain" not in str(error):
            raise
        return csr_array((len(texts), 0), dtype=np.int32), ()
    return csr_array(counts), tuple(vectorizer.get_feature_names_out().tolist())


def _flatten(text: str) -> str:
    return _POSSESSIVE.sub("", _one_apostrophe(text.lower()))


def _one_apostrophe(text: str) -> str:
    return text.replace("’", "'").replace("ʼ", "'")
