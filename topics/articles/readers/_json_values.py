"""JSON text → values, as other tools write it: what one article spoils is reported of that article alone."""

from __future__ import annotations

import json
import re
from typing import Any

from topics.articles.readers._cells import MISSING, Broken

_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TOKEN = re.compile(rf"{_STRING}|[\[\]{{}}]", re.DOTALL)
_BLANK = re.compile(r"[ \t\r\n\f\ufeff\0]*")
_CUT_BELOW = 200  # levels; no reader of rows takes as many, and the parser takes more
_MAX_DIGITS = 400
_DEEP = "not JSON: nested too deeply"


def parse(content: bytes) -> list[Any] | str:
    """The values that stand one after the other in a text, or why they cannot be read.

    ``NaN`` and ``Infinity``, which Python writes, are :data:`MISSING`; an object in which a key stands twice and a
    number that is too large are :class:`Broken`; what is nested too deeply is cut off below, so that its own row alone
    is refused.

    Parameters
    ----------
    content : bytes
        In UTF-8.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return f"not UTF-8: byte {error.start} of the line is 0x{content[error.start]:02x}"
    try:
        return _values(text)
    except RecursionError:
        pass
    except ValueError as error:
        return f"not JSON: {error}"
    try:
        return _values(_shallow(text))
    except (ValueError, RecursionError):
        return _DEEP


def is_cut_short(content: bytes) -> bool:
    """Whether a text is the beginning of a JSON value that goes on after it.

    Parameters
    ----------
    content : bytes
        In UTF-8.
    """
    try:
        text = content.decode("utf-8-sig").strip()
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.pos >= len(text)
    except (ValueError, RecursionError):
        pass
    return False


def _values(text: str) -> list[Any]:
    values: list[Any] = []
    at = _after_blank(text, 0)
    while at < len(text) or not values:
        value, at = _DECODER.raw_decode(text, at)
        values.append(value)
        at = _after_blank(text, at)
        if at < len(text) and text[at] == ",":  # objects in a row may be parted by commas
            at = _after_blank(text, at + 1)
    return values


def _after_blank(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _shallow(text: str) -> str:
    """Text with ``null`` for all that lies deeper than any row may."""
    parts: list[str] = []
    depth = start = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth == _CUT_BELOW:
                parts.append(text[start : token.start()])
        elif token[0] in "]}":
            if depth == _CUT_BELOW:
                parts.append("null")
                start = token.end()
            depth -= 1
    if depth >= _CUT_BELOW:  # never closed
        return ""
    return "".join([*parts, text[start:]])


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Broken:
    made = dict(pairs)
    return made if len(made) == len(pairs) else Broken("not JSON: a key stands twice in one object")


def _finite(text: str) -> float | Broken:
    value = float(text)
    return Broken(f"not JSON: {text[:40]} is too large a number") if abs(value) == float("inf") else value


def _integer(text: str) -> int | Broken:
    return int(text) if len(text) <= _MAX_DIGITS else Broken(f"not JSON: {text[:40]}… is too large a number")


_DECODER = json.JSONDecoder(
    parse_constant=lambda _: MISSING, parse_float=_finite, parse_int=_integer, object_pairs_hook=_unique
)
