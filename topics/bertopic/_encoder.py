"""BERTopic's embedding models as encoders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from topics.config import EmbedParams
from topics.embed import Encoder, FunctionEncoder, encoder_for
from topics.errors import InputError


def encoder_from(model: Any) -> Encoder:
    """An encoder of whatever BERTopic takes as an embedding model, if each text is encoded by itself.

    Parameters
    ----------
    model : object
        An encoder of this toolkit, a function of texts, or an object with ``encode``, ``embed_documents`` or
        ``embed``.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    if all(hasattr(model, name) for name in ("identity", "shard_rows", "encode")):
        found: Encoder = model
        return found
    function: Callable[..., Any] | None = next(
        (way for way in (getattr(model, name, None) for name in ("encode", "embed_documents", "embed")) if way), None
    )
    function = model if function is None and callable(model) else function
    if function is None:
        raise InputError(
            f"expected an embedding model that encodes texts, got {type(model).__name__} without encode(); pass a "
            "function of texts, or embeddings= to fit_transform"
        )
    return FunctionEncoder(function, name=f"bertopic-{type(model).__module__}.{type(model).__qualname__}")


def encoder_named(model: str) -> Encoder:
    """The sentence-transformers model of a name or a folder.

    Parameters
    ----------
    model : str
        As BERTopic takes it.
    """
    return encoder_for(EmbedParams(encoder="sentence-transformer", model=model))
