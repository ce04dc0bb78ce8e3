"""Parameters of the stages from the embeddings to the scores, one frozen record per stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from topics.config._base import Auto, Count, Params


class EmbedParams(Params):
    """How documents become vectors.

    Attributes
    ----------
    encoder : {"hybrid", "sentence-transformer", "static", "lsa"}
        "sentence-transformer" encodes every text with ``model``. "static" uses a table of token vectors distilled once
        from ``model`` (hundreds of times as fast). "lsa" needs no model: TF-IDF, then SVD. "hybrid" joins ``semantic``
        and "lsa".
    semantic : {"sentence-transformer", "static"}
        The semantic part of the hybrid.
    lexical_weight : float in [0, 1] or "auto"
        Weight of the hybrid's lexical part; "auto" chooses it from the corpus.
    model : str
        A folder with a sentence-transformers model, or a model's name on the hub.
    revision : str or None
        Revision of a hub model; None uses the newest one that is available locally.
    prompt : str or None
        Prompt before every text; None uses the model's own, "" none.
    long_texts : {"pool", "truncate"}
        Texts longer than the model reads are split at sentence ends and the pieces' vectors pooled, or truncated.
    lead_weight : float
        Weight of the first piece of a long text, with its title, relative to a later piece of the same length.
    max_tokens : int or None
        Maximum number of tokens of a piece; None uses the model's own limit.
    batch_tokens : int or "auto"
        Tokens per batch; "auto" chooses a number that suits the device.
    precision : {"auto", "float32", "bfloat16", "float16"}
        Number format of the model; "auto" uses the fastest on the device that passes a check against float32.
    device : str
        A torch device, or "auto".
    lexical_components : int
        Dimensions of the lexical part.
    """

    encoder: Literal["hybrid", "sentence-transformer", "static", "lsa"] = "hybrid"
    semantic: Literal["sentence-transformer", "static"] = "sentence-transformer"
    lexical_weight: Annotated[float, Field(ge=0, le=1)] | Auto = "auto"
    model: Annotated[str, Field(min_length=1)] = "all-MiniLM-L6-v2"
    revision: str | None = None
    prompt: str | None = None
    long_texts: Literal["pool", "truncate"] = "pool"
    lead_weight: Annotated[float, Field(gt=0)] = 1.0
    max_tokens: Annotated[int, Field(ge=8, strict=True)] | None = None
    batch_tokens: Annotated[int, Field(ge=16, strict=True)] | Auto = "auto"
    precision: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    device: str = "auto"
    lexical_components: Count = 100


class NeighborsParams(Params):
    """How the nearest neighbors are found, once for all later stages.

    Attributes
    ----------
    n_neighbors : int
        Number of neighbors of each document, itself included, ≥ 2.
    method : {"auto", "exact", "approximate"}
        "exact" compares all pairs of documents; "approximate" searches among neighbors of neighbors (NN-descent).
        "auto" is approximate for more than 50,000 documents, where that is faster even in a fresh process.
    """

    n_neighbors: Annotated[int, Field(ge=2, strict=True)] = 30
    method: Literal["auto", "exact", "approximate"] = "auto"


class LayoutParams(Params):
    """How neighbors become one layout (UMAP).

    Attributes
    ----------
    n_neighbors : int
        Number of neighbors that shape the layout, at most ``neighbors.n_neighbors``.
    n_components : int
        Dimensions of the layout, 1 to 100.
    min_dist, spread : float
        As in UMAP, ``min_dist <= spread``.
    n_epochs : int or "auto"
        Epochs of the optimization; "auto" is 100, fewer with more than 5,000 documents, at least 30.
    """

    n_neighbors: Annotated[int, Field(ge=2, strict=True)] = 15
    n_components: Annotated[int, Field(ge=1, le=100, strict=True)] = 5
    min_dist: Annotated[float, Field(ge=0)] = 0.0
    spread: Annotated[float, Field(gt=0)] = 1.0
    n_epochs: Count | Auto = "auto"

    @model_validator(mode="after")
    def _min_dist_within_spread(self) -> Self:
        if self.min_dist > self.spread:
            raise ValueError(f"min_dist {self.min_dist} is greater than spread {self.spread}")
        return self


class ReduceParams(LayoutParams):
    """How neighbors become the layouts that are clustered, and how many layouts there are.

    Attributes
    ----------
    n_layouts : int or "auto"
        Number of layouts, 1 to 50, each with its own seed: the first two of all documents, the others of a random 80 %
        each. Topics are what the layouts agree on, and the level is chosen by the agreement of those of 80 %. A single
        layout is fastest but has no stability, no stories and no calibrated confidences. "auto" is 12, fewer with more
        than 10,000 documents, at least 6.
    """

    renamed_keys: ClassVar[Mapping[str, str]] = {"n_seeds": "n_layouts"}

    n_layouts: Annotated[int, Field(ge=1, le=50, strict=True)] | Auto = "auto"


class MapParams(LayoutParams):
    """The layout of the two-dimensional map, which is only drawn."""

    n_components: Literal[2] = 2
    min_dist: Annotated[float, Field(ge=0)] = 0.3
    n_epochs: Count | Auto = 200


class ClusterParams(Params):
    """How the layouts are clustered (HDBSCAN), and which level of detail is chosen.

    Attributes
    ----------
    level : {"auto", "finest", "coarsest"}, int or str
        "auto" chooses the most stable level; an int the cut with about that many clusters; a name such as "story" the
        level of that name.
    noise : {"assign_confident", "assign", "keep"}
        Whether documents in no cluster are assigned to the topic of their neighbors: if the confidence suffices,
        always, or never.
    min_confidence : float in [0, 1]
        Minimum confidence for "assign_confident": the chance that a label is right, calibrated on labeled corpora; with
        a single layout the share of the neighbors' votes. A chance of .3 among many topics is far above random.
    min_cluster_size : int or "auto"
        Minimum number of documents of a cluster, ≥ 2; "auto" scans many sizes for the levels.
    min_samples : int or "auto"
        As in HDBSCAN: how conservative the density estimate is, ≥ 1; "auto" is 5.
    cluster_selection_method : {"auto", "leaf", "eom"}
        As in HDBSCAN; "auto" looks for levels with both, and uses "leaf" if ``min_cluster_size`` is a number.
    cluster_selection_epsilon : float
        As in HDBSCAN, ≥ 0; only with a number as ``min_cluster_size``.
    allow_single_cluster : bool
        As in HDBSCAN; only with a number as ``min_cluster_size``.
    """

    level: Annotated[int, Field(ge=2, strict=True)] | str = "auto"
    noise: Literal["assign_confident", "assign", "keep"] = "assign_confident"
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.3
    min_cluster_size: Annotated[int, Field(ge=2, strict=True)] | Auto = "auto"
    min_samples: Annotated[int, Field(ge=1, strict=True)] | Auto = "auto"
    cluster_selection_method: Literal["auto", "leaf", "eom"] = "auto"
    cluster_selection_epsilon: Annotated[float, Field(ge=0)] = 0.0
    allow_single_cluster: bool = False

    @model_validator(mode="after")
    def _granularity_is_set_once(self) -> Self:
        has_size = self.min_cluster_size != "auto"
        if has_size and self.level != "auto":
            raise ValueError(
                f"level {self.level!r} and min_cluster_size {self.min_cluster_size} both decide how fine the clusters "
                "are: set only one of them"
            )
        for name, neutral in _ONE_CUT_ONLY.items():
            if not has_size and getattr(self, name) != neutral:
                raise ValueError(
                    f"{name} {getattr(self, name)!r} needs a number as min_cluster_size: levels are found without it"
                )
        return self


_ONE_CUT_ONLY = {"cluster_selection_epsilon": 0.0, "allow_single_cluster": False}


class LabelParams(Params):
    """How clusters are described.

    Attributes
    ----------
    n_terms : int
        Number of terms per topic.
    weighting : {"class_tfidf", "bm25", "log_odds", "npmi", "centroid"}
        Weight of a term in a topic, from counts or ("centroid") from vectors.
    coherence_weight : float in [0, 1]
        Weight of a term's coherence with the terms already chosen, relative to its weight in the topic.
    n_evidence : int
        Number of evidence documents and of evidence sentences per topic.
    ngram_range : tuple of int
        Shortest and longest term in words; terms of several words are collocations.
    min_df : int
        Minimum number of documents with a term; lowered for a small corpus.
    inflections : {"join", "keep"}
        Whether the inflected forms of a word are one term, shown as its most frequent form.
    stop_words : str, or tuple of str
        "auto" uses the stop words of every language with at least 2 % of the documents; "english", "en, de" or a list
        of such names or codes uses those of these languages; a list of words, in upper or lower case, replaces them.
    """

    n_terms: Count = 10
    weighting: Literal["class_tfidf", "bm25", "log_odds", "npmi", "centroid"] = "class_tfidf"
    coherence_weight: Annotated[float, Field(ge=0, le=1)] = 0.75
    n_evidence: Count = 3
    ngram_range: tuple[Count, Count] = (1, 3)
    min_df: Count = 3
    inflections: Literal["join", "keep"] = "join"
    stop_words: str | tuple[str, ...] = "auto"

    @field_validator("stop_words", mode="before")
    @classmethod
    def _words_or_languages(cls, value: Any) -> Any:
        if value is None:
            raise ValueError('expected "auto", a language ("english") or a list of words, got None; write [] for none')
        if isinstance(value, str) and value != "auto":
            from topics.text import named_languages

            named_languages(value)
        return sorted(value) if isinstance(value, (set, frozenset)) else value

    @model_validator(mode="after")
    def _range_ascends(self) -> Self:
        if self.ngram_range[0] > self.ngram_range[1]:
            raise ValueError(f"ngram_range {list(self.ngram_range)} descends; write the shorter length first")
        return self


class EvaluateParams(Params):
    """How the topics are scored.

    Attributes
    ----------
    label_column : str or None
        A column of the articles with human labels; None gives only the scores without labels.
    """

    label_column: str | None = None
