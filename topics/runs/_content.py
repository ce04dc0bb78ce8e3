"""What of a corpus a run's key hangs on beside the stages, and the labels that people gave."""

from __future__ import annotations

import hashlib

from topics.config import RunConfig
from topics.records import Corpus, HumanLabels, Origin
from topics.store import table_bytes


def content_of(corpus: Corpus) -> list[str]:
    """SHA-256 of each of the corpus's tables, the user's own columns included.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    """
    tables = (corpus.documents, corpus.copies, corpus.rejected_rows, corpus.removed_lines)
    return [hashlib.sha256(table_bytes(table)).hexdigest() for table in tables]


def human_labels(config: RunConfig, corpus: Corpus) -> HumanLabels | None:
    """The label of each document; None for the stories of a round-up, of which a page's one label says nothing.

    Parameters
    ----------
    config : RunConfig
        Names the column.
    corpus : Corpus
        The documents.
    """
    import pyarrow as pa

    column = label_column(config, corpus)
    if column is None:
        return None
    labels, parents = corpus.documents.column(column), corpus.documents.column("parent_id").to_pylist()
    values = [label if parent is None else None for label, parent in zip(labels.to_pylist(), parents, strict=True)]
    content = hashlib.sha256(table_bytes(pa.table({"label": labels}))).hexdigest()
    return HumanLabels(corpus.corpus_key, tuple(values), Origin("human-labels", 1, {}, (content,), {}))


def label_column(config: RunConfig, corpus: Corpus) -> str | None:
    """The corpus's column of human labels; None where none is named or it is not there.

    Parameters
    ----------
    config : RunConfig
        Names the user's column.
    corpus : Corpus
        Whose column may have been set apart by ``_given``.
    """
    named = config.evaluate.label_column
    return next((name for name in (f"{named}_given", named) if name in corpus.documents.column_names), None)
