"""A run's key: of all that its result files hang on."""

from __future__ import annotations

import hashlib

from topics.records import Corpus, Origin, fingerprint
from topics.runs._format import FORMAT
from topics.store import table_bytes


def run_key(corpus: Corpus, *, topics: Origin, flat: Origin, scores: Origin) -> str:
    """The run's key; the user's own columns decide it too, which are in the files.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    topics, flat, scores : Origin
        Of the topics, the map and the scores, in which those of all other stages are.
    """
    tables = (corpus.documents, corpus.copies, corpus.rejected_rows, corpus.removed_lines)
    content = [hashlib.sha256(table_bytes(table)).hexdigest() for table in tables]
    return fingerprint([FORMAT, topics.key, flat.key, scores.key, *content])
