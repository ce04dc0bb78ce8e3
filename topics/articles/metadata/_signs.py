"""The signs that dates are written with, in one form: digits, marks of direction, hyphens, minus signs."""

from __future__ import annotations

import re

_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_MARKS_OF_DIRECTION = re.compile(r"[\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2212", "-"))  # the last is the minus sign
_OFFSET_DASH = re.compile(r"(?<=\d\d:\d\d:\d\d)((?:[.,]\d{1,9})?)\u2013(?=\d\d:?\d\d(?![\d:]))")
_ISO_DAY = r"(?:19|20)\d\d-\d\d-\d\d"
_INTERVAL = re.compile(
    rf"(?<![\w/.])({_ISO_DAY}(?:[T ]\d\d[\d:.,]*(?<=\d))?(?:\s?(?:Z|[+-]\d\d:?\d\d))?\s?)(/|\.\.\.?|…)"
    rf"(?=\s?{_ISO_DAY}(?!\d))",
    re.ASCII,
)


def plain_signs(text: str) -> str:
    """Text with the digits of any script as 0 to 9, hyphens and minus signs as "-", blanks for marks of direction.

    A dash between a time to the second and an offset is a minus sign as well. Places stay the same.

    Parameters
    ----------
    text : str
        A line, or the cell of a table.
    """
    if text.isascii():
        return text
    text = _MARKS_OF_DIRECTION.sub(" ", text).translate(_HYPHENS)
    return _OFFSET_DASH.sub(r"\1-", _OTHER_DIGIT.sub(lambda digit: str(int(digit[0])), text))


def dashed(text: str) -> str:
    """Text with a dash for what stands between two days in ISO's form ("2024-03-01/2024-03-05"); places stay the same.

    Parameters
    ----------
    text : str
        As :func:`plain_signs` gives it.
    """
    return _INTERVAL.sub(lambda match: match[1] + "–".rjust(len(match[2])), text)
