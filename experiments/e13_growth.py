"""Growth: how do time and memory grow with the documents?

Question   What does a fit on given vectors take for 100,000 documents beside one for 10,000?
Command    python experiments/e13_growth.py [--pairs N] [--data FOLDER] [--smoke]
Data       Sentences of the development data ($TOPICS_DATA or ../shared/data) with static vectors.
Expected   10 times the documents in at most 10 times the time and the memory.
Run time   About 8 minutes on 2 cores.

Each fit is a fresh process. What a process takes that fits 200 documents (Python, imports, compiled code) is taken off.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

import _speed as speed
import _study as study


def main(arguments: list[str] | None = None) -> None:
    """Fit each size in turn and print what it takes above the smallest."""
    parser = study.parser(__doc__, smoke="60 and 170 pages of the sample, LSA vectors, one turn")
    parser.add_argument("--pairs", type=int, default=2, help="turns")
    options = parser.parse_args(arguments)
    if not options.smoke and study.left_out(options, *(f"{name}.parquet" for name in study.NEWS)):
        return
    base, *sizes = (60, 170) if options.smoke else (200, 10_000, 100_000)
    taken: dict[int, list[tuple[float, float]]] = {n: [] for n in (base, *sizes)}
    with tempfile.TemporaryDirectory() as temporary:
        for n in taken:
            speed.prepare(options, n, Path(temporary) / str(n))
        for _ in range(1 if options.smoke else options.pairs):
            for n, found in taken.items():
                found.append(speed.cold("topics", Path(temporary) / str(n)))
    seconds, memory = ({n: statistics.median(run[i] for run in found) for n, found in taken.items()} for i in (0, 1))
    rows = [
        {
            "documents": f"{n:,}",
            "seconds": f"{seconds[n] - seconds[base]:.1f}",
            "MiB": f"{memory[n] - memory[base]:.0f}",
            "times the documents": f"{n / sizes[0]:.1f}",
            "times the seconds": f"{(seconds[n] - seconds[base]) / (seconds[sizes[0]] - seconds[base]):.1f}",
            "times the memory": f"{(memory[n] - memory[base]) / (memory[sizes[0]] - memory[base]):.1f}",
        }
        for n in sizes
    ]
    study.show(rows, title=f"above what {base} documents take")


if __name__ == "__main__":
    main()
