"""Two corpora → one: the documents of both, each text once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from topics.articles._corpus import STAGE, VERSION
from topics.articles.duplicates._canonical import exact_duplicates, near_duplicates
from topics.articles.readers._rows import ArticlesError
from topics.config import ArticlesParams
from topics.records import Corpus, Origin, fingerprint

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = "batch"
"""Column of a joined corpus that says which of the corpora a document came with."""

_QUOTED = 3


@dataclass(frozen=True)
class Joined:
    """A corpus of two, and what became of the second's documents.

    Attributes
    ----------
    corpus : Corpus
        Both; its documents have the column ``batch``.
    new_ids : tuple of str
        Documents that the second brought, ascending.
    duplicate_of : dict
        Document of the first by the id of a document of the second that repeats it, under another id.
    n_known : int
        Documents of the second that the first has under the same id.
    """

    corpus: Corpus
    new_ids: tuple[str, ...]
    duplicate_of: dict[str, str]
    n_known: int


def join_corpora(first: Corpus, second: Corpus, *, params: ArticlesParams, batches: tuple[str, str]) -> Joined:
    """The documents of both corpora; those of the second that repeat one of the first are folded into it.

    Parameters
    ----------
    first, second : Corpus
        Any two.
    params : ArticlesParams
        Its ``duplicates`` and ``min_shared`` say what repeats another.
    batches : tuple of two str
        What is written into the column ``batch`` of each side's documents; those that have one keep it.

    Raises
    ------
    ArticlesError
        If both have a document of the same id and different texts.
    """
    import pyarrow as pa

    old, new = _texts_by_id(first), _texts_by_id(second)
    known = {doc_id: _document_of(first, doc_id) for doc_id in new.keys() & old.keys()}
    rest = [doc_id for doc_id in second.doc_ids if doc_id not in known]
    texts = [*first.full_texts(), *(new[doc_id] for doc_id in rest), *(new[doc_id] for doc_id in sorted(known))]
    find = exact_duplicates if params.duplicates == "exact" else _near(params.min_shared)
    canonical, ids, n = find(texts).tolist(), first.doc_ids, first.n_docs
    changed = [
        doc_id
        for doc_id, row in zip(sorted(known), canonical[n + len(rest) :], strict=True)
        if new[doc_id] != old[doc_id] and (row >= n or ids[row] != known[doc_id])
    ]
    if changed:
        quoted = ", ".join(map(repr, changed[:_QUOTED]))
        raise ArticlesError(
            f"expected other ids for other articles, got {len(changed)} with the id of an earlier one and another text "
            f"({quoted}): give them ids of their own"
        )
    duplicate_of = {doc_id: ids[row] for doc_id, row in zip(rest, canonical[n : n + len(rest)], strict=True) if row < n}
    into = known | duplicate_of
    new_ids = [doc_id for doc_id in rest if doc_id not in into]
    mine, theirs = (_with_batch(corpus, batch) for corpus, batch in zip((first, second), batches, strict=True))
    is_new, is_copy = (
        pa.array([i in some for i in second.doc_ids], pa.bool_()) for some in (set(new_ids), duplicate_of)
    )
    documents = _concat([mine[0], theirs[0].filter(is_new)])
    repeated = theirs[0].filter(is_copy)
    repeated = repeated.append_column(
        "copy_of", pa.array([into[i] for i in repeated["doc_id"].to_pylist()], pa.string())
    )
    further = theirs[1].filter(pa.array([i not in old for i in theirs[1]["doc_id"].to_pylist()], pa.bool_()))
    place = further.column_names.index("copy_of")
    moved = pa.array([into.get(i, i) for i in further["copy_of"].to_pylist()], pa.string())
    copies = _concat([mine[1], repeated, further.set_column(place, "copy_of", moved)])
    return Joined(
        _corpus(first, second, documents=documents, copies=copies), tuple(sorted(new_ids)), duplicate_of, len(known)
    )


def _near(min_shared: float) -> Any:
    return lambda texts: near_duplicates(texts, min_shared=min_shared)


def _texts_by_id(corpus: Corpus) -> dict[str, str]:
    """Text of each document and near-duplicate."""
    copies = Corpus(
        corpus.copies, corpus.copies, corpus.rejected_rows, corpus.removed_lines, corpus.input_rows, corpus.origin
    )
    return dict(zip(copies.doc_ids, copies.full_texts(), strict=True)) | dict(
        zip(corpus.doc_ids, corpus.full_texts(), strict=True)
    )


def _document_of(corpus: Corpus, doc_id: str) -> str:
    pairs = zip(corpus.copies["doc_id"].to_pylist(), corpus.copies["copy_of"].to_pylist(), strict=True)
    canonical: str = dict(pairs).get(doc_id, doc_id)
    return canonical


def _with_batch(corpus: Corpus, batch: str) -> tuple[pa.Table, pa.Table]:
    import pyarrow as pa

    def added(table: pa.Table) -> pa.Table:
        if BATCH in table.column_names:
            return table
        place = table.column_names.index("copy_of") if "copy_of" in table.column_names else table.num_columns
        return table.add_column(place, BATCH, pa.array([batch] * table.num_rows, pa.string()))

    return added(corpus.documents), added(corpus.copies)


def _concat(tables: Sequence[pa.Table]) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables(tables, promote_options="permissive").sort_by("doc_id").combine_chunks()


def _corpus(first: Corpus, second: Corpus, *, documents: pa.Table, copies: pa.Table) -> Corpus:
    import pyarrow as pa

    copies_of: dict[str, list[str]] = {}
    for doc_id, copy_of in zip(copies["doc_id"].to_pylist(), copies["copy_of"].to_pylist(), strict=True):
        copies_of.setdefault(copy_of, []).append(doc_id)
    ids = documents["doc_id"].to_pylist()
    place = documents.column_names.index("copies")
    lists = pa.array([copies_of.get(doc_id, []) for doc_id in ids], pa.list_(pa.string()))
    documents = documents.set_column(place, "copies", lists)
    none = pa.array([[]] * copies.num_rows, pa.list_(pa.string()))
    copies = copies.set_column(copies.column_names.index("copies"), "copies", none)
    rows = dict(zip(first.doc_ids, first.input_rows.to_pylist(), strict=True))
    for doc_id, own in zip(second.doc_ids, second.input_rows.to_pylist(), strict=True):
        rows.setdefault(doc_id, [row + first.n_rows for row in own])
    columns = (documents[name].to_pylist() for name in ("doc_id", "title", "text", "lang", "parent_id", "copies"))
    digest = hashlib.sha256()
    for row in zip(*columns, strict=True):
        digest.update(fingerprint(list(row)).encode())
    libraries = {**first.origin.libraries, **second.origin.libraries}
    notes = (*first.origin.notes, *(note for note in second.origin.notes if note not in first.origin.notes))
    return Corpus(
        documents,
        copies,
        pa.concat_tables([first.rejected_rows, second.rejected_rows]),
        pa.concat_tables([first.removed_lines, second.removed_lines]),
        pa.array([rows[doc_id] for doc_id in ids], pa.list_(pa.int64())),
        Origin(STAGE, VERSION, {"articles": digest.hexdigest()}, (), libraries, notes),
    )
