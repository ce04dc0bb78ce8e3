"""TopicModel: the pipeline as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import check_is_fitted

from topics import pipeline
from topics.articles import from_texts
from topics.config import ArticlesParams, ClusterParams, EmbedParams, LabelParams, ReduceParams, RunConfig
from topics.embed import Encoder, UserVectors, take_vectors
from topics.errors import InputError
from topics.predict import Assigned
from topics.records import NOISE, Clusters
from topics.runs import Run, assign_texts

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array
    from sklearn.utils import Tags

    from topics.records import Records

_ARTICLES, _EMBED, _REDUCE = ArticlesParams(), EmbedParams(), ReduceParams()
_CLUSTER, _LABEL = ClusterParams(), LabelParams()


class TopicModel(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Topic model of texts: embed, reduce, cluster, label.

    Parameters have the same meaning as in :class:`topics.RunConfig`; values are checked in :meth:`fit`.

    Parameters
    ----------
    random_state : int
        Seed of everything random.
    clean : {"keep-all", "light", "standard", "strict"}
        How much boilerplate is removed from texts of several lines or of HTML, which are read as pages by
        :func:`topics.articles.read`, with near-duplicates folded; a round-up stays one text. "keep-all" keeps every
        line. A text of one line is always kept whole: only HTML entities are decoded and a provider's marks removed
        from its end, which a note counts.
    encoder : str or topics.embed.Encoder
        "hybrid", "sentence-transformer", "static", "lsa", or your own encoder (:class:`topics.embed.Encoder`, for
        example from :class:`topics.embed.FunctionEncoder`).
    model : str
        A folder with a sentence-transformers model, or a model's name on the hub.
    lexical_weight : float in [0, 1] or "auto"
        Weight of the lexical part of the hybrid.
    n_neighbors : int
        Number of neighbors that shape the layout.
    n_components : int
        Dimensions of the layout.
    n_epochs : int or "auto"
        Epochs of the layout's optimization.
    n_layouts : int or "auto"
        Number of layouts to be compared and joined, the first two of all documents, the others of a random 80 % each;
        a single one is fastest but shows no stability.
    level : {"auto", "finest", "coarsest"}, int or str
        The most stable level of detail, the finest or coarsest, one with about that many topics, or a level by name.
    noise : {"assign_confident", "assign", "keep"}
        Whether documents in no cluster are assigned to topics: if the confidence suffices, always, or never.
    min_cluster_size : int or "auto"
        Minimum number of documents of a topic; "auto" scans many sizes for the levels.
    min_samples : int or "auto"
        As in HDBSCAN: how conservative the density estimate is.
    cluster_selection_method : {"auto", "leaf", "eom"}
        As in HDBSCAN; "auto" looks for levels with both, and uses "leaf" if ``min_cluster_size`` is a number.
    n_terms : int
        Number of terms per topic.
    ngram_range : tuple of int
        Shortest and longest term in words; terms of several words are collocations.
    stop_words : str or sequence of str
        "auto", a language ("english"), or words that are not terms.

    Attributes
    ----------
    labels_ : numpy.ndarray of int, shape (n_texts,)
        Topic of each text, 0 is the largest; -1 for noise and for texts without words. Equal texts share a topic, and
        so do near-duplicates.
    probabilities_ : numpy.ndarray of float32, shape (n_texts,)
        Confidence of each label, in [0, 1], higher is more certain; 0 for noise.
    membership_ : scipy.sparse.csr_array of float32, shape (n_texts, n_topics)
        Membership of each text in its few main topics, in [0, 1]; the largest of a row is its label.
    levels_ : pandas.DataFrame
        One row per level of detail, the finest first: ``level, chosen, from, min_cluster_size, n_clusters, …``.
    topics_ : pandas.DataFrame
        One row per topic: ``topic, label, size, n_copies, terms, term_weights, evidence, languages, …``.
    notes_ : list of str
        Notes on the result.
    records_ : topics.records.Records
        The records of all stages.

    Examples
    --------
    >>> TopicModel(n_terms=5).get_params()["n_terms"]
    5
    """

    def __init__(
        self,
        *,
        random_state: int = 0,
        clean: Literal["keep-all", "light", "standard", "strict"] = _ARTICLES.clean,
        encoder: str | Encoder = _EMBED.encoder,
        model: str = _EMBED.model,
        lexical_weight: float | Literal["auto"] = _EMBED.lexical_weight,
        n_neighbors: int = _REDUCE.n_neighbors,
        n_components: int = _REDUCE.n_components,
        n_epochs: int | Literal["auto"] = _REDUCE.n_epochs,
        n_layouts: int | Literal["auto"] = _REDUCE.n_layouts,
        level: int | str = _CLUSTER.level,
        noise: Literal["assign_confident", "assign", "keep"] = _CLUSTER.noise,
        min_cluster_size: int | Literal["auto"] = _CLUSTER.min_cluster_size,
        min_samples: int | Literal["auto"] = _CLUSTER.min_samples,
        cluster_selection_method: Literal["auto", "eom", "leaf"] = _CLUSTER.cluster_selection_method,
        n_terms: int = _LABEL.n_terms,
        ngram_range: tuple[int, int] = _LABEL.ngram_range,
        stop_words: str | Sequence[str] = _LABEL.stop_words,
    ) -> None:
        self.random_state = random_state
        self.clean = clean
        self.encoder = encoder
        self.model = model
        self.lexical_weight = lexical_weight
        self.n_neighbors = n_neighbors
        self.n_components = n_components
        self.n_epochs = n_epochs
        self.n_layouts = n_layouts
        self.level = level
        self.noise = noise
        self.min_cluster_size = min_cluster_size
        self.min_samples = min_samples
        self.cluster_selection_method = cluster_selection_method
        self.n_terms = n_terms
        self.ngram_range = ngram_range
        self.stop_words = stop_words

    def fit(self, X: Iterable[str], y: Any = None, *, embeddings: Any = None) -> TopicModel:
        """The model, fitted.

        Parameters
        ----------
        X : iterable of str
            The texts: a list, an array or a column of a frame; None and NaN are texts without words.
        y : None
            Ignored; for compatibility with scikit-learn.
        embeddings : array-like of shape (n_texts, n_dims) or None
            One vector per text, in the order of ``X``, in any form that :func:`topics.embed.take_vectors` accepts
            except a mapping; None encodes the texts.

        Raises
        ------
        topics.ConfigError
            If a parameter is out of range.
        TypeError, ValueError
            If the texts or vectors are not usable; the message names the position.
        """
        config = self._config()
        vectors = None if embeddings is None else _in_order_of(X, embeddings)
        corpus, row_of = from_texts(X, params=config.articles)
        if vectors is not None and len(vectors.values) != len(row_of):
            raise InputError(
                f"expected embeddings of shape ({len(row_of)}, n_dims), one row per text, got {vectors.values.shape}"
            )
        fitted = pipeline.fit(
            config,
            corpus,
            embeddings=vectors,
            encoder=None if isinstance(self.encoder, str) else self.encoder,
        )
        self._rows = np.array(row_of)
        self._set_results(fitted)
        return self

    def edited(self, clusters: Clusters) -> TopicModel:
        """Another fitted model with edited clusters; this one is unchanged.

        Parameters
        ----------
        clusters : topics.records.Clusters
            ``records_.clusters`` after :func:`topics.cluster.merge`, ``split``, ``move`` or ``drop``.

        Raises
        ------
        ValueError
            If the clusters belong to other texts.
        """
        check_is_fitted(self)
        other = type(self)(**self.get_params(deep=False))  # the encoder is shared, not copied
        other._rows = self._rows
        other._set_results(pipeline.edit(self._config(), self.records_, clusters=clusters))
        return other

    def _set_results(self, fitted: Records) -> None:
        """Set the results, one row per text: equal texts share theirs, rejected texts have none."""
        from scipy.sparse import csr_array

        rows, has_row, clusters = self._rows, self._rows >= 0, fitted.clusters
        self.labels_ = np.where(has_row, clusters.labels[rows], NOISE).astype(np.int64)
        self.probabilities_ = np.where(has_row, clusters.strengths[rows], 0).astype(np.float32)
        selection = csr_array(
            (has_row.astype(np.float32), (np.arange(len(rows)), np.maximum(rows, 0))),
            shape=(len(rows), len(clusters.labels)),
        )
        self.membership_ = csr_array(selection @ clusters.membership)
        self.levels_ = fitted.levels.chosen(fitted.clusters.level).to_pandas(use_threads=False)
        self.topics_ = fitted.topics.frame()
        self.notes_ = fitted.notes()
        self.records_ = fitted

    def fit_predict(self, X: Iterable[str], y: Any = None, *, embeddings: Any = None) -> NDArray[np.int64]:
        """Topic of each text; see :meth:`fit`."""
        return self.fit(X, embeddings=embeddings).labels_

    def predict(self, X: Iterable[str], *, embeddings: Any = None) -> NDArray[np.int64]:
        """Topic of each text, new or not: -1 for a text that is like no topic, and for one without words.

        A text's topic does not depend on the others. A text of the fit has the topic that it has in ``labels_``.

        Parameters
        ----------
        X : iterable of str
            The texts.
        embeddings : array-like of shape (n_texts, n_dims) or None
            One vector per text, as for :meth:`fit`; None encodes them, as the fit did.

        Raises
        ------
        TopicsError
            If the texts or vectors are not usable, or the encoder is not that of the fit.
        """
        return self._assigned(X, embeddings).labels.astype(np.int64)

    def transform(self, X: Iterable[str], *, embeddings: Any = None) -> csr_array:
        """Membership of each text in each topic, sparse float32 of shape (n_texts, n_topics), new texts' too.

        Rows sum to at most 1; the largest of a row is what :meth:`predict` gives, and rows of noise are empty.

        Parameters
        ----------
        X, embeddings
            As for :meth:`predict`.

        Raises
        ------
        TopicsError
            As :meth:`predict` does.
        """
        membership: csr_array = self._assigned(X, embeddings).membership
        return membership

    def _assigned(self, X: Iterable[str], embeddings: Any) -> Assigned:
        check_is_fitted(self)
        vectors = None if embeddings is None else _in_order_of(X, embeddings)
        encoder = None if isinstance(self.encoder, str) else self.encoder
        return assign_texts(Run.of(self._config(), self.records_), X, embeddings=vectors, encoder=encoder)

    def get_topic_info(self) -> pd.DataFrame:
        """One row per topic, noise first: ``Topic, Count, Name, Representation, Representative_Docs``."""
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

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.input_tags.allow_nan = True  # a text that is missing has no words
        return tags

    def _config(self) -> RunConfig:
        own = {name: value.item() if isinstance(value, np.generic) else value for name, value in vars(self).items()}
        own_neighbors = own["n_neighbors"] if isinstance(own["n_neighbors"], int) and own["n_neighbors"] >= 2 else 2
        wide = max(own_neighbors, _REDUCE.n_neighbors)  # the vote needs this many, even if fewer shape the layout
        words = own["stop_words"]
        embed = {name: own[name] for name in ("model", "lexical_weight")}
        if isinstance(own["encoder"], str):
            embed["encoder"] = own["encoder"]
        return RunConfig.from_dict(
            {
                "random_state": own["random_state"],
                "articles": {"clean": own["clean"], "split_round_ups": False},
                "embed": embed,
                "neighbors": {"n_neighbors": wide},
                "reduce": {name: own[name] for name in ("n_neighbors", "n_components", "n_epochs", "n_layouts")},
                "map": {"n_neighbors": own_neighbors},
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


def _in_order_of(texts: Any, embeddings: Any) -> UserVectors:
    """The vectors, with row i for text i."""
    if isinstance(embeddings, Mapping):
        raise InputError(
            f"expected embeddings as one vector per text in the order of the texts, got a {type(embeddings).__name__}; "
            "pass its vectors as a list in that order"
        )
    one, other = (data.index if hasattr(data, "iloc") else None for data in (texts, embeddings))
    if one is not None and other is not None and not one.equals(other) and set(one) == set(other):
        raise InputError(
            "expected embeddings in the order of the texts, got the same index in another order; pass "
            "embeddings.loc[texts.index]"
        )
    return replace(take_vectors(embeddings), ids=None)
