"""Words that were cut at a line's end are whole again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

_HYPHEN = "\u2010-"
_LETTERS = r"[^\W\d_]+"
# A hyphen and what white space stands behind it; a soft hyphen there says itself that the word goes on.
_CUT = re.compile(rf"[{_HYPHEN}](?<=[^\W\d_].)(?P<space>[ \t\r]*\n?[ \t]*(?<=\s))(?P<tail>[^\W_]+)")
_SOFT = re.compile(r"[\u00ad¬](?<=[^\W\d_].)[ \t\r]*\n[ \t]*(?=[^\W\d_])")
_COMPOUND = re.compile(rf"[{_HYPHEN}][^\W_]")  # behind "year" of "year-old"
_HEAD = re.compile(rf"(?P<before>[{_HYPHEN}]?){_LETTERS}\Z")
_MAX_LETTERS = 60
_WORD = re.compile(rf"{_LETTERS}+(?:[{_HYPHEN}][^\W_]++)*+(?![{_HYPHEN}]\Z)")
_CUT_SHARE = 0.02
_FUNCTION_SHARE = 0.002  # of words; "und", "or" are more than that, a word's ending hardly ever
_MAX_CHARACTERS = 1_000_000  # that are looked through for how words are written; more tells no more of common ones


def unhyphenated(texts: Iterable[str]) -> Iterator[str]:
    r"""The texts, words that a hyphen cuts at a line's end whole again: "govern-" and "ment" are "government".

    How the word is written elsewhere in the texts decides: in one, or with a hyphen. Where it is not met elsewhere, and
    its parts are not both words nor the second one of the most frequent, it is one; a part of what has further hyphens
    ("three-year-old") keeps its own. Two words stay as they are ("Vor- und Nachteile"). Where the line's end is gone
    ("govern- ment") only a word that is met elsewhere is made whole.

    Parameters
    ----------
    texts : iterable of str
        All that are to be read together; read once unless there are such words.

    Examples
    --------
    >>> list(unhyphenated(["The govern-\nment fell.", "A well-\nknown case is well-known."]))
    ['The government fell.', 'A well-known case is well-known.']
    """
    texts = texts if isinstance(texts, Sequence) else list(texts)
    pairs = {i: cut for i, text in enumerate(texts) if _may_be_cut(text) and (cut := _pairs(text))}
    if len(pairs) < _CUT_SHARE * len(texts) and not any(re.search(rf"[{_HYPHEN}][ \t\r]*\n", texts[i]) for i in pairs):
        pairs = {}  # no line's end is left, and too few to look for how words are written
    often = _often(texts, pairs)
    for i, text in enumerate(texts):
        yield _whole(text, often) if i in pairs else _soft(text)


def _may_be_cut(text: str) -> bool:
    return ("-" in text and ("-\n" in text or "- " in text)) or (not text.isascii() and "\u2010" in text)


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(_head_of(match).casefold(), match["tail"].casefold()) for match in _CUT.finditer(text)]


def _soft(text: str) -> str:
    return _SOFT.sub("", text) if not text.isascii() and ("\u00ad" in text or "¬" in text) else text


def _head_of(match: re.Match[str]) -> str:
    """The letters before a hyphen, with the hyphen before them if one is there."""
    head = _HEAD.search(match.string, max(0, match.start() - _MAX_LETTERS), match.start())
    return head.group() if head else ""


def _often(texts: Sequence[str], pairs: Mapping[int, Sequence[tuple[str, str]]]) -> Counter[str]:
    """How often the words that may be meant, and their parts, stand in the texts where no line's end cuts them.

    Under the empty word is how many words there are in all.
    """
    parts = {part for cut in pairs.values() for part in cut}
    asked = {form for head, tail in parts for form in (head, tail, head + tail, f"{head}-{tail}")}
    tokens: Counter[str] = Counter()
    if not asked:
        return tokens
    for text in texts[:: max(1, -(-sum(map(len, texts)) // _MAX_CHARACTERS))]:
        uncut = _CUT.sub("- ", text) if "-" in text else text
        tokens.update(uncut.casefold().split())
    often = Counter({"": tokens.total()})
    for token, n in tokens.items():
        for word in _WORD.findall(token):
            if word in asked:
                often[word] += n
    return often


def _whole(text: str, often: Counter[str]) -> str:
    text = _soft(text)

    def joined(match: re.Match[str]) -> str:
        head, tail = _head_of(match), match["tail"]
        one, other = head.casefold(), tail.casefold()
        n_whole, n_hyphened = often[one + other], often[f"{one}-{other}"]
        at_line_end = "\n" in match["space"]
        goes_on = tail[0].isalpha() and (not tail[0].isupper() or head.isupper())
        if n_whole > n_hyphened and goes_on:
            return tail
        if n_hyphened:
            return f"-{tail}"
        if not at_line_end:
            return match.group()
        if not goes_on or head[0] in _HYPHEN or _COMPOUND.match(text, match.end()):  # "state-of-the-art"
            return f"-{tail}"
        two = often[other] >= max(2, _FUNCTION_SHARE * often[""]) or (often[one] and often[other])
        return match.group() if two else tail

    return _CUT.sub(joined, text)
