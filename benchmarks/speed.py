"""Speed gates: what a part of the toolkit takes, as a ratio to a reference that does like work in the same process.

A ratio moves little between machines; seconds do. Both take turns, and the median of the turn-by-turn ratios counts,
with the interval that it lies in. What is loaded and compiled once is not counted. What else a machine does moves the
ratios, too, of work on one core otherwise than of work on all: so a turn waits until the machine is quiet.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

import topics
from topics import embed, evaluate, label
from topics.articles import from_texts, sample_path
from topics.config import EmbedParams, LabelParams

SEED = 0
TURNS, MOST_TURNS = 6, 20  # the smallest number with a 95 % interval of the median
QUIET = 0.1  # of all cores, used by others; chosen: on two cores, a fifth of one
PATIENCE_SECONDS = 120  # that a gate waits for quiet altogether
Figures = dict[str, float]


@dataclass(frozen=True)
class Gate:
    """Two calls that are timed in turn; a reason where the gate is left out."""

    name: str
    ours: Callable[[], object] | None = None
    reference: Callable[[], object] | None = None
    skipped: str = ""


def measure(gate: Gate, *, is_decided: Callable[[Figures], bool], smoke: bool = False) -> Figures | str:
    """Median of ours over the reference's time, turn by turn, its interval, and the medians in seconds.

    Turns are taken until what they show is decided. Why there are no figures where the machine is never quiet.
    """
    assert gate.ours is not None and gate.reference is not None
    if not smoke:
        gate.ours(), gate.reference()
    taken: list[tuple[float, float]] = []
    waited = time.perf_counter()
    patience = PATIENCE_SECONDS
    while len(taken) < (1 if smoke else MOST_TURNS):
        if not smoke and (busy := others_use()) > QUIET:
            patience -= time.perf_counter() - waited
            if patience < 0:
                if len(taken) >= TURNS:
                    break
                return f"not judged: others use {busy:.0%} of this machine, more than {QUIET:.0%}"
            waited = time.perf_counter()
            time.sleep(1)
            continue
        taken.append((_seconds(gate.ours), _seconds(gate.reference)))
        if len(taken) >= TURNS and is_decided(_figures(taken)):
            break
        waited = time.perf_counter()
    return _figures(taken)


def _figures(taken: Sequence[tuple[float, float]]) -> Figures:
    ratios = [a / b for a, b in taken]
    low, high = interval(ratios)
    ours, reference = (statistics.median(times) for times in zip(*taken, strict=True))
    return {
        "ratio": statistics.median(ratios), "low": low, "high": high, "turns": len(taken), "seconds": ours,
        "reference_seconds": reference,
    }  # fmt: skip


def interval(values: Sequence[float]) -> tuple[float, float]:
    """In which the median lies with 95 % (from six values on), whatever they are distributed like: order statistics."""
    from scipy.stats import binom

    ordered = sorted(values)
    k = max(int(binom.ppf(0.025, len(ordered), 0.5)), 1)
    return ordered[k - 1], ordered[-k]


def others_use(seconds: float = 0.3) -> float:
    """Share of all cores that is used while this process sleeps, other virtual machines among it; 0 where unknown."""
    counters = Path("/proc/stat")
    if not counters.exists():
        return 0.0

    def now() -> tuple[int, int]:
        spent = [int(one) for one in counters.read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]
        return sum(spent), spent[3] + spent[4]  # idle, or waiting for a disk

    whole, idle = now()
    time.sleep(seconds)
    whole_after, idle_after = now()
    return 1 - (idle_after - idle) / max(whole_after - whole, 1)


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def pieces(n: int, n_words: int = 60) -> list[str]:
    """So many pieces of the sample's pages, cut a few words further each time the pages are through."""
    pages = [text.split() for text in pd.read_parquet(sample_path())["text"]]
    made: list[str] = []
    for shift in range(0, n_words, 7):
        for words in pages:
            starts = range(shift, max(len(words) - n_words, shift + 1), n_words)
            made += [" ".join(words[i : i + n_words]) for i in starts]
    return list(dict.fromkeys(made))[:n]


def blobs(n: int, n_dims: int = 64, n_groups: int = 20) -> np.ndarray:
    """Unit vectors in groups."""
    chance = np.random.default_rng(SEED)
    centers = chance.normal(size=(n_groups, n_dims))
    points = centers[chance.integers(n_groups, size=n)] + 0.6 * chance.normal(size=(n, n_dims))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def gates(*, smoke: bool = False, peers: bool = False) -> Iterator[Gate]:
    """Every gate; ``smoke`` makes them small."""
    from sklearn.feature_extraction.text import CountVectorizer

    pages = pd.read_parquet(sample_path()).head(20 if smoke else None)[["id", "text"]]
    page_texts = pages["text"].tolist()
    yield Gate(
        "read and clean pages / CountVectorizer of their characters",
        lambda: topics.read(pages),
        lambda: CountVectorizer(analyzer="char", ngram_range=(1, 4)).fit_transform(page_texts),
    )

    corpus, _ = from_texts(pieces(200 if smoke else 3000))
    texts = corpus.full_texts()
    yield Gate(
        "count terms / CountVectorizer",
        lambda: label.count(corpus, LabelParams()),
        lambda: CountVectorizer().fit_transform(texts),
    )

    yield from _of_fits(150 if smoke else 2000, smoke=smoke, peers=peers)
    yield _of_coherence(texts)
    yield _of_encoder(page_texts[: 4 if smoke else 24])
    yield _of_store(smoke=smoke)


def _of_fits(n: int, *, smoke: bool, peers: bool) -> Iterator[Gate]:
    from umap import UMAP

    corpus, _ = from_texts(pieces(n))
    vectors = blobs(corpus.n_docs)

    def umap() -> object:
        return UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=SEED, n_jobs=1).fit(
            vectors
        )

    def fit(n_layouts: int) -> object:
        config = topics.RunConfig.from_dict({"reduce": {"n_layouts": n_layouts}})
        return topics.pipeline.fit(config, corpus, embeddings=vectors)

    yield Gate("fit on given vectors, one layout / one umap-learn fit", lambda: fit(1), umap)
    yield Gate("fit on given vectors, 12 layouts / one umap-learn fit", lambda: fit(3 if smoke else 12), umap)
    name = "fit on given vectors, 12 layouts / one BERTopic fit"
    if not (peers and find_spec("bertopic")):
        yield Gate(name, skipped="asked for with --peers, after make install-peers")
        return
    from bertopic import BERTopic

    texts = corpus.full_texts()
    yield Gate(name, lambda: fit(3 if smoke else 12), lambda: BERTopic().fit(texts, embeddings=vectors))


def _of_coherence(texts: list[str]) -> Gate:
    name = "NPMI of 20 topics / gensim's"
    if not find_spec("gensim"):
        return Gate(name, skipped='gensim is not installed (pip install "topics[test]")')
    from gensim.corpora import Dictionary
    from gensim.models import CoherenceModel

    documents = [text.lower().split() for text in texts]
    dictionary = Dictionary(documents)
    frequent = [dictionary[i] for i, _ in sorted(dictionary.cfs.items(), key=lambda item: (-item[1], item[0]))]
    terms = [frequent[i : i + 10] for i in range(0, 200, 10)]
    given = {"topics": terms, "texts": documents, "dictionary": dictionary, "coherence": "c_npmi", "topn": 10}
    return Gate(
        name,
        lambda: evaluate.coherence(terms, documents),
        lambda: CoherenceModel(**given, processes=1).get_coherence_per_topic(),
    )


def _of_encoder(texts: list[str]) -> Gate:
    name = "embed pages, 256 tokens / SentenceTransformer.encode"
    try:
        encoder = embed.SentenceTransformerEncoder(EmbedParams(long_texts="truncate"))
    except embed.ModelNotFoundError as error:
        return Gate(name, skipped=str(error))
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(encoder.folder), device="cpu")
    return Gate(name, lambda: encoder.encode(texts), lambda: model.encode(texts))


def _of_store(*, smoke: bool) -> Gate:
    corpus, _ = from_texts(pieces(100 if smoke else 1000))
    vectors = blobs(corpus.n_docs)
    config = {"reduce": {"n_layouts": 3, "n_epochs": 20}, "map": {"n_epochs": 20}}
    kept = tempfile.TemporaryDirectory()

    def run(out: str) -> object:
        return topics.run(corpus, config, embeddings=vectors, out=out, progress=False)

    def anew() -> None:
        with tempfile.TemporaryDirectory() as out:
            run(out)

    return Gate("a run whose stages are stored / the same anew", lambda: run(kept.name), anew)
