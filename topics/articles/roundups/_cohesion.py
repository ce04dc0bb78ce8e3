"""What the words of a page's sections say about whether the sections are stories of their own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from topics.articles.roundups._sections import Proposal, first_is_marked, stems
from topics.text._detection import detect_language
from topics.text._function_words import function_words

_NAME = re.compile(r"(?<![.!?…:\"“«„”»•–—-])\s([^\W\d_][\w'’-]{2,})")
_MIN_TEASED = 5


@dataclass(frozen=True)
class Words:
    """Shares in [0, 1], function words left out; means over the sections where they are of one.

    Attributes
    ----------
    cohesion : float
        How many times likelier than by chance two occurrences of a word stand in one section; smoothed.
    own, other : float
        Share of a headline's words that its own section has; that another section has, on average.
    known : float
        Share of the words of the lead that a section has; 0 where it teases.
    teases : bool
        Whether the lead names the stories one by one.
    entitled : float
        Share of the title's words that two sections have.
    introduced : float
        Share of the sections that name somebody or something, or give a number.
    shared : float
        Share of a section's words that another section has.
    thread : float
        Share of the sections that have the word most of them have.
    """

    cohesion: float
    own: float
    other: float
    known: float
    teases: bool
    entitled: float
    introduced: float
    shared: float
    thread: float


def words_of(proposal: Proposal, title: str | None) -> Words:
    """What the words of the sections say, beside those of the lines above them and of the page's title.

    Parameters
    ----------
    proposal : Proposal
        Sections; a section's headline is left out where it leads into the section's own first line.
    title : str or None
        The page's title.
    """
    sections = proposal.sections
    texts = [section.text for section in sections]
    without = function_words(detect_language("\n".join(texts)))
    heads = [Counter(stems(section.head or "", without)) for section in sections]
    bodies = [Counter(stems(text, without)) for text in texts]
    counts = [
        body if section.body == section.lines else head + body
        for section, head, body in zip(sections, heads, bodies, strict=True)
    ]
    total = sum(counts, Counter[str]())
    spread = Counter(stem for count in counts for stem in count)
    n_stems = max(1, total.total())
    by_chance = _pairs(total) * sum((count.total() / n_stems) ** 2 for count in counts)
    restated = [any(stem in body for stem in head) for head, body in zip(heads, bodies, strict=True) if head]
    own, other = [], []
    for i, head in enumerate(heads):
        if head:
            shares = [_share(head, body.__contains__) for body in bodies]
            own.append(shares[i])
            other.append((sum(shares) - shares[i]) / (len(shares) - 1))
    lead = "" if first_is_marked(proposal) else " ".join(line.text for line in proposal.intro if line.is_prose)
    rest = spread
    if restated and not restated[0] and sum(restated) >= 0.75 * (len(restated) - 1):
        # The first of the heads is a caption or the page's title, and what is below it the lead of an article.
        lead, rest = f"{lead} {texts[0]}", spread - Counter(dict.fromkeys(counts[0], 1))
    lead_stems = set(stems(lead, without))
    teases = _teases(lead_stems, rest)
    return Words(
        cohesion=(sum(map(_pairs, counts)) + 1) / (by_chance + 1),
        own=_mean(own),
        other=_mean(other),
        known=0.0 if teases else _share(lead_stems, rest.__contains__),
        teases=teases,
        entitled=_share(set(stems(title or "", without)), lambda stem: spread[stem] > 1),
        introduced=_mean([introduces(text) for text in texts]),
        shared=_mean([_share(count, lambda stem: spread[stem] > 1) for count in counts]),
        thread=max(spread.values(), default=0) / len(sections),
    )


def _teases(lead_stems: Collection[str], spread: Counter[str]) -> bool:
    """Whether an intro names the stories one by one: most of its words are in a section, and each in one alone."""
    known = [stem for stem in lead_stems if spread[stem]]
    n_shared = sum(spread[stem] > 1 for stem in known)
    return len(known) >= max(_MIN_TEASED, len(lead_stems) / 2) and n_shared <= len(known) / 10


def _pairs(counts: Counter[str]) -> float:
    return sum(n * (n - 1) / 2 for n in counts.values())


def _share(items: Collection[str], holds: Callable[[str], bool]) -> float:
    return sum(map(holds, items)) / len(items) if items else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def introduces(text: str) -> bool:
    """Whether it has a digit or a capitalised word inside a sentence; always true where letters have no case."""
    return (
        any(map(str.isdigit, text))
        or any(word[0].isupper() for word in _NAME.findall(text))
        or text.lower() == text.upper()
    )
