"""Rows → Corpus: pages cleaned, near-duplicates folded, everything sorted by id."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from topics._say import count, no_label_column, verb
from topics.articles._article import Article
from topics.articles._columns import SCHEMA, cells, further_columns
from topics.articles._documents import Documents
from topics.articles._gathering import Gathered, Pages, gather
from topics.articles._repair import Repairs, repair
from topics.articles._scratch import make_table
from topics.articles._workers import Workers
from topics.articles.duplicates._canonical import exact_duplicates, near_duplicates
from topics.articles.metadata._horizon import Span
from topics.articles.readers._rows import ArticlesError, Note, Rejected
from topics.config import ArticlesParams
from topics.records import DOCUMENT_COLUMNS, Corpus, Origin, fingerprint, library_versions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STAGE = "articles"
VERSION = 5

REJECTED = pa.schema([("file", pa.string()), ("row", pa.int64()), ("doc_id", pa.string()), ("reason", pa.string())])
REMOVED = pa.schema([("doc_id", pa.string()), ("number", pa.int32()), ("line", pa.string()), ("reason", pa.string())])


def build(
    rows: Iterable[Article | Rejected | Note],
    *,
    params: ArticlesParams,
    source_name: str,
    whole: bool = False,
    label_column: str | None = None,
    progress: bool = False,
    notes: Sequence[str] = (),
) -> tuple[Corpus, Span]:
    """Corpus of the rows that hold an article, and the dates in them that hang on the day.

    Parameters
    ----------
    rows : iterable of Article, Rejected or Note
        In any order; the corpus does not depend on it.
    params : ArticlesParams
        Of the stage; those that name columns and encodings have done their work in the readers.
    source_name : str
        What was read, for messages.
    whole : bool
        Whether every row stays one document; round-ups are counted in a note.
    label_column : str or None
        A further column that must be there.
    progress : bool
        Whether to show a progress bar where standard error is a terminal.
    notes : sequence of str
        What a reader of the corpus should know beside.

    Raises
    ------
    ArticlesError
        If no row holds an article, ids repeat, or the further column is absent.
    """
    with Workers() as workers:
        gathered = gather(rows, repairs=Repairs(fix_mojibake=params.fix_mojibake), pages="all", workers=workers)
        gathered.notes.extend(notes)
        if label_column is not None and gathered.items:
            _check_label_column(label_column, gathered)
        return of_gathered(
            gathered, params, source_name=source_name, pages="all", whole=whole, workers=workers, progress=progress
        )


def _check_label_column(column: str, gathered: Gathered) -> None:
    """Refuse a column that no article has, before pages are cleaned."""
    names = [*DOCUMENT_COLUMNS, *sorted({repair(name) or name for article in gathered.items for name in article.extra})]
    if column not in names and column.removesuffix("_given") not in names:  # as it is called where a name is ours
        raise ArticlesError(no_label_column(column, names))


def of_gathered(
    gathered: Gathered,
    params: ArticlesParams,
    *,
    source_name: str,
    pages: Pages,
    whole: bool,
    workers: Workers,
    progress: bool = False,
) -> tuple[Corpus, Span]:
    """Corpus of what was gathered, and the dates in it that hang on the day.

    Parameters
    ----------
    gathered : Gathered
        All rows.
    params, source_name, whole, progress
        As for :func:`build`.
    pages : {"all", "lines", "none"}
        Which texts are pages.
    workers : Workers
        Processes that share the work.
    """
    from tqdm import tqdm

    if not gathered.items:
        raise ArticlesError(_nothing_left(source_name, gathered.rejected))
    made = Documents(gathered, params, pages=pages, whole=whole, workers=workers)
    with tqdm(
        total=len(gathered.items), desc="clean", unit=" docs", leave=False, disable=None if progress else True
    ) as bar:
        removed = make_table(made.fill(on_page=bar.update), REMOVED)
    places = [document.place for document in made.items]
    ordered = made.texts.view(places)
    if params.duplicates == "exact":
        canonical = exact_duplicates(ordered)
    elif pages == "all":
        canonical = near_duplicates(ordered, sketches=made.sketches, places=places, min_shared=params.min_shared)
    else:
        canonical = _duplicates_of_pages(made, ordered, min_shared=params.min_shared)
    return _corpus(made, canonical.tolist(), ordered, gathered=gathered, removed=removed), made.dates


def _duplicates_of_pages(made: Documents, texts: Sequence[str], *, min_shared: float) -> NDArray[np.int64]:
    """Canonical rows as of near-duplicates, but a text of one line is a duplicate only of what equals it."""
    canonical = exact_duplicates(texts)
    pages = [i for i, document in enumerate(made.items) if document.is_page and canonical[i] == i]
    near = near_duplicates(
        [texts[i] for i in pages],
        sketches=made.sketches,
        places=[made.items[i].place for i in pages],
        min_shared=min_shared,
    )
    for i, first in enumerate(near.tolist()):
        canonical[pages[i]] = pages[first]
    return canonical[canonical]  # of the canonical one of another


def _corpus(
    made: Documents, canonical: Sequence[int], texts: Sequence[str], *, gathered: Gathered, removed: pa.Table
) -> Corpus:
    """The corpus of documents and of the near-duplicates folded into them."""
    items = made.items
    copies_of: dict[str, list[str]] = {}
    for document, first in zip(items, canonical, strict=True):
        if items[first] is not document:
            copies_of.setdefault(items[first].doc_id, []).append(document.doc_id)
    notes = [*made.losses(), *gathered.notes, *made.notes()]
    kept = [i for i, first in enumerate(canonical) if first == i]
    copies = [i for i, first in enumerate(canonical) if first != i]
    if copies:
        notes.append(
            f"{count(len(copies), 'document')} {verb(len(copies), 'repeats', 'repeat')} the text of another and "
            f"{verb(len(copies), 'was folded into it as a near-duplicate', 'were folded into it as near-duplicates')}"
        )
    if gathered.rejected:
        n_rows = len(gathered.rejected) + len(gathered.items)
        rejected = f"{len(gathered.rejected):,} of {count(n_rows, 'row')} {verb(len(gathered.rejected), 'was', 'were')}"
        notes.append(f"{rejected} rejected: {_reasons(gathered.rejected)}")
    further = further_columns(items)
    schema = pa.schema([*SCHEMA, *(column for column, _ in further.values())])

    def row(i: int) -> list[Any]:
        return cells(items[i], texts[i], copies=copies_of.get(items[i].doc_id, ()), further=further)

    with_canonical = schema.append(pa.field("copy_of", pa.string()))
    return Corpus(
        documents=make_table((row(i) for i in kept), schema),
        copies=make_table(([*row(i), items[canonical[i]].doc_id] for i in copies), with_canonical),
        rejected_rows=pa.Table.from_pylist([vars(r) for r in gathered.rejected], schema=REJECTED),
        removed_lines=removed,
        input_rows=pa.array([items[i].rows for i in kept], pa.list_(pa.int64())),
        origin=Origin(
            STAGE,
            VERSION,
            {"articles": _content((items[i], texts[i], copies_of.get(items[i].doc_id, [])) for i in kept)},
            (),
            library_versions("py3langid"),
            tuple(notes),
        ),
    )


def _content(documents: Iterable[tuple[Article, str, Sequence[str]]]) -> str:
    """What the stages depend on; a date or a source may change without anything being computed again."""
    digest = hashlib.sha256()
    for document, text, copies in documents:
        content = [document.doc_id, document.title, text, document.lang, document.parent_id, copies]
        digest.update(fingerprint(content).encode())
    return digest.hexdigest()


def _nothing_left(source_name: str, rejected_rows: Sequence[Rejected]) -> str:
    if not rejected_rows:
        return f"{source_name} holds no article"
    reasons = _reasons(rejected_rows)
    rows = verb(len(rejected_rows), "its one row was", f"all {len(rejected_rows)} rows were")
    return f"{source_name} holds no article: {rows} rejected ({reasons})"


def _reasons(rejected_rows: Sequence[Rejected]) -> str:
    """Each reason with its count, most frequent first, ties by name."""
    counts = Counter(r.reason.split(":")[0] for r in rejected_rows)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{n} × {reason}" for reason, n in ordered)
