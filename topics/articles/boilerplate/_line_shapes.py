"""Shapes of the lines of a page: counts, shares, ends, and the longer words, in any script.

Every character gets a class; counts a line are sums over its characters, so no Python loop runs over lines or words.
A script without case has no case shares, one without spaces counts two characters as a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from topics.text._scripts import UNSPACED_IN_TRAINING, ranges
from topics.text._sentences import STOPS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_OTHER, _LOWER, _UPPER, _CASELESS, _UNSPACED, _DIGIT, _SPACE, _STOP, _COMMA, _COLON, _QUOTE, _MARK, _JOIN = range(13)
_SEPARATOR, _BRACKET = 13, 14
_CLASS_OF_CATEGORY = {
    **dict.fromkeys(("Lu", "Lt"), _UPPER),
    **dict.fromkeys(("Lo", "Lm"), _CASELESS),
    **dict.fromkeys(("Zs", "Zl", "Zp", "Cc"), _SPACE),
    **dict.fromkeys(("Mn", "Mc", "Me", "Cf"), _MARK),
    **dict.fromkeys(("Ps", "Pe"), _BRACKET),
    **dict.fromkeys(("Pi", "Pf"), _QUOTE),
    "Ll": _LOWER,
    "Nd": _DIGIT,
}
_CLASS_OF_CHARACTERS = (
    (_STOP, STOPS),
    (_COMMA, ",;،؛、，；"),
    (_COLON, ":："),
    (_QUOTE, "\"'”’»«“‘„「」『』"),
    (_JOIN, "'’ʼ-‐‑"),
    (_SEPARATOR, "|›>→•·©®#@/\\_=*+<~^▶►■▪●"),
)
_HAN, _EMOJI = 0x4E00, 0x2605  # what stands for characters beyond the basic plane
_N_CODES = 0x10000
_ASKS_OR_CALLS = (0x21, 0x3F, 0xFF01, 0xFF1F, 0x61F)

_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.]\d{2}(?!\d)")
_LINK = re.compile(r"https?://|www\.|@\w|(?<!\w)#\w")

PREFIX = 5  # letters by which two words count as the same, endings apart
_MIN_TOKEN = 4
_MIN_SENTENCE_WORDS = 8
_MIN_CASELESS_WORDS = 12
_MIN_LOWER_SHARE = 1 / 3
_MAX_WORDS = 60
_NOT_PROSE, _CUT_OFF = -6.0, -15.0

LOCAL = (
    *(
        "words",
        "characters",
        "letters_a_word",
        "lower",
        "capitals",
        "digits",
        "stops",
        "commas",
        "separators",
        "quotes",
    ),
    *("brackets", "ends_stop", "ends_cut", "ends_calling", "ends_colon", "ends_open", "starts_lower", "starts_mark"),
    *("starts_quote", "starts_digit", "clocks", "links", "cased"),
)


@dataclass(frozen=True, eq=False)
class Shapes:
    """Lines of a page as numbers.

    Attributes
    ----------
    local : ndarray of shape (n_lines, len(LOCAL))
        Features of each line by itself; -1 where a share of cases means nothing.
    words : ndarray of shape (n_lines,)
        Length in words.
    prose : ndarray of shape (n_lines,)
        Words, at most 60, of a line that reads like sentences; below zero for any other.
    copies : ndarray of shape (n_lines,)
        Equal lines have equal numbers.
    token_line, token_id, token_weight : ndarray of shape (n_tokens,)
        The longer words: line, number of the word, and weight, which is higher for names and figures.
    """

    local: Floats
    words: Floats
    prose: Floats
    copies: Ints
    token_line: Ints
    token_id: Ints
    token_weight: Floats

    def take(self, kept: Flags) -> Shapes:
        """The shapes of some of the lines.

        Parameters
        ----------
        kept : ndarray of shape (n_lines,)
            Which lines.
        """
        number = np.cumsum(kept) - 1
        token = kept[self.token_line]
        return Shapes(
            self.local[kept],
            self.words[kept],
            self.prose[kept],
            self.copies[kept],
            number[self.token_line[token]],
            self.token_id[token],
            self.token_weight[token],
        )


def shapes(lines: Sequence[str]) -> Shapes:
    """Shapes of lines.

    Parameters
    ----------
    lines : sequence of str
        At least one; none blank, without line feeds and outer white space.
    """
    classes, lower_case = _tables()
    text = "\n".join(lines) + "\n"
    codes = _codes(text)
    kind = classes[codes]
    ends = np.flatnonzero(codes == 10)
    starts = np.concatenate([[0], ends[:-1] + 1])
    letter = (kind == _LOWER) | (kind == _UPPER) | (kind == _CASELESS) | (kind == _DIGIT)
    inside = letter | (kind == _MARK)
    joined = np.zeros(len(codes), bool)
    joined[1:-1] = (kind[1:-1] == _JOIN) & inside[:-2] & inside[2:]
    inside |= joined
    word = letter & ~np.concatenate([[False], inside[:-1]])
    unspaced = kind == _UNSPACED
    after = np.concatenate([kind[1:], [_SPACE]])
    closes = (kind == _STOP) & np.isin(after, (_SPACE, _QUOTE, _JOIN, _BRACKET, _UNSPACED))
    rows = (
        *(word, word & (kind == _LOWER), word & (kind == _UPPER), kind == _LOWER, kind == _UPPER, letter, unspaced),
        *(kind == _DIGIT, closes, kind == _COMMA, kind == _SEPARATOR),
        *((kind == _QUOTE) | ((kind == _JOIN) & ~joined), kind == _BRACKET),
    )
    counts = np.add.reduceat(np.stack(rows).astype(np.int32), starts, axis=1).astype(np.float64)
    spaced, n_lower, n_upper, lowers, uppers, letters, n_unspaced, digits, stops = counts[:9]
    length = (ends - starts).astype(np.float64)
    words = spaced + n_unspaced / 2
    some = np.maximum(words, 1)
    cased = n_lower + n_upper >= words / 3
    lower_share = np.where(cased, n_lower / np.maximum(n_lower + n_upper, 1), -1.0)
    capitals = np.where(cased, uppers / np.maximum(uppers + lowers, 1), -1.0)

    last = ends - 1
    for _ in range(3):  # closing quotes and brackets are no ends
        wraps = np.isin(kind[last], (_QUOTE, _BRACKET, _JOIN, _SPACE)) & (last > starts)
        last = np.where(wraps, last - 1, last)
    dots = (codes[last] == 0x2E) & (last - 2 >= starts) & (codes[np.maximum(last - 1, 0)] == 0x2E)
    cut = (codes[last] == 0x2026) | dots
    calls = np.isin(codes[last], _ASKS_OR_CALLS)
    colon = kind[last] == _COLON
    stop = (kind[last] == _STOP) & ~cut & ~calls
    first, dash = kind[starts], codes[starts] == 0x2D
    clocks = _matches(_CLOCK, text, ends)
    local = np.column_stack(
        [
            *(np.log1p(words), np.log1p(length), (letters + 2 * n_unspaced) / some, lower_share, capitals),
            *(digits / np.maximum(length, 1), stops / some, *(counts[9:13] / some)),
            *(stop, cut, calls, colon, ~(stop | cut | calls | colon)),
            *(first == _LOWER, (first == _SEPARATOR) | (first == _OTHER) | dash),
            *((first == _QUOTE) | ((first == _JOIN) & ~dash), first == _DIGIT),
            *(np.minimum(clocks, 3), np.minimum(_matches(_LINK, text, ends), 3), cased),
        ]
    )
    ended = (stops > 0) | stop | calls | colon
    reads = np.where(
        cased,
        (words >= _MIN_SENTENCE_WORDS) & (lower_share >= _MIN_LOWER_SHARE) & ended,
        (words >= _MIN_CASELESS_WORDS) & (ended | (n_unspaced > words)),
    )
    reads &= (clocks == 0) | (words >= _MIN_CASELESS_WORDS)
    prose = np.where(cut, _CUT_OFF, np.where(reads, np.minimum(words, _MAX_WORDS), _NOT_PROSE))
    numbers: dict[str, int] = {}
    copies = np.array([numbers.setdefault(line, len(numbers)) for line in lines])
    tokens = _tokens(lower_case[codes], kind, word, inside)
    return Shapes(local, words, prose, copies, np.searchsorted(ends, tokens[0]), *tokens[1:])


def _codes(text: str) -> npt.NDArray[np.uint32]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    beyond = codes >= _N_CODES
    if beyond.any():
        ideograph = (codes >= 0x20000) & (codes < 0x40000)
        codes = np.where(beyond, np.where(ideograph, _HAN, _EMOJI), codes).astype(np.uint32)
    return codes


@cache
def _tables() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint32]]:
    """Class and lower case of every character of the basic plane."""
    classes = np.zeros(_N_CODES, np.uint8)
    lower_case = np.arange(_N_CODES, dtype=np.uint32)
    for code in range(_N_CODES):
        character = chr(code)
        classes[code] = _CLASS_OF_CATEGORY.get(unicodedata.category(character), _OTHER)
        lower = character.lower()
        if len(lower) == 1:
            lower_case[code] = ord(lower)
    for first, last in ranges(UNSPACED_IN_TRAINING):
        block = classes[first : last + 1]
        block[(block == _CASELESS) | (block == _MARK)] = _UNSPACED
    for kind, characters in _CLASS_OF_CHARACTERS:
        for character in characters:
            classes[ord(character)] = kind
    return classes, lower_case


def _matches(pattern: re.Pattern[str], text: str, ends: Ints) -> Ints:
    """Number of matches in each line."""
    starts = [match.start() for match in pattern.finditer(text)]
    return np.bincount(np.searchsorted(ends, np.array(starts, np.int64)), minlength=len(ends))[: len(ends)]


def _tokens(
    lower_case: npt.NDArray[np.uint32], kind: npt.NDArray[np.uint8], word: Flags, inside: Flags
) -> tuple[Ints, Ints, Floats]:
    """Start, number and weight of the longer words; of pairs of characters in a script without spaces."""
    unspaced = kind == _UNSPACED
    start = np.flatnonzero(word | (unspaced & np.concatenate([unspaced[1:], [False]])))
    outside = np.flatnonzero(~inside)  # the last line feed is one
    length = outside[np.searchsorted(outside, start)] - start
    pair = unspaced[start]
    figure = kind[start] == _DIGIT
    long = pair | (length >= _MIN_TOKEN) | (figure & (length >= 2))
    start, length, pair, figure = start[long], length[long], pair[long], figure[long]
    width = np.where(pair, 2, np.minimum(length, PREFIX))
    value = np.zeros(len(start), np.uint64)
    for k in range(PREFIX):
        here = lower_case[np.minimum(start + k, len(lower_case) - 1)].astype(np.uint64)
        value = value * np.uint64(1_000_003) + np.where(k < width, here, np.uint64(0))
    number = np.unique(value, return_inverse=True)[1].astype(np.int64)
    name = (kind[start] == _UPPER) | figure
    weight = np.where(pair, 1.0, np.where(name, 2.0, np.where(length >= 6, 1.0, 0.4)))
    return start, number, weight
