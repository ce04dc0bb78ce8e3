"""TopicModel: the pipeline as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from topics import pipeline
from topics.articles import from_texts
from topics.compat import output_container
from topics.config import ArticlesParams, ClusterParams, EmbedParams, LabelParams, ReduceParams
from topics.embed import Encoder
from topics.errors import InputError
from topics.model._score import score_of
from topics.model._settings import config_of, parameters_of
from topics.model._texts import Texts
from topics.predict import Assigned
from topics.records import NOISE, Clusters
from topics.runs import Assigning, Run, assign_texts

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from sklearn.utils import Tags

_ARTICLES, _EMBED, _REDUCE = ArticlesParams(), EmbedParams(), ReduceParams()
_CLUSTER, _LABEL = ClusterParams(), LabelParams()


class TopicModel(ClusterMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
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
    text_column : str or None
        Name of the column of texts, where frames or tables are passed; None where texts are.
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
    documents_ : pandas.DataFrame
        One row per text, by the index that the texts came with: ``topic, label, confidence, known, level_<name>``, as
        :meth:`assign` gives them.
    levels_ : pandas.DataFrame
        One row per level of detail, the finest first: ``level, chosen, from, min_cluster_size, n_clusters, …``.
    topics_ : pandas.DataFrame
        One row per topic: ``topic, label, size, n_copies, terms, term_weights, evidence, languages, …``.
    notes_ : list of str
        Notes on the result.
    records_ : topics.records.Records
        The records of all stages.
    run_ : topics.runs.Run
        The same as a run, which is not saved: ``run_.save(name="…")`` writes its folder, and
        ``TopicModel.of_run(Run.load("runs/…"))`` is the model again; nothing is pickled.

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
        text_column: str | None = None,
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
        self.text_column = text_column
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

    def fit(self, X: Any, y: Any = None, *, embeddings: Any = None, dates: Any = None) -> TopicModel:
        """The model, fitted.

        Parameters
        ----------
        X : iterable of str, or table
            The texts: a list, an array or a column of a frame; or a frame or table with them in ``text_column``. None
            and NaN are texts without words.
        y : None
            Ignored; for compatibility with scikit-learn.
        embeddings : array-like of shape (n_texts, n_dims) or None
            One vector per text, in the order of ``X``, in any form that :func:`topics.embed.take_vectors` accepts
            except a mapping; None encodes the texts.
        dates : array-like of shape (n_texts,), str or None
            Date of each text, or the name of a column of the table: for ``run_`` and its timeline, not for the topics.

        Raises
        ------
        topics.ConfigError
            If a parameter is out of range.
        TypeError, ValueError
            If the texts, vectors or dates are not usable; the message names the position.
        """
        config = config_of(vars(self))
        texts = Texts.of(X, text_column=self.text_column, dates=dates)
        vectors = texts.vectors(embeddings)
        corpus, row_of = from_texts(texts.strings, params=config.articles, dates=texts.dates)
        if vectors is not None and len(vectors.values) != len(row_of):
            raise InputError(
                f"expected embeddings of shape ({len(row_of)}, n_dims), one row per text, got {vectors.values.shape}"
            )
        fitted = pipeline.fit(config, corpus, embeddings=vectors, encoder=self._own_encoder)
        self._set_results(Run.of(config, fitted), rows=np.array(row_of), index=texts.rows(len(row_of)))
        return self

    @classmethod
    def of_run(cls, run: Run, *, encoder: Encoder | None = None) -> TopicModel:
        """A fitted model of a run, such as one that was loaded from its folder, with its edits.

        Its texts are the run's articles by id, near-duplicates among them, and their ids are the index of
        ``documents_``. New texts are read as plain texts.

        Parameters
        ----------
        run : Run
            From :meth:`topics.runs.Run.load`, :func:`topics.run` or :func:`topics.fit`.
        encoder : Encoder or None
            The user's own that the run was made with; None takes that of its config.
        """
        import pandas as pd

        model = cls(**(parameters_of(run.config) | ({} if encoder is None else {"encoder": encoder})))
        corpus = run.fitted.corpus
        row_of = {doc_id: row for row, doc_id in enumerate(corpus.doc_ids)}
        copies = (corpus.copies[name].to_pylist() for name in ("doc_id", "copy_of"))
        row_of |= {doc_id: row_of[copy_of] for doc_id, copy_of in zip(*copies, strict=True)}
        ids = sorted(row_of)
        rows = np.array([row_of[doc_id] for doc_id in ids], dtype=np.int64)
        model._set_results(run, rows=rows, index=pd.Index(ids, name="doc_id"))
        return model

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
        config = self.run_.config
        records = pipeline.edit(config, self.records_, clusters=clusters)
        other._set_results(Run.of(config, records), rows=self._rows, index=self.documents_.index)
        return other

    def _set_results(self, run: Run, *, rows: NDArray[np.int64], index: pd.Index) -> None:
        """Set the results, one row per text: equal texts share theirs, rejected texts have none."""
        from scipy.sparse import csr_array

        fitted = run.records
        has_row, clusters = rows >= 0, fitted.clusters
        self._rows = rows
        self.labels_ = np.where(has_row, clusters.labels[rows], NOISE).astype(np.int64)
        self.probabilities_ = np.where(has_row, clusters.strengths[rows], 0).astype(np.float32)
        selection = csr_array(
            (has_row.astype(np.float32), (np.arange(len(rows)), np.maximum(rows, 0))),
            shape=(len(rows), len(clusters.labels)),
        )
        self.membership_ = csr_array(selection @ clusters.membership)
        self.levels_ = fitted.levels.chosen(clusters.level).to_pandas(use_threads=False)
        self.topics_ = fitted.topics.frame()
        self.notes_ = fitted.notes()
        self.records_, self.run_ = fitted, run
        self._assigning = Assigning(run, encoder=self._own_encoder)
        self.documents_ = self._assigning.own_frame(rows).set_axis(index)

    def fit_predict(self, X: Any, y: Any = None, *, embeddings: Any = None, dates: Any = None) -> NDArray[np.int64]:
        """Topic of each text; see :meth:`fit`."""
        return self.fit(X, embeddings=embeddings, dates=dates).labels_

    def fit_transform(self, X: Any, y: Any = None, *, embeddings: Any = None, dates: Any = None) -> Any:
        """Membership of each text in each topic, what :meth:`transform` gives of the same texts; see :meth:`fit`."""
        return self._shown(self.fit(X, embeddings=embeddings, dates=dates).membership_)

    def predict(self, X: Any, *, embeddings: Any = None) -> NDArray[np.int64]:
        """Topic of each text, new or not: -1 for a text that is like no topic, and for one without words.

        A text's topic does not depend on the others. A text of the fit has the topic that it has in ``labels_``.

        Parameters
        ----------
        X : iterable of str, or table
            The texts.
        embeddings : array-like of shape (n_texts, n_dims) or None
            One vector per text, as for :meth:`fit`; None encodes them, as the fit did.

        Raises
        ------
        TopicsError
            If the texts or vectors are not usable, or the encoder is not that of the fit.
        """
        return self._assigned(X, embeddings)[0].labels.astype(np.int64)

    def transform(self, X: Any, *, embeddings: Any = None) -> Any:
        """Membership of each text in each topic, sparse float32 of shape (n_texts, n_topics), new texts' too.

        Rows sum to at most 1; the largest of a row is what :meth:`predict` gives, and rows of noise are empty. After
        ``set_output(transform="pandas")``, or ``"polars"``, it is a frame, dense, with the index of the texts.

        Parameters
        ----------
        X, embeddings
            As for :meth:`predict`.

        Raises
        ------
        TopicsError
            As :meth:`predict` does.
        """
        return self._shown(self._assigned(X, embeddings)[0].membership)

    def assign(self, X: Any, *, embeddings: Any = None) -> pd.DataFrame:
        """One row per text, by its index, with all that is said of it; see :meth:`topics.runs.Run.assign`.

        Columns ``topic``; ``label``; ``confidence``, the chance that a fit with the text gives it this topic;
        ``known``, whether it is a text of the fit; ``level_<name>``, its cluster at each other level.

        Parameters
        ----------
        X, embeddings
            As for :meth:`predict`.

        Raises
        ------
        TopicsError
            As :meth:`predict` does.
        """
        found, texts = self._assigned(X, embeddings)
        return self._assigning.frame(found).set_axis(texts.rows(len(found.labels)))

    def score(self, X: Any, y: Any = None, *, embeddings: Any = None) -> float:
        """How good the topics of texts are, for a search over parameters; higher is better.

        Without ``y`` it is how much better a text's topic tells its words than the corpus of the fit does, in nats a
        word (:func:`topics.evaluate.word_gain`): vectors find the topics, and words of texts that the fit has not seen
        judge them. Measures of shape judge the layout by itself, and coherences do not rank topics as people do. A text
        without a topic gains nothing. It falls where topics are not there, and grows with finer ones that are (on BBC
        News 2, 5 and 87 topics gain .19, .42 and .62; on AllSides 2, 11 and 56 gain .09, .35 and .33): search by it
        over what does not set their number. With ``y`` it is the adjusted mutual information of topics and labels, in
        which -1 is a group like any other.

        Parameters
        ----------
        X, embeddings
            As for :meth:`predict`.
        y : array-like of shape (n_texts,) or None
            Labels that people gave; texts whose label is None or NaN are left out.

        Raises
        ------
        TopicsError
            As :meth:`predict` does, or if there is not one label a text.
        """
        found, texts = self._assigned(X, embeddings)
        return score_of(self.records_, found.labels, texts=texts.strings, y=y)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Names of the columns of :meth:`transform`: ``topic_0``, ``topic_1`` and so on.

        Parameters
        ----------
        input_features : None
            Ignored; for compatibility with scikit-learn.
        """
        check_is_fitted(self)
        return np.array([f"topic_{topic}" for topic in range(self.membership_.shape[1])], dtype=object)

    def _assigned(self, X: Any, embeddings: Any) -> tuple[Assigned, Texts]:
        check_is_fitted(self)
        texts = Texts.of(X, text_column=self.text_column)
        return assign_texts(self._assigning, texts.strings, embeddings=texts.vectors(embeddings)), texts

    def _shown(self, membership: Any) -> Any:
        """What scikit-learn can put into the container that was asked for."""
        return membership if output_container(self) == "default" else membership.toarray()

    @property
    def _own_encoder(self) -> Encoder | None:
        return None if isinstance(self.encoder, str) else self.encoder

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
        tags.transformer_tags.preserves_dtype = []  # shares are float32
        return tags
