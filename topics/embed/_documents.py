"""Corpus → Embeddings: documents encoded in shards, and the parts of a hybrid joined."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from topics._say import count, percent, verb
from topics.embed._lexical_weight import LexicalWeight, choose_weight, join_parts
from topics.embed._model_languages import unknown_languages_note
from topics.embed._protocol import Encoded, Encoder
from topics.embed._vectors import STAGE, VERSION, quote_unusable, unit
from topics.errors import InputError
from topics.graph import Parts, stage
from topics.records import Corpus, Embeddings, Origin, fingerprint, library_versions

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MIN_SEEN = 0.995  # not tuned: a share that rounds to less than all; a token of difference is no truncation


@dataclass(frozen=True)
class Hybrid:
    """A semantic and a lexical encoder with vectors that are joined.

    Attributes
    ----------
    semantic, lexical : Encoder
        Encoders of the two parts.
    weight : float in [0, 1] or "auto"
        Weight of the lexical part; "auto" chooses it from the corpus.
    n_components : int
        Dimensions of the lexical part while the weight is chosen.
    """

    semantic: Encoder
    lexical: Encoder
    weight: float | Literal["auto"] = "auto"
    n_components: int = 100

    def __post_init__(self) -> None:
        if self.weight != "auto" and not 0 <= self.weight <= 1:
            raise InputError(f"expected a lexical weight in [0, 1] or 'auto', got {self.weight!r}")

    shard_rows = None

    @property
    def identity(self) -> Mapping[str, Any]:
        """The identities of the parts, and how they are joined."""
        return {
            "kind": "hybrid",
            "lexical_weight": self.weight,
            "n_components": self.n_components,
            "semantic": dict(self.semantic.identity),
            "lexical": dict(self.lexical.identity),
        }

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Vectors of the texts, in their order; the lexical weight is chosen from these texts."""
        semantic, lexical = self.semantic.encode(texts), self.lexical.encode(texts)
        of_meaning, of_words = (
            unit(part.vectors, n_docs=len(texts), what="the encoder's vectors") for part in (semantic, lexical)
        )
        weight, _, _ = _weight(self.weight, of_meaning, texts=texts, n_components=self.n_components)
        vectors = _joined(of_meaning, of_words, weight=weight, seen=lexical.seen)
        return Encoded(vectors, semantic.seen, (*semantic.notes, *lexical.notes))


@dataclass(frozen=True)
class Shard:
    """Texts that are embedded and stored together.

    Attributes
    ----------
    rows : numpy.ndarray of int
        Documents with these texts.
    places : numpy.ndarray of int, shape of ``rows``
        Place among the texts of each document's text.
    origin : Origin
        Origin of the vectors. It depends on these texts alone, so that vectors made before a run was stopped, or for a
        corpus with other ids, dates or labels, are reused.
    make : callable
        Returns the vectors, one row per text.
    """

    rows: NDArray[np.int64]
    places: NDArray[np.int64]
    origin: Origin
    make: Callable[[], Embeddings]


def embed(corpus: Corpus, encoder: Encoder) -> Embeddings:
    """One unit vector per document, from its title and text; for a hybrid the joined parts.

    Parameters
    ----------
    corpus : Corpus
        The documents, or a planned node of them.
    encoder : Encoder
        Encoder of the texts.

    Raises
    ------
    ValueError
        If the encoder returns the wrong number of rows, or rows that are zero or not finite.
    """
    if not isinstance(encoder, Hybrid):
        return encode_documents(corpus, encoder=encoder)
    semantic = encode_documents(corpus, encoder=encoder.semantic)
    lexical = encode_documents(corpus, encoder=encoder.lexical)
    weight = weigh(corpus, semantic, lexical_weight=encoder.weight, n_components=encoder.n_components)
    return combine(semantic, lexical, weight=weight)


def _encoder_of(arguments: Mapping[str, Any]) -> dict[str, Any]:
    encoder: Encoder = arguments["encoder"]
    return {**encoder.identity, "shard_rows": encoder.shard_rows}


@stage(
    STAGE, Embeddings, version=VERSION, reads=_encoder_of, libraries=("numpy",), stored=False, threads="alone",
    determinism="kernel",
    parts=lambda arguments: [shard.origin for shard in shards(arguments["corpus"], arguments["encoder"])],
)  # fmt: skip
def encode_documents(origin: Origin, corpus: Corpus, *, encoder: Encoder, parts: Parts | None = None) -> Embeddings:
    """One unit vector per document, encoded shard by shard; only the shards are stored.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    encoder : Encoder
        Encoder of the texts.
    parts : Parts or None
        Where shards are stored; None stores none.

    Raises
    ------
    ValueError
        If the encoder returns the wrong number of rows, or rows that are zero or not finite.
    """
    from tqdm import tqdm

    kept = parts or Parts()
    shown = kept.progress and encoder.shard_rows is not None
    vectors = np.empty((0, 0), dtype=np.float32)
    seen = np.empty(corpus.n_docs, dtype=np.float32)
    notes: dict[str, None] = {}
    with tqdm(total=corpus.n_docs, desc="embed", unit=" docs", leave=False, disable=None if shown else True) as bar:
        for shard in shards(corpus, encoder):
            part = kept.get_or_make(Embeddings, shard.origin, make=shard.make)
            if not vectors.size:
                vectors = np.empty((corpus.n_docs, part.vectors.shape[1]), dtype=np.float32)
            if part.vectors.shape[1] != vectors.shape[1]:
                raise InputError(
                    f"the encoder's vectors: expected {vectors.shape[1]} dimensions as before, got "
                    f"{part.vectors.shape[1]}"
                )
            vectors[shard.rows], seen[shard.rows] = part.vectors[shard.places], part.seen[shard.places]
            notes |= dict.fromkeys(part.origin.notes)
            bar.update(len(shard.rows))
    known_languages = getattr(encoder, "languages", None)
    unknown = unknown_languages_note(
        corpus.languages, known_languages, n_docs=corpus.n_docs, model=str(getattr(encoder, "model_name", ""))
    )
    everything = (*sorted(notes), *_truncation_note(seen), *((unknown,) if unknown else ()))
    vectors.setflags(write=False)  # handed over, not copied
    return Embeddings(corpus.corpus_key, vectors, seen, replace(origin, notes=everything))


def shards(corpus: Corpus, encoder: Encoder) -> list[Shard]:
    """The texts of a corpus in shards: texts of similar length together, equal texts once.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    encoder : Encoder
        Its ``shard_rows`` and ``identity`` are used.
    """
    texts = corpus.full_texts()
    if encoder.shard_rows is None:
        everything = np.arange(len(texts))
        return [_shard(texts, encoder, rows=everything, places=everything)]
    different = sorted(set(texts), key=lambda text: (-len(text), text))
    place = {text: i for i, text in enumerate(different)}
    places = np.array([place[text] for text in texts], dtype=np.int64)
    by_place = np.argsort(places, kind="stable")
    planned = []
    for start in range(0, len(different), encoder.shard_rows):
        stop = min(start + encoder.shard_rows, len(different))
        first, last = np.searchsorted(places, [start, stop], sorter=by_place)
        rows = by_place[first:last]
        planned.append(_shard(different[start:stop], encoder, rows=rows, places=places[rows] - start))
    # The longest first, so that the memory needed is known at once; the others not by length, so that the remaining
    # time can be estimated from the elapsed time.
    return [*planned[:1], *sorted(planned[1:], key=lambda shard: shard.origin.key)]


@stage(
    "weight", LexicalWeight, version=VERSION, libraries=("numpy", "scipy", "scikit-learn"), determinism="kernel"
)  # fmt: skip
def weigh(
    origin: Origin,
    corpus: Corpus,
    semantic: Embeddings,
    *,
    lexical_weight: float | Literal["auto"],
    n_components: int,
) -> LexicalWeight:
    """The weight of a hybrid's lexical part, set or chosen.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    semantic : Embeddings
        Embeddings of the semantic part.
    lexical_weight : float in [0, 1] or "auto"
        The weight; "auto" chooses it from the corpus.
    n_components : int
        Dimensions of the lexical part while the weight is chosen.
    """
    chosen = _weight(lexical_weight, semantic.vectors, texts=corpus.full_texts(), n_components=n_components)
    return LexicalWeight(*chosen, origin)


def _weight(
    wanted: float | Literal["auto"], semantic: NDArray[np.float32], *, texts: Sequence[str], n_components: int
) -> tuple[float, tuple[float, ...], tuple[float, ...]]:
    """The weight of the lexical part, the weights that were tried and their scores."""
    return choose_weight(semantic, texts, n_components=n_components) if wanted == "auto" else (wanted, (), ())


def _joined(
    semantic: NDArray[np.float32], lexical: NDArray[np.float32], *, weight: float, seen: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The vectors of both parts joined; a text of which the lexical part saw nothing has no words."""
    return join_parts(semantic, lexical, weight=weight, has_words=~(seen == 0))


def _of_parts(arguments: Mapping[str, Any]) -> dict[str, Any]:
    weight, semantic, lexical = (arguments[name].origin.parameters for name in ("weight", "semantic", "lexical"))
    return {"kind": "hybrid", **weight, "semantic": dict(semantic), "lexical": dict(lexical)}


@stage(
    STAGE, Embeddings, version=VERSION, reads=_of_parts, libraries=("numpy", "scipy", "scikit-learn"), stored=False,
    determinism="kernel",
)  # fmt: skip
def combine(origin: Origin, semantic: Embeddings, lexical: Embeddings, *, weight: LexicalWeight) -> Embeddings:
    """The hybrid's embeddings, joined from those of its parts.

    Parameters
    ----------
    semantic, lexical : Embeddings
        Embeddings of the two parts.
    weight : LexicalWeight
        Weight of the lexical part.
    """
    vectors = _joined(semantic.vectors, lexical.vectors, weight=weight.weight, seen=lexical.seen)
    vectors.setflags(write=False)
    notes = (*semantic.origin.notes, *lexical.origin.notes, weight.sentence())
    return Embeddings(
        semantic.corpus_key, vectors, semantic.seen, replace(origin, notes=notes), lexical_weight=weight.weight
    )


def _shard(texts: Sequence[str], encoder: Encoder, *, rows: NDArray[np.int64], places: NDArray[np.int64]) -> Shard:
    content = fingerprint(list(texts))
    origin = Origin(f"{STAGE}-shard", VERSION, dict(encoder.identity), (content,), library_versions("numpy"))

    def make() -> Embeddings:
        vectors, seen, notes = encoder.encode(texts)
        try:
            made = unit(vectors, n_docs=len(texts), what="the encoder's vectors")
        except ValueError as error:
            raise InputError(f"{error}{quote_unusable(vectors, texts)}") from None
        return Embeddings(content, made, seen, replace(origin, notes=notes))

    return Shard(rows, places, origin, make)


def _truncation_note(seen: NDArray[np.float32]) -> tuple[str, ...]:
    cut_short = (seen > 0) & (seen < _MIN_SEEN)
    n = int(cut_short.sum())
    if not n:
        return ()
    return (
        f"{n} of {count(len(seen), 'document')} {verb(n, 'is', 'are')} longer than "
        f"the encoder reads: it saw the first {percent(float(seen[cut_short].mean()))} of their tokens on average",
    )
