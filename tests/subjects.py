"""Pages of four subjects that every machine tells apart, for tests that need a run with topics.

A quick run of a few real articles may find no topic at all, by the make of the CPU. Of 40 random states with these
pages, bag-of-words vectors and 30 epochs, on one, two or eight layouts, all found the four subjects and no noise.
"""

from __future__ import annotations

import random

import pandas as pd

WORDS = {
    "energy": "turbine offshore blade cable permit harbour seabed megawatt substation rotor generator grid foundation",
    "sport": "swimmer lane medal coach stroke relay sprint butterfly champion freestyle podium referee backstroke",
    "court": "judge lawyer verdict appeal witness prosecutor sentence trial defendant jury hearing bail evidence",
    "money": "inflation market growth profit credit lender mortgage currency dividend budget investor treasury deficit",
}
FURNITURE = {
    "Harbour Ledger": ("Subscribe now", "Harbour Ledger | News, sport and opinion", "Follow us on all channels"),
    "Civic Post": ("Sign in", "Civic Post - Your paper every morning", "Accept all cookies"),
}


def pages(n: int = 15) -> pd.DataFrame:
    """Articles as they are scraped, ``n`` a subject, from two outlets with lines of their own around each story."""
    rows = []
    for subject, line in WORDS.items():
        for i in range(n):
            draw = random.Random(f"{subject} {i}")
            source = draw.choice(sorted(FURNITURE))
            title = f"{subject.title()} report {i}"
            story = [_sentence(draw, line.split()) for _ in range(4)]
            text = "\n".join([*FURNITURE[source], title, " ".join(story), *FURNITURE[source][::-1]])
            rows.append(
                {"id": f"{subject}-{i:02d}", "title": title, "source": source, "subject": subject, "text": text}
            )
    return pd.DataFrame(rows)


def _sentence(draw: random.Random, words: list[str]) -> str:
    a, b, c, d, e = draw.sample(words, 5)
    return f"The {a} and the {b} were seen on day {draw.randint(1, 99)}, and of {c}, {d} or {e} there was no word yet."
