"""Rows → Corpus: pages cleaned, near-duplicates folded, everything sorted by id."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from topics._say import count, no_label_column, verb
from topics.articles._article import Article
from topics.articles._documents import Documents
from topics.articles._duplicates import exact_duplicates, near_duplicates
from topics.articles._gathering import Gathered, Pages, gather
from topics.articles._repair import Repairs, repair
from topics.articles._scratch import make_table
from topics.articles._workers import Workers
from topics.articles.readers._missing import is_missing
from topics.articles.readers._rows import ArticlesError, Note, Rejected
from topics.config import ArticlesParams
from topics.errors import InputTypeError
from topics.records import DOCUMENT_COLUMNS, Corpus, Origin, fingerprint, library_versions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STAGE = "articles"
VERSION = 5

_STRINGS = pa.list_(pa.string())
_TYPES = {"date": pa.timestamp("us", tz="UTC"), "other_langs": _STRINGS, "copies": _STRINGS}
SCHEMA = pa.schema([(name, _TYPES.get(name, pa.string())) for name in DOCUMENT_COLUMNS])
OUR_COLUMNS = frozenset(
    {
        *SCHEMA.names, "copy_of", "topic", "strength", "original_topic", "method", "confidence", "x", "y",
    }
)  # fmt: skip
LEVEL_PREFIX = "level_"  # of the columns with a document's cluster at other levels
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
) -> Corpus:
    """Corpus of the rows that hold an article.

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
        return _of_gathered(
            gathered, params, source_name=source_name, pages="all", whole=whole, workers=workers, progress=progress
        )


def _check_label_column(column: str, gathered: Gathered) -> None:
    """Refuse a column that no article has, before pages are cleaned."""
    names = [*DOCUMENT_COLUMNS, *sorted({repair(name) or name for article in gathered.items for name in article.extra})]
    if column not in names and column.removesuffix("_given") not in names:  # as it is called where a name is ours
        raise ArticlesError(no_label_column(column, names))


def _of_gathered(
    gathered: Gathered,
    params: ArticlesParams,
    *,
    source_name: str,
    pages: Pages,
    whole: bool,
    workers: Workers,
    progress: bool = False,
) -> Corpus:
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
    return _corpus(made, canonical.tolist(), ordered, gathered=gathered, removed=removed)


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


def from_texts(texts: Iterable[str], *, params: ArticlesParams | None = None) -> tuple[Corpus, list[int]]:
    """Corpus of plain texts, and for each text the row of its document (-1 for a text without words).

    With ``params``, texts of several lines or of HTML are pages, cleaned as :func:`read` cleans them; a round-up stays
    one document. Texts of one line are kept whole, entities of HTML and a provider's marks at the end apart; their
    language is left open, and the label stage finds out from a sample which function words to leave out.

    Parameters
    ----------
    texts : iterable of str
        One article each.
    params : ArticlesParams or None
        None, as ``clean="keep-all"``, keeps every line and folds equal texts alone.

    Raises
    ------
    TypeError
        If an entry is not a string; the message names its position.
    ArticlesError
        If no text holds an article.
    """
    check_texts(texts)
    if hasattr(texts, "to_pylist"):  # pyarrow's cells are no strings
        texts = texts.to_pylist()
    rows = []
    for i, text in enumerate(texts):
        if not isinstance(text, str) and not is_missing(text):
            raise InputTypeError(f"expected texts[{i}] to be a string, got {type(text).__name__}: {text!r:.60}")
        rows.append(Article("texts", i, doc_id=None, text=text))
    settings = params or ArticlesParams(clean="keep-all")
    pages: Pages = "none" if settings.clean == "keep-all" else "lines"
    if pages == "none":
        settings = settings.model_copy(update={"duplicates": "exact"})
    with Workers() as workers:
        gathered = gather(rows, repairs=Repairs(fix_mojibake=settings.fix_mojibake), pages=pages, workers=workers)
        corpus = _of_gathered(gathered, settings, source_name="the texts", pages=pages, whole=True, workers=workers)
    place = {doc_id: i for i, doc_id in enumerate(corpus.doc_ids)}
    copy_of = dict(zip(corpus.copies["doc_id"].to_pylist(), corpus.copies["copy_of"].to_pylist(), strict=True))
    doc_of_row = {article.row: copy_of.get(article.doc_id, article.doc_id) for article in gathered.items}
    return corpus, [place[doc_of_row[i]] if i in doc_of_row else -1 for i in range(len(rows))]


def check_texts(texts: Any) -> None:
    """Refuse what is no sequence of texts though it can be gone through: one text, a mapping, a table, a set.

    Parameters
    ----------
    texts : Any
        What was given for texts.

    Raises
    ------
    TypeError
        Saying what to pass instead.
    """
    kind = type(texts).__name__
    expected = "expected a sequence of texts such as a list or one column"
    if isinstance(texts, (str, bytes, bytearray)):
        raise InputTypeError(f"{expected}, got one {kind}: {texts[:40]!r}; pass [text], or a path to topics.read")
    if isinstance(texts, Mapping):
        raise InputTypeError(f"{expected}, got a {kind}; pass list(texts.values())")
    if isinstance(texts, (set, frozenset)):
        raise InputTypeError(f"{expected}, got a {kind}, which has no order; pass sorted(texts)")
    if hasattr(texts, "columns") or hasattr(texts, "column_names"):
        raise InputTypeError(f"{expected}, got a table ({kind}); pass the column of its texts, as table['text']")
    if getattr(texts, "ndim", 1) != 1:
        raise InputTypeError(f"{expected}, got a {kind} of shape {texts.shape}; pass one dimension, as texts.ravel()")
    if not isinstance(texts, Iterable):
        raise InputTypeError(f"{expected}, got {kind}")


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
    further = _further_columns(items)
    schema = pa.schema([*SCHEMA, *(column for column, _ in further.values())])

    def cells(i: int) -> list[Any]:
        return _cells(items[i], texts[i], copies=copies_of.get(items[i].doc_id, ()), further=further)

    with_canonical = schema.append(pa.field("copy_of", pa.string()))
    return Corpus(
        documents=make_table((cells(i) for i in kept), schema),
        copies=make_table(([*cells(i), items[canonical[i]].doc_id] for i in copies), with_canonical),
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


def _cells(
    document: Article, text: str, *, copies: Sequence[str], further: Mapping[str, tuple[pa.Field, bool]]
) -> list[Any]:
    set_apart = {"text": text, "copies": copies}
    ours = [set_apart[name] if name in set_apart else getattr(document, name) for name in DOCUMENT_COLUMNS]
    theirs = [(document.extra.get(name), as_text) for name, (_, as_text) in further.items()]
    return [*ours, *(_as_text(value) if as_text else value for value, as_text in theirs)]


def _further_columns(documents: Sequence[Article]) -> dict[str, tuple[pa.Field, bool]]:
    """For each further column of the user's its Arrow field, and whether its values are kept as JSON text.

    They are where there is no single type for them. A name of ours, or one that stands already, is set apart.
    """
    columns: dict[str, tuple[pa.Field, bool]] = {}
    names_in_use = set(OUR_COLUMNS)
    n_alike: Counter[str] = Counter()
    for given in sorted({name for document in documents for name in document.extra}):
        name = repair(given) or "unnamed"
        name = f"{name}_given" if name in OUR_COLUMNS or name.startswith(LEVEL_PREFIX) else name
        plain = name
        while name in names_in_use:
            n_alike[plain] += 1
            name = f"{plain}_" if n_alike[plain] == 1 else f"{plain}_{n_alike[plain]}"
        names_in_use.add(name)
        values = [document.extra.get(given) for document in documents]
        try:
            kind = pa.array(values, from_pandas=True).type
            mixed = pa.types.is_date(kind) and len({type(value) for value in values if value}) > 1
            as_text = mixed or not _is_plain(kind)
        except (pa.ArrowException, OverflowError, UnicodeError, TypeError, ValueError):
            as_text = True
        columns[given] = (pa.field(name, pa.string() if as_text else kind), as_text)
    return columns


def _is_plain(kind: pa.DataType) -> bool:
    """Whether values of a type are kept as they are: single ones, and lists of them."""
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return not pa.types.is_nested(kind.value_type) and _is_plain(kind.value_type)
    return not (pa.types.is_nested(kind) or pa.types.is_interval(kind))


def _as_text(value: Any) -> str | None:
    if is_missing(value):
        return None
    if not isinstance(value, str):
        try:
            value = json.dumps(value, ensure_ascii=False, default=str)
        except (TypeError, ValueError, RecursionError):  # keys that are no strings, for one
            value = str(value)
    return repair(value)


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
