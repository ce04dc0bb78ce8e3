"""Sweeps: what do 48 settings cost beside 48 fits of BERTopic?

Question   Four reduce.n_neighbors × twelve cuts, with terms and scores for each, on given vectors: how much less time
           than as many fits of BERTopic? The same again? And four settings more?
Command    make install-peers && python experiments/e22_sweep.py [--layouts N] [--fits N] [--data FOLDER] [--smoke]
Data       AllSides (1,383 documents, allsides_10topics of the development data) with MiniLM's vectors; the sample and
           LSA vectors for --smoke.
Expected   With one layout, which is what BERTopic has, 27 times less time on two cores, and 16 with twelve; the same
           again takes a tenth of a second, four settings more one.
Run time   About 2 minutes on 2 cores.

Both are warm: what is compiled is compiled before. BERTopic's time is the median of its fits times the settings.
"""

from __future__ import annotations

import statistics

import _peers as peers
import _study as study
import _sweeps as sweeps
import numpy as np
import pandas as pd


def main(arguments: list[str] | None = None) -> None:
    """Time the sweep beside BERTopic and print the table."""
    parser = study.parser(__doc__, smoke="60 pages of the sample, 4 settings, no peers")
    parser.add_argument("--layouts", type=int, default=1, help="layouts a setting")
    parser.add_argument("--fits", type=int, default=6, help="fits of BERTopic")
    options = parser.parse_args(arguments)
    if not options.smoke and study.left_out(options, sweeps.FILE):
        return
    cuts, neighbors = sweeps.sizes(options)
    folder = sweeps.prepare(options, "e22_sweep")
    sweeps.work(sweeps.fresh(folder, "warm"), sweeps.asked(options.layouts, cuts[:1], neighbors[:1]))
    here = sweeps.fresh(folder, "whole")
    _, seconds, n = sweeps.work(here, sweeps.asked(options.layouts, cuts, neighbors))
    table = [{"": f"{n} settings", "seconds": f"{seconds:.1f}", "tried": n, "times as fast as BERTopic": ""}]
    if peers.installed("bertopic") and not options.smoke:
        texts, vectors = pd.read_parquet(folder / sweeps.ARTICLES)["text"].tolist(), np.load(folder / sweeps.VECTORS)
        taken = study.in_turn({"BERTopic": lambda: peers.bertopic(texts, vectors)}, turns=options.fits, warm_up=True)
        fit = statistics.median(taken["BERTopic"])
        table[0]["times as fast as BERTopic"] = f"{n * fit / seconds:.1f} ({n} × {fit:.2f} s)"
    for name, sizes in (("the same again", cuts), ("four settings more", [*cuts, 60])):
        _, seconds, tried = sweeps.work(here, sweeps.asked(options.layouts, sizes, neighbors))
        table.append({"": name, "seconds": f"{seconds:.1f}", "tried": tried, "times as fast as BERTopic": ""})
    study.show(table, title=f"sweep with {options.layouts} layout{'s' * (options.layouts > 1)} a setting")


if __name__ == "__main__":
    main()
