"""Where sentences end, in any script."""

from __future__ import annotations

import itertools
import re

# Latin, Arabic and Urdu, Devanagari, Armenian, Ethiopic marks, which a space follows; and those of scripts without.
_BEFORE_SPACE, _BEFORE_ANYTHING = ".!?…؟۔।॥։።", "。！？．｡"
STOPS = _BEFORE_SPACE + _BEFORE_ANYTHING
"""Marks that end a sentence, in any script, for a class of characters."""

CLOSERS = r"\"'”’»)\]」』"
"""What may close after them, likewise."""

# After a closing mark and what may close after it, or at a line's end; a full-width point may stand in a number.
# Possessive, and only from the first mark of a run: a row of thousands of dots is looked at once.
SENTENCE_END = re.compile(
    rf"(?<![{_BEFORE_SPACE}])[{_BEFORE_SPACE}]++[\"'”’»)\]]*+\s++"
    rf"|(?<![{_BEFORE_ANYTHING}])(?:[。！？｡]|．(?!\d))++[」』”）]*+\s*+|\n\s*+"
)

_MARK = re.compile(rf"[{STOPS}\n]")
ABBREVIATED = re.compile(r"\b[A-Z](?:[a-z]{1,3})?\.\s*$")  # "U.S.", "Gov.", "Vladimir V.", not "BBC."


def sentences(text: str) -> list[tuple[int, int]]:
    """First character of each sentence and the one after its last; together they are the whole text.

    Abbreviations are not known: "the U.S. Congress" is cut in two.

    Parameters
    ----------
    text : str
        In any script.

    Examples
    --------
    >>> text = "Rain fell. It was late."
    >>> [text[start:stop] for start, stop in sentences(text)]
    ['Rain fell. ', 'It was late.']
    """
    edges = [0]
    for mark in _MARK.finditer(text):  # several times as fast as to look for the whole pattern at every letter
        if mark.start() >= edges[-1] and (end := SENTENCE_END.match(text, mark.start())) and end.end() < len(text):
            edges.append(end.end())
    edges.append(len(text))
    return list(itertools.pairwise(edges))


def whole_sentences(text: str) -> list[str]:
    """The sentences of a text without outer white space; none ends after what may be an abbreviation.

    Parameters
    ----------
    text : str
        In any script.

    Examples
    --------
    >>> whole_sentences("The U.S. Senate met. It was late.")
    ['The U.S. Senate met.', 'It was late.']
    """
    whole = []
    begin = 0
    for start, stop in sentences(text):
        if stop < len(text) and ABBREVIATED.search(text, start, stop) and not text[start:stop].endswith("\n"):
            continue
        if sentence := text[begin:stop].strip():
            whole.append(sentence)
        begin = stop
    return whole
