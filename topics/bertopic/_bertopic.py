"""BERTopic's class over a run: its methods, columns and row of noise; what each does is elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import numpy as np

from topics import pipeline
from topics.articles import from_texts
from topics.bertopic import _changes as changes
from topics.bertopic import _figures as figures
from topics.bertopic import _frames as frames
from topics.bertopic import _hierarchy as hierarchy
from topics.bertopic._encoder import encoder_from, encoder_named
from topics.bertopic._figures import Look
from topics.bertopic._fitted import Fitted
from topics.bertopic._keywords import Translation, translate, warn_of, warn_unused
from topics.config import RunConfig
from topics.errors import InputError
from topics.records import NOISE
from topics.runs import Run

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure
    from scipy.sparse import csr_matrix

    from topics.embed import Encoder
    from topics.predict import Assigned

_LABEL_WORDS = 4  # BERTopic's, of a topic's label


class BERTopic:
    """A model with BERTopic's methods, made by this toolkit's pipeline.

    A keyword that is left out is the toolkit's own choice, so that the number of topics is the one on which layouts
    agree. :meth:`keywords` says what became of each; what is not honored is warned of. Like BERTopic, and unlike
    everything else here, it is changed by its methods. :attr:`run` is the run as it is.

    Parameters
    ----------
    language : str or None
        "english", or any other for a multilingual model.
    top_n_words : int or None
        Terms of a topic, at most.
    n_gram_range : tuple of int or None
        Shortest and longest term in words.
    min_topic_size : int or None
        Minimum number of documents of a topic; None finds the level.
    nr_topics : int, "auto" or None
        Number of rows that ``get_topic_info`` is to have, at most, noise among them as in BERTopic.
    low_memory, verbose : bool
        Nothing, and progress bars.
    calculate_probabilities : bool
        Whether probabilities are of every topic.
    seed_topic_list, zeroshot_topic_list : list or None
        Not honored.
    zeroshot_min_similarity : float or None
        Not honored.
    embedding_model : str, object, callable or None
        A sentence-transformers model by name, folder or object, any other that encodes texts, "hybrid", "static" or
        "lsa".
    umap_model, hdbscan_model, vectorizer_model, ctfidf_model : object or None
        Their settings are taken.
    representation_model : object or None
        Not honored.
    config : Mapping or None
        Sections of :class:`topics.RunConfig`, which go before all of these.

    Attributes
    ----------
    topic_aspects_ : dict
        The terms under the names of representation models.

    Examples
    --------
    >>> BERTopic(min_topic_size=15).keywords()["became"].tolist()[:2]
    ['cluster.min_cluster_size = 15', '']
    """

    def __init__(
        self,
        language: str | None = None,
        top_n_words: int | None = None,
        *,
        n_gram_range: tuple[int, int] | None = None,
        min_topic_size: int | None = None,
        nr_topics: int | Literal["auto"] | None = None,
        low_memory: bool = False,
        calculate_probabilities: bool = False,
        seed_topic_list: list[list[str]] | None = None,
        zeroshot_topic_list: list[str] | None = None,
        zeroshot_min_similarity: float | None = None,
        embedding_model: Any = None,
        umap_model: Any = None,
        hdbscan_model: Any = None,
        vectorizer_model: Any = None,
        ctfidf_model: Any = None,
        representation_model: Any = None,
        verbose: bool = False,
        config: Mapping[str, Any] | None = None,
    ) -> None:
        given = locals()
        self._given = {name: given[name] for name in _KEYWORDS}
        self._more = {} if config is None else dict(config)
        self._told = translate(self._given)
        warn_of(self._told.keywords)
        self._fitted: Fitted | None = None
        self._own_vectors = False
        self._noise_label: str | None = None

    def keywords(self) -> pd.DataFrame:
        """One row a keyword that was given: ``keyword, value, became, honored, why``."""
        import pandas as pd

        columns = ["keyword", "value", "became", "honored", "why"]
        return pd.DataFrame([vars(one) for one in self._told.keywords], columns=columns)

    def get_params(self, deep: bool = False) -> dict[str, Any]:
        """The keywords that were given, None where one was left out.

        Parameters
        ----------
        deep : bool
            Nothing; for compatibility.
        """
        return dict(self._given)

    @property
    def run(self) -> Run:
        """The run as it is, with its edits: tables, reliability, a report, and everything else of this toolkit.

        Raises
        ------
        ValueError
            If the model is not fitted.
        """
        return self._known.run

    def fit(self, documents: Sequence[str], embeddings: Any = None, *, images: Any = None, y: Any = None) -> BERTopic:
        """The model, fitted.

        Parameters
        ----------
        documents : sequence of str
            The texts.
        embeddings : array-like of shape (n_texts, n_dims) or None
            One vector a text; None encodes them.
        images : None
            Refused.
        y : sequence or None
            Not honored.

        Raises
        ------
        TopicsError
            If the texts, vectors or settings cannot be used.
        """
        _no_images(images)
        warn_unused("fit", {"y": y})
        texts = list(documents)
        config = self._config()
        vectors = changes.in_order(embeddings)
        corpus, rows = from_texts(texts, params=config.articles)
        if vectors is not None and len(vectors.values) != len(texts):
            raise InputError(
                f"expected embeddings of shape ({len(texts)}, n_dims), one row per text, got {vectors.values.shape}"
            )
        records = pipeline.fit(
            config, corpus, embeddings=vectors, encoder=self._told.encoder if vectors is None else None,
            with_scores=True, progress=bool(self._given["verbose"]),
        )  # fmt: skip
        self._own_vectors = vectors is not None
        self._fitted = Fitted(Run.of(config, records), tuple(map(_text, texts)), np.array(rows, dtype=np.int64))
        if isinstance(self._given["nr_topics"], int):
            self._reduce(self._given["nr_topics"], use_ctfidf=False)
        return self

    def fit_transform(
        self, documents: Sequence[str], embeddings: Any = None, *, images: Any = None, y: Any = None
    ) -> tuple[list[int], NDArray[np.float64]]:
        """Topic of each text, and its probability: of shape (n_texts,), or (n_texts, n_topics) if all are asked for.

        Parameters
        ----------
        documents, embeddings, images, y
            As for :meth:`fit`.

        Raises
        ------
        TopicsError
            As :meth:`fit` does.
        """
        self.fit(documents, embeddings, images=images, y=y)
        return self.topics_, self.probabilities_

    def transform(
        self, documents: str | Sequence[str], embeddings: Any = None, *, images: Any = None
    ) -> tuple[list[int], NDArray[np.float64]]:
        """Topic and probability of new texts, each by itself; those of the fit have the topics of the fit.

        Parameters
        ----------
        documents : str or sequence of str
            The texts.
        embeddings : array-like of shape (n_texts, n_dims) or None
            One vector a text; None encodes them.
        images : None
            Refused.

        Raises
        ------
        TopicsError
            If there is no encoder, or it is not that of the fit.
        """
        _no_images(images)
        found = self._assigned([documents] if isinstance(documents, str) else list(documents), embeddings)
        every = self._given["calculate_probabilities"]
        shares = changes.dense(found) if every else found.confidences.astype(np.float64)
        return found.labels.tolist(), shares

    @property
    def topics_(self) -> list[int]:
        """Topic of each text; -1 is noise."""
        return [int(topic) for topic in self._known.labels.tolist()]

    @property
    def probabilities_(self) -> NDArray[np.float64]:
        """Confidence of each text's topic, or membership in every topic where those were asked for, in [0, 1]."""
        return self._known.membership if self._given["calculate_probabilities"] else self._known.strengths

    @property
    def topic_sizes_(self) -> Counter[int]:
        """Number of texts of each topic."""
        return Counter(self._known.sizes)

    @property
    def topic_representations_(self) -> dict[int, list[tuple[str, float]]]:
        """Terms of each topic with their weights; of noise, those with the most weight in it."""
        return self._known.representations

    @property
    def topic_aspects_(self) -> dict[str, dict[int, list[tuple[str, float]]]]:
        """The same terms under the name of each representation model that was given by name."""
        return dict.fromkeys(self._aspects, self._known.representations)

    @property
    def topic_labels_(self) -> dict[int, str]:
        """Number and first four terms of each topic, joined by underscores."""
        return {
            topic: "_".join([str(topic), *(term for term, _ in terms[:_LABEL_WORDS])])
            for topic, terms in self._known.representations.items()
        }

    @property
    def custom_labels_(self) -> list[str] | None:
        """The user's label of each topic, BERTopic's where there is none; None before any is given."""
        named = self._names()
        return [named.get(topic, label) for topic, label in self.topic_labels_.items()] if named else None

    @property
    def c_tf_idf_(self) -> csr_matrix:
        """Weight of each term in each topic, noise first, shape (n_topics, n_terms)."""
        from scipy.sparse import csr_matrix

        return csr_matrix(self._known.weights)

    @property
    def topic_embeddings_(self) -> NDArray[np.float64]:
        """Mean vector of each topic's documents, noise first, shape (n_topics, n_dims)."""
        return self._known.embeddings

    @property
    def representative_docs_(self) -> dict[int, list[str]]:
        """Texts that stand for each topic; none for noise."""
        return self._known.representative

    def get_topics(self, full: bool = False) -> dict[Any, Any]:
        """Terms of each topic with their weights.

        Parameters
        ----------
        full : bool
            Whether they are under "Main", with aspects beside them.
        """
        return {"Main": self.topic_representations_, **self.topic_aspects_} if full else self.topic_representations_

    def get_topic(self, topic: int, full: bool = False) -> Any:
        """Terms of a topic with their weights; False where there is no such topic.

        Parameters
        ----------
        topic : int
            Its number, or -1.
        full : bool
            As for :meth:`get_topics`.
        """
        if topic not in self.topic_representations_:
            return False
        if not full:
            return self.topic_representations_[topic]
        return {name: terms[topic] for name, terms in self.get_topics(full=True).items()}

    def get_topic_info(self, topic: int | None = None) -> pd.DataFrame:
        """One row a topic, noise first, with BERTopic's columns.

        ``Topic, Count, Name, [CustomName], Representation, [aspects], Representative_Docs``.

        Parameters
        ----------
        topic : int or None
            One alone; None gives all.
        """
        info = frames.topic_info(self._known, self.topic_labels_, custom=self.custom_labels_, aspects=self._aspects)
        return info if topic is None else info[info["Topic"] == topic].reset_index(drop=True)

    def get_topic_freq(self, topic: int | None = None) -> Any:
        """``Topic, Count``, the largest first, or the number of texts of one topic.

        Parameters
        ----------
        topic : int or None
            One alone; None gives all.
        """
        if topic is not None:
            return self.topic_sizes_[topic]
        return self.get_topic_info()[["Topic", "Count"]].sort_values("Count", ascending=False, kind="stable")

    def get_document_info(
        self, docs: Sequence[str], df: pd.DataFrame | None = None, *, metadata: Mapping[str, Any] | None = None
    ) -> pd.DataFrame:
        """One row a text, with its topic's columns, ``Top_n_words, Probability, Representative_document``.

        Parameters
        ----------
        docs : sequence of str
            The texts of the fit.
        df : pandas.DataFrame or None
            One row a text, to which the columns are added.
        metadata : Mapping of str to sequence or None
            Further columns.

        Raises
        ------
        ValueError
            If there are more or fewer texts than were fitted.
        """
        info = frames.document_info(self._known, self.get_topic_info(), df=df, docs=docs)
        return info.assign(**{name: list(values) for name, values in (metadata or {}).items()})

    def get_representative_docs(self, topic: int | None = None) -> Any:
        """Texts that stand for each topic, or for one; None where there is no such topic.

        Parameters
        ----------
        topic : int or None
            One alone; None gives all.
        """
        return self.representative_docs_ if topic is None else self.representative_docs_.get(topic) or None

    def find_topics(
        self, search_term: str | None = None, *, image: Any = None, top_n: int = 5
    ) -> tuple[list[int], list[float]]:
        """Topics that are nearest to a text, and the cosine similarity of each, the nearest first.

        Parameters
        ----------
        search_term : str or None
            A few words.
        image : None
            Refused.
        top_n : int
            Topics, at most.

        Raises
        ------
        TopicsError
            If there is no encoder, as where embeddings were given alone.
        """
        _no_images(image)
        vector = changes.vector_of(
            self.run, search_term or "", encoder=self._told.encoder, vectors_by=self._vectors_by()
        )  # fmt: skip
        rows = [i for i, topic in enumerate(self._known.topics) if topic != NOISE]
        own = self._known.embeddings[rows]
        sims = own @ vector / np.maximum(np.linalg.norm(own, axis=1), 1e-12)
        order = np.argsort(-sims, kind="stable")[:top_n].tolist()
        return [self._known.topics[rows[i]] for i in order], [float(sims[i]) for i in order]

    def topics_over_time(
        self,
        docs: Sequence[str],
        timestamps: Sequence[Any],
        *,
        topics: Sequence[int] | None = None,
        nr_bins: int | None = None,
        datetime_format: str | None = None,
        evolution_tuning: bool | None = None,
        global_tuning: bool | None = None,
    ) -> pd.DataFrame:
        """One row a topic and time: ``Topic, Words, Frequency, Timestamp``.

        Parameters
        ----------
        docs : sequence of str
            The texts of the fit.
        timestamps : sequence
            One a text: dates, texts of dates, or numbers.
        topics : sequence of int or None
            Other topics of the texts.
        nr_bins : int or None
            Periods of equal length; None takes each timestamp as one.
        datetime_format : str or None
            Of texts, as in ``strptime``.
        evolution_tuning, global_tuning : bool or None
            Not honored: words are those that the topic has more of at this time than at others.

        Raises
        ------
        ValueError
            If there is not one timestamp a text.
        """
        warn_unused("topics_over_time", {"evolution_tuning": evolution_tuning, "global_tuning": global_tuning})
        frames.checked(self._known, docs)
        times = frames.times_of(timestamps, nr_bins=nr_bins, datetime_format=datetime_format)
        return frames.by_value(self._known, times, column="Timestamp", topics=topics)

    def topics_per_class(
        self, docs: Sequence[str], classes: Sequence[Any], *, global_tuning: bool | None = None
    ) -> pd.DataFrame:
        """One row a topic and class: ``Topic, Words, Frequency, Class``.

        Parameters
        ----------
        docs : sequence of str
            The texts of the fit.
        classes : sequence
            One a text.
        global_tuning : bool or None
            Not honored, as for :meth:`topics_over_time`.

        Raises
        ------
        ValueError
            If there is not one class a text.
        """
        warn_unused("topics_per_class", {"global_tuning": global_tuning})
        frames.checked(self._known, docs)
        return frames.by_value(self._known, classes, column="Class")

    def hierarchical_topics(
        self,
        docs: Sequence[str],
        use_ctfidf: bool = True,
        *,
        linkage_function: Callable[[Any], Any] | None = None,
        distance_function: Callable[[Any], Any] | None = None,
    ) -> pd.DataFrame:
        """One row a join of topics, the last first, with BERTopic's columns.

        Parameters
        ----------
        docs : sequence of str
            The texts of the fit.
        use_ctfidf : bool
            Whether topics are near by the weights of their terms, not by their mean vectors.
        linkage_function, distance_function : callable or None
            Of distances, and of the topics' rows.

        Raises
        ------
        ValueError
            If there are fewer than two topics.
        """
        frames.checked(self._known, docs)
        tree = hierarchy.tree_of(
            self._known, of_words=use_ctfidf, distance=distance_function, linkage=linkage_function
        )  # fmt: skip
        return hierarchy.hierarchy_frame(self._known, tree)

    @staticmethod
    def get_topic_tree(
        hier_topics: pd.DataFrame, max_distance: float | None = None, *, tight_layout: bool = False
    ) -> str:
        """The hierarchy of :meth:`hierarchical_topics` as text to print.

        Parameters
        ----------
        hier_topics : pandas.DataFrame
            Of :meth:`hierarchical_topics`.
        max_distance : float or None
            Topics that are joined farther apart are not named.
        tight_layout : bool
            Whether steps to the right are narrow.
        """
        farthest = float("inf") if max_distance is None else max_distance
        return hierarchy.topic_tree(hier_topics, max_distance=farthest, width=1 if tight_layout else 4)

    def reduce_topics(
        self,
        docs: Sequence[str],
        nr_topics: int | Literal["auto"] = 20,
        *,
        images: Any = None,
        use_ctfidf: bool = False,
    ) -> BERTopic:
        """The model with near topics merged until so many rows are left; "auto" merges those of one coarser cluster.

        Parameters
        ----------
        docs : sequence of str
            The texts of the fit.
        nr_topics : int or "auto"
            Rows of :meth:`get_topic_info`, noise among them.
        images : None
            Refused.
        use_ctfidf : bool
            As for :meth:`hierarchical_topics`.

        Raises
        ------
        ValueError
            If it is less than 1, or not the fit's texts.
        """
        _no_images(images)
        frames.checked(self._known, docs)
        self._reduce(nr_topics, use_ctfidf=use_ctfidf)
        return self

    def merge_topics(self, docs: Sequence[str], topics_to_merge: Sequence[Any], *, images: Any = None) -> None:
        """Merge topics; a group with -1 becomes noise.

        Parameters
        ----------
        docs : sequence of str
            The texts of the fit.
        topics_to_merge : sequence of int, or of sequences of int
            One group, or several.
        images : None
            Refused.

        Raises
        ------
        ValueError
            If there is no such topic, or one is in two groups.
        """
        _no_images(images)
        frames.checked(self._known, docs)
        one = len(topics_to_merge) > 0 and isinstance(topics_to_merge[0], (int, np.integer))
        self._set(hierarchy.merged(self.run, [topics_to_merge] if one else topics_to_merge))

    def delete_topics(self, topics_to_delete: Sequence[int]) -> None:
        """Make topics noise.

        Parameters
        ----------
        topics_to_delete : sequence of int
            Their numbers.

        Raises
        ------
        ValueError
            If there is no such topic.
        """
        self._set(hierarchy.merged(self.run, [[*topics_to_delete, NOISE]]))

    def reduce_outliers(
        self,
        documents: Sequence[str],
        topics: Sequence[int],
        *,
        images: Any = None,
        strategy: Literal["probabilities", "distributions", "c-tf-idf", "embeddings"] = "distributions",
        probabilities: Any = None,
        threshold: float = 0,
        embeddings: Any = None,
        distributions_params: Mapping[str, Any] | None = None,
    ) -> list[int]:
        """Topics of the texts with noise assigned; :meth:`update_topics` takes them.

        Parameters
        ----------
        documents : sequence of str
            The texts of the fit.
        topics : sequence of int
            As they are.
        images : None
            Refused.
        strategy : {"probabilities", "distributions", "c-tf-idf", "embeddings"}
            The first takes the largest of ``probabilities``; every other asks the votes of layouts and neighbors.
        probabilities : array-like of shape (n_texts, n_topics) or None
            For the first.
        threshold : float in [0, 1]
            Minimum probability or confidence.
        embeddings, distributions_params
            Not honored.

        Raises
        ------
        ValueError
            If there is no such strategy, or probabilities are missing.
        """
        _no_images(images)
        warn_unused("reduce_outliers", {"embeddings": embeddings, "distributions_params": distributions_params})
        frames.checked(self._known, documents)
        if strategy == "probabilities":
            shares = np.asarray(probabilities, dtype=np.float64)
            if shares.ndim != 2 or len(shares) != len(topics):
                raise InputError(
                    f"expected probabilities of every topic for {len(topics):,} texts, got shape {shares.shape}: "
                    "BERTopic(calculate_probabilities=True) gives them"
                )
            sure = (shares.max(axis=1) >= threshold) & (shares.max(axis=1) > 0)
            best = shares.argmax(axis=1).tolist()
            return [best[i] if topic == NOISE and sure[i] else int(topic) for i, topic in enumerate(topics)]
        if strategy not in ("distributions", "c-tf-idf", "embeddings"):
            raise InputError(
                f"expected strategy to be probabilities, distributions, c-tf-idf or embeddings, got {strategy!r}"
            )
        found = changes.noise_assigned(self._known, threshold)
        rows = self._known.rows.tolist()
        return [found.get(rows[i], NOISE) if topic == NOISE else int(topic) for i, topic in enumerate(topics)]

    def update_topics(
        self,
        docs: Sequence[str],
        topics: Sequence[int] | None = None,
        *,
        images: Any = None,
        top_n_words: int | None = None,
        n_gram_range: tuple[int, int] | None = None,
        vectorizer_model: Any = None,
        ctfidf_model: Any = None,
        representation_model: Any = None,
    ) -> None:
        """Put texts into other topics, or describe topics by other words; topics are numbered by size again.

        Parameters
        ----------
        docs : sequence of str
            The texts of the fit.
        topics : sequence of int or None
            One a text, by the numbers there are.
        images : None
            Refused.
        top_n_words, n_gram_range, vectorizer_model, ctfidf_model, representation_model
            As for the class.

        Raises
        ------
        ValueError
            If there is no such topic, or one that takes texts in keeps none of its own.
        """
        _no_images(images)
        frames.checked(self._known, docs)
        if topics is not None:
            if len(topics) != len(docs):
                raise InputError(f"expected a topic for each of {len(docs):,} texts, got {len(topics):,}")
            rows = self._known.rows.tolist()
            targets = {row: int(topic) for row, topic in zip(rows, topics, strict=True) if row >= 0}
            self._set(hierarchy.moved(self.run, targets))
        given = {
            "top_n_words": top_n_words, "n_gram_range": n_gram_range, "vectorizer_model": vectorizer_model,
            "ctfidf_model": ctfidf_model, "representation_model": representation_model,
        }  # fmt: skip
        if any(value is not None for value in given.values()):
            self._given |= {name: value for name, value in given.items() if value is not None}
            run, told = changes.described_anew(self.run, self._given)
            warn_of(tuple(one for one in told.keywords if one.keyword.split(".")[0] in given))
            self._told = told
            self._set(run)

    def set_topic_labels(self, topic_labels: Sequence[str] | Mapping[int, str]) -> None:
        """Name topics; the names are the run's, and are kept where it is saved.

        Parameters
        ----------
        topic_labels : sequence of str, or Mapping of int to str
            One a row of :meth:`get_topic_info`, or those of some topics.

        Raises
        ------
        ValueError
            If there are more or fewer than topics, or there is no such topic.
        """
        every = self._known.topics
        if isinstance(topic_labels, Mapping):
            named = {int(topic): str(label) for topic, label in topic_labels.items() if topic in every}
        elif len(topic_labels) == len(every):
            named = dict(zip(every, map(str, topic_labels), strict=True))
        else:
            raise InputError(f"expected {len(every)} labels, one a topic and noise, got {len(topic_labels)}")
        run = self.run
        for topic, name in named.items():
            if topic == NOISE:
                self._noise_label = name
            else:
                run = run.rename(topic, name)
        self._set(run)

    def generate_topic_labels(
        self,
        nr_words: int = 3,
        topic_prefix: bool = True,
        *,
        word_length: int | None = None,
        separator: str = "_",
        aspect: str | None = None,
    ) -> list[str]:
        """One label a topic, noise first, of its first terms.

        Parameters
        ----------
        nr_words : int
            Terms, at most.
        topic_prefix : bool
            Whether a label begins with the topic's number.
        word_length : int or None
            Letters of a term, at most.
        separator : str
            Between terms.
        aspect : str or None
            Nothing: every aspect has the same terms.
        """
        return [
            separator.join(
                [*([str(topic)] if topic_prefix else []), *(term[:word_length] for term, _ in own[:nr_words])]
            )
            for topic, own in self.topic_representations_.items()
        ]

    def approximate_distribution(
        self,
        documents: str | Sequence[str],
        window: int | None = None,
        *,
        stride: int | None = None,
        min_similarity: float | None = None,
        batch_size: int | None = None,
        padding: bool | None = None,
        use_embedding_model: bool | None = None,
        calculate_tokens: bool = False,
        separator: str | None = None,
    ) -> tuple[NDArray[np.float64], list[NDArray[np.float64]] | None]:
        """Membership of texts in topics, (n_texts, n_topics), and of each word of theirs if asked for.

        Parameters
        ----------
        documents : str or sequence of str
            New or not; those of the fit need no encoder.
        window, stride, min_similarity, batch_size, padding, use_embedding_model, separator
            Not honored: a text has its membership by the prototypes around it, and as a whole.
        calculate_tokens : bool
            Whether the weights of each word, split at spaces, in each topic are given too.

        Raises
        ------
        TopicsError
            If there is no encoder for new texts.
        """
        unused = {
            "window": window, "stride": stride, "min_similarity": min_similarity, "batch_size": batch_size,
            "padding": padding, "use_embedding_model": use_embedding_model, "separator": separator,
        }  # fmt: skip
        warn_unused("approximate_distribution", unused)
        texts = [documents] if isinstance(documents, str) else list(documents)
        if tuple(texts) == self._known.texts:
            shares = self._known.membership
        else:
            shares = changes.dense(self._assigned(texts, None))
        return shares, [changes.token_shares(self._known, text)[1] for text in texts] if calculate_tokens else None

    def visualize_topics(
        self,
        topics: Sequence[int] | None = None,
        top_n_topics: int | None = None,
        *,
        use_ctfidf: bool | None = None,
        custom_labels: bool = False,
        title: str | None = None,
        width: int | None = None,
        height: int | None = None,
    ) -> Figure:
        """The map of the documents of these topics, each a labeled region.

        Parameters
        ----------
        topics : sequence of int or None
            Those that are shown; None shows all.
        top_n_topics : int or None
            The largest of them.
        use_ctfidf : bool or None
            Not honored.
        custom_labels : bool
            Whether topics are called by :attr:`custom_labels_`.
        title : str or None
            Above the figure.
        width, height : int or None
            In pixels.
        """
        warn_unused("visualize_topics", {"use_ctfidf": use_ctfidf})
        look = Look(topics, top_n_topics, self._called(custom_labels), title, width, height)
        return figures.documents_map(self._known, look)

    def visualize_documents(
        self,
        docs: Sequence[str],
        topics: Sequence[int] | None = None,
        *,
        embeddings: Any = None,
        reduced_embeddings: Any = None,
        sample: float | None = None,
        hide_annotations: bool | None = None,
        hide_document_hover: bool | None = None,
        custom_labels: bool = False,
        title: str | None = None,
        width: int | None = None,
        height: int | None = None,
    ) -> Figure:
        """The map of documents.

        Parameters
        ----------
        docs : sequence of str
            The texts of the fit, or their titles.
        topics, custom_labels, title, width, height
            As for :meth:`visualize_topics`.
        embeddings, sample, hide_annotations, hide_document_hover
            Not honored: the run has its map, and labels without room are left out.
        reduced_embeddings : array-like of shape (n_texts, 2) or None
            Where each text is drawn; None takes the run's map.
        """
        unused = {
            "embeddings": embeddings if reduced_embeddings is None else None, "sample": sample,
            "hide_annotations": hide_annotations, "hide_document_hover": hide_document_hover,
        }  # fmt: skip
        warn_unused("visualize_documents", unused)
        frames.checked(self._known, docs)
        look = Look(topics, None, self._called(custom_labels), title, width, height)
        return figures.documents_map(self._known, look, places=reduced_embeddings)

    def visualize_document_datamap(
        self,
        docs: Sequence[str] | None = None,
        topics: Sequence[int] | None = None,
        *,
        embeddings: Any = None,
        reduced_embeddings: Any = None,
        interactive: bool = False,
        title: str | None = None,
        width: int | None = None,
        height: int | None = None,
    ) -> Any:
        """The map by DataMapPlot; see :func:`topics.bridges.to_datamapplot`.

        Parameters
        ----------
        docs, topics, embeddings, reduced_embeddings, title, width, height
            Not honored: it is the run's map.
        interactive : bool
            Whether it is a page and no still figure.

        Raises
        ------
        MissingExtraError
            If DataMapPlot is not installed.
        """
        unused = {
            "topics": topics, "embeddings": embeddings, "reduced_embeddings": reduced_embeddings, "title": title,
            "width": width, "height": height,
        }  # fmt: skip
        warn_unused("visualize_document_datamap", unused)
        return self.run.to_datamapplot(interactive=interactive)

    def visualize_hierarchical_documents(
        self,
        docs: Sequence[str],
        hierarchical_topics: pd.DataFrame | None = None,
        *,
        topics: Sequence[int] | None = None,
        embeddings: Any = None,
        reduced_embeddings: Any = None,
        sample: float | None = None,
        nr_levels: int | None = None,
        custom_labels: bool = False,
        title: str | None = None,
        width: int | None = None,
        height: int | None = None,
    ) -> Figure:
        """Levels from coarse to fine, each topic in the coarser one that has most of it.

        Parameters
        ----------
        docs : sequence of str
            The texts of the fit.
        hierarchical_topics : pandas.DataFrame or None
            Nothing: levels are those that layouts agree on.
        topics, custom_labels, title, width, height
            As for :meth:`visualize_topics`.
        embeddings, reduced_embeddings, sample, nr_levels
            Not honored.
        """
        unused = {
            "embeddings": embeddings, "reduced_embeddings": reduced_embeddings, "sample": sample,
            "nr_levels": nr_levels,
        }  # fmt: skip
        warn_unused("visualize_hierarchical_documents", unused)
        frames.checked(self._known, docs)
        return figures.levels_tree(
            self._known, Look(topics, None, self._called(custom_labels), title, width, height)
        )  # fmt: skip

    def visualize_hierarchy(
        self,
        orientation: str | None = None,
        topics: Sequence[int] | None = None,
        *,
        top_n_topics: int | None = None,
        use_ctfidf: bool | None = None,
        hierarchical_topics: pd.DataFrame | None = None,
        color_threshold: float | None = None,
        custom_labels: bool = False,
        title: str | None = None,
        width: int | None = None,
        height: int | None = None,
    ) -> Figure:
        """Levels from coarse to fine, each topic in the coarser one that has most of it.

        Parameters
        ----------
        orientation, use_ctfidf, color_threshold
            Not honored.
        topics, top_n_topics, custom_labels, title, width, height
            As for :meth:`visualize_topics`.
        hierarchical_topics : pandas.DataFrame or None
            Nothing: levels are those that layouts agree on; :meth:`get_topic_tree` prints the table.
        """
        unused = {"orientation": orientation, "use_ctfidf": use_ctfidf, "color_threshold": color_threshold}
        warn_unused("visualize_hierarchy", unused)
        look = Look(topics, top_n_topics, self._called(custom_labels), title, width, height)
        return figures.levels_tree(self._known, look)

    def visualize_heatmap(
        self,
        topics: Sequence[int] | None = None,
        top_n_topics: int | None = None,
        *,
        n_clusters: int | None = None,
        use_ctfidf: bool | None = None,
        custom_labels: bool = False,
        title: str | None = None,
        width: int | None = None,
        height: int | None = None,
    ) -> Figure:
        """How near topics are to each other, near ones side by side.

        Parameters
        ----------
        topics, top_n_topics, custom_labels, title, width, height
            As for :meth:`visualize_topics`.
        n_clusters, use_ctfidf
            Not honored: the order is that of a hierarchy of mean vectors.
        """
        warn_unused("visualize_heatmap", {"n_clusters": n_clusters, "use_ctfidf": use_ctfidf})
        look = Look(topics, top_n_topics, self._called(custom_labels), title, width, height)
        return figures.topic_similarity(self._known, look)

    def visualize_barchart(
        self,
        topics: Sequence[int] | None = None,
        top_n_topics: int = 8,
        *,
        n_words: int = 5,
        autoscale: bool | None = None,
        custom_labels: bool = False,
        title: str | None = None,
        width: int | None = None,
        height: int | None = None,
    ) -> Figure:
        """Terms of topics and their weights.

        Parameters
        ----------
        topics, custom_labels, title
            As for :meth:`visualize_topics`.
        top_n_topics, n_words : int
            Topics, and terms of each, at most.
        autoscale, width, height
            Not honored: BERTopic's sizes are of a panel.
        """
        warn_unused("visualize_barchart", {"autoscale": autoscale, "width": width, "height": height})
        look = Look(topics, None if topics is not None else top_n_topics, self._called(custom_labels), title)
        return figures.term_bars(self._known, look, n_words=n_words)

    def visualize_term_rank(
        self,
        topics: Sequence[int] | None = None,
        log_scale: bool | None = None,
        *,
        custom_labels: bool = False,
        title: str | None = None,
        width: int | None = None,
        height: int | None = None,
    ) -> Figure:
        """All terms of topics and their weights, the highest first.

        Parameters
        ----------
        topics, custom_labels, title, width, height
            As for :meth:`visualize_topics`.
        log_scale : bool or None
            Not honored.
        """
        warn_unused("visualize_term_rank", {"log_scale": log_scale})
        return figures.term_bars(self._known, Look(topics, None, self._called(custom_labels), title, width, height))

    def visualize_topics_over_time(
        self,
        topics_over_time: pd.DataFrame,
        top_n_topics: int | None = None,
        *,
        topics: Sequence[int] | None = None,
        normalize_frequency: bool | None = None,
        custom_labels: bool = False,
        title: str | None = None,
        width: int | None = None,
        height: int | None = None,
    ) -> Figure:
        """Shares of topics over time with 95 % intervals.

        Parameters
        ----------
        topics_over_time : pandas.DataFrame
            Of :meth:`topics_over_time`.
        topics, top_n_topics, custom_labels, title, width, height
            As for :meth:`visualize_topics`.
        normalize_frequency : bool or None
            Not honored: shares are of all texts of a time.

        Raises
        ------
        ValueError
            If it is another frame.
        """
        warn_unused("visualize_topics_over_time", {"normalize_frequency": normalize_frequency})
        look = Look(topics, top_n_topics, self._called(custom_labels), title, width, height)
        return figures.over_values(self._known, look, counted=topics_over_time, column="Timestamp")

    def visualize_topics_per_class(
        self,
        topics_per_class: pd.DataFrame,
        top_n_topics: int = 10,
        *,
        topics: Sequence[int] | None = None,
        normalize_frequency: bool | None = None,
        custom_labels: bool = False,
        title: str | None = None,
        width: int | None = None,
        height: int | None = None,
    ) -> Figure:
        """Shares of topics by class with 95 % intervals.

        Parameters
        ----------
        topics_per_class : pandas.DataFrame
            Of :meth:`topics_per_class`.
        topics, top_n_topics, custom_labels, title, width, height
            As for :meth:`visualize_topics`.
        normalize_frequency : bool or None
            Not honored: shares are of all texts of a class.

        Raises
        ------
        ValueError
            If it is another frame.
        """
        warn_unused("visualize_topics_per_class", {"normalize_frequency": normalize_frequency})
        look = Look(topics, top_n_topics, self._called(custom_labels), title, width, height)
        return figures.over_values(self._known, look, counted=topics_per_class, column="Class")

    def visualize_distribution(
        self,
        probabilities: Any,
        min_probability: float = 0.015,
        *,
        custom_labels: bool = False,
        title: str | None = None,
        width: int | None = None,
        height: int | None = None,
    ) -> Figure:
        """One document's membership in topics.

        Parameters
        ----------
        probabilities : array-like of shape (n_topics,)
            A row of what :meth:`approximate_distribution` or :meth:`transform` gives.
        min_probability : float
            Topics with less are left out.
        custom_labels, title, width, height
            As for :meth:`visualize_topics`.

        Raises
        ------
        ValueError
            If it is no such row, or none of it is as large.
        """
        look = Look(None, None, self._called(custom_labels), title, width, height)
        return figures.shares_of_one(
            self._known, look, probabilities=probabilities, min_probability=min_probability
        )  # fmt: skip

    def visualize_approximate_distribution(
        self, document: str, topic_token_distribution: Any, *, normalize: bool = False
    ) -> pd.DataFrame:
        """One row a topic, one column a word of the document, with the word's weight in the topic.

        Parameters
        ----------
        document : str
            The text.
        topic_token_distribution : array-like of shape (n_words, n_topics)
            Of :meth:`approximate_distribution` with ``calculate_tokens``.
        normalize : bool
            Whether each word's weights are made to sum to 1.

        Raises
        ------
        ValueError
            If it is of another text.
        """
        import pandas as pd

        words, _ = changes.token_shares(self._known, document)
        shares = np.asarray(topic_token_distribution, dtype=np.float64)
        if shares.shape != (len(words), len(self._known.frame)):
            raise InputError(
                f"expected weights of {len(words)} words in {len(self._known.frame)} topics, got {shares.shape}"
            )
        if normalize:
            shares = shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
        names = [label for topic, label in self.topic_labels_.items() if topic != NOISE]
        frame = pd.DataFrame(shares.T, index=names, columns=words)
        shown: pd.DataFrame = frame.loc[shares.sum(axis=0) > 0]
        return shown

    def save(
        self,
        path: str | Path,
        serialization: str | None = None,
        *,
        save_embedding_model: Any = None,
        save_ctfidf: bool | None = None,
    ) -> None:
        """Write the run to a folder, which :meth:`load` and :meth:`topics.Run.load` read; nothing is pickled.

        Parameters
        ----------
        path : str or Path
            The folder; a run that is there is replaced.
        serialization : str or None
            "safetensors" or None; the others are not honored.
        save_embedding_model, save_ctfidf
            Nothing: the encoder is named in the config, weights are there in any case.

        Raises
        ------
        StoreError
            If the disk refuses, or the folder holds something else.
        """
        warn_unused("save", {"serialization": None if serialization == "safetensors" else serialization})
        folder = Path(path).absolute()
        run = self.run
        if run.path is not None:
            if run.path.absolute() != folder:
                raise InputError(
                    f"expected the folder that the model was loaded from, {str(run.path)!r}, got {str(path)!r}: save "
                    "there, or copy the folder"
                )
            self._set(run.save())
            return
        run.save(folder.parent, name=folder.name, replace=True)

    @classmethod
    def load(cls, path: str | Path, embedding_model: Any = None) -> BERTopic:
        """The model of a run's folder.

        Parameters
        ----------
        path : str or Path
            Of :meth:`save`, or of any run of plain texts.
        embedding_model : object or None
            What the run was made with, where it was an object.

        Raises
        ------
        StoreError
            If the folder holds no finished run.
        """
        run = Run.load(path)
        model = cls()
        model._own_vectors = run.fitted.embeddings.origin.parameters.get("kind") == "given"
        model._given["embedding_model"] = embedding_model
        named = embedding_model is None or isinstance(embedding_model, str)
        encoder = None if named else encoder_from(embedding_model)
        model._told = Translation(run.config, encoder, ())
        model._fitted = Fitted.of(run)
        return model

    def partial_fit(self, documents: Sequence[str], embeddings: Any = None, *, y: Any = None) -> NoReturn:
        """Nothing: refused.

        Parameters
        ----------
        documents, embeddings, y
            As BERTopic has them.

        Raises
        ------
        ValueError
            Always, saying what to do instead.
        """
        raise InputError(
            "topics are not fitted in parts: transform gives new texts their topics; fit all texts anew for new topics"
        )

    @classmethod
    def merge_models(
        cls, models: Sequence[Any], min_similarity: float = 0.7, *, embedding_model: Any = None
    ) -> NoReturn:
        """Nothing: refused.

        Parameters
        ----------
        models, min_similarity, embedding_model
            As BERTopic has them.

        Raises
        ------
        ValueError
            Always, saying what to do instead.
        """
        raise InputError(
            "models are not merged: topics.compare(run, other) says which topics match; fit all texts together"
        )

    def push_to_hf_hub(self, repo_id: str, commit_message: str = "") -> NoReturn:
        """Nothing: refused.

        Parameters
        ----------
        repo_id, commit_message
            As BERTopic has them.

        Raises
        ------
        ValueError
            Always, saying what to do instead.
        """
        raise InputError("nothing is uploaded: save() writes a folder without pickle, which any upload takes")

    @property
    def _known(self) -> Fitted:
        if self._fitted is None:
            raise InputError("expected a fitted model: call fit_transform first, or load one")
        return self._fitted

    @property
    def _aspects(self) -> list[str]:
        models = self._given["representation_model"]
        return [str(name) for name in models if name != "Main"] if isinstance(models, Mapping) else []

    def _config(self) -> RunConfig:
        if not self._more:
            return self._told.config
        sections = self._told.config.model_dump(exclude_unset=True)
        for name, value in self._more.items():
            sections[name] = {**sections.get(name, {}), **value} if isinstance(value, Mapping) else value
        return RunConfig.from_dict(sections)

    def _set(self, run: Run) -> None:
        self._fitted = self._known.with_run(run)

    def _reduce(self, nr_topics: int | str, *, use_ctfidf: bool) -> None:
        if nr_topics == "auto":
            self._set(hierarchy.merged(self.run, hierarchy.coarser_groups(self.run)))
            return
        if not isinstance(nr_topics, int) or nr_topics < 1:
            raise InputError(f'expected nr_topics to be "auto" or a number of at least 1, got {nr_topics!r}')
        topics = [topic for topic in self._known.topics if topic != NOISE]
        n_left = max(1, nr_topics - (NOISE in self._known.topics))
        if len(topics) > n_left:
            tree = hierarchy.tree_of(self._known, of_words=use_ctfidf)
            self._set(hierarchy.merged(self.run, hierarchy.cut_of(tree, topics, n_topics=n_left)))

    def _assigned(self, texts: Sequence[str], embeddings: Any) -> Assigned:
        return changes.assigned(
            self.run, texts, embeddings=embeddings, encoder=self._told.encoder, vectors_by=self._vectors_by()
        )

    def _vectors_by(self) -> Encoder | None:
        """What encodes new texts where the fit was given vectors: the embedding model that was named with them."""
        model = self._given["embedding_model"]
        if not self._own_vectors or model is None:
            return None
        return encoder_named(model) if isinstance(model, str) else encoder_from(model)

    def _names(self) -> dict[int, str]:
        named = self._known.frame[["topic", "name"]].dropna()
        noise = {} if self._noise_label is None else {NOISE: self._noise_label}
        return noise | {int(topic): str(name) for topic, name in named.itertuples(index=False)}

    def _called(self, custom_labels: bool) -> dict[int, str] | None:
        return self._names() if custom_labels else None


_KEYWORDS = (
    "language", "top_n_words", "n_gram_range", "min_topic_size", "nr_topics", "low_memory", "calculate_probabilities",
    "seed_topic_list", "zeroshot_topic_list", "zeroshot_min_similarity", "embedding_model", "umap_model",
    "hdbscan_model", "vectorizer_model", "ctfidf_model", "representation_model", "verbose",
)  # fmt: skip


def _no_images(images: Any) -> None:
    if images is not None:
        raise InputError("expected texts alone, got images: topics of images are not made here")


def _text(text: Any) -> str:
    return text if isinstance(text, str) else ""
