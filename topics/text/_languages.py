"""Languages by the names and codes that people write."""

from __future__ import annotations

import functools
import re

from topics.errors import InputError


@functools.lru_cache(maxsize=4096)
def language_code(given: str) -> str | None:
    """ISO 639-1 code (639-3 where there is none) of a language as people name it; None where it is not known.

    Takes codes of two and three letters, with region or script (``en-US``), and English and own names (``Ukrainian``,
    ``українська``), by CLDR.

    Parameters
    ----------
    given : str
        A code or a name.

    Examples
    --------
    >>> [language_code(name) for name in ("eng", "en_GB", "Ukrainian", "deutsch")]
    ['en', 'en', 'uk', 'de']
    """
    from babel import Locale
    from babel.core import get_global

    english = Locale("en").languages
    code = re.split(r"[-_]", given.strip().casefold())[0]
    code = str(get_global("language_aliases").get(code, code)).split("_")[0]
    if code in english and 2 <= len(code) <= 3:
        return code
    return _by_name().get(given.strip().casefold())


@functools.cache
def _by_name() -> dict[str, str]:
    from babel import Locale
    from babel.core import UnknownLocaleError

    english = Locale("en").languages
    names = {}
    for code, name in english.items():
        if len(code) > 3:
            continue
        names[name.casefold()] = code
        try:
            own = Locale(code).get_language_name(code)
        except (UnknownLocaleError, ValueError):
            continue
        if own:
            names[own.casefold()] = code
    return names


def named_languages(given: str | tuple[str, ...]) -> list[str] | None:
    """Codes of the languages that a setting of stop words names; None where it is a list of words.

    One string names languages, parted by commas. A list names languages if each of its entries is a code of two letters
    or a name, and a kept list of stop words is there for it.

    Parameters
    ----------
    given : str or tuple of str
        As people write it: ``"english"``, ``"en, de"``, ``("english", "german")``.

    Raises
    ------
    ValueError
        If it is one string and names a language that is not known or has no list.

    Examples
    --------
    >>> named_languages("English"), named_languages(("german", "uk")), named_languages(("german", "said"))
    (['en'], ['de', 'uk'], None)
    """
    names = re.split(r"[,;+\s]+", given.strip()) if isinstance(given, str) else list(given)
    # "the" and "war" are codes of three letters as well
    codes = [language_code(name) if isinstance(given, str) or len(name) != 3 else None for name in names]
    unknown = [name for name, code in zip(names, codes, strict=True) if not (code and has_stop_words(code))]
    if names and not unknown:
        return sorted({code for code in codes if code})
    if not isinstance(given, str):
        return None
    raise InputError(
        f'expected "auto", languages with a kept list of stop words ("english", "en, de") or a list of words, and '
        f"{unknown[0]!r} is no such language; write [{unknown[0]!r}] for a word"
    )


@functools.cache
def has_stop_words(code: str) -> bool:
    """Whether a list of stop words is kept for a language.

    Parameters
    ----------
    code : str
        ISO 639-1.
    """
    from stop_words import safe_get_stop_words
    from stopwordsiso import has_lang

    return bool(has_lang(code)) or bool(safe_get_stop_words(code))
