"""Terms that are part of one another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

# No record of their tuning.
_STEM = 5  # letters that two forms of one word share
_ENDING = 2  # letters by which one is longer
_KEPT = 50_000  # not tuned: terms and pairs of them, some 10 MB; other cuts of the same documents ask for the same


class Overlap:
    """Which terms of a list overlap.

    Parameters
    ----------
    terms : sequence of str
        The terms.
    """

    def __init__(self, terms: Sequence[str]) -> None:
        self._terms = terms
        self._with_stem: dict[str, list[int]] = {}
        for i, term in enumerate(terms):
            for stem in _stems(term):
                self._with_stem.setdefault(stem, []).append(i)

    def of(self, i: int) -> list[int]:
        """Places of the terms that overlap the i-th one, itself included.

        Parameters
        ----------
        i : int
            Place of the term in the list.
        """
        near = {j for stem in _stems(self._terms[i]) for j in self._with_stem[stem]}
        return sorted(j for j in near if overlapping(self._terms[i], self._terms[j]))


@lru_cache(maxsize=_KEPT)
def _stems(term: str) -> tuple[str, ...]:
    return tuple(word[:_STEM] for word in term.split(" "))


@lru_cache(maxsize=_KEPT)
def overlapping(one: str, other: str) -> bool:
    """Whether one term is part of the other, or the same but for an ending of at most two letters.

    Parameters
    ----------
    one, other : str
        Terms in lower case, of one word or more.

    Examples
    --------
    >>> overlapping("korea", "north korea"), overlapping("power cuts", "cuts"), overlapping("trade", "trade war talks")
    (True, True, True)
    >>> overlapping("illegal", "illegally"), overlapping("art", "party"), overlapping("north korea", "north sea")
    (True, False, False)
    """
    short, long = sorted((one.split(" "), other.split(" ")), key=len)
    return any(
        all(_same(a, b) for a, b in zip(short, long[i : i + len(short)], strict=True))
        for i in range(len(long) - len(short) + 1)
    )


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= _STEM and len(long) - len(short) <= _ENDING and long.startswith(short)
