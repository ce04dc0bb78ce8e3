"""A text as it is compared: in one spelling, as tokens, as a key of what equals it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from topics.text import caseless, plain
from topics.text._scripts import UNSPACED

# In scripts without spaces a token is a letter, elsewhere a word.
# Parts of words that `\w` does not take for letters: combining marks, Hebrew, Arabic and Indic vowel signs.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0971-\u0df3"
_UNSPACED_LETTER = re.compile(rf"(?=[{UNSPACED}])[^\W\d_]")
_UNSPACED_CHARACTER = re.compile(f"[{UNSPACED}]")
_PUNCTUATION = re.compile(
    r"[\s!-/:-@\[-`{-~\u00a1\u00ab\u00b7\u00bb\u00bf\u060c\u061b\u061f\u06d4\u0964\u2010-\u205e\u3000-\u3003\u3008-\u3011"
    r"\uff01-\uff0f\uff1a\uff1b\uff1f]+"
)
_NOT_WORD = bytes(i for i in range(128) if not chr(i).isalnum())
# A number is a token for each group of digits: outlets write 2,645 and 2 645, 4:00 and 4.
_TOKEN = re.compile(rf"\d+|{_UNSPACED_LETTER.pattern}|(?:[^\W\d_{UNSPACED}]|[{_MARKS}])+")
# The same of a text of ASCII and of marks that are common in such, in half the time: digits apart, the rest split.
_DIGITS = re.compile("[0-9]+")
_SPACED = bytes(i if chr(i).isalnum() else 32 for i in range(128)) + bytes(128)
_COMMON_MARKS = "“”„‘–—…«»•€£\u00a0"

# Who breaks lines anew cuts other words, and "co-operate" is "cooperate"; "year-old" is "year old".
_PREFIX = r"(?<=(?<![^\W_])[^\W\d_]-)|(?<=(?<![^\W_])[^\W\d_][^\W\d_]-)"  # looked for behind the hyphen: quicker
_HYPHEN_INSIDE = re.compile(rf"-(?:(?:{_PREFIX})|(?<=[^\W\d_]-)\s+)(?=[^\W\d_])")

_LETTERS_A_WORD = 2  # of an unspaced script; about what a Chinese word has
MAX_WORDS = 10_000  # aligning takes memory by the product of the lengths; what follows is not compared
_MAX_HASHES = 1 << 17


@dataclass(frozen=True)
class Tokens:
    """A text taken apart: hashes of its tokens, which are numbers or names, and how many tokens make a word."""

    words: tuple[int, ...]
    numbers: tuple[bool, ...]
    names: tuple[bool, ...]
    width: int


def tokens_of(text: str) -> Tokens:
    """A text taken apart, to be compared word by word."""
    text = written(text)
    tokens = _TOKEN.findall(text)
    width = width_of(text, len(tokens))
    tokens = tokens[: MAX_WORDS * width]
    words, numbers, capital, small = zip(*map(_traits, tokens), strict=True) if tokens else ((), (), (), ())
    if sum(capital) > sum(small):  # a capital tells nothing in a text of capitals or in title case
        capital = (False,) * len(tokens)
    return Tokens(words, numbers, names=capital, width=width)


def written(text: str) -> str:
    """The text in one spelling, without hyphens at line ends and behind prefixes; upper and lower case are kept."""
    text = plain(text)
    return _HYPHEN_INSIDE.sub("", text) if "-" in text else text


def folded(text: str) -> list[str]:
    """The tokens of a text in one spelling, upper and lower case alike."""
    text = caseless(text)
    bare = text
    if not text.isascii():
        for mark in _COMMON_MARKS:
            bare = bare.replace(mark, " ")
        if not bare.isascii():
            return _TOKEN.findall(text)
    return _DIGITS.sub(r" \g<0> ", bare).encode("ascii").translate(_SPACED).decode("ascii").split()


def width_of(text: str, n_tokens: int) -> int:
    """Tokens a word: more than one where most tokens are letters of an unspaced script."""
    if text.isascii() or _UNSPACED_CHARACTER.search(text) is None:
        return 1
    unspaced = 2 * len(_UNSPACED_LETTER.findall(text)) > n_tokens
    return _LETTERS_A_WORD if unspaced else 1


def key_of(text: str, folded: Sequence[str]) -> int:
    """Equal for texts equal but for case, white space and punctuation; of a text without words, but for space."""
    return _digest("".join(folded) if folded else "\n" + " ".join(text.split()))


def exact_key(text: str) -> int:
    """The same in less time, for it needs no tokens."""
    text = written(text)
    if text.isascii():
        letters = text.lower().encode("ascii").translate(None, _NOT_WORD).decode("ascii")
    else:
        letters = _PUNCTUATION.sub("", caseless(text))
    return _digest(letters or "\n" + " ".join(text.split()))


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class _Hashes(dict[str, int]):
    """The hash of each token."""

    def __missing__(self, token: str) -> int:
        if len(self) >= _MAX_HASHES:
            self.clear()
        self[token] = value = _digest(token)
        return value


hashes = _Hashes()


@lru_cache(maxsize=1 << 17)
def _traits(token: str) -> tuple[int, bool, bool, bool]:
    """Its hash, whether it is a number, and whether it starts with a capital or a small letter."""
    return _digest(caseless(token)), token[0].isdigit(), token[0].isupper(), token[0].islower()
