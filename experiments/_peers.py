"""Fits of other topic models on given texts and vectors, where they are installed (``make install-peers``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

import _study as study
import numpy as np

import topics
from topics import embed, label
from topics.config import EmbedParams

N_TERMS = 10
SIZES = (5, 10, 20, 40, 80)  # of BERTopic's smallest topic
DEFAULT_SIZE = 10
ASKED = 3 * N_TERMS  # of a tool whose terms may be phrases, which are left out


def installed(name: str) -> bool:
    """Whether a peer's package is there."""
    return find_spec(name) is not None


def version_of(name: str) -> str:
    """A package's version; "" where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


# --- what a fit is given, and what it gives


@dataclass(frozen=True)
class Given:
    """What every tool gets; ``k`` is the number of human labels, for tools that have to be told one."""

    corpus: Any
    embeddings: Any
    k: int
    seed: int
    smoke: bool

    @property
    def vectors(self) -> np.ndarray:
        """The vectors, one a text."""
        return np.array(self.embeddings.vectors)

    @cached_property
    def texts(self) -> list[str]:
        """The documents, cleaned."""
        return self.corpus.full_texts()

    @cached_property
    def known(self) -> dict[str, np.ndarray]:
        """The vector of each text."""
        return dict(zip(self.texts, self.vectors, strict=True))

    @cached_property
    def encoder(self) -> embed.SentenceTransformerEncoder:
        """The model of the vectors, loaded once."""
        return embed.SentenceTransformerEncoder(EmbedParams())

    def encode(self, texts: Iterable[str], *_: Any, **__: Any) -> np.ndarray:
        """Vectors of these texts, looked up, or of words by the same model: for tools that ask for an encoder."""
        wanted = list(texts)
        if all(text in self.known for text in wanted):
            return np.stack([self.known[text] for text in wanted])
        return np.array(self.encoder.encode(wanted).vectors)


Terms = dict[int, list[str]]
Found = tuple[np.ndarray, Terms]  # label of each text, -1 is noise; terms of each label


def heaviest(components: np.ndarray, vocabulary: Sequence[str], labels: Iterable[int]) -> Terms:
    """The heaviest terms of each row of weights."""
    order = np.argsort(-np.asarray(components), axis=1, kind="stable")[:, :ASKED]
    return {int(i): [str(vocabulary[j]) for j in row] for i, row in zip(labels, order, strict=True)}


# --- peers


def bertopic_model(texts: Sequence[str], vectors: np.ndarray, *, seed: int | None, size: int) -> Any:
    """BERTopic with its defaults, and with its default UMAP but for the seed where one is given, fitted."""
    from bertopic import BERTopic
    from umap import UMAP

    umap = None
    if seed is not None:
        umap = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed)
    return BERTopic(min_topic_size=size, umap_model=umap).fit(list(texts), embeddings=np.array(vectors))


def bertopic(texts: Sequence[str], vectors: np.ndarray, *, seed: int | None = None, size: int = 10) -> np.ndarray:
    """Topics of BERTopic with its defaults."""
    return np.array(bertopic_model(texts, vectors, seed=seed, size=size).topics_)


def bertopic_terms(texts: Sequence[str], vectors: np.ndarray, *, k: int, n_terms: int) -> list[list[str]]:
    """The terms of each of about ``k`` topics, as in the BERTopic paper."""
    from bertopic import BERTopic

    # 0.17.4 counts the outlier topic, the paper's version did not; smallest topic as in the paper
    model = BERTopic(nr_topics=k + 1, min_topic_size=5, top_n_words=n_terms)
    model.fit(list(texts), embeddings=np.array(vectors))
    return [[word for word, _ in terms if word] for topic, terms in model.get_topics().items() if topic >= 0]


def fit_bertopic(given: Given, size: int) -> Found:
    model = bertopic_model(given.texts, given.vectors, seed=given.seed, size=size)
    return np.array(model.topics_), {i: [word for word, _ in terms] for i, terms in model.get_topics().items()}


def fit_tritopic(given: Given) -> Found:
    from tritopic import TriTopic

    model = TriTopic(random_state=given.seed, verbose=False).fit(given.texts, embeddings=given.vectors)
    return np.array(model.labels_), {int(topic.topic_id): list(topic.keywords) for topic in model.topics_}


def fit_top2vec(given: Given) -> Found:
    """Its default UMAP but for the seed; it asks for an encoder, which looks the texts up and encodes its words."""
    from top2vec import Top2Vec

    umap = {"n_neighbors": 15, "n_components": 5, "metric": "cosine", "random_state": given.seed}
    model = Top2Vec(given.texts, embedding_model=given.encode, umap_args=umap, verbose=False)
    return np.array(model.doc_top), {i: list(words[:ASKED]) for i, words in enumerate(model.topic_words)}


def fit_turftopic(given: Given, name: str) -> Found:
    """KeyNMF has to be told k; the others find theirs."""
    import turftopic

    settings: dict[str, Any] = {"encoder": given, "random_state": given.seed}
    if name == "KeyNMF":
        settings["n_components"] = given.k
    model = getattr(turftopic, name)(**settings)
    weights = np.asarray(model.fit_transform(given.texts, embeddings=given.vectors))
    labels = np.array(model.labels_) if name == "ClusteringTopicModel" else strongest(weights)
    classes = model.classes_ if name == "ClusteringTopicModel" else range(weights.shape[1])
    return labels, heaviest(model.components_, model.get_vocab(), classes)


class LikeTopmost:
    """The words that FASTopic's own preprocessing counts, without its package, which pulls torchvision."""

    def preprocess(self, texts: Sequence[str]) -> dict[str, Any]:
        """Counts and vocabulary: words of three letters and more, without gensim's stop words."""
        from gensim.parsing.preprocessing import STOPWORDS
        from sklearn.feature_extraction.text import CountVectorizer

        counter = CountVectorizer(stop_words=list(STOPWORDS), token_pattern=r"(?u)\b[^\W\d_]{3,}\b")
        counts = counter.fit_transform(texts)
        return {"train_bow": counts, "vocab": counter.get_feature_names_out().tolist()}


def fit_fastopic(given: Given) -> Found:
    """It has to be told k and takes torch's seed."""
    import torch
    from fastopic import FASTopic

    torch.manual_seed(given.seed)
    np.random.seed(given.seed)  # noqa: NPY002 - its own shuffling
    model = FASTopic(given.k, preprocess=LikeTopmost(), doc_embed_model=given, num_top_words=ASKED)
    words, weights = model.fit_transform(given.texts, preset_doc_embeddings=given.vectors)
    return strongest(np.asarray(weights)), {i: line.split() for i, line in enumerate(words)}


def strongest(weights: np.ndarray) -> np.ndarray:
    """The topic of greatest weight of each text; noise where all are 0."""
    return np.where(weights.max(axis=1) > 0, weights.argmax(axis=1), topics.NOISE)


# --- what is simplest: told k


def fit_k_means(given: Given) -> Found:
    """k-means of the vectors; terms by class-based TF-IDF."""
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import CountVectorizer

    found = KMeans(given.k, n_init=10, random_state=given.seed).fit_predict(given.vectors)
    counter = CountVectorizer(stop_words="english")
    counts = counter.fit_transform([" ".join(np.array(given.texts, object)[found == i]) for i in range(given.k)])
    return found, heaviest(label.class_tfidf(counts).toarray(), counter.get_feature_names_out(), range(given.k))


def fit_nmf(given: Given) -> Found:
    """NMF of TF-IDF of words, as in scikit-learn's example; it looks at no vectors."""
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    counter = TfidfVectorizer(max_df=0.95, min_df=2, stop_words="english")
    model = NMF(given.k, random_state=given.seed)
    weights = model.fit_transform(counter.fit_transform(given.texts))
    return strongest(weights), heaviest(model.components_, counter.get_feature_names_out(), range(given.k))


# --- ours


def config_of(seed: int, *, smoke: bool, alone: bool = False) -> topics.RunConfig:
    """The default, but that terms are single words as they stand in the texts, as the peers' are counted."""
    sections: dict[str, Any] = {"label": {"n_terms": N_TERMS, "inflections": "keep", "ngram_range": [1, 1]}}
    if alone and not smoke:
        sections["embed"] = {"encoder": "sentence-transformer"}
    return topics.RunConfig.from_dict({"random_state": seed, **sections, **(study.SMOKE if smoke else {})})


def fit_topics(given: Given, *, alone: bool = False) -> Found:
    """On the hybrid's vectors, or on MiniLM's alone."""
    config = config_of(given.seed, smoke=given.smoke, alone=alone)
    fit = topics.pipeline.fit(config, given.corpus, embeddings=given.embeddings)
    return fit.clusters.labels, dict(enumerate(fit.topics.table.column("terms").to_pylist()))


# --- all of them


@dataclass(frozen=True)
class Tool:
    """A tool of the table: its name there, its package, its fit, and whether it is told the number of topics."""

    name: str
    package: str
    fit: Callable[[Given], Found]
    told_k: bool = False


TOOLS = (
    Tool("topics", "topics", fit_topics),
    Tool("topics, MiniLM alone", "topics", partial(fit_topics, alone=True)),
    Tool("k-means", "scikit-learn", fit_k_means, told_k=True),
    Tool("NMF", "scikit-learn", fit_nmf, told_k=True),
    Tool(f"BERTopic {DEFAULT_SIZE}", "bertopic", partial(fit_bertopic, size=DEFAULT_SIZE)),
    Tool("TriTopic", "tritopic", fit_tritopic),
    Tool("Top2Vec", "top2vec", fit_top2vec),
    Tool("Turftopic clustering", "turftopic", partial(fit_turftopic, name="ClusteringTopicModel")),
    Tool("Topeax", "turftopic", partial(fit_turftopic, name="Topeax")),
    Tool("KeyNMF", "turftopic", partial(fit_turftopic, name="KeyNMF"), told_k=True),
    Tool("FASTopic", "fastopic", fit_fastopic, told_k=True),
    *(Tool(f"BERTopic {size}", "bertopic", partial(fit_bertopic, size=size)) for size in SIZES if size != DEFAULT_SIZE),
)
