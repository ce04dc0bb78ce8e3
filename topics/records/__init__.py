"""The frozen records that flow between stages, and where each came from.

A record is never changed after it is made: arrays are copied in and set read-only, tables are Arrow tables.
``n_docs`` is the number of *distinct* documents; articles with the same text are folded into one document and
listed as its copies, so that a copy never counts twice and always shares its document's label.
"""

from __future__ import annotations

from topics.errors import InputError
from topics.records._assigner import Assigner
from topics.records._bundle import Exemplars, Records, Scores
from topics.records._clusters import METHODS, Clusters, HeldOutTerms, HumanLabels, Levels, TermCounts, Topics
from topics.records._corpus import DOCUMENT_COLUMNS, Corpus
from topics.records._digest import digest_of
from topics.records._lexicon import Lexicon
from topics.records._origin import NOISE, Origin, fingerprint, freeze, library_versions
from topics.records._points import ClusterTree, Embeddings, Layout, Neighbors
from topics.records._reading import Reading
from topics.records._reliability import seed_reproducibility

__all__ = [
    "DOCUMENT_COLUMNS", "METHODS", "NOISE", "Assigner", "ClusterTree", "Clusters", "Corpus", "Embeddings", "Exemplars",
    "HeldOutTerms", "HumanLabels", "Layout", "Levels", "Lexicon", "Neighbors", "Origin", "Reading", "Records", "Scores",
    "TermCounts", "Topics", "check_same_corpus", "digest_of", "fingerprint", "freeze", "library_versions",
    "seed_reproducibility",
]  # fmt: skip


def check_same_corpus(
    *records: Corpus | Embeddings | Neighbors | Layout | ClusterTree | Levels | Clusters | TermCounts | Topics,
) -> str:
    """Key of the corpus that all the records belong to.

    Raises
    ------
    ValueError
        If they come from different corpora.
    """
    keys = {record.corpus_key for record in records}
    if len(keys) != 1:
        parts = ", ".join(f"{type(r).__name__} of {r.corpus_key[:12]}" for r in records)
        raise InputError(f"expected records of one corpus, got {parts}: make them from the same articles")
    return keys.pop()
