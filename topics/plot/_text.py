"""Texts in figures: made inert, measured, and cut to the room there is."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

# Widths in shares of the font's size, of DejaVu Sans, one of the widest fonts that browsers fall back to: in others a
# text takes less room than it is given.
_WIDTHS = {
    **dict.fromkeys("ijlI|'", 0.33), **dict.fromkeys(" .,:;!()[]{}/\\-`ft\"r·", 0.42),
    **dict.fromkeys("mwMW%@…", 1.0), **dict.fromkeys("#+<=>~", 0.84),
}  # fmt: skip
_LOWER, _UPPER, _WIDE = 0.64, 0.78, 1.0
_OTHER = 0.8  # letters of other alphabets, the widest of which ("щ", "ш") are .9
_WIDEST = 0.97  # an emoji and other symbols may be wider than its font says
_TERMS = 3  # that stand for a topic without a name


def plain(text: object) -> str:
    """The text as Plotly shows it letter by letter: no markup, no TeX, no control characters.

    Text that runs from right to left is isolated from what is around it, such as a topic's number before its name.

    Parameters
    ----------
    text : object
        Anything; what is no text is said as Python says it.

    Examples
    --------
    >>> plain("<b>5 $</b>")
    '&lt;b&gt;5 &#36;&lt;/b&gt;'
    """
    line = one_line(text)
    if not line.isascii() and any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in line):
        number, dot, name = line.partition(" · ")
        line = f"{number}{dot}\u2068{name}\u2069" if number.isdigit() else f"\u2068{line}\u2069"
    return escape(line, quote=False).replace("$", "&#36;")


def one_line(text: object) -> str:
    """The text without line breaks, control characters and marks of direction.

    Parameters
    ----------
    text : object
        As for :func:`plain`.
    """
    whole = str(text)
    if not whole.isprintable():  # it has some of these, or other spaces
        whole = "".join(" " if unicodedata.category(c) == "Cc" else c for c in whole if _is_shown(c))
    return " ".join(whole.split())


def _is_shown(letter: str) -> bool:
    """Whether it is no mark of direction, no half of a pair and of no private alphabet; joiners make other letters."""
    return unicodedata.category(letter) not in ("Cf", "Cs", "Co") or letter in "\u200c\u200d"


def width_of(text: str, size: float) -> float:
    """Pixels that a line of text takes at most in usual fonts.

    Parameters
    ----------
    text : str
        A single line.
    size : float
        Of the font, in pixels.
    """
    return size * sum(map(_width, text))


def _width(letter: str) -> float:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if letter.isascii():
        return _UPPER if letter.isupper() else _LOWER
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return _WIDE
    return _OTHER if letter.isalpha() else _WIDEST


def fit(text: object, width: float, *, size: float = 12) -> str:
    """The text on one line, cut with "…" where it is wider than the room, between words if that leaves most of it.

    Parameters
    ----------
    text : object
        A name or some terms.
    width : float
        Pixels there are.
    size : float
        Of the font, in pixels.
    """
    import regex

    line = one_line(text)
    if width_of(line, size) <= width:
        return line
    room, kept = width - width_of("…", size), ""
    for letter in regex.findall(r"\X", line):  # what a reader takes for one letter stays whole
        if width_of(kept + letter, size) > room:
            break
        kept += letter
    at_word = kept.rstrip() if line[len(kept) : len(kept) + 1] == " " else kept.rpartition(" ")[0].rstrip()
    return f"{at_word if len(at_word) > len(kept) * 0.6 else kept}…"


def name_of(row: Mapping[Any, Any]) -> str:
    """The topic's name; empty if it has none."""
    name = row.get("name")
    return name if isinstance(name, str) else ""


def said_of(row: Mapping[Any, Any]) -> str:
    """What a topic is called: its name, or its first terms, or its label."""
    terms = row.get("terms")
    first = ", ".join(map(str, terms[:_TERMS])) if terms is not None else ""
    return name_of(row) or first or str(row.get("label", ""))


def titles_of(topics: pd.DataFrame) -> dict[int, str]:
    """Number and name of each topic, or its first terms.

    Parameters
    ----------
    topics : pandas.DataFrame
        ``Run.topics()``.
    """
    return {int(row["topic"]): f"{row['topic']} · {said_of(row)}" for row in topics.to_dict("records")}
