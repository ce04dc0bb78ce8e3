"""One frozen parameter record a stage, and the run's config made of them; TOML in and out.

Every value is checked here, once, before any work: unknown keys are refused with the nearest key named, values out
of range or in contradiction are refused with the key, the value and what was expected.
"""

from __future__ import annotations

import codecs
import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from topics.errors import InputError

Auto = Literal["auto"]
Count = Annotated[int, Field(ge=1, strict=True)]


class ConfigError(InputError):
    """A config that cannot be used; the message names the key, the value and what was expected."""


class _Params(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ArticlesParams(_Params):
    """How files become documents.

    Attributes
    ----------
    id_column, text_column, title_column, date_column : str or None
        Column of the user's table; None looks for the usual names, "" takes none.
    source_column, lang_column, author_column, url_column : str or None
        Likewise.
    encodings : Mapping[str, str]
        Encoding of the files whose name matches a pattern, such as ``{"old/*.csv" = "cp1251"}``; all others are UTF-8.
    clean : {"keep-all", "light", "standard", "strict"}
        How much of the page around an article is taken off: nothing, only what is almost certainly not the article,
        what is more likely not the article, or all but what almost certainly is.
    copies : {"near", "exact"}
        Whether near-copies (wire copies, re-posts) are folded into one document, or equal texts alone.
    min_shared : float in (0, 1]
        Share of the longer text's words that a near-copy has in the same order.
    split_round_ups : bool
        Whether a page that tells several stories becomes several documents.
    fix_mojibake : bool
        Whether wrongly decoded text ("Ð¼Ñ–ÑÑ‚Ð¾") is repaired where that is possible; it is counted in any case.
    max_bad_share : float in [0, 1]
        A file with a greater share of unreadable rows is refused as a whole.
    max_unpacked_gigabytes : float
        Cap on what one gzipped file may unpack to.
    """

    id_column: str | None = None
    text_column: str | None = None
    title_column: str | None = None
    date_column: str | None = None
    source_column: str | None = None
    lang_column: str | None = None
    author_column: str | None = None
    url_column: str | None = None
    encodings: Mapping[str, str] = {}
    clean: Literal["keep-all", "light", "standard", "strict"] = "standard"
    copies: Literal["near", "exact"] = "near"
    min_shared: Annotated[float, Field(gt=0, le=1)] = 0.6
    split_round_ups: bool = True
    fix_mojibake: bool = False
    max_bad_share: Annotated[float, Field(ge=0, le=1)] = 0.5
    max_unpacked_gigabytes: Annotated[float, Field(gt=0)] = 100.0

    @field_validator("encodings")
    @classmethod
    def _encodings_are_known(cls, encodings: Mapping[str, str]) -> Mapping[str, str]:
        known = {}
        for pattern, encoding in encodings.items():
            try:
                known[pattern] = codecs.lookup(encoding).name
            except LookupError:
                raise ValueError(f"unknown encoding {encoding!r} for {pattern!r}") from None
        return known


class EmbedParams(_Params):
    """How documents become vectors.

    Attributes
    ----------
    encoder : {"hybrid", "sentence-transformer", "static", "lsa"}
        "sentence-transformer" reads every text with ``model``; "static" with the table of token vectors that is
        distilled from ``model`` once (hundreds of times as fast); "lsa" needs no weights: TF-IDF, then SVD;
        "hybrid" joins ``semantic`` and "lsa".
    semantic : {"sentence-transformer", "static"}
        The semantic part of the hybrid.
    lexical_weight : float in [0, 1] or "auto"
        Weight of the hybrid's lexical part; "auto" chooses it from the corpus.
    model : str
        A folder with a sentence-transformers model, or a model's name on the hub.
    revision : str or None
        Revision of a hub model; None takes the newest at hand.
    prompt : str or None
        What is put before every text; None takes what the model asks for, "" nothing.
    long_texts : {"pool", "truncate"}
        Texts longer than the model reads are split at sentence ends and the pieces' vectors pooled, or cut off.
    lead_weight : float
        How much more the first piece of a long text, with its title, counts than a later one of the same length.
    max_tokens : int or None
        Longest piece in tokens; None takes the model's own limit.
    batch_tokens : int or "auto"
        Tokens a batch; "auto" takes what suits the device.
    precision : {"auto", "float32", "bfloat16", "float16"}
        What the model computes in; "auto" takes the fastest that the device computes in, checked against float32.
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


class NeighborsParams(_Params):
    """How many nearest neighbours are found, once for all later stages.

    Attributes
    ----------
    n_neighbors : int
        Neighbours of each document, itself included, ≥ 2.
    method : {"auto", "exact", "approximate"}
        "exact" compares every two documents; "approximate" descends among neighbours of neighbours (NN-descent);
        "auto" takes the latter for more than 50,000 documents, where it is quicker even in a fresh process.
    """

    n_neighbors: Annotated[int, Field(ge=2, strict=True)] = 30
    method: Literal["auto", "exact", "approximate"] = "auto"


class LayoutParams(_Params):
    """How neighbours become one layout (UMAP).

    Attributes
    ----------
    n_neighbors : int
        Neighbours that shape the layout, at most ``neighbors.n_neighbors``.
    n_components : int
        Dimensions of the layout, 1 to 100.
    min_dist, spread : float
        UMAP's, ``min_dist <= spread``.
    n_epochs : int or "auto"
        Rounds of optimisation; "auto" takes 100, from 5,000 documents on fewer as they grow more, and 30 at least.
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
    """How neighbours become the layouts that are clustered: as a layout, and how many of them.

    Attributes
    ----------
    n_seeds : int or "auto"
        Layouts, 1 to 50, each from its own seed: the first two of all documents, the others of a random 80 % each.
        What they agree on is kept, and the level is chosen by how well those of 80 % agree. One is quickest: it
        measures no stability, looks for no stories and does not calibrate what is said of noise.
        "auto" takes 12, from 10,000 documents on fewer as they grow more, and 6 at least.
    """

    n_seeds: Annotated[int, Field(ge=1, le=50, strict=True)] | Auto = "auto"


class MapParams(LayoutParams):
    """The layout of the two-dimensional map, for the eye only."""

    n_components: Literal[2] = 2
    min_dist: Annotated[float, Field(ge=0)] = 0.3
    n_epochs: Count | Auto = 200


class ClusterParams(_Params):
    """How the layouts are clustered (HDBSCAN), and which level of detail is taken.

    Attributes
    ----------
    level : {"auto", "finest", "coarsest"}, int or str
        "auto" takes the most stable level; an int the cut with about so many clusters; a name such as "story" the
        level that has it.
    noise : {"assign_confident", "assign", "keep"}
        What becomes of documents in no cluster: given to the topic of their neighbours where that is sure enough,
        always, or never.
    min_confidence : float in [0, 1]
        How likely "assign_confident" wants a label to be right, as calibrated on labelled corpora; of one layout
        alone the share of the neighbours' votes. Three in ten, of many topics, is far above chance.
    min_cluster_size : int or "auto"
        Fewest documents of a cluster, ≥ 2; "auto" scans many sizes for the levels.
    min_samples : int or "auto"
        How conservative the density is, ≥ 1; "auto" takes 5.
    cluster_selection_method : {"auto", "leaf", "eom"}
        HDBSCAN's; "auto" looks for levels among both, and takes "leaf" for a given ``min_cluster_size``.
    cluster_selection_epsilon : float
        HDBSCAN's, ≥ 0; only for a given ``min_cluster_size``.
    allow_single_cluster : bool
        HDBSCAN's; only for a given ``min_cluster_size``.
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
    def _one_way_to_say_it(self) -> Self:
        given = self.min_cluster_size != "auto"
        if given and self.level != "auto":
            raise ValueError(
                f"level {self.level!r} and min_cluster_size {self.min_cluster_size} both say how fine the clusters "
                "are: give one of them"
            )
        for name, neutral in _ONE_CUT_ONLY.items():
            if not given and getattr(self, name) != neutral:
                raise ValueError(
                    f"{name} {getattr(self, name)!r} needs a given min_cluster_size: levels are found without it"
                )
        return self


_ONE_CUT_ONLY = {"cluster_selection_epsilon": 0.0, "allow_single_cluster": False}


class LabelParams(_Params):
    """How clusters are described.

    Attributes
    ----------
    n_terms : int
        Terms of a label.
    weighting : {"class_tfidf", "bm25", "log_odds", "npmi", "centroid"}
        How much a term is of a topic, from counts, or from vectors.
    coherence_weight : float in [0, 1]
        How much it counts beside the weight that a term goes together with those already chosen.
    n_evidence : int
        Evidence documents of a topic, and evidence sentences.
    ngram_range : tuple of int
        Shortest and longest term in words; terms of several are collocations.
    min_df : int
        Fewest documents that hold a term; lowered to what a small corpus allows.
    inflections : {"join", "keep"}
        Whether the inflected forms of a word are one term, shown in its most frequent form.
    stop_words : str, or tuple of str
        "auto" takes the function words of every language with a share of at least 2 % of the documents; "english",
        "en, de" or a list of such names or codes those of these languages; a list of words stands instead of all of
        these, in upper or lower case.
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
    def _words_or_languages(cls, given: Any) -> Any:
        if given is None:
            raise ValueError('expected "auto", a language ("english") or a list of words, got None; write [] for none')
        if isinstance(given, str) and given != "auto":
            from topics.text import named_languages

            named_languages(given)
        return sorted(given) if isinstance(given, (set, frozenset)) else given

    @model_validator(mode="after")
    def _range_ascends(self) -> Self:
        if self.ngram_range[0] > self.ngram_range[1]:
            raise ValueError(f"ngram_range {list(self.ngram_range)} descends; write the shorter length first")
        return self


class EvaluateParams(_Params):
    """What the topics are scored against.

    Attributes
    ----------
    label_column : str or None
        A column of the articles with human labels; None gives the label-free scores only.
    """

    label_column: str | None = None


class RunConfig(_Params):
    """The whole config of a run: one section a stage and one seed.

    Attributes
    ----------
    random_state : int
        Seed of everything random, 0 to 2**32 - 1.
    articles, embed, neighbors, reduce, map, cluster, label, evaluate
        The sections.
    """

    random_state: Annotated[int, Field(ge=0, lt=2**32, strict=True)] = 0
    articles: ArticlesParams = ArticlesParams()
    embed: EmbedParams = EmbedParams()
    neighbors: NeighborsParams = NeighborsParams()
    reduce: ReduceParams = ReduceParams()
    map: MapParams = MapParams()
    cluster: ClusterParams = ClusterParams()
    label: LabelParams = LabelParams()
    evaluate: EvaluateParams = EvaluateParams()

    @model_validator(mode="after")
    def _neighbours_suffice(self) -> Self:
        for name in ("reduce", "map"):
            wanted = getattr(self, name).n_neighbors
            if wanted > self.neighbors.n_neighbors:
                raise ValueError(
                    f"{name}.n_neighbors {wanted} is greater than neighbors.n_neighbors "
                    f"{self.neighbors.n_neighbors}: raise the latter or lower the former"
                )
        return self

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> RunConfig:
        """Config from nested mappings, one a section.

        Raises
        ------
        ConfigError
            For an unknown key, a value out of range, or values in contradiction.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise ConfigError("\n".join(_say(e) for e in error.errors(include_url=False))) from None

    @classmethod
    def from_toml(cls, path: str | Path | None = None, overrides: Iterable[str] = ()) -> RunConfig:
        """Config from a TOML file and ``section.key=value`` overrides, the later ones winning.

        Parameters
        ----------
        path : str, Path or None
            None starts from the defaults.
        overrides : iterable of str
            Values are written as in TOML; a bare word is taken as a string.

        Raises
        ------
        ConfigError
            Also for a file that cannot be read or is not TOML.

        Examples
        --------
        >>> RunConfig.from_toml(overrides=["cluster.min_samples=10"]).cluster.min_samples
        10
        """
        values: dict[str, Any] = {}
        if path is not None:
            try:
                values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
            except OSError as error:
                raise ConfigError(f"cannot read the config {str(path)!r}: {error.strerror}") from None
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise ConfigError(f"{str(path)!r} is not TOML: {error}") from None
        for override in overrides:
            key, equals, text = override.partition("=")
            if not equals or not key.strip():
                raise ConfigError(f"expected KEY=VALUE such as cluster.min_samples=10, got {override!r}")
            _set(values, key.strip(), _toml_value(text.strip()))
        return cls.from_dict(values)

    def to_toml(self) -> str:
        """TOML text of every value; keys without a value (None) are left out."""
        import tomli_w

        return tomli_w.dumps(self.model_dump(mode="json", exclude_none=True))


def _set(values: dict[str, Any], dotted: str, value: Any) -> None:
    *sections, key = dotted.split(".")
    for section in sections:
        values = values.setdefault(section, {})
        if not isinstance(values, dict):
            raise ConfigError(f"{dotted}: {section!r} is a value, not a section")
    values[key] = value


def _toml_value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _say(error: Any) -> str:
    """One sentence for one of pydantic's errors."""
    at = ".".join(
        str(part) for part in error["loc"] if not str(part).startswith(("literal[", "constrained-", "tuple["))
    )
    at = ".".join(part for part in at.split(".") if part not in ("int", "str", "float"))
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(at, _keys(), n=1, cutoff=0.5) or difflib.get_close_matches(
            at.rpartition(".")[2], [key.rpartition(".")[2] for key in _keys()], n=1, cutoff=0.5
        )
        hint = f"; did you mean {_full(near[0])!r}?" if near else f"; the keys are {', '.join(_keys())}"
        return f"unknown key {at!r}{hint}"
    message = error["msg"].removeprefix("Value error, ")
    return (
        f"{at}: {message}, got {error['input']!r}"
        if at and error["type"] != "value_error"
        else (f"{at}: {message}" if at else message)
    )


def _keys() -> list[str]:
    keys = []
    for name, info in RunConfig.model_fields.items():
        section = info.annotation
        if isinstance(section, type) and issubclass(section, _Params):
            keys += [name, *(f"{name}.{key}" for key in section.model_fields)]
        else:
            keys.append(name)
    return keys


def _full(key: str) -> str:
    """The first dotted key that ends in ``key``."""
    return next(k for k in _keys() if k == key or k.endswith(f".{key}"))
