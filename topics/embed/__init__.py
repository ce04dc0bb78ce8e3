"""Corpus → Embeddings: the Encoder protocol, its implementations, and vectors that are given."""

from topics.embed.encoders import Encoder, SentenceTransformerEncoder
from topics.embed.stage import check_vectors, embed, given, join, plan, shards
from topics.embed.weights import ModelNotFoundError, resolve

__all__ = [
    "Encoder",
    "ModelNotFoundError",
    "SentenceTransformerEncoder",
    "check_vectors",
    "embed",
    "given",
    "join",
    "plan",
    "resolve",
    "shards",
]
