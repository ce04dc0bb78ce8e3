"""JSON files → rows: one object a line as a stream, any other shape as a whole."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from topics.articles.readers._cells import Broken
from topics.articles.readers._columns import to_rows
from topics.articles.readers._files import File
from topics.articles.readers._json_values import is_cut_short, parse
from topics.articles.readers._rows import ArticlesError, Note, Rows
from topics.articles.readers._shapes import records_in
from topics.config import ArticlesParams

Records = Iterator[tuple[int, Mapping[Any, Any] | str]]
_LOOKED_AT = 2  # lines that are not blank


def read_jsonl(file: File, params: ArticlesParams) -> Rows:
    """Rows of a file with one JSON object a line; also of one with arrays of them, or objects over several lines.

    Parameters
    ----------
    file : File
        ``.jsonl`` or ``.ndjson``; it is read as a stream where every object has its line.
    params : ArticlesParams
        Names columns.
    """
    lines = file.lines()
    head = _head(lines)
    looked_at = [line.strip() for line in head if line.strip()]
    if looked_at and _is_whole(looked_at):
        return _of_whole(file, itertools.chain(head, lines), params)
    return to_rows(_json_lines(itertools.chain(head, lines)), file.name, params=params)


def read_json(file: File, params: ArticlesParams) -> Rows:
    """Rows of a JSON file in any of the shapes of :func:`~topics.articles.readers._shapes.records_in`.

    Parameters
    ----------
    file : File
        ``.json``; unless it has an object a line it is read into memory as a whole.
    params : ArticlesParams
        Names columns.

    Raises
    ------
    ArticlesError
        If it is not JSON, or holds no list of objects.
    """
    lines = file.lines()
    head = _head(lines)
    if sum(bool(line.strip()) for line in head) == _LOOKED_AT and _is_object(head[-1]):
        first = next(line for line in head if line.strip())
        if _is_object(first):
            return to_rows(_json_lines(itertools.chain(head, lines)), file.name, params=params)
    return _of_whole(file, itertools.chain(head, lines), params)


def _head(lines: Iterator[bytes]) -> list[bytes]:
    """Lines up to the second that is not blank."""
    head: list[bytes] = []
    n_filled = 0
    for line in lines:
        head.append(line)
        n_filled += bool(line.strip())
        if n_filled == _LOOKED_AT:
            break
    return head


def _is_whole(looked_at: list[bytes]) -> bool:
    """Whether the first lines of a file show that its values do not stand one a line."""
    first = looked_at[0]
    if first in (b"[", b"{"):
        return True
    if _is_object(first):
        return False
    if first.startswith(b"[") and not is_cut_short(first):
        return not isinstance(parse(first), str)
    followed = len(looked_at) > 1 and _is_object(looked_at[1])
    return first[:1] in b"[{" and len(looked_at) > 1 and not followed and is_cut_short(first)


def _of_whole(file: File, lines: Iterable[bytes], params: ArticlesParams) -> Rows:
    values = parse(b"".join(lines))
    if isinstance(values, str):
        raise ArticlesError(f"{file.path}: {values}")
    notes: list[str] = []
    records = records_in(values[0], params, notes=notes) if len(values) == 1 else _in_a_row(values, params, notes)
    if records is None:
        got = values[0].reason if isinstance(values[0], Broken) else f"got {type(values[0]).__name__}"
        raise ArticlesError(
            f"{file.path}: expected a list of objects, an object that holds one such list, or one article; {got}"
        )
    objects = ((i, _as_object(item)) for i, item in enumerate(records, start=1))
    return itertools.chain(to_rows(objects, file.name, params=params), (Note(f"{file.name}: {note}") for note in notes))


def _in_a_row(values: list[Any], params: ArticlesParams, notes: list[str]) -> list[Any]:
    """Articles of values that stand one after the other: objects, or lists of them."""
    if any(isinstance(value, list) for value in values):
        values = [value if isinstance(value, list) else [value] for value in values]
    return list(records_in(values, params, notes=notes) or ())


def _json_lines(lines: Iterable[bytes]) -> Records:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            values = parse(line.rstrip())
            for value in [values] if isinstance(values, str) else map(_as_object, values):
                yield number, value


def _is_object(line: bytes) -> bool:
    values = parse(line)
    return not isinstance(values, str) and all(isinstance(value, Mapping) for value in values)


def _as_object(value: Any) -> Mapping[Any, Any] | str:
    """An object, or why it is none."""
    if isinstance(value, Broken):
        return value.reason
    return value if isinstance(value, Mapping) else f"not a JSON object: {type(value).__name__}"
