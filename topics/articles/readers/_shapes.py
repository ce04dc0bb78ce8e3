"""The shapes in which other tools hold a table in one value → records: pandas' orients, wrappers, dumps of indices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from topics.articles.readers._cells import Broken
from topics.articles.readers._column_names import USUAL_NAMES, folded
from topics.articles.readers._columns import has_text_column, named_once
from topics.config import ArticlesParams

_DEEPEST_WRAPPER = 3  # {"response": {"docs": [...]}}, {"hits": {"hits": [...]}}
_MAX_NAMED = 5
_CLEARLY_LONGER = 2  # times the characters of any other column


def records_in(value: Any, params: ArticlesParams, *, notes: list[str]) -> Sequence[Any] | None:
    """The articles in a value, as mappings of column to cell where they are such; None where it holds none.

    ==============  ===================================================================================================
    shape           example
    ==============  ===================================================================================================
    rows            ``[{"id": 1, "text": …}, …]``, also in a wrapper: ``{"status": "ok", "articles": […]}``
    split           ``{"columns": ["id", "text"], "index": [0, …], "data": [[1, …], …]}``
    table           ``{"schema": …, "data": [{…}, …]}``
    by column       ``{"id": {"0": 1, …}, "text": {"0": …}}`` or ``{"id": [1, …], "text": […]}``
    by index        ``{"0": {"id": 1, "text": …}, …}``; what is no running number is the id
    lists           ``[["id", "text"], [1, …], …]``, or without the head
    one article     ``{"id": 1, "text": …}``
    ==============  ===================================================================================================

    Parameters
    ----------
    value : Any
        A list or a mapping; anything else holds none.
    params : ArticlesParams
        May name the text column.
    notes : list of str
        Gets what there is to say of how they were read.
    """
    if isinstance(value, list):
        return _of_list(value, params, notes)
    if not isinstance(value, Mapping) or not value:
        return None
    cells = list(value.values())
    if set(map(str, value)) >= {"columns", "data"} and all(isinstance(value[k], list) for k in ("columns", "data")):
        return _split(value, notes)
    has_text = has_text_column(map(str, value), params)
    if has_text and all(isinstance(column, list) for column in cells):
        return _by_column(value)
    if all(isinstance(column, Mapping) for column in cells):
        if has_text and all(list(column) == list(cells[0]) for column in cells):
            return _with_index(list(cells[0]), [{name: value[name][i] for name in value} for i in cells[0]])
        if not has_text and has_text_column((str(name) for row in cells for name in row), params):
            return _with_index(list(value), cells)
    return [value] if has_text else _wrapped(value, params)


def _by_column(value: Mapping[str, Any]) -> list[Any]:
    """Rows of columns that are lists, or what is wrong with their lengths."""
    if len({len(column) for column in value.values()}) == 1:
        return [dict(zip(value, row, strict=True)) for row in zip(*value.values(), strict=True)]
    lengths = ", ".join(f"{str(name)[:40]!r} of {len(column)}" for name, column in list(value.items())[:_MAX_NAMED])
    return [Broken(f"expected columns of one length, got {lengths}; put null where a cell is missing")]


def _of_list(items: list[Any], params: ArticlesParams, notes: list[str]) -> list[Any]:
    if items and all(isinstance(item, list) for item in items):
        if len(items) == 1 or any(isinstance(cell, Mapping) for cell in items[0]):
            return [cell for item in items for cell in item]
        return _headed(items, params, notes)
    return [_source(item, params) for item in items]


def _source(item: Any, params: ArticlesParams) -> Any:
    """The document of a hit of Elasticsearch or of a record that has it in ``fields``; anything else as it is."""
    if not isinstance(item, Mapping):
        return item
    if isinstance(item.get("_source"), Mapping):
        return {"_id": item.get("_id"), **item["_source"]}
    fields = item.get("fields")  # the Guardian's replies, Django's dumps
    if not isinstance(fields, Mapping) or has_text_column(map(str, item), params):
        return item
    if has_text_column(map(str, fields), params):
        return {**fields, **{name: cell for name, cell in item.items() if name != "fields"}}
    return item


def _headed(rows: list[list[Any]], params: ArticlesParams, notes: list[str]) -> list[Any]:
    """Rows that are lists; the first names the columns, or they are numbered and the text is by far the longest."""
    head = rows[0]
    if all(isinstance(name, str) for name in head) and has_text_column(head, params):
        names = _once(head, notes)
        return [_zipped(names, row) for row in rows[1:]]
    names = [str(i) for i in range(max(map(len, rows)))]
    if params.text_column is None:
        lengths = sorted(
            (
                (sum(len(row[i]) for row in rows if i < len(row) and isinstance(row[i], str)), i)
                for i in range(len(names))
            ),
            reverse=True,
        )
        if lengths and (len(lengths) == 1 or lengths[0][0] > _CLEARLY_LONGER * lengths[1][0]):
            names[lengths[0][1]] = "text"
    return [_zipped(names, row) for row in rows]


def _split(value: Mapping[str, Any], notes: list[str]) -> list[Any] | None:
    names = [" ".join(map(str, name)) if isinstance(name, list) else str(name) for name in value["columns"]]
    if not all(isinstance(row, list) for row in value["data"]):
        return None
    names = _once(names, notes)
    rows = [_zipped(names, row) for row in value["data"]]
    index = value.get("index")
    return _with_index(index, rows) if isinstance(index, list) and len(index) == len(rows) else rows


def _once(names: Sequence[str], notes: list[str]) -> list[str]:
    unique, note = named_once(names)
    notes.extend([note] if note else [])
    return unique


def _zipped(names: Sequence[str], row: list[Any]) -> dict[str, Any] | Broken:
    if len(row) > len(names):
        return Broken(f"ragged row: expected {len(names)} columns, got {len(row)}")
    return dict(zip(names, row, strict=False))


def _with_index(index: Sequence[Any], rows: Sequence[Any]) -> list[Any]:
    """Rows with their index for id, where it is more than a running number and they have no other."""
    numbers = [str(i) for i in range(len(rows))]
    if [str(i) for i in index] == numbers or any(
        folded(str(name)) in USUAL_NAMES["doc_id"] for row in rows if isinstance(row, Mapping) for name in row
    ):
        return list(rows)
    return [{"id": i, **row} if isinstance(row, Mapping) else row for i, row in zip(index, rows, strict=True)]


def _wrapped(value: Mapping[str, Any], params: ArticlesParams) -> list[Any] | None:
    """The only list of articles within an object; the only list of objects where none of them has a text column.

    A list in the object itself goes before those further down.
    """
    lists = list(_lists(value, _DEEPEST_WRAPPER))
    of_articles = [items for items in lists if any(_has_text(item, params) for item in items[:20])]
    if len(of_articles) == 1:
        return [_source(item, params) for item in of_articles[0]]
    if not of_articles:
        for only in (list(_lists(value, 1)), lists):
            if len(only) == 1:
                return only[0]
    empty = [items for items in value.values() if isinstance(items, list)]
    return [] if not lists and len(empty) == 1 and not empty[0] else None


def _has_text(item: Any, params: ArticlesParams) -> bool:
    item = _source(item, params)
    return isinstance(item, Mapping) and has_text_column(map(str, item), params)


def _lists(value: Mapping[str, Any], depth: int) -> Iterator[list[Any]]:
    """Lists of objects in an object, and in the objects in it."""
    for inner in value.values():
        if isinstance(inner, list) and inner and all(isinstance(item, Mapping) for item in inner):
            yield inner
        elif isinstance(inner, Mapping) and depth > 1:
            yield from _lists(inner, depth - 1)
