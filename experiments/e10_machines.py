"""Machines: do the same vectors and seed give the same topics where another CPU computes with other kernels?

Question   How well do the topics agree between OpenBLAS's kernels for other makes of CPU, numpy without vector units,
           and numba for any CPU?
Command    python experiments/e10_machines.py [--only NAME]… [--data FOLDER] [--smoke]
Data       The labeled corpora of the development data ($TOPICS_DATA or ../shared/data) and the bundled sample, their
           vectors computed once on this machine.
Expected   The same partition, bit by bit (ARI 1).
Run time   About 15 minutes on 2 cores, most of it embedding.

Each column is a fresh process with that environment. A kernel this CPU cannot run is left out and said.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import _study as study
import numpy as np

import topics
from topics.articles import from_texts
from topics.evaluate import stability

ENVIRONMENTS = {
    "OpenBLAS SkylakeX": {"OPENBLAS_CORETYPE": "SkylakeX"},
    "OpenBLAS Haswell": {"OPENBLAS_CORETYPE": "Haswell"},
    "OpenBLAS Zen": {"OPENBLAS_CORETYPE": "Zen"},
    "OpenBLAS Prescott": {"OPENBLAS_CORETYPE": "Prescott"},
    "numpy without vector units": {"NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX2 FMA3"},
    "numba for any CPU": {"NUMBA_CPU_NAME": "generic"},
    "one thread": {"TOPICS_THREADS": "1"},
}


def cluster_here(vectors: Path, out: Path) -> None:
    """Topics of these vectors, written to a file."""
    points = np.load(vectors)
    corpus, _ = from_texts([f"document {i:06d}" for i in range(len(points))])
    np.save(out, topics.fit(corpus, embeddings=points).records.clusters.labels)


def compare(vectors: np.ndarray, environments: dict[str, dict[str, str]]) -> tuple[dict[str, str], list[np.ndarray]]:
    """What each environment found beside the first, and the labels of those that this CPU can run."""
    cells: dict[str, str] = {}
    found: list[np.ndarray] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        np.save(folder / "vectors.npy", vectors)
        for name, environment in environments.items():
            done = study.in_process(__file__, folder / "vectors.npy", folder / "labels.npy", environment=environment)
            if done is None:
                cells[name] = "this CPU cannot"
                continue
            found.append(np.load(folder / "labels.npy"))
            cells[name] = "the same bytes" if found[-1].tobytes() == found[0].tobytes() else "other bytes"
    return cells, found


def main(arguments: list[str] | None = None) -> None:
    """Cluster each corpus's vectors in every environment and print the table."""
    parser = study.parser(__doc__, smoke="60 pages of the sample, LSA vectors, two environments", labeled=True)
    options = parser.parse_args(arguments)
    os.environ.pop("OPENBLAS_CORETYPE", None)
    chosen = dict(list(ENVIRONMENTS.items())[3:5]) if options.smoke else ENVIRONMENTS
    rows = []
    for corpus in study.corpora(options):
        cells, found = compare(study.fit(options, corpus.corpus).embeddings.vectors, chosen)
        n_topics = study.n_clusters(found[0]) if found else "–"
        least = float(stability(found)["ari"].min()) if len(found) > 1 else float("nan")
        rows.append({"corpus": corpus.name, "topics": n_topics, **cells, "least ARI of every two": least})
    study.show(rows)


if __name__ == "__main__":
    cluster_here(*map(Path, sys.argv[2:4])) if sys.argv[1:2] == ["--child"] else main()
