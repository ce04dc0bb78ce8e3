"""Corpus → Embeddings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from topics._say import count, percent, verb
from topics.embed.hybrid import LexicalWeight, choose_weight, join_parts
from topics.embed.model_languages import say_unknown_languages
from topics.embed.protocol import Encoder
from topics.embed.vectors import STAGE, VERSION, quote_bad, unit
from topics.errors import InputError
from topics.records import Corpus, Embeddings, Origin, fingerprint, library_versions

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TRUNCATED_BELOW = 0.995


@dataclass(frozen=True)
class Hybrid:
    """A semantic and a lexical encoder whose vectors are joined.

    Attributes
    ----------
    semantic, lexical : Encoder
        The parts.
    weight : float in [0, 1] or "auto"
        Of the lexical part; "auto" chooses it from the corpus.
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


@dataclass(frozen=True)
class Shard:
    """Texts that are embedded and kept together.

    Attributes
    ----------
    rows : numpy.ndarray of int
        Documents that have these texts.
    of : numpy.ndarray of int, shape of ``rows``
        Which of the texts each has.
    origin : Origin
        Where the vectors come from; of no other texts than these, so that what was made before a run was stopped is
        made once, as are the texts of a corpus whose ids, dates or labels changed.
    make : callable
        Makes them: one row a text.
    """

    rows: NDArray[np.int64]
    of: NDArray[np.int64]
    origin: Origin
    make: Callable[[], Embeddings]


def plan(encoder: Encoder | Hybrid, corpus: Corpus) -> Origin:
    """Where this corpus's embeddings would come from."""
    if isinstance(encoder, Hybrid):
        parents = (plan(encoder.semantic, corpus).key, plan(encoder.lexical, corpus).key)
        parameters: dict[str, Any] = {
            "kind": "hybrid",
            "lexical_weight": encoder.weight,
            "n_components": encoder.n_components,
            "semantic": dict(encoder.semantic.identity),
            "lexical": dict(encoder.lexical.identity),
        }
        return Origin(STAGE, VERSION, parameters, parents, library_versions("numpy", "scipy", "scikit-learn"))
    parameters = {**encoder.identity, "shard_rows": encoder.shard_rows}
    return Origin(STAGE, VERSION, parameters, (corpus.origin.key,), library_versions("numpy"))


def plan_weight(hybrid: Hybrid, corpus: Corpus) -> Origin:
    """Where the hybrid's lexical weight would come from."""
    whole = plan(hybrid, corpus)
    return replace(whole, stage="lexical-weight", parents=(*whole.parents, corpus.origin.key))


def embed(corpus: Corpus, encoder: Encoder | Hybrid) -> Embeddings:
    """One unit vector a document, from its title and text.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    encoder : Encoder or Hybrid
        What turns texts into vectors.

    Raises
    ------
    ValueError
        If the encoder gives another number of rows, or rows that are zero or not finite.
    """
    if not isinstance(encoder, Hybrid):
        return join(corpus, encoder, parts=((shard, shard.make()) for shard in shards(corpus, encoder)))
    semantic = embed(corpus, encoder.semantic)
    weight = weigh(corpus, encoder, semantic=semantic)
    return combine(corpus, encoder, semantic=semantic, lexical=embed(corpus, encoder.lexical), weight=weight)


def shards(corpus: Corpus, encoder: Encoder) -> list[Shard]:
    """The corpus's texts in shards: texts of like length together, equal ones once.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    encoder : Encoder
        What turns texts into vectors.
    """
    texts = corpus.full_texts()
    if encoder.shard_rows is None:
        everything = np.arange(len(texts))
        return [_shard(texts, encoder, rows=everything, of=everything)]
    different = sorted(set(texts), key=lambda text: (-len(text), text))
    place = {text: i for i, text in enumerate(different)}
    of = np.array([place[text] for text in texts], dtype=np.int64)
    by_place = np.argsort(of, kind="stable")
    found = []
    for start in range(0, len(different), encoder.shard_rows):
        stop = min(start + encoder.shard_rows, len(different))
        first, last = np.searchsorted(of, [start, stop], sorter=by_place)
        rows = by_place[first:last]
        found.append(_shard(different[start:stop], encoder, rows=rows, of=of[rows] - start))
    # The longest first, for the memory they need is then known at once; the others in no order of length, so that the
    # time that is left can be told from the time that went by.
    return [*found[:1], *sorted(found[1:], key=lambda shard: shard.origin.key)]


def join(corpus: Corpus, encoder: Encoder, *, parts: Iterable[tuple[Shard, Embeddings]]) -> Embeddings:
    """The shards' vectors as one record.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    encoder : Encoder
        What made the parts.
    parts : iterable of (Shard, Embeddings)
        Every shard once; taken one at a time, so that only the whole is in memory.

    Raises
    ------
    ValueError
        If shards are missing.
    """
    vectors = np.empty((0, 0), dtype=np.float32)
    seen = np.empty(corpus.n_docs, dtype=np.float32)
    notes: dict[str, None] = {}
    n_rows = 0
    for shard, part in parts:
        if not n_rows:
            vectors = np.empty((corpus.n_docs, part.vectors.shape[1]), dtype=np.float32)
        if part.vectors.shape[1] != vectors.shape[1]:
            raise InputError(
                f"the encoder's vectors: expected {vectors.shape[1]} dimensions as before, got {part.vectors.shape[1]}"
            )
        vectors[shard.rows], seen[shard.rows] = part.vectors[shard.of], part.seen[shard.of]
        notes |= dict.fromkeys(part.origin.notes)
        n_rows += len(shard.rows)
    if n_rows != corpus.n_docs:
        raise InputError(f"expected the vectors of {corpus.n_docs} documents, got those of {n_rows}")
    known = getattr(encoder, "languages", None)
    said = say_unknown_languages(
        corpus.languages, known, n_docs=corpus.n_docs, model=str(getattr(encoder, "model_name", ""))
    )
    everything = (*sorted(notes), *_say_cut(seen), *((said,) if said else ()))
    vectors.setflags(write=False)  # handed over, not copied
    return Embeddings(corpus.origin.key, vectors, seen, replace(plan(encoder, corpus), notes=everything))


def weigh(corpus: Corpus, hybrid: Hybrid, *, semantic: Embeddings) -> LexicalWeight:
    """The weight of a hybrid's lexical part, set or chosen.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    hybrid : Hybrid
        Its ``weight``.
    semantic : Embeddings
        Of the semantic part.
    """
    origin = plan_weight(hybrid, corpus)
    if hybrid.weight != "auto":
        return LexicalWeight(hybrid.weight, (), (), origin)
    texts = corpus.full_texts()
    weight, tried, scores = choose_weight(semantic.vectors, texts, n_components=hybrid.n_components)
    return LexicalWeight(weight, tried, scores, origin)


def combine(
    corpus: Corpus, hybrid: Hybrid, *, semantic: Embeddings, lexical: Embeddings, weight: LexicalWeight
) -> Embeddings:
    """The hybrid's embeddings, of its parts'.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    hybrid : Hybrid
        What the parts are of.
    semantic, lexical : Embeddings
        The parts.
    weight : LexicalWeight
        Of the lexical part.
    """
    vectors = join_parts(semantic.vectors, lexical.vectors, weight=weight.weight, has_words=~(lexical.seen == 0))
    vectors.setflags(write=False)
    notes = (*semantic.origin.notes, *lexical.origin.notes, weight.sentence())
    origin = replace(plan(hybrid, corpus), notes=notes)
    return Embeddings(corpus.origin.key, vectors, semantic.seen, origin, lexical_weight=weight.weight)


def _shard(texts: Sequence[str], encoder: Encoder, *, rows: NDArray[np.int64], of: NDArray[np.int64]) -> Shard:
    content = fingerprint(list(texts))
    origin = Origin(f"{STAGE}-shard", VERSION, dict(encoder.identity), (content,), library_versions("numpy"))

    def make() -> Embeddings:
        vectors, seen, notes = encoder.encode(texts)
        try:
            made = unit(vectors, n_docs=len(texts), what="the encoder's vectors")
        except ValueError as error:
            raise InputError(f"{error}{quote_bad(vectors, texts)}") from None
        return Embeddings(content, made, seen, replace(origin, notes=notes))

    return Shard(rows, of, origin, make)


def _say_cut(seen: NDArray[np.float32]) -> tuple[str, ...]:
    cut_short = (seen > 0) & (seen < _TRUNCATED_BELOW)
    n = int(cut_short.sum())
    if not n:
        return ()
    return (
        f"{n} of {count(len(seen), 'document')} {verb(n, 'is', 'are')} longer than "
        f"the encoder reads: of the tokens it saw {percent(float(seen[cut_short].mean()))} on average, from the start",
    )
