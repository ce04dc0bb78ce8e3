"""The encoder of a config, with what is the same for all runs of this user kept in their cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from topics import embed
from topics.config import EmbedParams, RunConfig
from topics.errors import InputError
from topics.graph import Parts, Record
from topics.store import Store, StoreError, check_writable, user_cache

T = TypeVar("T", bound=Record)


def encoder_of(config: RunConfig, encoder: embed.Encoder | None = None) -> embed.Encoder:
    """The caller's encoder, or that of a config.

    Parameters
    ----------
    config : RunConfig
        Its ``embed`` section.
    encoder : Encoder or None
        The caller's.

    Raises
    ------
    ValueError
        If the caller's is no encoder.
    """
    if encoder is not None:
        return _checked(encoder)
    return embed.encoder_for(config.embed, table=_static_table, processor=_processor)


def _kept_for_user(kind: type[T], planned: Any, make: Callable[[], T]) -> T:
    """What is the same for all runs of this user, kept in their cache where it can be written."""
    folder = user_cache()
    made: list[T] = []

    def make_once() -> T:
        made.append(make())
        return made[0]

    try:
        check_writable(folder)
        return Parts(Store(folder)).get_or_make(kind, planned.origin, make=make_once)
    except StoreError:  # a full disk costs the next run some seconds, not this one its result
        return made[0] if made else make()


def _static_table(params: EmbedParams) -> embed.StaticTable:
    """A static encoder's table, distilled once."""
    return _kept_for_user(embed.StaticTable, embed.distill.node(params), lambda: embed.distill(params))


def _processor() -> embed.TorchProcessor:
    """What torch computes with on this processor, asked once."""
    return _kept_for_user(embed.TorchProcessor, embed.look_at_processor.node(), embed.look_at_processor)


def _checked(encoder: embed.Encoder) -> embed.Encoder:
    """The caller's encoder, refused where it is none."""
    lacking = [name for name in ("identity", "shard_rows", "encode") if not hasattr(encoder, name)]
    if lacking:
        raise InputError(
            f"expected an encoder with identity, shard_rows and encode (topics.embed.Encoder), got a "
            f"{type(encoder).__name__} without {', '.join(lacking)}; topics.embed.FunctionEncoder(function, name=…) "
            "makes one of a function"
        )
    return encoder
