"""Corpus → Embeddings: the Encoder protocol and its implementations, the hybrid, and the user's own vectors."""

from topics.embed._choose import encoder_for
from topics.embed._containers import UserVectors, take_vectors
from topics.embed._documents import (
    Hybrid,
    combine,
    embed,
    shards,
    weigh,
)
from topics.embed._frozen import embed_new, freeze_lexicon, lexicon_of, semantic_of
from topics.embed._function import FunctionEncoder
from topics.embed._lexical import LsaEncoder
from topics.embed._lexical_weight import LexicalWeight
from topics.embed._model_folder import ModelNotFoundError, resolve
from topics.embed._precision import TorchProcessor, look_at_processor
from topics.embed._protocol import Encoded, Encoder
from topics.embed._static import StaticEncoder, StaticTable, distill
from topics.embed._transformer import SentenceTransformerEncoder
from topics.embed._vector_files import count_vectors, load_vectors, stream_vectors
from topics.embed._vectors import from_vectors

__all__ = [
    "Encoded",
    "Encoder",
    "FunctionEncoder",
    "Hybrid",
    "LexicalWeight",
    "LsaEncoder",
    "ModelNotFoundError",
    "SentenceTransformerEncoder",
    "StaticEncoder",
    "StaticTable",
    "TorchProcessor",
    "UserVectors",
    "combine",
    "count_vectors",
    "distill",
    "embed",
    "embed_new",
    "encoder_for",
    "freeze_lexicon",
    "from_vectors",
    "lexicon_of",
    "load_vectors",
    "look_at_processor",
    "resolve",
    "semantic_of",
    "shards",
    "stream_vectors",
    "take_vectors",
    "weigh",
]
