"""Rows → Corpus: texts checked, pages cleaned, equal texts folded, everything sorted by id."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from topics._language import detect_language
from topics.articles.dates import parse_dates
from topics.articles.missing import is_missing
from topics.articles.page import recurring_lines, take_apart
from topics.config import ArticlesParams
from topics.records import Corpus, Origin, fingerprint, library_versions

STAGE = "articles"
VERSION = 1

SCHEMA = pa.schema(
    [
        ("doc_id", pa.string()),
        ("title", pa.string()),
        ("text", pa.string()),
        ("date", pa.timestamp("us", tz="UTC")),
        ("lang", pa.string()),
        ("source", pa.string()),
        ("parent_id", pa.string()),
        ("copies", pa.list_(pa.string())),
    ]
)
OUR_COLUMNS = frozenset({*SCHEMA.names, "copy_of", "topic", "strength", "x", "y"})
REJECTED = pa.schema([("file", pa.string()), ("row", pa.int64()), ("doc_id", pa.string()), ("reason", pa.string())])

# Control characters but tab and line feed, the zero-width space, soft hyphen and byte order mark. Bidi marks and
# joiners stay: they are part of the spelling of Arabic, Persian and Indic scripts.
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff]")
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK = re.compile(r"[\s\u200c-\u200f]*")


@dataclass(frozen=True)
class Row:
    """One article as it came.

    Attributes
    ----------
    file : str
        File it stands in, or what was given instead of one.
    row : int
        Line or row number, from 1; 0 where the file is the article.
    doc_id, text, title, date, source, lang : Any
        As found; None where there is none.
    extra : Mapping[str, Any]
        The user's further columns.
    """

    file: str
    row: int
    doc_id: Any = None
    text: Any = None
    title: Any = None
    date: Any = None
    source: Any = None
    lang: Any = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rejected:
    """One row that was not taken in, and why."""

    file: str
    row: int
    doc_id: str | None
    reason: str


class ArticlesError(ValueError):
    """Articles that cannot be read; the message names the file, row, id or column."""


def build(
    rows: Iterable[Row],
    rejected: Sequence[Rejected],
    *,
    params: ArticlesParams,
    source_name: str,
    languages: bool = True,
) -> Corpus:
    """Corpus of the rows that hold an article.

    Parameters
    ----------
    rows : iterable of Row
        In any order; the corpus does not depend on it.
    rejected : sequence of Rejected
        Rows that could not be read.
    params : ArticlesParams
        How files become documents.
    source_name : str
        What was read, for messages.
    languages : bool
        Whether the language of each document is detected where it is not given.

    Raises
    ------
    ArticlesError
        If no row holds an article, or ids repeat.
    """
    turned_away = list(rejected)
    notes: list[str] = []
    taken = _check_texts(rows, turned_away, notes)
    if not taken:
        raise ArticlesError(_nothing_left(source_name, turned_away))
    entries = [_document(row, text) for row, text in taken]
    _check_ids(entries)
    entries.sort(key=lambda entry: entry["doc_id"])
    if params.clean == "standard":
        notes += _clean(entries)
    notes += parse_dates(entries)
    documents, copies = _fold(entries)
    if languages:
        for entry in documents:
            entry["lang"] = entry["lang"] or detect_language(entry["text"])
    lang = {entry["doc_id"]: entry["lang"] for entry in documents}
    for entry in copies:
        entry["lang"] = entry["lang"] or lang[entry["copy_of"]]
    if copies:
        notes.append(f"{len(copies)} articles repeat the text of another and were folded into it as copies")
    if turned_away:
        n_rows = len(turned_away) + len(entries)
        notes.append(f"{len(turned_away)} of {n_rows} rows were rejected: {_reasons(turned_away)}")
    turned_away.sort(key=lambda r: (r.file, r.row, r.doc_id or ""))
    extra = _extra_fields([*documents, *copies])
    schema = pa.schema([*SCHEMA, *extra])
    origin = Origin(
        STAGE,
        VERSION,
        {"articles": fingerprint([_content(entry) for entry in documents])},
        (),
        library_versions("py3langid"),
        tuple(notes),
    )
    return Corpus(
        documents=_table(documents, schema),
        copies=_table(copies, schema.append(pa.field("copy_of", pa.string()))),
        rejected=pa.Table.from_pylist([vars(r) for r in turned_away], schema=REJECTED),
        origin=origin,
    )


def from_texts(texts: Sequence[str], *, params: ArticlesParams | None = None) -> tuple[Corpus, list[int]]:
    """Corpus of plain texts, and for each text the row of its document (-1 for a text without words).

    Languages are left open; the label stage finds out from a sample which function words to leave out.

    Parameters
    ----------
    texts : sequence of str
        One article each.
    params : ArticlesParams or None
        None keeps every line.

    Raises
    ------
    TypeError
        If an entry is not a string; the message names its position.
    ArticlesError
        If no text holds an article.
    """
    rows = []
    for i, text in enumerate(texts):
        if not isinstance(text, str) and not is_missing(text):
            raise TypeError(f"expected texts[{i}] to be a string, got {type(text).__name__}: {text!r:.60}")
        rows.append(Row("texts", i, doc_id=None, text=text))
    settings = params or ArticlesParams(clean="keep-all")
    corpus = build(rows, [], params=settings, source_name="texts", languages=False)
    rejected = set(corpus.rejected.column("row").to_pylist())
    place = {doc_id: i for i, doc_id in enumerate(corpus.doc_ids)}
    copy_of = dict(zip(corpus.copies["doc_id"].to_pylist(), corpus.copies["copy_of"].to_pylist(), strict=True))
    rows_of: list[int] = []
    seen: Counter[str] = Counter()
    for i, text in enumerate(texts):
        if i in rejected:
            rows_of.append(-1)
            continue
        doc_id = _numbered(_content_id(None, _repair(text)[0]), seen)
        rows_of.append(place[copy_of.get(doc_id, doc_id)])
    return corpus, rows_of


def _check_texts(rows: Iterable[Row], turned_away: list[Rejected], notes: list[str]) -> list[tuple[Row, str]]:
    taken: list[tuple[Row, str]] = []
    n_invisible = n_surrogates = n_mojibake = 0
    for row in rows:
        text, given = row.text, _string(row.doc_id)
        if is_missing(text):
            turned_away.append(Rejected(row.file, row.row, given, "no text"))
            continue
        if not isinstance(text, str):
            kind = type(text).__name__
            turned_away.append(Rejected(row.file, row.row, given, f"text is not a string: {kind} {text!r:.60}"))
            continue
        repaired, invisible, surrogates = _repair(text)
        if not repaired:
            turned_away.append(Rejected(row.file, row.row, given, "empty text"))
            continue
        n_invisible += invisible
        n_surrogates += surrogates
        n_mojibake += any(mark in repaired for mark in ("â€", "Ã©", "Ð°", "Ñ‚", "\ufffd"))
        taken.append((row, repaired))
    for n, what in (
        (n_invisible, "held control or invisible characters, which were taken out"),
        (n_surrogates, "held lone surrogates, which were replaced"),
        (n_mojibake, "look wrongly decoded (mojibake) and were left unchanged"),
    ):
        if n:
            notes.append(f"{n} articles {what}")
    return taken


def _repair(text: str) -> tuple[str, bool, bool]:
    """Text in normal form C without control and invisible characters and lone surrogates; whether it held either."""
    flat = _BREAKS.sub("\n", text)
    visible = _INVISIBLE.sub("", flat)
    whole = visible.encode("utf-8", "replace").decode("utf-8")
    if _BLANK.fullmatch(whole):
        whole = ""
    return unicodedata.normalize("NFC", whole).strip(), visible != flat, bool(whole) and whole != visible


def _document(row: Row, text: str) -> dict[str, Any]:
    lang = _string(row.lang)
    return {
        "doc_id": _string(row.doc_id),
        "title": _string(row.title),
        "text": text,
        "date": row.date,
        "lang": re.split("[-_]", lang.lower())[0] if lang else None,
        "source": _string(row.source),
        "parent_id": None,
        "copies": [],
        "extra": {_free_name(name): value for name, value in row.extra.items()},
        "at": f"{row.file}:{row.row}",
    }


def _free_name(name: Any) -> str:
    """A further column's name, set apart where it is one of ours."""
    text = _string(name) or "unnamed"
    return f"{text}_given" if text in OUR_COLUMNS else text


def _string(value: Any) -> str | None:
    return None if is_missing(value) else _repair(str(value))[0] or None


def _check_ids(entries: list[dict[str, Any]]) -> None:
    """Give an id by content where there is none; refuse ids that repeat."""
    places: dict[str, list[str]] = {}
    for entry in entries:
        if entry["doc_id"] is not None:
            places.setdefault(entry["doc_id"], []).append(entry["at"])
    repeated = [f"{doc_id!r} ({', '.join(at[:3])})" for doc_id, at in places.items() if len(at) > 1]
    if repeated:
        more = f" and {len(repeated) - 10} more" if len(repeated) > 10 else ""
        raise ArticlesError(
            f"expected every id once, got {len(repeated)} ids more than once: {', '.join(repeated[:10])}{more}; "
            'articles.id_column="" numbers the articles by content instead'
        )
    seen = Counter(places.keys())
    # Equal articles are numbered in an order that does not depend on the rows'.
    for entry in sorted(entries, key=_in_content_order):
        if entry["doc_id"] is None:
            entry["doc_id"] = _numbered(_content_id(entry["title"], entry["text"]), seen)


def _in_content_order(entry: Mapping[str, Any]) -> tuple[str, ...]:
    facts = (entry["title"], entry["text"], entry["date"], entry["lang"], entry["source"], entry["extra"])
    return tuple(str(fact) for fact in facts)


def _content_id(title: str | None, text: str) -> str:
    return hashlib.sha256(f"{title or ''}\n\n{text}".encode()).hexdigest()[:16]


def _numbered(doc_id: str, seen: Counter[str]) -> str:
    seen[doc_id] += 1
    return doc_id if seen[doc_id] == 1 else f"{doc_id}-{seen[doc_id]}"


def _clean(entries: list[dict[str, Any]]) -> list[str]:
    """Take page furniture off in place; what was done in sentences."""
    distinct = {entry["text"]: entry["source"] for entry in reversed(entries)}
    recurring = recurring_lines(list(distinct), list(distinct.values()))
    pages = {text: take_apart(text, recurring) for text in distinct}
    n_lines = n_pages = 0
    for entry in entries:
        page = pages[entry["text"]]
        n_lines += page.n_removed
        n_pages += page.n_removed > 0
        entry["title"] = entry["title"] or page.title
        entry["text"] = page.body
    return [f"{n_lines} lines of page furniture were taken off {n_pages} articles"] if n_lines else []


def _fold(entries: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Distinct documents and copies; the smallest id of equal texts is the document."""
    hosts: dict[str, dict[str, Any]] = {}
    copies = []
    for entry in entries:
        host = hosts.setdefault(entry["text"], entry)
        if host is not entry:
            host["copies"].append(entry["doc_id"])
            copies.append({**entry, "copy_of": host["doc_id"]})
    return list(hosts.values()), copies


def _extra_fields(entries: list[dict[str, Any]]) -> list[pa.Field]:
    """One Arrow field for each further column of the user's; what has no single type is kept as JSON text."""
    names = sorted({name for entry in entries for name in entry["extra"]})
    fields = []
    for name in names:
        values = [entry["extra"].get(name) for entry in entries]
        try:
            kind = pa.array(values, from_pandas=True).type
            plain = not pa.types.is_struct(kind)
        except (pa.ArrowException, OverflowError, UnicodeError, TypeError, ValueError):
            plain = False
        if not plain:
            kind = pa.string()
            for entry in entries:
                if not is_missing(value := entry["extra"].get(name)):
                    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
                    entry["extra"][name] = _repair(text)[0]
        fields.append(pa.field(name, kind))
    return fields


def _table(entries: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    columns = []
    for column in schema:
        ours = column.name in SCHEMA.names or column.name == "copy_of"
        values = [entry[column.name] if ours else entry["extra"].get(column.name) for entry in entries]
        columns.append(pa.array(values, type=column.type, from_pandas=True))
    return pa.Table.from_arrays(columns, schema=schema)


def _content(entry: Mapping[str, Any]) -> list[Any]:
    """What the stages depend on; a date or a source may change without anything being computed again."""
    return [entry[name] for name in ("doc_id", "title", "text", "lang", "parent_id", "copies")]


def _nothing_left(source_name: str, turned_away: Sequence[Rejected]) -> str:
    if not turned_away:
        return f"{source_name} holds no article"
    said = _reasons(turned_away)
    return f"{source_name} holds no article: all {len(turned_away)} rows were rejected ({said})"


def _reasons(turned_away: Sequence[Rejected]) -> str:
    """Each reason with its count, most frequent first, ties by name."""
    counts = Counter(r.reason.split(":")[0] for r in turned_away)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{n} × {reason}" for reason, n in ordered)
