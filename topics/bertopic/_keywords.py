"""BERTopic's keywords → a run's config, and what is said of each."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from topics.bertopic._encoder import encoder_from
from topics.config import RunConfig
from topics.embed import Encoder

_MULTILINGUAL = "paraphrase-multilingual-MiniLM-L12-v2"  # BERTopic's for every language but English
_ENCODERS = ("hybrid", "static", "lsa")
_UMAP = {"n_neighbors": "reduce.n_neighbors", "n_components": "reduce.n_components", "n_epochs": "reduce.n_epochs"}
# What has no counterpart, with the value that changes nothing.
_UMAP_FIXED = {"metric": "cosine", "min_dist": 0.0, "spread": 1.0, "densmap": False, "target_metric": "categorical"}
_HDBSCAN = {
    "min_cluster_size": "cluster.min_cluster_size", "min_samples": "cluster.min_samples",
    "cluster_selection_method": "cluster.cluster_selection_method",
    "cluster_selection_epsilon": "cluster.cluster_selection_epsilon",
    "allow_single_cluster": "cluster.allow_single_cluster",
}  # fmt: skip
_HDBSCAN_FIXED = {"metric": "euclidean", "alpha": 1.0, "max_cluster_size": (0, None)}
_COUNTS_FIXED = {"max_df": 1.0, "max_features": None, "vocabulary": None, "tokenizer": None, "preprocessor": None,
                 "analyzer": "word", "binary": False}  # fmt: skip


@dataclass(frozen=True)
class Keyword:
    """What became of one of BERTopic's keywords.

    Attributes
    ----------
    keyword : str
        Its name, with that of a model's own parameter after a dot.
    value : str
        What was given.
    became : str
        The setting that it is here; empty where it is none.
    honored : bool
        Whether the result is as asked for.
    why : str
        Why not, or what is to be known.
    """

    keyword: str
    value: str
    became: str
    honored: bool = True
    why: str = ""


@dataclass(frozen=True)
class Translation:
    """BERTopic's keywords as settings of this toolkit.

    Attributes
    ----------
    config : RunConfig
        Every stage's parameters.
    encoder : Encoder or None
        What encodes texts, if it is an object.
    keywords : tuple of Keyword
        What became of each.
    """

    config: RunConfig
    encoder: Encoder | None
    keywords: tuple[Keyword, ...]


@dataclass(frozen=True)
class _Told:
    """Sections of a config that fill up, and what is said of each keyword."""

    sections: dict[str, dict[str, Any]] = field(default_factory=dict)
    said: list[Keyword] = field(default_factory=list)

    def take(self, keyword: str, value: Any, *, to: str, as_: Any = None, why: str = "") -> None:
        section, name = to.split(".")
        setting = value if as_ is None else as_
        self.sections.setdefault(section, {})[name] = setting
        self.said.append(Keyword(keyword, _short(value), f"{to} = {setting!r}", why=why))

    def say(self, keyword: str, value: Any, why: str, *, honored: bool = True) -> None:
        self.said.append(Keyword(keyword, _short(value), "", honored, why))

    def own(
        self, keyword: str, given: Mapping[str, Any], *, taken: Mapping[str, str], fixed: Mapping[str, Any]
    ) -> None:
        """The parameters of a model that somebody made."""
        for name, to in taken.items():
            if given.get(name) not in (None, False):
                value = given[name]
                self.take(f"{keyword}.{name}", value, to=to, as_=value.item() if hasattr(value, "item") else value)
        for name, neutral in fixed.items():
            allowed = neutral if isinstance(neutral, tuple) else (neutral,)
            if name in given and given[name] not in allowed:
                self.say(f"{keyword}.{name}", given[name], f"always {allowed[0]!r} here", honored=False)


def translate(given: Mapping[str, Any]) -> Translation:
    """The config, the encoder, and what became of every keyword of BERTopic's constructor.

    Parameters
    ----------
    given : Mapping of str to Any
        Each keyword with its value; None where it was left out.

    Raises
    ------
    ConfigError
        If a value is out of range.
    ValueError
        If an embedding model cannot encode texts.
    """
    told = _Told()
    encoder = _embedding(told, given["embedding_model"], given["language"])
    _layout(told, given["umap_model"])
    _clusters(told, given["hdbscan_model"], min_topic_size=given["min_topic_size"], nr_topics=given["nr_topics"])
    if given["top_n_words"] is not None:
        told.take("top_n_words", given["top_n_words"], to="label.n_terms", why="at most; a topic may have fewer")
    _terms(told, given["vectorizer_model"], given["n_gram_range"])
    _weights(told, given["ctfidf_model"])
    if given["representation_model"] is not None:
        told.say(
            "representation_model", given["representation_model"],
            "terms are chosen to cohere and not to repeat each other already; aspects show them under their names. For "
            "names by a language model: topics.runs.name_by_model", honored=False,
        )  # fmt: skip
    if given["seed_topic_list"] is not None:
        told.say(
            "seed_topic_list", given["seed_topic_list"],
            "a fit is not guided by words; find_topics says which topics seeds are in, merge_topics joins them",
            honored=False,
        )  # fmt: skip
    if given["zeroshot_topic_list"] is not None:
        told.say(
            "zeroshot_topic_list", given["zeroshot_topic_list"],
            "documents are not assigned to names; find_topics says which topic a name is like, set_topic_labels "
            "gives it", honored=False,
        )  # fmt: skip
    if given["zeroshot_min_similarity"] is not None:
        told.say("zeroshot_min_similarity", given["zeroshot_min_similarity"], "as zeroshot_topic_list", honored=False)
    told.say("low_memory", given["low_memory"], "memory is bounded in any case")
    told.say("calculate_probabilities", given["calculate_probabilities"], "memberships are there in any case")
    told.say("verbose", given["verbose"], "shows progress bars where standard error is a terminal")
    told.sections.setdefault("articles", {})["split_round_ups"] = False  # a text in, a topic out
    return Translation(RunConfig.from_dict(told.sections), encoder, tuple(told.said))


def warn_of(keywords: tuple[Keyword, ...]) -> None:
    """One warning that lists keywords which are not honored, if there are any.

    Parameters
    ----------
    keywords : tuple of Keyword
        What became of each.
    """
    unmet = [f"{one.keyword}={one.value} ({one.why})" for one in keywords if not one.honored]
    if unmet:
        warnings.warn(f"not honored: {'; '.join(unmet)}; see keywords()", UserWarning, stacklevel=4)


def warn_unused(method: str, given: Mapping[str, Any]) -> None:
    """One warning that lists parameters of a method which change nothing here, if any was given.

    Parameters
    ----------
    method : str
        Of BERTopic.
    given : Mapping of str to Any
        Each such parameter; None where it was left out.
    """
    unmet = [f"{name}={_short(value)}" for name, value in given.items() if value is not None]
    if unmet:
        warnings.warn(
            f"{method}: not honored: {', '.join(unmet)}; docs/coming-from-bertopic.md says what is done instead",
            UserWarning, stacklevel=4,
        )  # fmt: skip


def _embedding(told: _Told, model: Any, language: str | None) -> Encoder | None:
    if isinstance(model, str):
        if model in _ENCODERS:
            told.take("embedding_model", model, to="embed.encoder")
        else:
            told.take("embedding_model", model, to="embed.model", why="joined with the corpus's own words (hybrid)")
        return None
    if model is not None:
        told.say("embedding_model", model, "encodes the texts")
        return encoder_from(model)
    if language is not None and language.lower() not in ("english", "en"):
        told.take("language", language, to="embed.model", as_=_MULTILINGUAL)
    elif language is not None:
        told.say("language", language, "the model is all-MiniLM-L6-v2, joined with the corpus's own words (hybrid)")
    return None


def _layout(told: _Told, model: Any) -> None:
    if model is None:
        return
    if type(model).__name__ != "UMAP":
        told.say("umap_model", model, "layouts are UMAP's here; its settings are taken from a UMAP", honored=False)
        return
    given = model.get_params()
    told.own("umap_model", given, taken=_UMAP, fixed=_UMAP_FIXED)
    neighbors = told.sections.get("reduce", {}).get("n_neighbors", 15)
    told.sections["neighbors"] = {"n_neighbors": max(30, neighbors)}  # the vote needs 30, even if fewer shape a layout
    told.sections["map"] = {"n_neighbors": neighbors}
    if given.get("random_state") is not None:
        told.sections["random_state"] = given["random_state"]
        told.said.append(
            Keyword("umap_model.random_state", _short(given["random_state"]), f"random_state = {given['random_state']}")
        )


def _clusters(told: _Told, model: Any, *, min_topic_size: int | None, nr_topics: int | str | None) -> None:
    name = type(model).__name__
    if model is not None and name == "HDBSCAN":
        given = model.get_params()
        told.own("hdbscan_model", given, taken=_HDBSCAN, fixed=_HDBSCAN_FIXED)
        if min_topic_size is not None:
            told.say("min_topic_size", min_topic_size, "hdbscan_model's min_cluster_size counts, as in BERTopic")
    elif model is not None and isinstance(getattr(model, "n_clusters", None), int):
        told.take(
            "hdbscan_model.n_clusters", model.n_clusters, to="cluster.level",
            why=f"the cut with about that many topics, by HDBSCAN, not {name}, and noise assigned",
        )  # fmt: skip
        told.sections["cluster"]["noise"] = "assign"
    elif model is not None:
        told.say("hdbscan_model", model, "clusters are HDBSCAN's here", honored=False)
    if model is None and min_topic_size is not None:
        told.take("min_topic_size", min_topic_size, to="cluster.min_cluster_size")
        told.sections["cluster"]["cluster_selection_method"] = "eom"
    if nr_topics == "auto":
        told.say("nr_topics", nr_topics, "the level is the one on which layouts agree best")
    elif nr_topics is not None:
        told.say("nr_topics", nr_topics, "near topics are merged after the fit, as by reduce_topics")
        if "cluster" not in told.sections and isinstance(nr_topics, int) and nr_topics > 2:
            told.take("nr_topics", nr_topics, to="cluster.level", why="the cut with about that many topics first")


def _terms(told: _Told, model: Any, n_gram_range: tuple[int, int] | None) -> None:
    if n_gram_range is not None and model is None:
        told.take("n_gram_range", tuple(n_gram_range), to="label.ngram_range", why="several words: collocations alone")
    if model is None:
        return
    given = model.get_params() if hasattr(model, "get_params") else {}
    if "ngram_range" not in given:
        told.say("vectorizer_model", model, "terms are counted here; settings are a CountVectorizer's", honored=False)
        return
    told.take("vectorizer_model.ngram_range", tuple(given["ngram_range"]), to="label.ngram_range")
    if given.get("stop_words") is not None:
        words = given["stop_words"] if isinstance(given["stop_words"], str) else tuple(sorted(given["stop_words"]))
        told.take("vectorizer_model.stop_words", words, to="label.stop_words")
    if isinstance(given.get("min_df"), int) and given["min_df"] > 1:
        told.take("vectorizer_model.min_df", given["min_df"], to="label.min_df", why="counted in documents, not topics")
    elif isinstance(given.get("min_df"), float):
        told.say("vectorizer_model.min_df", given["min_df"], "a share is not taken, a number is", honored=False)
    told.own("vectorizer_model", given, taken={}, fixed=_COUNTS_FIXED)
    if given.get("lowercase") is False:
        told.say("vectorizer_model.lowercase", False, "spellings of a word are one term", honored=False)
    if given.get("token_pattern") not in (None, r"(?u)\b\w\w+\b"):
        told.say("vectorizer_model.token_pattern", given["token_pattern"], "words are Unicode's", honored=False)


def _weights(told: _Told, model: Any) -> None:
    if model is None:
        return
    if getattr(model, "bm25_weighting", False):
        told.take("ctfidf_model.bm25_weighting", True, to="label.weighting", as_="bm25")
    else:
        told.say("ctfidf_model", model, "the same weighting (class_tfidf)")
    for name in ("reduce_frequent_words", "seed_words"):
        if getattr(model, name, None):
            told.say(f"ctfidf_model.{name}", getattr(model, name), "stop words go by language here", honored=False)


def _short(value: Any) -> str:
    shown = " ".join(repr(value).split())
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
