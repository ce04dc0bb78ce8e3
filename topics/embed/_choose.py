"""Config → encoder."""

from __future__ import annotations

from collections.abc import Callable

from topics.config import EmbedParams
from topics.embed._documents import Hybrid
from topics.embed._lexical import LsaEncoder
from topics.embed._precision import TorchProcessor, look_at_processor
from topics.embed._protocol import Encoder
from topics.embed._static import StaticEncoder, StaticTable, distill
from topics.embed._transformer import SentenceTransformerEncoder


def encoder_for(
    params: EmbedParams,
    *,
    table: Callable[[EmbedParams], StaticTable] = distill,
    processor: Callable[[], TorchProcessor] = look_at_processor,
) -> Encoder:
    """The encoder for the parameters.

    Parameters
    ----------
    params : EmbedParams
        ``encoder`` and the parameters of that encoder are used.
    table : callable
        Returns the table of a static encoder; distills it by default.
    processor : callable
        Returns what torch computes with, for a sentence-transformers encoder; asks torch by default.

    Raises
    ------
    ModelNotFoundError
        If the model is not available.
    """
    if params.encoder == "lsa":
        return LsaEncoder(params)
    kind = params.semantic if params.encoder == "hybrid" else params.encoder
    semantic = StaticEncoder(params, table) if kind == "static" else SentenceTransformerEncoder(params, processor)
    if params.encoder != "hybrid":
        return semantic
    return Hybrid(semantic, LsaEncoder(params), params.lexical_weight, params.lexical_components)
