"""Which column of the user's table plays which role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from topics.articles.sources.missing import is_missing
from topics.articles.sources.rows import ArticlesError, Found, Rejected, Row
from topics.config import ArticlesParams

USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "doc_id": ("id", "doc_id", "docid", "article_id", "uuid", "guid"),
    "text": ("text", "body", "content", "article", "full_text", "fulltext", "article_text", "maintext", "articlebody"),
    "title": ("title", "headline"),
    "date": (
        "date", "published", "pubdate", "pub_date", "published_at", "publishedat", "published_date", "publish_date",
        "date_published", "datepublished", "date_publish", "publication_date", "datetime", "timestamp", "created_at",
    ),
    "source": ("source", "outlet", "domain", "publisher", "publication", "site", "sitename", "site_name"),
    "lang": ("lang", "language", "language_code"),
    "author": ("author", "authors", "byline"),
    "url": ("url", "link", "source_url", "canonical_url"),
}  # fmt: skip
_PARAMETER = {name: f"{'id' if name == 'doc_id' else name}_column" for name in USUAL_NAMES}


def to_rows(records: Iterable[tuple[int, Mapping[Any, Any] | str]], name: str, *, params: ArticlesParams) -> Found:
    """Rows of one table; each takes, for every role, the column named in the params or the first usual one it fills.

    Parameters
    ----------
    records : iterable of (int, mapping or str)
        Number of each row, and its cells by column or why it could not be read.
    name : str
        The table's, for messages.
    params : ArticlesParams
        Names columns.

    Raises
    ------
    ArticlesError
        Once all rows have gone by, if none had a column that was named in the params, or any column for the text: a
        column that only some rows have is no error.
    """
    seen: dict[str, None] = {}
    for number, record in records:
        if isinstance(record, str):
            yield Rejected(name, number, None, record)
            continue
        chosen, extra, names = pick(record, params)
        seen |= dict.fromkeys(names)
        yield Row(name, number, **chosen, extra=extra)
    if seen:
        _check_columns(list(seen), params, name)


def pick(record: Mapping[Any, Any], params: ArticlesParams) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """The cells of a row by role, its further cells by column, and all its columns.

    Parameters
    ----------
    record : mapping
        Cells by column.
    params : ArticlesParams
        Names columns.
    """
    cells = {str(column): value for column, value in record.items()}
    columns = _columns(cells, params)
    chosen = {role: cells[column] for role, column in columns.items()}
    extra = {column: value for column, value in cells.items() if column not in columns.values()}
    return chosen, extra, list(cells)


def check_unique(names: Sequence[str], where: str) -> None:
    """Refuse a table in which two columns have one name.

    Parameters
    ----------
    names : sequence of str
        Its columns.
    where : str
        What the table is, for the message.

    Raises
    ------
    ArticlesError
        If a name stands twice.
    """
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ArticlesError(f"{where}: expected every column once, got {', '.join(map(repr, repeated))} more than once")


def has_text_column(names: Iterable[str], params: ArticlesParams) -> bool:
    """Whether one of the columns would be taken for the text.

    Parameters
    ----------
    names : iterable of str
        Columns.
    params : ArticlesParams
        May name one.
    """
    if params.text_column:
        return params.text_column in set(names)
    return bool({name.strip().casefold() for name in names} & set(USUAL_NAMES["text"]))


def _columns(cells: Mapping[str, Any], params: ArticlesParams) -> dict[str, str]:
    """For each role the column of a row that plays it."""
    by_folded = {column.strip().casefold(): column for column in reversed(list(cells))}
    columns = {}
    for role, usual in USUAL_NAMES.items():
        wanted = getattr(params, _PARAMETER[role])
        if wanted is not None:
            candidates = [wanted] if wanted and wanted in cells else []
        else:
            candidates = [by_folded[name] for name in usual if name in by_folded]
        filled = [column for column in candidates if not is_missing(cells[column])]
        if candidates:
            columns[role] = (filled or candidates)[0]
    return columns


def _check_columns(names: Sequence[str], params: ArticlesParams, file: str) -> None:
    listed = ", ".join(map(repr, names))
    for role in USUAL_NAMES:
        wanted = getattr(params, _PARAMETER[role])
        if wanted and wanted not in names:
            raise ArticlesError(f"{file}: articles.{_PARAMETER[role]} is {wanted!r}, but the columns are {listed}")
    if not params.text_column and not has_text_column(names, params):
        raise ArticlesError(
            f"{file}: expected a text column ({', '.join(USUAL_NAMES['text'])}), got columns {listed}; name yours with "
            "articles.text_column"
        )
