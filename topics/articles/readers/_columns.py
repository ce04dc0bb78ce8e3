"""Which column of the user's table plays which role."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from topics.articles._article import Article
from topics.articles.readers._cells import CellError, settle
from topics.articles.readers._column_names import OTHER_LANGUAGES, USUAL_NAMES, WITH_DATA, folded
from topics.articles.readers._missing import is_missing
from topics.articles.readers._rows import ArticlesError, Note, Rejected, Rows
from topics.articles.readers._unrecognized import Unrecognized
from topics.config import ArticlesParams

_MAX_LISTED = 20
_ROLES: Mapping[str, tuple[str, ...]] = {
    role: tuple(dict.fromkeys(map(folded, (*names, *OTHER_LANGUAGES.get(role, ())))))
    for role, names in USUAL_NAMES.items()
}
_PARAMETER = {name: f"{'id' if name == 'doc_id' else name}_column" for name in USUAL_NAMES}


def to_rows(records: Iterable[tuple[int, Mapping[Any, Any] | str]], name: str, *, params: ArticlesParams) -> Rows:
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
    unknown = Unrecognized()
    columns = _Columns(params)
    for number, record in records:
        if isinstance(record, str):
            yield Rejected(name, number, None, record)
            continue
        try:
            cells, n_missing = settle(record)
        except CellError as error:
            doc_id = columns.pick({str(column): value for column, value in record.items()})[0].get("doc_id")
            shown_id = str(doc_id) if isinstance(doc_id, str | int) else None
            yield Rejected(name, number, shown_id, str(error))
            continue
        seen.update(dict.fromkeys(cells))
        chosen, extra, text_name = columns.pick(cells)
        unknown.add(chosen, extra)
        yield Article(name, number, **chosen, extra=extra, text_name=text_name, n_missing=n_missing)
    if seen:
        _check_columns(list(seen), params, name)
        yield from (Note(f"{name}: {note}") for note in unknown.notes())


def pick(record: Mapping[Any, Any], params: ArticlesParams) -> tuple[dict[str, Any], dict[str, Any]]:
    """The cells of a row by role, and its further cells by column.

    Parameters
    ----------
    record : mapping
        Cells by column.
    params : ArticlesParams
        Names columns.

    Raises
    ------
    CellError
        If a cell nests too deeply.
    """
    return _Columns(params).pick(settle(record)[0])[:2]


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
    repeated = sorted(name for name, n in Counter(names).items() if n > 1)
    if repeated:
        raise ArticlesError(f"{where}: expected every column once, got {listed(repeated)} more than once")


def named_once(names: Sequence[str]) -> tuple[list[str], str | None]:
    """The names of columns, every one once, and what to say where one had to get a number.

    Parameters
    ----------
    names : sequence of str
        As they stand.

    Examples
    --------
    >>> named_once(["text", "text"])[0]
    ['text', 'text.1']
    """
    repeated = [name for name, n in Counter(names).items() if n > 1]
    if not repeated:
        return list(names), None
    in_use, seen = set(names), Counter[str]()
    unique = []
    for name in names:
        seen[name] += 1
        new = name if seen[name] == 1 else f"{name}.{seen[name] - 1}"
        while new != name and new in in_use:
            seen[name] += 1
            new = f"{name}.{seen[name] - 1}"
        in_use.add(new)
        unique.append(new)
    return unique, (
        f"more than one column is called {listed(repeated)}; the first has the name, and the others a number after it"
    )


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
    return any(folded(name) in _ROLES["text"] for name in names)


def listed(names: Iterable[str]) -> str:
    """Names for a message, the first of them where there are many.

    Parameters
    ----------
    names : iterable of str
        Columns.
    """
    names = list(names)
    more = f" and {len(names) - _MAX_LISTED} more" if len(names) > _MAX_LISTED else ""
    return ", ".join(repr(name[:80]) for name in names[:_MAX_LISTED]) + more


class _Columns:
    """For each role the column of a row that plays it; rows of the same columns are looked at once."""

    def __init__(self, params: ArticlesParams) -> None:
        self._params = params
        self._names: tuple[str, ...] = ()
        self._candidates: dict[str, list[str]] = {}

    def pick(self, cells: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], str | None]:
        """The cells of a row by role, its further cells by column, and the column of its text."""
        names = tuple(cells)
        if names != self._names:
            self._names, self._candidates = names, self._look(names)
        columns = {}
        for role, candidates in self._candidates.items():
            filled = (column for column in candidates if not is_missing(cells[column]))
            columns[role] = next(filled, candidates[0])
        in_use = set(columns.values())
        chosen = {role: cells[column] for role, column in columns.items()}
        return chosen, {name: cell for name, cell in cells.items() if name not in in_use}, columns.get("text")

    def _look(self, names: Sequence[str]) -> dict[str, list[str]]:
        by_folded: dict[str, str] = {}
        for name in names:
            by_folded.setdefault(folded(name), name)
        by_role: dict[str, list[str]] = {}
        for role, usual in _ROLES.items():
            wanted = getattr(self._params, _PARAMETER[role])
            if wanted is not None:
                candidates = [wanted] if wanted and wanted in names else []
            else:
                candidates = [by_folded[name] for name in usual if name in by_folded]
            if candidates:
                by_role[role] = candidates
        # "data" is Polish, Italian and Portuguese for a date, and English for anything: the other heads tell.
        may_be_date = "date" not in by_role and self._params.date_column is None and "data" in by_folded
        if may_be_date and not WITH_DATA.isdisjoint(by_folded):
            by_role["date"] = [by_folded["data"]]
        return by_role


def _check_columns(names: Sequence[str], params: ArticlesParams, file: str) -> None:
    for role in USUAL_NAMES:
        wanted = getattr(params, _PARAMETER[role])
        if wanted and wanted not in names:
            raise ArticlesError(
                f"{file}: articles.{_PARAMETER[role]} is {wanted!r}, but the columns are {listed(names)}"
            )
    if not params.text_column and not has_text_column(names, params):
        raise ArticlesError(
            f"{file}: expected a text column ({', '.join(USUAL_NAMES['text'])}, or the like in another language), got "
            f"columns {listed(names)}; name yours with articles.text_column"
        )
