"""One spelling for what is written with several characters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from topics.text._gender import without_gender_marks
from topics.text._turkic import lower_i

# Grave and acute accent, quotation marks, modifier letters, prime, full width, Armenian, Hebrew geresh: between letters
# each of them is met for an apostrophe.
_APOSTROPHES = (
    "`\u00b4\u02b9\u02bb\u02bc\u02bd\u02c8\u0384\u055a\u05f3\u1fbd\u1fbf\u1ffd\u2018\u2019\u201b\u2032\uff07\uff40"
)
_HYPHENS = "\u2010\u2011\u2212\ufe63\uff0d"
# Tatweel, soft hyphen and what tells a renderer how to show its neighbors; joiners are part of Persian and Indic words.
_NOTHING = "\u00ad\u034f\u061c\u0640\u180e\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff" + "".join(
    map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xFE00, 0xFE10)])
)
_RAISED_DIGITS = "\u00b2\u00b3\u00b9" + "".join(map(chr, [0x2070, *range(0x2074, 0x207A)]))  # they number footnotes
# Letters that are written so, though Unicode has another spelling for them: Thai and Lao vowels, an Armenian ligature,
# Korean letters that stand alone.
_AS_WRITTEN = frozenset("\u0e33\u0eb3\u0edc\u0edd\u0587" + "".join(map(chr, range(0x3131, 0x318F))))
_FORMS = ("<compat>", "<wide>", "<narrow>", "<font>", "<initial>", "<medial>", "<final>", "<isolated>", "<sub>")
_DOTS = re.compile("i\u0307+")


def plain(text: str) -> str:
    r"""The text with one character, or none, for what is written with several; upper and lower case are kept.

    Composed (NFC); one apostrophe and one hyphen; ligatures, full width and presentation forms as their letters;
    without soft hyphens, tatweel and raised digits; words that are written for two genders as one word.

    Parameters
    ----------
    text : str
        A word, or words in order.

    Examples
    --------
    >>> plain("of\ufb01cial"), plain("м`яса"), plain("Lehrer*innen")
    ('official', "м'яса", 'Lehrerinnen')
    """
    if text.isascii():
        text = text.replace("`", "'")
    else:
        text = unicodedata.normalize("NFC", text)
        for character in set(text):  # there are few, and to replace one takes no time
            if (one := _one(character)) != character:
                text = text.replace(character, one)
        text = unicodedata.normalize("NFC", text)
    return without_gender_marks(text)


def fold(text: str, *, language: str | None = None) -> str:
    """The text as terms are written: :func:`plain` and in lower case.

    Parameters
    ----------
    text : str
        A word, or words in order.
    language : str or None
        ISO 639-1 code; in Turkish and Azeri the lower case of "I" is "ı". None goes by the text's own letters.

    Examples
    --------
    >>> fold("İtalya ISI", language="tr"), fold("İtalya"), fold("ISI", language="en")
    ('italya ısı', 'italya', 'isi')
    """
    return lower(plain(lower_i(text, language=language)))


def lower(text: str) -> str:
    """The text in lower case, "İ" as "i".

    Parameters
    ----------
    text : str
        As :func:`plain` gives it.
    """
    text = text.lower()
    return text if text.isascii() or "\u0307" not in text else unicodedata.normalize("NFC", _DOTS.sub("i", text))


def caseless(text: str) -> str:
    """The text as words are compared, one for all that some language holds for the cases of a letter.

    It is not for showing: "ı" is "i", and "ß" is "ss".

    Parameters
    ----------
    text : str
        As :func:`plain` gives it.

    Examples
    --------
    >>> caseless("ISI") == caseless("ısı"), caseless("STRASSE") == caseless("Straße")
    (True, True)
    """
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", _DOTS.sub("i", text.casefold().replace("ı", "i")))


@cache
def _one(character: str) -> str:
    """What stands for a character."""
    if character in _APOSTROPHES:
        return "'"
    if character in _HYPHENS:
        return "-"
    if character in _NOTHING or character in _RAISED_DIGITS:
        return ""
    form = unicodedata.decomposition(character).partition(" ")[0]
    if form not in _FORMS or character in _AS_WRITTEN:
        return character
    if not character.isalnum() and form not in ("<wide>", "<narrow>"):
        return character
    letters = unicodedata.normalize("NFKC", character)
    if letters[0].isspace():
        return character
    return letters if len(letters) == 1 else "".join(map(_one, letters))
