"""Corpus → Embeddings: the Encoder protocol and its implementations, the hybrid, and the user's own vectors."""

from topics.embed.choose import encoder_for
from topics.embed.containers import UserVectors, take_vectors
from topics.embed.function import FunctionEncoder
from topics.embed.hybrid import LexicalWeight
from topics.embed.lexical import LsaEncoder
from topics.embed.precision import TorchProcessor, look_at_processor
from topics.embed.protocol import Encoded, Encoder
from topics.embed.stage import (
    Hybrid,
    Shard,
    combine,
    embed,
    encode_documents,
    shards,
    weigh,
)
from topics.embed.static import StaticEncoder, StaticTable, distill
from topics.embed.transformer import SentenceTransformerEncoder
from topics.embed.vector_files import load_vectors
from topics.embed.vectors import from_vectors
from topics.embed.weights import ModelNotFoundError, resolve

__all__ = [
    "Encoded",
    "Encoder",
    "FunctionEncoder",
    "Hybrid",
    "LexicalWeight",
    "LsaEncoder",
    "ModelNotFoundError",
    "SentenceTransformerEncoder",
    "Shard",
    "StaticEncoder",
    "StaticTable",
    "TorchProcessor",
    "UserVectors",
    "combine",
    "distill",
    "embed",
    "encode_documents",
    "encoder_for",
    "from_vectors",
    "load_vectors",
    "look_at_processor",
    "resolve",
    "shards",
    "take_vectors",
    "weigh",
]
