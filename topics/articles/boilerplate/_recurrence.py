"""Which lines stand on many pages: counted page by page, in little memory."""

from __future__ import annotations

import hashlib
import re
from array import array
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topics.text._sentences import ABBREVIATED, CLOSERS, STOPS, sentences

_MIN_RECURRENCE = 3
_MIN_BODY_RECURRENCE = 5
_MIN_BODY_RECURRENCE_SHARE = 0.01
_TERMINATOR = re.compile(rf"[{STOPS}:;][{CLOSERS}]*(?:\s|$)")
_NUMBER = re.compile(r"\d+")
# A sentence of the law, or a date or number of an issue, is the same whatever its numbers; news are not.
_LEGAL = re.compile(
    r"(?i)©|℗|\(c\)|\bcopyright|\b(?:rights|rechte|droits|derechos|direitos|diritti|rechten|prawa)\b.*\b(?:reser|r[ée]serv"
    r"|vorbehalten|voorbehouden|zastrze)|права (?:защищ|захищ)"
    r"|版权所有|版權所有|\bIS[SB]N\b"
)
_WORD = re.compile(r"[^\W\d_]+")
_FORMAL_WORDS = 4
_MIN_WORDS = 3
_MIN_CHARACTERS = 30
_MAX_WORD_LENGTH = 15  # characters; a run of more between spaces is a script without them
_PENDING = 1 << 20
_MIN_SENTENCE_RECURRENCE = 5
_EDGE = 8  # sentences at either end of a paragraph that are looked at
_STOCK_WORDS = 4  # minimum of one sentence among those that go: "Putin." after "Vladimir V." is no sentence
_MAX_LENGTH = 1000  # characters; boilerplate lines are shorter, and a book in one line need not be hashed


class Counts:
    """How often each of many keys came, of which most come once: sorted arrays of 64-bit hashes instead of a dict."""

    def __init__(self) -> None:
        self._keys: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self._counts: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self._pending: list[int] = []

    def add(self, keys: Iterable[int]) -> None:
        """Count each key once more.

        Parameters
        ----------
        keys : iterable of int
            64-bit hashes.
        """
        self._pending.extend(keys)
        if len(self._pending) >= max(_PENDING, len(self._keys) // 4):
            self._merge()

    def at_least(self, n: float) -> NDArray[np.uint64]:
        """The keys that came ``n`` times or more, ascending.

        Parameters
        ----------
        n : float
            Number of times.
        """
        self._merge()
        return self._keys[self._counts >= n]

    def _merge(self) -> None:
        new, counts = np.unique(np.array(self._pending, np.uint64), return_counts=True)
        self._pending = []
        both = np.concatenate([self._keys, new])
        order = np.argsort(both, kind="stable")
        both, weights = both[order], np.concatenate([self._counts, counts.astype(np.uint32)])[order]
        first = np.flatnonzero(np.concatenate([[True], both[1:] != both[:-1]])) if len(both) else np.zeros(0, int)
        self._keys = both[first]
        self._counts = np.add.reduceat(weights, first) if len(first) else weights


class Boilerplate:
    """Lines that recur, by hash.

    Parameters
    ----------
    anywhere : numpy.ndarray of uint64
        Hashes of the lines that are boilerplate on any page, ascending.
    of_source : numpy.ndarray of uint64
        Hashes of the lines, with their source, that are boilerplate on its pages, ascending.
    stock : numpy.ndarray of uint64
        Hashes of the sentences, with their source, that many paragraphs begin or end with, ascending.
    """

    def __init__(self, anywhere: NDArray[np.uint64], of_source: NDArray[np.uint64], stock: NDArray[np.uint64]) -> None:
        self._stock = frozenset(stock.tolist())
        self._anywhere = frozenset(anywhere.tolist())
        self._of_source = frozenset(of_source.tolist())

    def on(self, source: str | None) -> Container[str]:
        """The lines that are boilerplate on the pages of a source.

        Parameters
        ----------
        source : str or None
            Outlet of the page.
        """
        return _On(self, source)

    def holds(self, line: str, source: str | None) -> bool:
        """Whether a line is boilerplate on the pages of a source.

        Parameters
        ----------
        line : str
            Without outer white space.
        source : str or None
            Outlet of the page.
        """
        if len(line) > _MAX_LENGTH:
            return False
        if hash_line(line) in self._anywhere:
            return True
        return source is not None and hash_line(line, source) in self._of_source

    def own_part(self, paragraph: str, source: str | None) -> tuple[int, int]:
        """First character of an article in one line and the one after its last, without stock sentences at its ends.

        An article that is nothing but stock as far as it is looked at is kept whole: it is a copy of another.

        Parameters
        ----------
        paragraph : str
            The article.
        source : str or None
            Outlet of the page.
        """
        if not self._stock:
            return 0, len(paragraph)
        parts = sentences(paragraph)
        if len(parts) < 2:
            return 0, len(paragraph)
        last = len(parts) - 1

        def is_stock(i: int) -> bool:
            return hash_sentence(paragraph[slice(*parts[i])], source) in self._stock

        def ends_whole(i: int) -> bool:
            """Whether the sentence is no fragment of one that an abbreviation seemed to end."""
            start = parts[i][0]
            return not ABBREVIATED.search(paragraph, max(0, start - 8), start)

        def is_long(i: int) -> bool:
            return length_in_words(paragraph[slice(*parts[i])]) >= _STOCK_WORDS

        head = _run(range(last + 1), is_stock, lambda i: is_long(i) and (i == last or ends_whole(i + 1)))
        tail = _run(range(last, -1, -1), is_stock, lambda i: is_long(i) and ends_whole(i))
        if head + tail >= len(parts):
            return 0, len(paragraph)
        return parts[head][0], parts[len(parts) - 1 - tail][1]


def length_in_words(sentence: str) -> int:
    """Words of a sentence, also of one that is written without spaces.

    Parameters
    ----------
    sentence : str
        Or any other piece of text.
    """
    spaced = len(sentence.split())
    return spaced if len(sentence) <= _MAX_WORD_LENGTH * spaced else len(sentence) // 2


def _run(places: Sequence[int], is_stock: Callable[[int], bool], may_end: Callable[[int], bool]) -> int:
    """Number of stock sentences at one end that go; none where more are stock than are looked at."""
    length = 0
    while length < len(places) and is_stock(places[length]):
        length += 1
        if length > _EDGE:
            return 0
    while length and not may_end(places[length - 1]):
        length -= 1
    return length


@dataclass(frozen=True)
class _On:
    boilerplate: Boilerplate
    source: str | None

    def __contains__(self, line: object) -> bool:
        return isinstance(line, str) and self.boilerplate.holds(line, self.source)


@dataclass(frozen=True, slots=True)
class PageLines:
    """What :class:`Recurrence` counts of a page.

    Attributes
    ----------
    text, text_of_source : bytes
        Digests of the page's text, and of it with its source.
    short : array
        Hashes of the lines that do not read like prose.
    lines : array
        Hashes of all lines, with their source where it is known.
    stock : array
        Hashes of the sentences at either end of a page in one line, with their source.
    has_source : bool
        Whether it is known.
    """

    text: bytes
    text_of_source: bytes
    short: array[int]
    lines: array[int]
    stock: array[int]
    has_source: bool

    @classmethod
    def of(cls, text: str, source: str | None = None) -> PageLines:
        """What is counted of a page.

        Parameters
        ----------
        text : str
            Visible text, one block a line.
        source : str or None
            Outlet of the page.
        """
        distinct = {line.strip() for line in text.split("\n")} - {""}
        lines = [line for line in distinct if len(line) <= _MAX_LENGTH]
        edges = {hash_sentence(sentence, source) for sentence in _edges(*distinct)} if len(distinct) == 1 else ()
        return cls(
            _text_digest(text, of=""),
            _text_digest(text, of=f"of {source}"),
            array("Q", [hash_line(line) for line in lines if not reads_like_prose(line)]),
            array("Q", map(hash_line, lines) if source is None else [hash_line(line, source) for line in lines]),
            array("Q", edges),
            source is not None,
        )


class Recurrence:
    """The lines that are boilerplate because they stand on many pages.

    A line that does not read like an article's must stand on three. One that does must stand on three of one source,
    or, where sources are not known, on five and 1 % of all: a wire copy's paragraphs stand on the pages of every
    outlet that took it. Many tables hold an article in one line, its page's last words included: a sentence that such
    articles of one source begin or end with must do so in five of them, or, where sources are not known, in five and
    1 % of all. Pages of several lines say more by these: there a story's first sentence recurs as a teaser of it.
    """

    def __init__(self) -> None:
        self._n_pages = 0
        self._pages = Counts()
        self._unknown = Counts()
        self._of_source = Counts()
        self._stock = Counts()
        self._stock_unknown = Counts()
        self._seen: set[bytes] = set()

    def add(self, text: str, source: str | None = None) -> None:
        """Count the lines of a page; a text that came before, from the same source, is not counted again.

        Parameters
        ----------
        text : str
            Visible text, one block a line.
        source : str or None
            Outlet of the page.
        """
        self.count(PageLines.of(text, source))

    def count(self, page: PageLines) -> None:
        """Count the lines of a page, as :meth:`add` does.

        Parameters
        ----------
        page : PageLines
            What is counted of it.
        """
        if self._is_new(page.text):
            self._n_pages += 1
            self._pages.add(page.short)
        if self._is_new(page.text_of_source):
            (self._stock if page.has_source else self._stock_unknown).add(page.stock)
            (self._of_source if page.has_source else self._unknown).add(page.lines)

    def _is_new(self, digest: bytes) -> bool:
        known = digest in self._seen
        self._seen.add(digest)
        return not known

    def boilerplate(self) -> Boilerplate:
        """The lines that recur on the pages counted so far."""
        often = max(_MIN_BODY_RECURRENCE, _MIN_BODY_RECURRENCE_SHARE * self._n_pages)
        return Boilerplate(
            np.union1d(self._pages.at_least(_MIN_RECURRENCE), self._unknown.at_least(often)),
            self._of_source.at_least(_MIN_RECURRENCE),
            np.union1d(
                self._stock.at_least(_MIN_SENTENCE_RECURRENCE),
                self._stock_unknown.at_least(max(often, _MIN_SENTENCE_RECURRENCE)),
            ),
        )


def _text_digest(text: str, *, of: str) -> bytes:
    key = hashlib.blake2b(of.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12, key=key).digest()


def reads_like_prose(line: str) -> bool:
    """Whether a line taken alone may be an article's: several words, or as many letters of a script without spaces.

    Parameters
    ----------
    line : str
        Without outer white space.
    """
    if not _TERMINATOR.search(line):
        return False
    words = line.split()
    return len(words) >= _MIN_WORDS or (len(line) >= _MIN_CHARACTERS and len(line) > _MAX_WORD_LENGTH * len(words))


def _edges(line: str) -> Iterator[str]:
    """The sentences at either end of a paragraph."""
    parts = sentences(line)
    if len(parts) > 1:
        for start, stop in parts if len(parts) <= 2 * _EDGE else [*parts[:_EDGE], *parts[-_EDGE:]]:
            yield line[start:stop]


def hash_sentence(sentence: str, source: str | None) -> int:
    """Of a sentence with its source; in one of the law or of a date numbers count as one, as in "© 2022".

    Parameters
    ----------
    sentence : str
        At an end of a page in one line.
    source : str or None
        Outlet of the page.
    """
    known = "-" if source is None else f"+{source}"
    text = sentence.strip()[:_MAX_LENGTH]
    if _NUMBER.search(text) and _is_formal(text):
        text = _NUMBER.sub("0", text)
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=known.encode()[:64])
    return int.from_bytes(digest.digest(), "little")


def _is_formal(sentence: str) -> bool:
    """Whether a sentence with a number is of the law, or names an issue or a date: "© 2022 The Post.", "No. 45."."""
    if _LEGAL.search(sentence):
        return True
    words = _WORD.findall(sentence)
    return not words or (len(words) <= _FORMAL_WORDS and all(word[0].isupper() for word in words))


def hash_line(line: str, source: str = "") -> int:
    """Of a line; with its source, the numbers in one that is no prose count as one, as in "Comments (18)".

    Parameters
    ----------
    line : str
        Without outer white space.
    source : str
        Outlet of the page; "" of a line anywhere.
    """
    if source and not reads_like_prose(line):
        line = _NUMBER.sub("0", line)
    digest = hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=8, key=source.encode()[:64])
    return int.from_bytes(digest.digest(), "little")
