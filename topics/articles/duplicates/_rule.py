"""Whether two texts are near-duplicates, decided word by word."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, pairwise

from topics.articles.duplicates._sketches import RUN
from topics.articles.duplicates._tokens import Tokens

_MAX_CONTRADICTED = 0.2  # of the numbers, and of numbers and names
_WORDS_A_CORRECTION = 100  # one contradiction in so many shared words is an update; templates have more slots


def is_near_duplicate(one: Tokens, other: Tokens, *, min_shared: float) -> bool:
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
    runs = [(block.a, block.b, block.size) for block in blocks if block.size >= RUN * one.width]
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
