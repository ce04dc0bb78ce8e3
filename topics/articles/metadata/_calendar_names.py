"""Names of months and days of the week in the languages that dateparser knows."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Literal

DOUBTFUL = -1

_MAJOR_LANGUAGES = 45
_SHORT = 3
_KEYS = {
    "months": (
        *("january", "february", "march", "april", "may", "june"),
        *("july", "august", "september", "october", "november", "december"),
    ),
    "days": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
}


def month_of(word: str, lang: str | None, *, leads: bool = False) -> int | None:
    """Number of the month a word names: ``DOUBTFUL`` where it depends on the language, None where it names none.

    Parameters
    ----------
    word : str
        A name in any case, or an abbreviation.
    lang : str or None
        ISO 639-1 code, where it is known.
    leads : bool
        Whether it stands before the day. Larger languages alone write so, and short names in English alone: "Pro 5,
        2023" is no date.
    """
    names = _names("months")
    by_language = names.get(_plain(word)) or names.get(_plain(re.split(r"[.]", word.rstrip("."))[-1]))
    if leads:
        by_language = {code: month for code, month in (by_language or {}).items() if code in _major()}
        if len(_plain(word)) <= _SHORT and "en" not in by_language:
            return None
    if not by_language:
        return None
    if lang in by_language:
        return by_language[lang]
    # Where larger languages know the word, what it means in small ones does not make it doubtful.
    major = {month for code, month in by_language.items() if code in _major()}
    months = major or set(by_language.values())
    return next(iter(months)) if len(months) == 1 else DOUBTFUL


def is_weekday(word: str) -> bool:
    """Whether a word names a day of the week in any language.

    Parameters
    ----------
    word : str
        A name in any case, or an abbreviation.
    """
    return bool(_names("days").get(_plain(word)))


@functools.cache
def _major() -> frozenset[str]:
    from dateparser.data.languages_info import language_order

    return frozenset(language_order[:_MAJOR_LANGUAGES])


@functools.cache
def _names(kind: Literal["months", "days"]) -> dict[str, dict[str, int]]:
    """For each name or abbreviation its number by language."""
    from dateparser.data.languages_info import language_order
    from dateparser.languages.loader import default_loader

    names: dict[str, dict[str, int]] = {}
    for code, locale in default_loader.get_locale_map(languages=language_order).items():
        for number, key in enumerate(_KEYS[kind], start=1):
            for name in map(_plain, locale.info.get(key, ())):
                # The shortest names are common words and numbers elsewhere, unless the script has no case.
                cased = name.upper() != name.lower()
                if len(name) >= (_SHORT if code in _major() else _SHORT + 1) or (len(name) > 1 and not cased):
                    names.setdefault(name, {}).setdefault(code.split("-")[0], number)
    return names


def _plain(word: str) -> str:
    """Word without case, dots and marks over letters."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in decomposed if c not in ".'’׳॰" and not unicodedata.combining(c))
