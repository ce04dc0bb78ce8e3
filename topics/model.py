"""TopicModel: the scikit-learn face of the pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import check_is_fitted

from topics import pipeline
from topics.articles import from_texts
from topics.config import ClusterParams, EmbedParams, LabelParams, ReduceParams, RunConfig
from topics.embed import Encoder, Hybrid, check_vectors
from topics.records import NOISE, Clusters

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from topics.assemble import Fitted

_EMBED, _REDUCE, _CLUSTER, _LABEL = EmbedParams(), ReduceParams(), ClusterParams(), LabelParams()


class TopicModel(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Topics in texts: embed, reduce, cluster, label.

    Every parameter means what it means in :class:`topics.RunConfig`; values are checked in :meth:`fit`.

    Parameters
    ----------
    random_state : int
        Seed of everything random.
    encoder : str or topics.embed.Encoder
        What turns texts into vectors: "hybrid", "sentence-transformer", "static", "lsa", or an encoder of your own
        (:class:`topics.embed.Encoder`; :class:`topics.embed.FunctionEncoder` makes one of a function).
    model : str
        A folder with a sentence-transformers model, or a model's name on the hub.
    lexical_weight : float in [0, 1] or "auto"
        Weight of the words in the hybrid.
    n_neighbors : int
        Neighbours that shape the layout.
    n_components : int
        Dimensions of the layout.
    n_epochs : int or "auto"
        Rounds of its optimisation.
    n_seeds : int or "auto"
        Layouts from different seeds whose clusters are compared and joined; one is quickest and measures no stability.
    level : {"auto", "finest", "coarsest"}, int or str
        The most stable level of detail, an end of the scale, about so many topics, or a level by its name.
    noise : {"assign_confident", "assign", "keep"}
        What becomes of documents in no cluster.
    min_cluster_size : int or "auto"
        Fewest documents of a topic; "auto" scans many sizes for the levels.
    min_samples : int or "auto"
        How conservative the density is.
    cluster_selection_method : {"leaf", "eom"}
        HDBSCAN's; "eom" only for a given ``min_cluster_size``.
    n_terms : int
        Terms of a topic.
    ngram_range : tuple of int
        Shortest and longest term in words; terms of several are collocations.
    stop_words : str or sequence of str
        "auto", a language ("english"), or words that are no terms.

    Attributes
    ----------
    labels_ : numpy.ndarray of int, shape (n_texts,)
        Topic of each text, 0 the largest; -1 for noise and for texts without words. Equal texts share one.
    probabilities_ : numpy.ndarray of float32, shape (n_texts,)
        How sure each label is, in [0, 1], higher is surer; 0 for noise.
    membership_ : scipy.sparse.csr_array of float32, shape (n_texts, n_topics)
        The few topics each text has most to do with, in [0, 1]; the largest of a row is its label.
    levels_ : pandas.DataFrame
        One row a level of detail, the finest first: ``level, chosen, from, min_cluster_size, n_clusters, …``.
    topics_ : pandas.DataFrame
        One row a topic: ``topic, label, size, n_copies, terms, term_weights, evidence, languages, …``.
    notes_ : list of str
        What a reader of the result should know.
    records_ : topics.pipeline.Fitted
        The records of every stage.

    Examples
    --------
    >>> TopicModel(n_terms=5).get_params()["n_terms"]
    5
    """

    def __init__(
        self,
        *,
        random_state: int = 0,
        encoder: str | Encoder | Hybrid = _EMBED.encoder,
        model: str = _EMBED.model,
        lexical_weight: float | Literal["auto"] = _EMBED.lexical_weight,
        n_neighbors: int = _REDUCE.n_neighbors,
        n_components: int = _REDUCE.n_components,
        n_epochs: int | Literal["auto"] = _REDUCE.n_epochs,
        n_seeds: int | Literal["auto"] = _REDUCE.n_seeds,
        level: int | str = _CLUSTER.level,
        noise: Literal["assign_confident", "assign", "keep"] = _CLUSTER.noise,
        min_cluster_size: int | Literal["auto"] = _CLUSTER.min_cluster_size,
        min_samples: int | Literal["auto"] = _CLUSTER.min_samples,
        cluster_selection_method: Literal["eom", "leaf"] = _CLUSTER.cluster_selection_method,
        n_terms: int = _LABEL.n_terms,
        ngram_range: tuple[int, int] = _LABEL.ngram_range,
        stop_words: str | Sequence[str] = _LABEL.stop_words,
    ) -> None:
        self.random_state = random_state
        self.encoder = encoder
        self.model = model
        self.lexical_weight = lexical_weight
        self.n_neighbors = n_neighbors
        self.n_components = n_components
        self.n_epochs = n_epochs
        self.n_seeds = n_seeds
        self.level = level
        self.noise = noise
        self.min_cluster_size = min_cluster_size
        self.min_samples = min_samples
        self.cluster_selection_method = cluster_selection_method
        self.n_terms = n_terms
        self.ngram_range = ngram_range
        self.stop_words = stop_words

    def fit(self, X: Sequence[str], y: Any = None, *, embeddings: ArrayLike | None = None) -> TopicModel:
        """The model, fitted.

        Parameters
        ----------
        X : sequence of str
            One text each: a list, an array or a pandas Series.
        y : None
            Ignored; there for scikit-learn.
        embeddings : array-like of shape (n_texts, n_dims) or None
            One vector a text, in the order of ``X``; None encodes the texts.

        Raises
        ------
        topics.ConfigError
            If a parameter is out of range.
        TypeError, ValueError
            If the texts or vectors are not usable; the message names the position.
        """
        config = self._config()
        if isinstance(X, str) or hasattr(X, "columns") or getattr(X, "ndim", 1) != 1:
            raise TypeError(f"expected a sequence of texts such as a list or one column, got {type(X).__name__}")
        texts = list(X)
        vectors = None if embeddings is None else _check_rows(embeddings, len(texts))
        corpus, row_of = from_texts(texts)
        rows = np.array(row_of)
        fitted = pipeline.fit(
            config,
            corpus,
            embeddings=None if vectors is None else _one_vector_a_document(vectors, rows),
            encoder=None if isinstance(self.encoder, str) else self.encoder,
        )
        self._rows = rows
        self._take(fitted)
        return self

    def edited(self, clusters: Clusters) -> TopicModel:
        """Another fitted model, with clusters that were edited; this one stays as it is.

        Parameters
        ----------
        clusters : topics.records.Clusters
            Such as :func:`topics.cluster.merge`, ``split``, ``move`` and ``drop`` make of ``records_.clusters``.

        Raises
        ------
        ValueError
            If the clusters are of other texts.
        """
        check_is_fitted(self)
        other = type(self)(**self.get_params(deep=False))  # the encoder is shared, not copied
        other._rows = self._rows
        other._take(pipeline.edit(self._config(), self.records_, clusters=clusters))
        return other

    def _take(self, fitted: Fitted) -> None:
        """The results, one row a text: equal texts share theirs, texts that were rejected have none."""
        from scipy.sparse import csr_array

        rows, taken, clusters = self._rows, self._rows >= 0, fitted.clusters
        self.labels_ = np.where(taken, clusters.labels[rows], NOISE).astype(np.int64)
        self.probabilities_ = np.where(taken, clusters.strengths[rows], 0).astype(np.float32)
        given = csr_array(
            (taken.astype(np.float32), (np.arange(len(rows)), np.maximum(rows, 0))),
            shape=(len(rows), len(clusters.labels)),
        )
        self.membership_ = csr_array(given @ clusters.membership)
        self.levels_ = fitted.levels.chosen(fitted.clusters.level).to_pandas(use_threads=False)
        self.topics_ = fitted.topics.frame()
        self.notes_ = fitted.notes()
        self.records_ = fitted

    def fit_predict(self, X: Sequence[str], y: Any = None, *, embeddings: ArrayLike | None = None) -> NDArray[np.int64]:
        """Topic of each text; see :meth:`fit`."""
        return self.fit(X, embeddings=embeddings).labels_

    def get_topic_info(self) -> pd.DataFrame:
        """One row a topic, noise first: ``Topic, Count, Name, Representation, Representative_Docs``."""
        import pandas as pd

        check_is_fitted(self)
        text_of = dict(
            zip(self.records_.corpus.doc_ids, self.records_.corpus.documents["text"].to_pylist(), strict=True)
        )
        rows: list[dict[str, Any]] = [
            {
                "Topic": row["topic"],
                "Count": int((self.labels_ == row["topic"]).sum()),
                "Name": "_".join([str(row["topic"]), *row["terms"][:4]]),
                "Representation": list(row["terms"]),
                "Representative_Docs": [text_of[doc_id] for doc_id in row["evidence"]],
            }
            for row in self.topics_.to_dict("records")
        ]
        n_noise = int((self.labels_ == NOISE).sum())
        if n_noise:
            noise = {
                "Topic": NOISE,
                "Count": n_noise,
                "Name": "-1_noise",
                "Representation": [],
                "Representative_Docs": [],
            }
            rows.insert(0, noise)
        return pd.DataFrame(rows, columns=["Topic", "Count", "Name", "Representation", "Representative_Docs"])

    def _config(self) -> RunConfig:
        own = {name: value.item() if isinstance(value, np.generic) else value for name, value in vars(self).items()}
        asked = own["n_neighbors"] if isinstance(own["n_neighbors"], int) and own["n_neighbors"] >= 2 else 2
        wide = max(asked, _REDUCE.n_neighbors)  # votes need as many, however few shape the layout
        words = own["stop_words"]
        embed = {name: own[name] for name in ("model", "lexical_weight")}
        if isinstance(own["encoder"], str):
            embed["encoder"] = own["encoder"]
        return RunConfig.from_dict(
            {
                "random_state": own["random_state"],
                "embed": embed,
                "neighbors": {"n_neighbors": wide},
                "reduce": {name: own[name] for name in ("n_neighbors", "n_components", "n_epochs", "n_seeds")},
                "map": {"n_neighbors": asked},
                "cluster": {
                    name: own[name]
                    for name in ("level", "noise", "min_cluster_size", "min_samples", "cluster_selection_method")
                },
                "label": {
                    "n_terms": own["n_terms"],
                    "ngram_range": own["ngram_range"],
                    "stop_words": words if words is None or isinstance(words, (str, set, frozenset)) else tuple(words),
                },
            }
        )


def _check_rows(embeddings: ArrayLike, n_texts: int) -> NDArray[Any]:
    vectors = np.asarray(embeddings)
    if vectors.ndim != 2 or len(vectors) != n_texts:
        raise ValueError(f"expected embeddings of shape ({n_texts}, n_dims), one row a text, got {vectors.shape}")
    check_vectors(vectors, "embeddings")
    return vectors


def _one_vector_a_document(vectors: NDArray[Any], rows: NDArray[np.int64]) -> NDArray[Any]:
    """The vector of each document; where equal texts came with different vectors, the least by its bytes.

    So the order of the texts does not matter.
    """
    kept: dict[int, int] = {}
    for position, row in enumerate(rows.tolist()):
        if row < 0:
            continue
        other = kept.setdefault(row, position)
        if other != position and vectors[position].tobytes() < vectors[other].tobytes():
            kept[row] = position
    return vectors[[kept[row] for row in range(len(kept))]]
