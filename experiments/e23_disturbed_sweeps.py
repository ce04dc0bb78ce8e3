"""Disturbed sweeps: what is left of a study that is killed again and again, or shared by two processes?

Question   Does a study of 48 settings that is killed at random moments (SIGKILL) and goes on end with the same rows as
           one that was left alone? And one that two processes work on?
Command    python experiments/e23_disturbed_sweeps.py [--kills N] [--data FOLDER] [--smoke]
Data       As e22.
Expected   The same rows, but for seconds and for what was stored or new.
Run time   About 6 minutes on 2 cores.
"""

from __future__ import annotations

import random
import time

import _study as study
import _sweeps as sweeps


def main(arguments: list[str] | None = None) -> None:
    """Work the study through, kill it, share it, and print whether the rows are the same."""
    parser = study.parser(__doc__, smoke="60 pages of the sample, 4 settings, one kill")
    parser.add_argument("--kills", type=int, default=20)
    options = parser.parse_args(arguments)
    if not options.smoke and study.left_out(options, sweeps.FILE):
        return
    settings, kills = sweeps.asked(1, *sweeps.sizes(options)), 1 if options.smoke else options.kills
    folder = sweeps.prepare(options, "e23_disturbed_sweeps")
    whole, seconds, _ = sweeps.work(sweeps.fresh(folder, "whole"), settings)
    expected = sweeps.rows(whole)

    killed, chance, done = sweeps.fresh(folder, "killed"), random.Random(0), []
    for _ in range(kills):
        (child,) = sweeps.children(killed, settings, 1)
        while child.poll() is None and sweeps.n_done(killed) <= (done[-1] if done else 0):
            time.sleep(0.02)  # until it has done one more than the one before it: kills fall into the work
        time.sleep(chance.uniform(0, seconds / len(expected)))
        child.kill()
        child.wait()
        done.append(sweeps.n_done(killed))
    after_kills = sweeps.rows(sweeps.work(killed, settings)[0])

    shared = sweeps.fresh(folder, "shared")
    for child in sweeps.children(shared, settings, 2):
        child.wait()
    last, _, left = sweeps.work(shared, settings)
    same = {True: "the same rows", False: "OTHER ROWS"}
    table = [
        {"": f"killed {kills} times", "ends with": same[after_kills.equals(expected)], "done": str(done)},
        {
            "": "two processes",
            "ends with": same[sweeps.rows(last).equals(expected)],
            "done": f"{left} left",
        },
    ]
    study.show(table, title=f"{len(expected)} settings")


if __name__ == "__main__":
    main()
