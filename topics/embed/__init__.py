"""Corpus → Embeddings: the Encoder protocol, its implementations, and vectors that are given."""

from topics.embed.encoders import Encoder, SentenceTransformerEncoder
from topics.embed.stage import embed, given, plan
from topics.embed.weights import ModelNotFoundError, resolve

__all__ = ["Encoder", "ModelNotFoundError", "SentenceTransformerEncoder", "embed", "given", "plan", "resolve"]
