"""Words that any text of a language has, whatever it is about."""

from __future__ import annotations

import functools


@functools.cache
def function_words(lang: str | None) -> frozenset[str]:
    """Function words of a language, in lower case; none where it has no list (stopwords-iso).

    Parameters
    ----------
    lang : str or None
        ISO 639-1 code.

    Examples
    --------
    >>> "the" in function_words("en"), function_words(None)
    (True, frozenset())
    """
    from stopwordsiso import has_lang, stopwords

    return frozenset(stopwords(lang)) if lang and has_lang(lang) else frozenset()
