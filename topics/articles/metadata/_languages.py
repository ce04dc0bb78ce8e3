"""Languages: codes as given, and the foreign paragraphs inside an article."""

from __future__ import annotations

import re
from collections import Counter

from topics._say import count, percent, verb
from topics.text import language_code
from topics.text._detection import detect_language, language_and_share
from topics.text._function_words import function_words

_MIN_LETTERS = 80
_SHARE = 0.95
_CHARACTERS = 300
_OWN_SHARE = 0.35  # of words; of 2,804 sentences in four languages 3 in 1,000 have as many of another's
_MIN_NAMED = 0.005
_LETTER = re.compile(r"[^\W\d_]")


def language_name(code: str) -> str:
    """English name of a language; the code itself where it has none.

    Parameters
    ----------
    code : str
        ISO 639.
    """
    from babel import Locale

    return str(Locale("en").languages.get(code, code))


def foreign_languages(text: str, lang: str | None) -> list[str]:
    """Languages of the paragraphs that are in another language than the article, by code.

    A paragraph counts where it is long enough to tell and its language is certain; close relatives of the article's
    language are confused most, so certainty is asked for and not the likeliest guess.

    Parameters
    ----------
    text : str
        The article, one paragraph a line.
    lang : str or None
        Its language.
    """
    if lang is None:
        return []
    languages = set()
    own = function_words(lang)
    for line in text.split("\n"):
        if not _has_letters(line):
            continue
        words = line[:_CHARACTERS].lower().split()
        if sum(word in own for word in words) > _OWN_SHARE * len(words):
            continue  # as many function words stand in no paragraph of another language, and to count them is quick
        other, share = language_and_share(line)
        if other not in (lang, None) and share >= _SHARE:
            languages.add(other)
    return sorted(languages)


def _has_letters(line: str) -> bool:
    """Whether a line has letters enough to tell its language: most have them among their first characters."""
    return len(line) >= _MIN_LETTERS and (
        len(_LETTER.findall(line[: 2 * _MIN_LETTERS])) >= _MIN_LETTERS or len(_LETTER.findall(line)) >= _MIN_LETTERS
    )


def say_shares(languages: Counter[str | None], n_mixed: int) -> list[str]:
    """One sentence: the share of each language by name; one more where articles hold foreign paragraphs.

    Parameters
    ----------
    languages : Counter
        Number of documents by code; None is unknown.
    n_mixed : int
        Documents with paragraphs in another language.
    """
    total = sum(languages.values())
    ordered = sorted(languages.items(), key=lambda item: (-item[1], item[0] or "~"))
    shares = [
        f"{percent(n / total)} {language_name(code) if code else 'unknown'}"
        for code, n in ordered
        if n / total >= _MIN_NAMED
    ]
    few = [n for _, n in ordered if n / total < _MIN_NAMED]
    if few:
        shares.append(f"{count(sum(few), 'document')} in {count(len(few), 'other')}")
    notes = [f"languages: {', '.join(shares)}"] if len(ordered) > 1 else []
    if n_mixed:
        notes.append(f"{count(n_mixed, 'document')} {verb(n_mixed, 'holds', 'hold')} paragraphs in another language")
    return notes


__all__ = ["detect_language", "foreign_languages", "language_code", "language_name", "say_shares"]
