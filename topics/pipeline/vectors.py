"""Corpus → Embeddings, shard by shard through the store, from an encoder or from vectors that the caller has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from topics import embed
from topics.config import EmbedParams, RunConfig
from topics.errors import InputError
from topics.pipeline.steps import Steps
from topics.records import Corpus, Embeddings, Origin
from topics.store import Store, StoreError, check_writable, user_cache

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    Vectors: TypeAlias = ArrayLike | Mapping[Any, ArrayLike] | embed.GivenVectors | Embeddings


@dataclass(frozen=True)
class Source:
    """Where the embeddings come from, known before they are made."""

    origin: Origin
    make: Callable[[Steps], tuple[Embeddings, bool]]


def source_of(
    config: RunConfig,
    corpus: Corpus,
    *,
    embeddings: Vectors | None = None,
    encoder: embed.Encoder | embed.Hybrid | None = None,
) -> Source:
    """Where the vectors will come from: the caller's own, the caller's encoder, or that of the config."""
    if embeddings is not None:
        record = embed.given(corpus, embeddings)
        return Source(record.origin, lambda steps: (record, False))
    chosen = embed.encoder_for(config.embed, table=_table) if encoder is None else _checked(encoder)
    return Source(embed.plan(chosen, corpus), lambda steps: embed_corpus(corpus, chosen, steps=steps))


def _table(params: EmbedParams) -> embed.StaticTable:
    """A static encoder's table, distilled once for all runs of this user where their cache can be written."""
    folder = user_cache()
    try:
        check_writable(folder)
    except StoreError:
        return embed.distill(params)
    made: list[embed.StaticTable] = []

    def make() -> embed.StaticTable:
        made.append(embed.distill(params))
        return made[0]

    try:
        return Steps(Store(folder), None).get_or_make(embed.StaticTable, embed.plan_table(params), compute=make)[0]
    except StoreError:  # a full disk costs the next run some seconds, not this one its result
        return made[0] if made else embed.distill(params)


def _checked(encoder: embed.Encoder | embed.Hybrid) -> embed.Encoder | embed.Hybrid:
    """The caller's encoder, refused where it is none."""
    if not isinstance(encoder, embed.Hybrid):
        lacking = [name for name in ("identity", "shard_rows", "encode") if not hasattr(encoder, name)]
        if lacking:
            raise InputError(
                f"expected an encoder with identity, shard_rows and encode (topics.embed.Encoder), got a "
                f"{type(encoder).__name__} without {', '.join(lacking)}; topics.embed.FunctionEncoder(function, "
                "name=…) makes one of a function"
            )
    return encoder


def embed_corpus(corpus: Corpus, encoder: embed.Encoder | embed.Hybrid, *, steps: Steps) -> tuple[Embeddings, bool]:
    """The embeddings, and whether all of them came from the store.

    What is kept is each shard, as it is finished, and not the whole besides.
    """
    if isinstance(encoder, embed.Hybrid):
        semantic, stored = embed_corpus(corpus, encoder.semantic, steps=steps)
        weight, weighed = steps.get_or_make(
            embed.LexicalWeight,
            embed.plan_weight(encoder, corpus),
            compute=lambda: embed.weigh(corpus, encoder, semantic=semantic),
        )
        lexical, also_stored = embed_corpus(corpus, encoder.lexical, steps=steps)
        whole = embed.combine(corpus, encoder, semantic=semantic, lexical=lexical, weight=weight)
        return whole, stored and weighed and also_stored
    from tqdm import tqdm

    shards = embed.shards(corpus, encoder)
    all_stored = True
    shown = steps.progress and encoder.shard_rows is not None

    def parts() -> Iterator[tuple[embed.Shard, Embeddings]]:
        nonlocal all_stored
        with tqdm(total=corpus.n_docs, desc="embed", unit=" docs", leave=False, disable=None if shown else True) as bar:
            for shard in shards:
                part, stored = steps.get_or_make(Embeddings, shard.origin, compute=shard.make)
                all_stored = all_stored and stored
                yield shard, part
                bar.update(len(shard.rows))

    return embed.join(corpus, encoder, parts=parts()), all_stored
