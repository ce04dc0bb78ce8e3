"""Speed: how long does a fit take on given vectors, side by side with BERTopic?

Question   Given the same texts and vectors, how many times faster than BERTopic is a fit, with all layouts and levels
           and with one layout, warm and cold, and in how much memory? How it grows is e13's question.
Command    make install-peers && python experiments/e12_speed.py [--part 2000|20000|100000]… [--pairs N]
           [--data FOLDER] [--smoke]
Data       The development data ($TOPICS_DATA or ../shared/data): 2,092 BBC articles with MiniLM vectors; 20,000 of its
           paragraphs and 100,000 of its sentences with static vectors.
Expected   All layouts and levels 2.6 times as fast as one BERTopic fit at 2,000 documents and 0.95 at 20,000, warm;
           about 4 times in a cold process; one layout 6 and 1.7 times, cold 5.5 to 6; two thirds of the memory.
Run time   About 40 minutes on 2 cores: 2000 6, 20000 10, 100000 25.

Warm fits alternate in one process, after one of each that is not counted; cold processes alternate too and tell the
peak memory. Medians and the ratio pair by pair are printed. Nobody embeds anything, and all take the texts as they
are: pages are not cleaned, which takes some 8 ms each.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from functools import partial
from pathlib import Path

import _peers as peers
import _speed as speed
import _study as study

SIZES = (2_000, 20_000, 100_000)
REFERENCE = "BERTopic"


def report(title: str, seconds: dict[str, list[float]], memory: dict[str, float]) -> None:
    """Print a table of times, beside the reference's where it is there."""
    rows = []
    for name, taken in seconds.items():
        row = {
            "": name,
            "median s": f"{statistics.median(taken):.2f}",
            "range": f"{min(taken):.2f} to {max(taken):.2f}",
        }
        row |= {"peak MiB": f"{memory[name]:.0f}"} if memory else {}
        if REFERENCE in seconds and name != REFERENCE:
            row[f"times as fast as {REFERENCE}"] = study.times_as_fast(taken, seconds[REFERENCE])
        rows.append(row)
    study.show(rows, title=f"{title}, {len(taken)} turns")


def side_by_side(options, n: int, names: list[str]) -> None:
    """Warm fits in this process, then cold ones."""
    pairs = 1 if options.smoke else options.pairs
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        texts, vectors = speed.prepare(options, n, folder)
        study.say(f"{len(texts):,} documents, {vectors.shape[1]} dimensions, {os.cpu_count()} cores")
        found: dict[str, int] = {}

        def fit(name: str) -> None:
            found[name] = speed.FITS[name](texts, vectors)

        warm = study.in_turn({name: partial(fit, name) for name in names}, turns=pairs, warm_up=not options.smoke)
        report("warm fit in one process", warm, {})
        cold: dict[str, list[float]] = {name: [] for name in names}
        memory: dict[str, float] = {}
        for name in names * pairs:
            seconds, memory[name] = speed.cold(name, folder)
            cold[name].append(seconds)
        report("cold process", cold, memory)
        study.say(" · ".join(f"{name} found {k} topics" for name, k in found.items()) + "\n")


def main(arguments: list[str] | None = None) -> None:
    """Time the fits and print the tables."""
    parts = tuple(map(str, SIZES))
    parser = study.parser(__doc__, smoke="60 pages of the sample, LSA vectors, one turn, no peers", parts=parts)
    parser.add_argument("--pairs", type=int, default=5, help="turns")
    options = parser.parse_args(arguments)
    if options.smoke:
        side_by_side(options, study.SMOKE_DOCUMENTS, ["topics, one layout"])
        return
    if study.left_out(options, *(f"{name}.parquet" for name in study.NEWS)):
        return
    names = [name for name in speed.FITS if name != REFERENCE or peers.installed("bertopic")]
    for part in options.part or parts:
        side_by_side(options, int(part), names)


if __name__ == "__main__":
    main()
