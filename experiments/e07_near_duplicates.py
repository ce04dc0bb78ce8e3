"""Near-duplicates: are re-posts and wire copies folded, templates left alone, and fast enough?

Question   Of 5,000 near-duplicates hidden among 95,000 short documents, how many are folded into their originals, how
           many documents are folded that should not be, and how long does it take?
Command    python experiments/e07_near_duplicates.py [--n N] [--show N] [--data FOLDER] [--smoke]
Data       Passages of 30 to 80 words from the development data's four English news corpora ($TOPICS_DATA or
           ../shared/data); without it, sentences of invented words from a seeded generator.
Expected   Recall at least 0.98, precision at least 0.99, no template folded, at most 60 s for 100,000 documents.
Run time   About 5 minutes on 2 cores.

Each near-duplicate is edited in one to three of these ways: a byline or a lead-in sentence in front, 2 to 8 percent of
the words replaced, up to the last third cut, case and punctuation changed, white space changed. Passages with a phrase
of seven words that stands in an earlier one are left out, which leaves hardly a natural near-duplicate; what is folded
beyond the planted pairs is counted as false, and counted apart where its letters show that it is one. Templates are
twelve weather, market, match, accident, court and other reports in three languages, filled in with other names and
numbers. Seconds are those of reading with near-duplicates folded less those of reading with equal texts folded alone.
"""

from __future__ import annotations

import os
import time

import _study as study
import numpy as np
import pandas as pd
from _near_duplicates import alike, hide

import topics
from topics.config import ArticlesParams


def read(texts: list[str], copies: str) -> tuple[np.ndarray, float]:
    """The row of the canonical document of each text, and the seconds that reading took; every line is kept."""
    frame = pd.DataFrame({"id": [f"{row:07d}" for row in range(len(texts))], "text": texts})
    params = ArticlesParams(clean="keep-all", split_round_ups=False, duplicates=copies)
    started = time.perf_counter()
    corpus = topics.read(frame, params)
    seconds = time.perf_counter() - started
    canonical = np.arange(len(texts))
    for doc_id, copy_of in zip(*(corpus.copies[name].to_pylist() for name in ("doc_id", "copy_of")), strict=True):
        canonical[int(doc_id)] = int(copy_of)
    return canonical, seconds


def main(arguments: list[str] | None = None) -> None:
    """Plant, fold, count."""
    parser = study.parser(__doc__, smoke="1,000 documents")
    parser.add_argument("--n", type=int, default=100_000, help="documents, near-duplicates among them")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N false folds and misses")
    options = parser.parse_args(arguments)
    hidden = hide(1000 if options.smoke else options.n, options.data)
    texts, n = hidden.texts, len(hidden.texts)
    study.forget_peak()
    before = study.memory_mib("VmRSS")
    read(texts[:200], "near")  # what is loaded and compiled once is not counted
    exact, plain = read(texts, "exact")
    canonical, seconds = read(texts, "near")

    hit = {copy: bool(canonical[copy] == canonical[original]) for copy, original in hidden.pair.items()}
    planted = {frozenset(both) for both in hidden.pair.items()}
    folded = np.flatnonzero(canonical != np.arange(n)).tolist()
    beyond = [(row, int(canonical[row])) for row in folded if frozenset((row, int(canonical[row]))) not in planted]
    natural = [pair for pair in beyond if alike(texts[pair[0]], texts[pair[1]])]
    n_hit, n_false = sum(hit.values()), len(beyond) - len(natural)
    values = {
        "documents": f"{n:,} of {np.mean([len(text.split()) for text in texts]):.0f} words, {os.cpu_count()} cores",
        "recall": f"{n_hit / len(hit):.4f}  ({n_hit} of {len(hit)}; equal texts alone {(exact != np.arange(n)).sum()})",
        "precision": f"{1 - len(beyond) / len(folded):.4f}  ({len(beyond)} of {len(folded)} folds were not planted)",
        "precision, natural ones apart": f"{1 - n_false / len(folded):.4f}  ({len(natural)} are alike by letters)",
        "templates folded": f"{sum(row in hidden.templates for row, _ in beyond)} of {len(hidden.templates)}",
        "seconds": f"{seconds - plain:.1f}, beside {plain:.1f} for reading",
        "peak MiB": f"{study.memory_mib('VmHWM'):.0f}, of which {before:.0f} before reading",
    }
    study.show([{"": name, "which": value} for name, value in values.items()], title="near-duplicates")
    by_edit: dict[str, list[bool]] = {}
    for copy, edits in hidden.edits.items():
        for name in (*edits, f"{len(edits)} edits"):
            by_edit.setdefault(name, []).append(hit[copy])
    rows = [{"": name, "recall": float(np.mean(found)), "n": len(found)} for name, found in sorted(by_edit.items())]
    study.show(rows, title="recall by edit")
    missed = [pair for pair in hidden.pair.items() if not hit[pair[0]]]
    for name, pairs in (("FOLDED", beyond), ("MISSED", missed)):
        for row, other in pairs[: options.show]:
            study.say(f"{name} {hidden.edits.get(row, '')}\n  {texts[row]}\n  {texts[other]}")


if __name__ == "__main__":
    main()
