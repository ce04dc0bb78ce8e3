"""Topics that people rated, the documents that words are counted in, and how far a score agrees with people."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import _coherence
import _study as study
import numpy as np
import pandas as pd
from scipy.stats import kendalltau, spearmanr

from topics.articles import sample_path
from topics.evaluate import bootstrap, coherence_of_counts, count_windows

FILE = "human_topic_ratings.json"
TITLES = {"wikitext": "Wikipedia", "nytimes": "New York Times"}
PUBLISHED = {"NPMI": "c_npmi_10_full", "NPMI, held out": "c_npmi_10_test", "C_V": "c_v_full", "UMass": "u_mass_full"}
OURS: Mapping[str, tuple[str, int | None, str]] = {  # measure, window and counting
    "NPMI": ("npmi", 10, "exact"),
    "NPMI as gensim counts": ("npmi", 10, "gensim"),
    "NPMI of whole documents, as in scores.json": ("npmi", None, "exact"),
    "C_V": ("c_v", 110, "exact"),
    "UMass": ("umass", None, "exact"),
}
N_WORDS = 10  # so many were shown


@dataclass(frozen=True)
class Rated:
    """Topics of one corpus, and what people said of each.

    ``model`` that found it; ``rating`` from 1 to 3 and ``intrusion``, the share that found the intruder, means over
    people; ``halves`` of the raters; ``published`` scores by name, as counted on the original corpus.
    """

    title: str
    model: np.ndarray
    topics: list[list[str]]
    rating: np.ndarray
    intrusion: np.ndarray
    halves: tuple[np.ndarray, np.ndarray]
    published: dict[str, np.ndarray]


def rated(folder: Path) -> Iterator[Rated]:
    """The 300 topics of Hoyle et al. (2021): 50 of each of three models on each of two corpora."""
    for corpus, models in json.loads((folder / FILE).read_text(encoding="utf-8")).items():
        found = [(model, *pair) for model, of in models.items() for pair in enumerate(of["topics"])]

        def values(name: str, models=models, found=found) -> np.ndarray:
            got = [models[model]["metrics"].get(name) for model, _, _ in found]
            return np.array([np.nan if of is None else of[i] for of, (_, i, _) in zip(got, found, strict=True)], float)

        raw = [models[model]["metrics"]["ratings_scores_raw"][i] for model, i, _ in found]
        yield Rated(
            TITLES[corpus],
            np.array([model for model, _, _ in found]),
            [words[:N_WORDS] for _, _, words in found],
            values("ratings_scores_avg"),
            values("intrusion_scores_avg"),
            (np.array([np.mean(one[::2]) for one in raw]), np.array([np.mean(one[1::2]) for one in raw])),
            {name: values(field) for name, field in PUBLISHED.items()},
        )


def planted() -> Rated:
    """Topics of the sample that are spoilt word by word: a good score must fall with every word."""
    frame = pd.read_parquet(sample_path()).dropna(subset=["gold_topic"])
    words = frame["text"].map(_coherence.words)
    everywhere = pd.Series(np.concatenate(words.to_numpy())).value_counts(normalize=True)
    own = {}
    for name, group in words.groupby(frame["gold_topic"]):
        here = pd.Series(np.concatenate(group.to_numpy())).value_counts(normalize=True)
        own[name] = (here * np.log(here / everywhere.reindex(here.index))).nlargest(N_WORDS).index.tolist()
    names, topics, rating = list(own), [], []
    for i, name in enumerate(names):
        for n_spoilt in range(0, N_WORDS, 3):
            others = [own[names[(i + 1 + j) % len(names)]][j] for j in range(n_spoilt)]
            topics.append(own[name][: N_WORDS - n_spoilt] + others)
            rating.append(3 - 2 * n_spoilt / N_WORDS)
    values = np.array(rating)
    return Rated("planted", np.full(len(topics), "planted"), topics, values, values, (values, values), {})


def reference(folder: Path, phrases: Sequence[str]) -> list[list[str]]:
    """Tokens of all English articles of the development data; a phrase of the topics is one token, as in them."""
    texts = [text for file in files() if (folder / file).exists() for text in study.texts_of(file[:-8], folder)]
    either = re.compile(
        r"\b(" + "|".join(sorted((re.escape(p.replace("_", " ")) for p in phrases), key=len)[::-1]) + r")\b"
    )
    joined = (either.sub(lambda found: found[0].replace(" ", "_"), " ".join(text.lower().split())) for text in texts)
    return [_coherence.words(text) for text in joined]


def sample() -> list[list[str]]:
    """Tokens of the bundled sample."""
    return [_coherence.words(text) for text in pd.read_parquet(sample_path())["text"]]


def files() -> list[str]:
    """Files of English articles."""
    return [file for file, _ in study.CORPORA.values() if file and not file.startswith("sib200")]


def counted(topics: Sequence[Sequence[str]], documents: Sequence[Sequence[str]]) -> dict[str, np.ndarray]:
    """Each of our coherences of each topic, counted in these documents."""
    words = sorted({word for topic in topics for word in topic})
    made = {}
    for name, (measure, window_size, counting) in OURS.items():
        counts = count_windows(documents, words, window_size=window_size, counting=counting)
        made[name] = coherence_of_counts(topics, counts, measure=measure, counting=counting)
    return made


def occurring(topics: Sequence[Sequence[str]], documents: Sequence[Sequence[str]]) -> float:
    """Share of the topics' words that occur in the documents at all."""
    there = {word for document in documents for word in document}
    return float(np.mean([word in there for topic in topics for word in topic]))


def row(
    people: Rated, name: str, where: str, score: np.ndarray, *, rating: np.ndarray | None = None, n_resamples: int
) -> dict[str, object]:
    """Agreement of a score with people: rank correlations with 95 % intervals over topics, and pairs in order."""
    there = np.flatnonzero(~np.isnan(score))
    rating = (people.rating if rating is None else rating)[there]
    intrusion, value = people.intrusion[there], score[there]
    of_models = [np.flatnonzero(people.model[there] == model) for model in dict.fromkeys(people.model)]
    within = [spearman(value[rows], rating[rows]) for rows in of_models if len(rows) > 4]
    return {
        "corpus": people.title,
        "score": name,
        "counted in": where,
        "topics": len(there),
        "ratings, Spearman": _interval(lambda rows: spearman(value[rows], rating[rows]), len(there), n_resamples),
        "Kendall": _interval(lambda rows: float(kendalltau(value[rows], rating[rows])[0]), len(there), n_resamples),
        "within a model": f"{np.mean(within):.2f}" if within else "",
        "intrusion, Spearman": _interval(lambda rows: spearman(value[rows], intrusion[rows]), len(there), n_resamples),
        "pairs in order": f"{in_order(value, rating):.0%}",
    }


def best_model(people: Rated, score: np.ndarray) -> str:
    """The model with the greatest mean."""
    return str(pd.Series(score).groupby(people.model).mean().idxmax())


def spearman(one: np.ndarray, other: np.ndarray) -> float:
    """Rank correlation, of those that have both."""
    both = ~(np.isnan(one) | np.isnan(other))
    one, other = one[both], other[both]
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    return float(spearmanr(one, other)[0])


def _interval(measure: Callable[[np.ndarray], float], n: int, n_resamples: int) -> str:
    low, high = bootstrap(measure, n, n_resamples=n_resamples)
    return f"{measure(np.arange(n)):.2f} ({low:.2f} to {high:.2f})"


def in_order(value: np.ndarray, rating: np.ndarray) -> float:
    """Share of the pairs of topics, of all whose ratings differ, of which the better rated one scores higher."""
    rows, columns = np.triu_indices(len(value), 1)
    signs = np.sign(value[rows] - value[columns]) * np.sign(rating[rows] - rating[columns])
    differ = rating[rows] != rating[columns]
    return float(((signs[differ] + 1) / 2).mean())
