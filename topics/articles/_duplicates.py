"""Near-duplicates: a text again, as it was or under another headline, byline or lead, edited in a few words, or cut.

A text is a near-duplicate of an earlier one, its canonical text, if most words of the longer stand in
the shorter too, in the same order and in runs of several, and if the two do not contradict each other. An editor
changes a word here and there and leaves long runs. A template that is filled in anew (a weather bulletin, a market or
match report) breaks the runs at every slot, with other numbers and names in the slots. A teaser or an item of a
round-up is not most of the longer text.

Which pairs are compared comes from MinHash signatures of word shingles (Broder 1997; one permutation, as in Dahlgaard,
Knudsen and Thorup 2017), banded by sorting. What they propose is decided word by word.

Sorting is not the library's own index (``rensa.RMinHashLSH``) because that took more and gave more to compare. Of
30,000 passages of news, 1,500 of them edited, it proposed 14,682 pairs in 0.70 s of CPU and 244 MB (64 bands of two
slots); sorting the same bands, with the agreement of all slots asked for at once, proposes 4,469 in 0.28 s and 7 MB.
The index also pairs every row of a bucket with every other, which a template that fills one makes a square.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress, pairwise

import numpy as np
from numpy.typing import NDArray

from topics.errors import InputError
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
_RUN = 4  # words; unrelated texts share phrases of three, hardly ever of four
_MIN_WORDS = 10  # in fewer, one word makes another event
_MAX_CONTRADICTED = 0.2  # of the numbers, and of numbers and names
_WORDS_A_CORRECTION = 100  # one contradiction in so many shared words is an update; templates have more slots
_MAX_WORDS = 10_000  # aligning takes memory by the product of the lengths; what follows is not compared

_N_SLOTS = 128  # 512 bytes a text
_MIN_AGREEMENT = 0.12  # of the slots; what the rule takes has 0.2 and more, unrelated texts have 0.03 and less
_WINDOW = 32  # rows a row is paired with in a bucket, so that a template that fills one costs no square
_MAX_COMPARED = 32  # rows a row is compared with, the likeliest first
_SEED = 1
_MAX_HASHES = 1 << 17
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # odd, so that nothing is lost

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class _Tokens:
    """A text taken apart: hashes of its tokens, which are numbers or names, and how many tokens make a word."""

    words: tuple[int, ...]
    numbers: tuple[bool, ...]
    names: tuple[bool, ...]
    width: int


def exact_duplicates(texts: Sequence[str]) -> Rows:
    """Row (n_texts,) of the first text that equals each but for case, white space and punctuation.

    Parameters
    ----------
    texts : sequence of str
        Each is read once.
    """
    return _first_of_equals(np.fromiter(map(_exact_key, texts), np.uint64, len(texts)))


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is known of a text before it is compared.

    Attributes
    ----------
    key : int
        Equal for texts that are equal but for case, white space and punctuation.
    n_tokens : int
        Its length.
    signature : bytes or None
        MinHash signature; None of a text too short to have near-duplicates.
    """

    key: int
    n_tokens: int
    signature: bytes | None


def sketch(text: str) -> Sketch:
    """What is known of a text before it is compared.

    Parameters
    ----------
    text : str
        Of a document.
    """
    from rensa import RMinHash

    text = _written(text)
    tokens = _folded(text)
    width = _width(text, len(tokens))
    signature = None
    if len(tokens) >= _MIN_WORDS * width:
        words = np.fromiter(map(_hashes.__getitem__, tokens[: _MAX_WORDS * width]), np.uint64)
        shingles = _shingles(words, _RUN * width)
        ends = np.array([0, len(shingles)], np.uint64)
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(shingles, ends, _N_SLOTS, _SEED)
        signature = np.asarray(matrix.to_rows(), np.uint32).tobytes()
    return Sketch(_key(text, tokens), len(tokens), signature)


class Sketches:
    """The sketches of many texts, in about 530 bytes each."""

    def __init__(self) -> None:
        self._places, self._keys, self._lengths = array("q"), array("Q"), array("q")
        self._signed, self._signatures = array("q"), bytearray()

    def add(self, place: int, sketch: Sketch) -> None:
        """Keep the sketch of a text.

        Parameters
        ----------
        place : int
            Of the text among others.
        sketch : Sketch
            What :func:`sketch` gives for it.
        """
        if sketch.signature is not None:
            self._signed.append(len(self._places))
            self._signatures += sketch.signature
        self._places.append(place)
        self._keys.append(sketch.key)
        self._lengths.append(sketch.n_tokens)

    def of(self, places: Sequence[int]) -> tuple[NDArray[np.uint64], Rows, Rows, NDArray[np.uint32]]:
        """Keys and lengths in tokens of texts; the rows that have signatures, and these.

        Parameters
        ----------
        places : sequence of int
            Of the texts, each sketched, in the order that is asked for.
        """
        order = np.empty(max(self._places, default=-1) + 1, np.int64)
        order[np.frombuffer(self._places, np.int64)] = np.arange(len(self._places))
        chosen = order[np.asarray(places, np.int64)]
        row_of = np.full(len(self._places), -1)
        row_of[chosen] = np.arange(len(chosen))
        rows = row_of[np.frombuffer(self._signed, np.int64)]
        signatures = np.frombuffer(self._signatures, np.uint32).reshape(-1, _N_SLOTS)
        at = np.flatnonzero(rows >= 0)
        at = at[np.argsort(rows[at], kind="stable")]
        if not np.array_equal(at, np.arange(len(rows))):
            signatures = signatures[at]
        keys, lengths = np.frombuffer(self._keys, np.uint64), np.frombuffer(self._lengths, np.int64)
        return keys[chosen], lengths[chosen], rows[at], signatures


def near_duplicates(
    texts: Sequence[str],
    *,
    sketches: Sketches | None = None,
    places: Sequence[int] | None = None,
    min_shared: float = 0.6,
) -> Rows:
    """Row (n_texts,) of the canonical text of each: itself, or the first text that it is a near-duplicate of.

    Every near-duplicate is one of its canonical text itself, never through a third. Texts of fewer than ten words
    (twenty letters, in scripts without spaces) are duplicates only if they are equal but for case, white space and
    punctuation. Where very many texts resemble one another, each is compared with the 32 likeliest.

    Parameters
    ----------
    texts : sequence of str
        May read from disk: each text is read once in order, and those that may be near-duplicates again; about
        550 bytes a text are held.
    sketches : Sketches or None
        Where the texts are sketched already.
    places : sequence of int or None
        Of the texts among them; None where they stand there in the same order.
    min_shared : float in (0, 1]
        Share of the words of the longer text that the other has too, in the same order and in runs of four and more.
        A text cut after two thirds and edited has 0.6 and more; one of two stories on a page has 0.5.

    Raises
    ------
    ValueError
        If `min_shared` is not above 0 and at most 1.

    Examples
    --------
    >>> story = "The ferry to Rosk ran aground on a sandbank early on Monday and was freed by two tugs at high water."
    >>> texts = [story, "By our staff: " + story, story.replace("Rosk", "Selwe").replace("two", "nine")]
    >>> near_duplicates(texts).tolist()
    [0, 0, 2]
    """
    if not 0 < min_shared <= 1:
        raise InputError(f"expected min_shared above 0 and at most 1, got {min_shared!r}")
    if sketches is None:
        sketches = Sketches()
        for row in range(len(texts)):
            sketches.add(row, sketch(texts[row]))
    keys, lengths, signed, signatures = sketches.of(range(len(texts)) if places is None else places)
    canonical = _first_of_equals(keys)
    is_first = canonical[signed] == signed
    if not is_first.all():
        signed, signatures = signed[is_first], signatures[is_first]
    read = lru_cache(maxsize=1024)(lambda row: _tokens(texts[row]))
    for row, likely in _candidates(signatures, signed, lengths, min_shared=min_shared):
        for first in sorted(set(canonical[likely].tolist())):
            if _long_enough(lengths[first], lengths[row], min_shared) and _is_near_duplicate(
                read(first), read(row), min_shared=min_shared
            ):
                canonical[row] = first
                break
    return canonical[canonical]  # equal texts follow the first of them


def _written(text: str) -> str:
    """The text in one spelling, without hyphens at line ends and behind prefixes; upper and lower case are kept."""
    text = plain(text)
    return _HYPHEN_INSIDE.sub("", text) if "-" in text else text


def _folded(text: str) -> list[str]:
    text = caseless(text)
    bare = text
    if not text.isascii():
        for mark in _COMMON_MARKS:
            bare = bare.replace(mark, " ")
        if not bare.isascii():
            return _TOKEN.findall(text)
    return _DIGITS.sub(r" \g<0> ", bare).encode("ascii").translate(_SPACED).decode("ascii").split()


def _width(text: str, n_tokens: int) -> int:
    """Tokens a word: more than one where most tokens are letters of an unspaced script."""
    if text.isascii() or _UNSPACED_CHARACTER.search(text) is None:
        return 1
    unspaced = 2 * len(_UNSPACED_LETTER.findall(text)) > n_tokens
    return _LETTERS_A_WORD if unspaced else 1


def _key(text: str, folded: Sequence[str]) -> int:
    """Equal for texts equal but for case, white space and punctuation; of a text without words, but for space."""
    return _digest("".join(folded) if folded else "\n" + " ".join(text.split()))


def _exact_key(text: str) -> int:
    """The same in less time, for it needs no tokens."""
    text = _written(text)
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


_hashes = _Hashes()


@lru_cache(maxsize=1 << 17)
def _traits(token: str) -> tuple[int, bool, bool, bool]:
    """Its hash, whether it is a number, and whether it starts with a capital or a small letter."""
    return _digest(caseless(token)), token[0].isdigit(), token[0].isupper(), token[0].islower()


def _first_of_equals(keys: NDArray[np.uint64]) -> Rows:
    _, first, of_row = np.unique(keys, return_index=True, return_inverse=True)
    return first[of_row].astype(np.int64)


def _shingles(words: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
    """A hash of every run of so many words."""
    n = len(words) - size + 1
    hashes = np.zeros(n, dtype=np.uint64)
    for offset in range(size):
        hashes = (hashes ^ words[offset : offset + n]) * _MULTIPLIER
        hashes ^= hashes >> np.uint64(29)
    return hashes


def _candidates(
    signatures: NDArray[np.uint32], rows: Rows, lengths: Rows, *, min_shared: float
) -> Iterator[tuple[int, Rows]]:
    """Each row that may be a near-duplicate, in order, with the earlier rows it is likeliest one of."""
    n = len(rows)
    n_tokens = lengths[rows]
    pairs_alike = np.empty(0, dtype=np.int64)  # later row · n + earlier row
    for slot in range(0, _N_SLOTS, 2):
        pairs = [np.sort(pair, axis=0) for pair in _in_one_bucket(signatures, slot)]
        earlier, later = np.concatenate([np.empty((2, 0), dtype=np.int64), *pairs], axis=1)
        fit = _long_enough(n_tokens[earlier], n_tokens[later], min_shared)
        fresh = np.setdiff1d(later[fit] * n + earlier[fit], pairs_alike)
        pairs_alike = np.union1d(pairs_alike, fresh[_agreement(signatures, fresh) >= _MIN_AGREEMENT * _N_SLOTS])
    agreement = _agreement(signatures, pairs_alike)
    later = pairs_alike // max(n, 1)
    for start, stop in pairwise([0, *(np.flatnonzero(np.diff(later)) + 1).tolist(), len(pairs_alike)]):
        if start < stop:
            likeliest = np.argsort(-agreement[start:stop], kind="stable")[:_MAX_COMPARED]
            yield int(rows[later[start]]), rows[pairs_alike[start:stop][likeliest] % n]


def _in_one_bucket(signatures: NDArray[np.uint32], slot: int) -> Iterator[NDArray[np.int64]]:
    """Pairs (2, n_pairs) of rows alike in a slot and the next: all of a small bucket; of a big one each with its like.

    In a big bucket a row is paired with those beside it when sorted by further slots, and with the first, which are
    the likeliest canonical texts.
    """
    keys = signatures[:, slot].astype(np.uint64) << np.uint64(32) | signatures[:, (slot + 1) % _N_SLOTS]
    order = np.argsort(keys, kind="stable")
    in_order = keys[order]
    starts = np.flatnonzero(np.r_[True, in_order[1:] != in_order[:-1]][: len(order)])
    sizes = np.diff(np.r_[starts, len(order)])
    start_of = np.repeat(starts, sizes)
    big = np.flatnonzero(np.repeat(sizes, sizes) > _WINDOW)
    if len(big):
        for place in range(_WINDOW):
            after = big[big > start_of[big] + place]
            yield np.stack([order[start_of[after] + place], order[after]])
        members = order[big]
        further = [signatures[members, (slot + i) % _N_SLOTS] for i in range(7, 1, -1)]
        order[big] = members[np.lexsort((*further, in_order[big]))]
    for step in range(1, _WINDOW + 1):
        at = np.flatnonzero(in_order[step:] == in_order[:-step])
        if not len(at):
            break
        yield np.stack([order[at], order[at + step]])


def _agreement(signatures: NDArray[np.uint32], pairs: Rows) -> Rows:
    """Number of equal slots of each pair."""
    counts = np.empty(len(pairs), dtype=np.int64)
    for start in range(0, len(pairs), 1 << 15):
        later, earlier = np.divmod(pairs[start : start + (1 << 15)], len(signatures))
        counts[start : start + (1 << 15)] = np.count_nonzero(signatures[later] == signatures[earlier], axis=1)
    return counts


def _long_enough(one: Rows, other: Rows, min_shared: float) -> NDArray[np.bool_]:
    return np.minimum(one, other) >= min_shared * np.maximum(one, other)


def _tokens(text: str) -> _Tokens:
    text = _written(text)
    tokens = _TOKEN.findall(text)
    width = _width(text, len(tokens))
    tokens = tokens[: _MAX_WORDS * width]
    words, numbers, capital, small = zip(*map(_traits, tokens), strict=True) if tokens else ((), (), (), ())
    if sum(capital) > sum(small):  # a capital tells nothing in a text of capitals or in title case
        capital = (False,) * len(tokens)
    return _Tokens(words, numbers, names=capital, width=width)


def _is_near_duplicate(one: _Tokens, other: _Tokens, *, min_shared: float) -> bool:
    """Whether enough words stand in runs that both have in the same order, and what differs between does not matter.

    A contradiction is a gap between two shared runs in which each has a number (or each has a name) that the other
    has not. In front of the first run and behind the last stand datelines: their numbers weigh no more than a name.
    """
    from rapidfuzz.distance import LCSseq

    lengths = len(one.words), len(other.words)
    need = min_shared * max(lengths)
    if one.width != other.width or LCSseq.similarity(one.words, other.words) < need:
        return False
    blocks = LCSseq.opcodes(one.words, other.words).as_matching_blocks()
    runs = [(block.a, block.b, block.size) for block in blocks if block.size >= _RUN * one.width]
    n_shared = sum(size for _, _, size in runs)
    if n_shared < need:
        return False
    n_numbers = n_all = numbers_against = all_against = 0
    for (a, b, size), (next_a, next_b, next_size) in pairwise([(0, 0, 0), *runs, (*lengths, 0)]):
        shared, gap, gap_other = slice(a, a + size), slice(a + size, next_a), slice(b + size, next_b)
        n_numbers += sum(one.numbers[shared])
        n_all += sum(one.numbers[shared]) + sum(one.names[shared])
        number = _contradict(one.words[gap], one.numbers[gap], other.words[gap_other], other.numbers[gap_other])
        name = _contradict(one.words[gap], one.names[gap], other.words[gap_other], other.names[gap_other])
        numbers_against += number and size > 0 and next_size > 0
        all_against += number or name
    corrections = n_shared / (_WORDS_A_CORRECTION * one.width)
    return all(
        against <= max(_MAX_CONTRADICTED * (against + n), corrections)
        for against, n in ((numbers_against, n_numbers), (all_against, n_all))
    )


def _contradict(
    words: Sequence[int], chosen: Sequence[bool], other_words: Sequence[int], other_chosen: Sequence[bool]
) -> bool:
    """Whether each has a chosen word, a number or a name, that the other has not."""
    ours, theirs = set(compress(words, chosen)), set(compress(other_words, other_chosen))
    return bool(ours - theirs and theirs - ours)
