"""Corpus → Embeddings: the Encoder protocol, its implementations, the hybrid, and vectors that are given."""

from topics.embed.choose import encoder_for
from topics.embed.containers import GivenVectors, take_vectors
from topics.embed.function import FunctionEncoder
from topics.embed.given import load_vectors
from topics.embed.hybrid import LexicalWeight
from topics.embed.lexical import LsaEncoder
from topics.embed.protocol import Encoded, Encoder
from topics.embed.stage import (
    Hybrid,
    Shard,
    combine,
    embed,
    join,
    plan,
    plan_weight,
    shards,
    weigh,
)
from topics.embed.static import StaticEncoder, StaticTable, distill, plan_table
from topics.embed.transformer import SentenceTransformerEncoder
from topics.embed.vectors import given
from topics.embed.weights import ModelNotFoundError, resolve

__all__ = [
    "Encoded",
    "Encoder",
    "FunctionEncoder",
    "GivenVectors",
    "Hybrid",
    "LexicalWeight",
    "LsaEncoder",
    "ModelNotFoundError",
    "SentenceTransformerEncoder",
    "Shard",
    "StaticEncoder",
    "StaticTable",
    "combine",
    "distill",
    "embed",
    "encoder_for",
    "given",
    "join",
    "load_vectors",
    "plan",
    "plan_table",
    "plan_weight",
    "resolve",
    "shards",
    "take_vectors",
    "weigh",
]
