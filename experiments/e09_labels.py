"""Labels: are the terms free of stop words, repeated words and page furniture, and what do they cost?

Question   Do function words, two forms of one word, or words of page furniture stand among any topic's ten terms? How
           long do counting and labelling take beside scikit-learn's CountVectorizer, and coherence beside gensim's?
Command    python experiments/e09_labels.py [--part terms|speed|coherence]… [--out FOLDER] [--smoke]; the coherence part
           and the stop words need gensim (pip install "topics[test]")
Data       The bundled sample and the development data ($TOPICS_DATA or ../shared/data).
Expected   terms: 0, 0 and 0 on every corpus. speed: 100 topics of 20,000 documents in at most 0.5 s, counting and
           labelling in at most 1.5 times CountVectorizer's time. coherence: at least 20 times as fast as gensim.
Run time   About 10 minutes on 2 cores the first time, nearly all of it embedding; stored stages are not computed again.

terms      Default runs. Stop words are those of gensim's list, which the toolkit does not use, and for Ukrainian of
           stopwordsiso's; words of several meanings that name subjects ("fire", "bill") are listed apart. Two terms
           repeat a word if all words of the shorter one are, by lemma (simplemma), among those of the longer.
speed      Pieces of 150 words of the articles; 100 clusters by k-means of LSA vectors. Medians of interleaved turns.
coherence  The same pieces; the ten heaviest terms of 50 topics; NPMI and C_V of both, which must be equal.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
from corpora import DATA, wide_console
from e02_cleaning import FURNITURE, PHRASES
from rich.table import Table

from topics import RunConfig, embed, label, pipeline
from topics.articles import from_texts, read, sample_path
from topics.config import EmbedParams, LabelParams
from topics.evaluate import coherence
from topics.label.stop_words import _ENGLISH_SUBJECTS
from topics.records import Clusters, Corpus, Origin
from topics.store import Store

FILES = ("ukraine_media_2022h1", "allsides_10topics", "bbc_news", "ecbplus_stories")
N_DOCUMENTS, N_WORDS, N_TOPICS, TURNS = 20_000, 150, 100, 5


def frames(smoke: bool) -> Iterator[tuple[str, pd.DataFrame]]:
    sample = pd.read_parquet(sample_path())
    yield "sample", sample.head(60) if smoke else sample
    if smoke or not DATA.is_dir():
        return
    for name in FILES:
        yield name, pd.read_parquet(DATA / f"{name}.parquet")
    sentences = pd.read_parquet(DATA / "sib200_4lang.parquet")
    for code, name in (("eng_Latn", "English"), ("ukr_Cyrl", "Ukrainian")):
        yield f"sib200, {name}", sentences[sentences["lang"] == code].drop(columns="lang")


def stop_words(languages: list[str]) -> set[str]:
    from stopwordsiso import stopwords

    words: set[str] = set()
    if "en" in languages and find_spec("gensim"):
        from gensim.parsing.preprocessing import STOPWORDS

        words |= STOPWORDS
    return words.union(*(stopwords(language) for language in languages if language in ("uk", "ru", "de")))


def repeated(terms: list[str], language: str) -> list[str]:
    from simplemma import lemmatize

    lemmas = [{lemmatize(word, lang=language).lower() for word in term.split(" ")} for term in terms]
    pairs = [(i, j) for i in range(len(terms)) for j in range(i) if lemmas[i] <= lemmas[j] or lemmas[j] <= lemmas[i]]
    return [f"{terms[j]} / {terms[i]}" for i, j in pairs]


def look_at_terms(options: argparse.Namespace) -> None:
    table = Table(title="words that should not be among the terms", title_justify="left", header_style="bold", box=None)
    for column in ("corpus", "topics", "stop words", "repeated", "furniture", "which"):
        table.add_column(column, justify="left" if column in ("corpus", "which") else "right")
    every = {}
    for name, frame in frames(options.smoke):
        config = RunConfig(embed=EmbedParams(encoder="lsa" if options.smoke else "hybrid"))
        fit = pipeline.fit(config, read(frame), store=Store(options.out / pipeline.STORE_FOLDER))
        rows = fit.topics.table.to_pylist()
        every[name] = [row["terms"] for row in rows]
        functional, twice, furniture, subjects = [], [], [], []
        for row in rows:
            stop = stop_words(row["languages"][:1])
            hits = [term for term in row["terms"] if term in stop]
            subjects += [term for term in hits if term in _ENGLISH_SUBJECTS]
            functional += [term for term in hits if term not in _ENGLISH_SUBJECTS]
            twice += repeated(row["terms"], (row["languages"] or ["en"])[0])
            furniture += [term for term in row["terms"] if term in FURNITURE or term in PHRASES]
        which = "; ".join([*functional, *twice, *furniture, *(f"({word})" for word in subjects)])
        table.add_row(name, *map(str, (len(rows), len(functional), len(twice), len(furniture))), which)
    options.console.print(table)
    for name, topics in every.items():
        options.console.print(f"\n[bold]{name}[/bold]")
        for number, terms in enumerate(topics):
            options.console.print(f"{number:3}  {', '.join(terms)}", markup=False)


def pieces(smoke: bool) -> Corpus:
    texts = []
    for _, frame in frames(smoke):
        for text in frame["text"]:
            words = text.split(" ")
            texts += [" ".join(words[i : i + N_WORDS]) for i in range(0, len(words), N_WORDS)]
    return from_texts(texts[:N_DOCUMENTS])[0]


def clustered(corpus: Corpus, n_topics: int) -> tuple[Clusters, np.ndarray]:
    from scipy.sparse import csr_array
    from sklearn.cluster import MiniBatchKMeans

    vectors = embed.embed(corpus, embed.encoder_for(EmbedParams(encoder="lsa")))
    found = MiniBatchKMeans(n_topics, random_state=0, n_init=1).fit_predict(vectors.vectors)
    labels = np.unique(found, return_inverse=True)[1].astype(np.int32)
    sure, n_found = np.ones(len(labels), np.float32), int(labels.max()) + 1
    member = csr_array((sure, (np.arange(len(labels)), labels)), shape=(len(labels), n_found))
    again = np.full(n_found, np.nan, np.float32)
    origin = Origin("cut", 1, {}, (), {})
    key = corpus.origin.key
    return Clusters(
        key, labels, sure, labels, np.zeros(len(labels), np.int8), sure, member, again, "topic", 2, 2, origin
    ), vectors


def seconds(calls: dict[str, Callable[[], object]], turns: int) -> dict[str, float]:
    """Median time of each call, taken in turn."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(turns):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            taken[name].append(time.perf_counter() - started)
    return {name: float(np.median(times)) for name, times in taken.items()}


def speed(options: argparse.Namespace) -> None:
    from sklearn.feature_extraction.text import CountVectorizer

    corpus = pieces(options.smoke)
    clusters, vectors = clustered(corpus, 4 if options.smoke else N_TOPICS)
    params, texts = LabelParams(), corpus.full_texts()
    counted = label.count(corpus, params)
    found = seconds(
        {
            "CountVectorizer": lambda: CountVectorizer().fit_transform(texts),
            "counting": lambda: label.count(corpus, params),
            "labelling": lambda: label.describe(corpus, clusters, counted=counted, embeddings=vectors, params=params),
        },
        1 if options.smoke else TURNS,
    )
    both = found["counting"] + found["labelling"]
    options.console.print(
        f"{corpus.n_docs:,} documents of {np.mean([len(text.split()) for text in texts]):.0f} words, "
        f"{clusters.n_clusters} topics: CountVectorizer {found['CountVectorizer']:.2f} s, counting "
        f"{found['counting']:.2f} s ({found['counting'] / found['CountVectorizer']:.2f}×), labelling "
        f"{found['labelling']:.2f} s, both {both / found['CountVectorizer']:.2f}×"
    )


def against_gensim(options: argparse.Namespace) -> None:
    if not find_spec("gensim"):
        options.console.print("coherence left out: gensim is not installed")
        return
    from gensim.corpora import Dictionary
    from gensim.models import CoherenceModel

    corpus = pieces(options.smoke)
    clusters, vectors = clustered(corpus, 4 if options.smoke else N_TOPICS // 2)
    counted = label.count(corpus, LabelParams(ngram_range=(1, 1)))
    found = label.describe(corpus, clusters, counted=counted, embeddings=vectors, params=LabelParams())
    documents = label.read_terms(corpus.full_texts(), counted)
    terms = [row["terms"] for row in found.table.to_pylist()]
    dictionary = Dictionary(documents)

    def theirs(measure: str) -> list[float]:
        return CoherenceModel(
            topics=terms, texts=documents, dictionary=dictionary, coherence=measure, processes=1, topn=10
        ).get_coherence_per_topic()

    for ours, name in (("npmi", "c_npmi"), ("c_v", "c_v")):
        taken = seconds(
            {
                "exact": lambda m=ours: coherence(terms, documents, measure=m),
                "as gensim": lambda m=ours: coherence(terms, documents, measure=m, counting="gensim"),
                "gensim": lambda m=name: theirs(m),
            },
            1 if options.smoke else TURNS,
        )
        apart = np.abs(coherence(terms, documents, measure=ours, counting="gensim") - np.array(theirs(name))).max()
        options.console.print(
            f"{name}, {len(terms)} topics, {len(documents):,} documents: gensim {taken['gensim']:.1f} s, here "
            f"{taken['exact']:.2f} s ({taken['gensim'] / taken['exact']:.0f}×), with gensim's counting "
            f"{taken['as gensim']:.2f} s; largest difference {apart:.1e}"
        )


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", action="append", choices=["terms", "speed", "coherence"])
    parser.add_argument("--out", type=Path, default=Path("runs"), help="folder whose store is used")
    parser.add_argument("--smoke", action="store_true", help="60 pages of the sample, LSA vectors")
    options = parser.parse_args(arguments)
    options.console = wide_console()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    parts = {"terms": look_at_terms, "speed": speed, "coherence": against_gensim}
    for name in options.part or parts:
        parts[name](options)


if __name__ == "__main__":
    main()
