"""Memory of the encoder: how much does it take beyond the model and the vectors?

Question   What is the peak memory, above what the model alone takes, while 100,000 short texts are embedded?
Command    python experiments/e15_encoder_memory.py [--n N] [--smoke]
Data       Invented lines of some twelve words, made here from a seed.
Expected   At most 2 times the size of the vectors.
Run time   About 10 minutes on 2 cores.

Measured in a process of its own: the peak is forgotten once the model is loaded and has encoded 2,000 texts.
"""

from __future__ import annotations

import sys

import _study as study
import numpy as np

from topics import embed
from topics.articles import from_texts
from topics.config import EmbedParams


def measure(n: int) -> None:
    """Print the vectors' size and the peak above what the model alone takes, in MiB."""
    chance = np.random.default_rng(0)
    nouns = [f"{a}{b}" for a in ("har", "sun", "mil", "ver", "tor") for b in ("bour", "day", "lion", "dict", "que")]
    texts = [f"Report {i} on {' '.join(chance.choice(nouns, 8))}" for i in range(n)]
    corpus, _ = from_texts(texts)
    encoder = embed.SentenceTransformerEncoder(EmbedParams())
    encoder.encode(texts[:2000])
    study.forget_peak()
    before = study.memory_mib("VmRSS")
    vectors = embed.embed(corpus, encoder).vectors
    print(vectors.nbytes / 2**20, study.memory_mib("VmHWM") - before)


def main(arguments: list[str] | None = None) -> None:
    """Measure in a fresh process and print."""
    parser = study.parser(__doc__, smoke="200 texts")
    parser.add_argument("--n", type=int, default=100_000, help="texts")
    options = parser.parse_args(arguments)
    n = 200 if options.smoke else options.n
    _, printed = study.in_process(__file__, n)
    size, peak = map(float, printed.split()[-2:])
    row = {"texts": f"{n:,}", "vectors, MiB": f"{size:.0f}", "peak above the model's, MiB": f"{peak:.0f}"}
    study.show([{**row, "times the vectors": f"{peak / size:.2f}"}])


if __name__ == "__main__":
    measure(int(sys.argv[2])) if sys.argv[1:2] == ["--child"] else main()
