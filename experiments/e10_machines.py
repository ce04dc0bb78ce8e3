"""Machines: do the same vectors and seed give the same topics where another CPU computes with other kernels?

Question   How well do the topics agree between OpenBLAS's kernels for other makes of CPU, numpy without vector units,
           and numba for any CPU?
Command    python experiments/e10_machines.py [--smoke]
Data       The labelled corpora of the development data ($TOPICS_DATA or ../shared/data) and the bundled sample, their
           vectors computed once on this machine.
Expected   The same partition, bit by bit (ARI 1).
Run time   About 15 minutes on 2 cores, most of it embedding.

Each row is a fresh process with that environment. A kernel this CPU cannot run is left out and said.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from corpora import labelled_corpora, wide_console
from rich.table import Table

from topics import RunConfig, pipeline
from topics.articles import from_texts
from topics.evaluate import stability
from topics.store import Store

ENVIRONMENTS = {
    "OpenBLAS SkylakeX": {"OPENBLAS_CORETYPE": "SkylakeX"},
    "OpenBLAS Haswell": {"OPENBLAS_CORETYPE": "Haswell"},
    "OpenBLAS Zen": {"OPENBLAS_CORETYPE": "Zen"},
    "OpenBLAS Prescott": {"OPENBLAS_CORETYPE": "Prescott"},
    "numpy without vector units": {"NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX2 FMA3"},
    "numba for any CPU": {"NUMBA_CPU_NAME": "generic"},
    "one thread": {"TOPICS_THREADS": "1"},
}


def cluster_in(environment: dict[str, str], vectors: Path, out: Path) -> bool:
    """Topics of these vectors, computed in a process of its own; whether this CPU can."""
    env = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"} | environment
    command = [sys.executable, "-W", "ignore", __file__, "--vectors", str(vectors), "--labels", str(out)]
    return subprocess.run(command, env=env, capture_output=True).returncode == 0


def cluster_here(vectors: Path, out: Path) -> None:
    points = np.load(vectors)
    corpus, _ = from_texts([f"document {i:06d}" for i in range(len(points))])
    np.save(out, pipeline.fit(RunConfig(), corpus, embeddings=points).clusters.labels)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("runs"))
    parser.add_argument("--vectors", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--labels", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args(arguments)
    if args.vectors:
        cluster_here(args.vectors, args.labels)
        return
    chosen = dict(list(ENVIRONMENTS.items())[3:5]) if args.smoke else ENVIRONMENTS
    table = Table("corpus", "topics", *chosen, "least ARI of every two")
    for corpus in labelled_corpora(smoke=args.smoke):
        store = Store(args.out / pipeline.STORE_FOLDER)
        fitted = pipeline.fit(RunConfig(), corpus.corpus, store=store)
        with tempfile.TemporaryDirectory() as folder:
            vectors = Path(folder) / "vectors.npy"
            np.save(vectors, fitted.embeddings.vectors)
            found: list[np.ndarray] = []
            cells = []
            for i, environment in enumerate(chosen.values()):
                out = Path(folder) / f"{i}.npy"
                if not cluster_in(environment, vectors, out):
                    cells.append("this CPU cannot")
                    continue
                found.append(np.load(out))
                cells.append("the same bytes" if found[-1].tobytes() == found[0].tobytes() else "other bytes")
        least = stability(found)["ari"].min() if len(found) > 1 else float("nan")
        table.add_row(corpus.name, str(int(found[0].max()) + 1), *cells, f"{least:.3f}")
    wide_console().print(table)


if __name__ == "__main__":
    main()
