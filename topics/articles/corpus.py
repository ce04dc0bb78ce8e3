"""Rows → Corpus: texts checked, pages cleaned, equal texts folded, everything sorted by id."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from topics._language import detect_language
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
REJECTED = pa.schema([("file", pa.string()), ("row", pa.int64()), ("doc_id", pa.string()), ("reason", pa.string())])

# Control characters but tab and line feed, zero-width characters, the byte order mark. Bidi marks stay.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200d\u2060\ufeff]")


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
    notes += _parse_dates(entries)
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
        reasons = Counter(r.reason.split(":")[0] for r in turned_away).most_common()
        said = ", ".join(f"{n} × {reason}" for reason, n in reasons)
        notes.append(f"{len(turned_away)} of {len(turned_away) + len(entries)} rows were rejected: {said}")
    turned_away.sort(key=lambda r: (r.file, r.row, r.doc_id or ""))
    extra = _extra_fields([*documents, *copies])
    schema = pa.schema([*SCHEMA, *extra])
    origin = Origin(
        STAGE,
        VERSION,
        {"articles": [_content(entry) for entry in (*documents, *copies)], **params.model_dump(mode="json")},
        (),
        library_versions("py3langid"),
        tuple(notes),
    )
    return Corpus(
        documents=_table(documents, schema),
        copies=_table(copies, schema.append(pa.field("copy_of", pa.string()))),
        rejected=pa.Table.from_pylist([vars(r) for r in turned_away], schema=REJECTED),
        origin=_with_short_parameters(origin),
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
        if text is not None and not isinstance(text, str) and text == text:  # NaN is rejected, not refused
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
        text, given = row.text, None if row.doc_id is None else str(row.doc_id)
        if text is None or (isinstance(text, float) and text != text):
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
    """Text without control and invisible characters and lone surrogates, and whether it held either."""
    flat = text.replace("\r\n", "\n").replace("\r", "\n")
    visible = _INVISIBLE.sub("", flat)
    whole = visible.encode("utf-8", "replace").decode("utf-8")
    return whole.strip(), visible != flat, whole != visible


def _document(row: Row, text: str) -> dict[str, Any]:
    lang = _string(row.lang)
    return {
        "doc_id": _string(row.doc_id),
        "title": _string(row.title),
        "text": text,
        "date": row.date,
        "lang": lang.lower().partition("-")[0] if lang else None,
        "source": _string(row.source),
        "parent_id": None,
        "copies": [],
        "extra": dict(row.extra),
    }


def _string(value: Any) -> str | None:
    if value is None or value != value:
        return None
    return _repair(str(value))[0] or None


def _check_ids(entries: list[dict[str, Any]]) -> None:
    """Give an id by content where there is none; refuse ids that repeat."""
    given = [entry["doc_id"] for entry in entries if entry["doc_id"] is not None]
    repeated = [doc_id for doc_id, n in Counter(given).items() if n > 1]
    if repeated:
        more = f" and {len(repeated) - 10} more" if len(repeated) > 10 else ""
        raise ArticlesError(
            f"expected every id once, got {len(repeated)} ids more than once: "
            f"{', '.join(map(repr, repeated[:10]))}{more}; leave the id column out to number by content"
        )
    seen = Counter(given)
    for entry in entries:
        if entry["doc_id"] is None:
            entry["doc_id"] = _numbered(_content_id(entry["title"], entry["text"]), seen)


def _content_id(title: str | None, text: str) -> str:
    return hashlib.sha256(f"{title or ''}\n\n{text}".encode()).hexdigest()[:16]


def _numbered(doc_id: str, seen: Counter[str]) -> str:
    seen[doc_id] += 1
    return doc_id if seen[doc_id] == 1 else f"{doc_id}-{seen[doc_id]}"


def _clean(entries: list[dict[str, Any]]) -> list[str]:
    """Take page furniture off in place; what was done in sentences."""
    distinct = dict.fromkeys(entry["text"] for entry in entries)
    recurring = recurring_lines(distinct)
    pages = {text: take_apart(text, recurring) for text in distinct}
    n_lines = n_pages = 0
    for entry in entries:
        page = pages[entry["text"]]
        n_lines += page.n_removed
        n_pages += page.n_removed > 0
        entry["title"] = entry["title"] or page.title
        entry["text"] = page.body
    return [f"{n_lines} lines of page furniture were taken off {n_pages} articles"] if n_lines else []


def _parse_dates(entries: list[dict[str, Any]]) -> list[str]:
    import pandas as pd

    n_bad = 0
    for entry in entries:
        value, parsed = entry["date"], None
        if isinstance(value, (str, dt.date, pd.Timestamp)) and str(value).strip():
            stamp = pd.to_datetime(value, utc=True, errors="coerce")
            parsed = None if pd.isna(stamp) else stamp.floor("us").to_pydatetime()
        n_bad += parsed is None and value is not None and value == value
        entry["date"] = parsed
    return [f"{n_bad} dates could not be read and were left empty"] if n_bad else []


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
    names = sorted({name for entry in entries for name in entry["extra"]} - {*SCHEMA.names, "copy_of"})
    fields = []
    for name in names:
        values = [entry["extra"].get(name) for entry in entries]
        try:
            kind = pa.array(values, from_pandas=True).type
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            kind = pa.string()
            for entry in entries:
                if (value := entry["extra"].get(name)) is not None:
                    entry["extra"][name] = json.dumps(value, ensure_ascii=False, default=str)
        fields.append(pa.field(name, kind))
    return fields


def _table(entries: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    columns = []
    for column in schema:
        values = [entry[column.name] if column.name in entry else entry["extra"].get(column.name) for entry in entries]
        columns.append(pa.array(values, type=column.type, from_pandas=True))
    return pa.Table.from_arrays(columns, schema=schema)


def _content(entry: Mapping[str, Any]) -> list[Any]:
    date = entry["date"]
    parts = [entry[name] for name in ("doc_id", "title", "text", "lang", "source", "parent_id", "copies")]
    return [*parts, entry.get("copy_of"), None if date is None else date.isoformat()]


def _with_short_parameters(origin: Origin) -> Origin:
    """The same origin with the articles' content replaced by its fingerprint."""
    parameters = {**origin.parameters, "articles": fingerprint(origin.parameters["articles"])}
    return Origin(origin.stage, origin.version, parameters, origin.parents, origin.libraries, origin.notes)


def _nothing_left(source_name: str, turned_away: Sequence[Rejected]) -> str:
    if not turned_away:
        return f"{source_name} holds no article"
    reasons = Counter(r.reason.split(":")[0] for r in turned_away).most_common()
    said = ", ".join(f"{n} × {reason}" for reason, n in reasons)
    return f"{source_name} holds no article: all {len(turned_away)} rows were rejected ({said})"
