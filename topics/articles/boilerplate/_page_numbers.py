"""Page numbers between the lines of a text that was taken from printed pages, such as a PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = re.compile(
    r"(?i)(?:[-–—|]\s*)?"
    r"(?:(?:page|pages?|seite|pagina|página|pág\.|strana|strona|str\.|side|sida|sivu|сторінка|страница|стр\.)\s*)?"
    r"(\d{1,4})(?:\s*(?:/|of|von|de|di|van|z|av|из|з)\s*\d{1,4})?(?:\s*[-–—|])?"
)
_MIN_LINES = 8  # of text from one page number to the next
_MAX_LENGTH = 30  # characters


def page_numbers(lines: Sequence[str]) -> list[int]:
    """Places of the lines that may be page numbers: each alone between blank lines, and one more than that before.

    Parameters
    ----------
    lines : sequence of str
        All lines of a text, blank ones too.

    Examples
    --------
    >>> text = ["The harbor works were closed for", "", "7", "", "the winter, the port said."]
    >>> page_numbers(text)
    [2]
    """
    n_text = 0
    best: list[int] = []
    chains: dict[int, tuple[int, list[int]]] = {}  # number → lines of text above it, places up to it
    for i, line in enumerate(lines):
        bare = line.strip()
        match = _NUMBER.fullmatch(bare) if bare and len(bare) <= _MAX_LENGTH else None
        if not bare or match is None or not (_is_blank(lines, i - 1) and _is_blank(lines, i + 1)):
            n_text += bool(bare)
            continue
        number = int(match[1])
        above, before = chains.get(number - 1, (n_text, []))
        chain = [*before, i] if n_text - above >= _MIN_LINES else [i]
        chains[number] = (n_text, chain)
        if len(chain) > len(best):
            best = chain
    return best


def _is_blank(lines: Sequence[str], i: int) -> bool:
    return not 0 <= i < len(lines) or not lines[i].strip()
