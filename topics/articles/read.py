"""Files, folders and frames → rows: JSONL, CSV, TSV, Parquet, ``.txt``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from topics.articles.corpus import ArticlesError, Rejected, Row, build
from topics.articles.missing import is_missing
from topics.config import ArticlesParams
from topics.records import Corpus

if TYPE_CHECKING:
    import pandas as pd

USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "doc_id": ("id", "doc_id", "docid", "uuid", "guid"),
    "text": ("text", "body", "content", "article", "full_text", "maintext"),
    "title": ("title", "headline"),
    "date": ("date", "published", "pubdate", "published_at", "date_publish", "datetime", "timestamp"),
    "source": ("source", "outlet", "domain", "publisher"),
    "lang": ("lang", "language"),
}
_PARAMETER = {name: f"{'id' if name == 'doc_id' else name}_column" for name in USUAL_NAMES}

Found = Iterator[Row | Rejected]


def read(path_or_frame: str | Path | pd.DataFrame, config: ArticlesParams | None = None) -> Corpus:
    """Corpus of the articles in a file, a folder or a frame.

    Parameters
    ----------
    path_or_frame : str, Path or pandas.DataFrame
        A ``.jsonl``, ``.csv``, ``.tsv``, ``.parquet`` or ``.txt`` file; a folder of such files, sub-folders
        included; or a frame with one article a row.
    config : ArticlesParams or None
        None takes the defaults.

    Raises
    ------
    ArticlesError
        If there is nothing to read, a named column is absent, ids repeat, or too many rows of a file are bad.
    """
    params = config or ArticlesParams()
    if not isinstance(path_or_frame, (str, Path)):
        given = _rows(_frame_records(path_or_frame), "frame", params)
        return build((row for row in given if isinstance(row, Row)), [], params=params, source_name="the frame")
    root = Path(path_or_frame)
    rows: list[Row] = []
    rejected: list[Rejected] = []
    for path in _files(root):
        name = path.relative_to(root).as_posix() if root.is_dir() else path.name
        name = name.encode("utf-8", "replace").decode("utf-8")  # a file's name need not be text
        taken_before, bad_before = len(rows), len(rejected)
        for found in READERS[path.suffix.lower()](path, name, params):
            rows.append(found) if isinstance(found, Row) else rejected.append(found)
        n_bad, n_good = len(rejected) - bad_before, len(rows) - taken_before
        if path.suffix.lower() != ".txt" and n_bad > params.max_bad_share * (n_bad + n_good):
            first = rejected[bad_before]
            raise ArticlesError(
                f"{path}: {n_bad} of {n_bad + n_good} rows cannot be read, more than articles.max_bad_share "
                f"{params.max_bad_share}; the first is row {first.row}: {first.reason}"
            )
    return build(rows, rejected, params=params, source_name=str(path_or_frame))


def sample_path() -> Path:
    """The bundled sample: 172 pages of six invented outlets, Parquet, with ``gold_*`` columns."""
    return Path(str(files("topics") / "data" / "sample.parquet"))


def _files(root: Path) -> list[Path]:
    if root.is_dir():
        found = sorted(p for p in _walk(root) if p.suffix.lower() in READERS)
        if not found:
            raise ArticlesError(f"{str(root)!r} holds no {', '.join(sorted(READERS))} file")
        return found
    if not root.exists():
        raise ArticlesError(f"{str(root)!r} does not exist")
    if root.suffix.lower() not in READERS:
        raise ArticlesError(f"{str(root)!r}: expected one of {', '.join(sorted(READERS))}, got {root.suffix!r}")
    return [root]


def _walk(folder: Path) -> Iterator[Path]:
    """Files of a folder and its sub-folders, but for hidden ones and runs of ours."""
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if path.is_file():
            yield path
        elif path.is_dir() and not path.is_symlink() and not (path / "run.json").is_file():
            yield from _walk(path)


def _read_jsonl(path: Path, name: str, params: ArticlesParams) -> Found:
    def records() -> Iterator[tuple[int, Mapping[str, Any] | str]]:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, _json_object(line)

    return _rows(records(), name, params)


def _json_object(line: bytes) -> Mapping[str, Any] | str:
    """The object of a line, or why there is none."""
    try:
        value = json.loads(
            line.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_unique
        )
    except UnicodeDecodeError as error:
        return f"not UTF-8: byte {error.start} of the line is 0x{line[error.start]:02x}"
    except RecursionError:
        return "not JSON: nested too deeply"
    except ValueError as error:
        return f"not JSON: {error}"
    return value if isinstance(value, dict) else f"not a JSON object: {type(value).__name__}"


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    if abs(value := float(text)) == float("inf"):
        raise ValueError(f"{text} is too large a number")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return made


def _read_csv(path: Path, name: str, params: ArticlesParams) -> Found:
    import pyarrow as pa
    from pyarrow import csv

    content = path.read_bytes()
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticlesError(
            f"{path}: not UTF-8: byte {error.start} is 0x{content[error.start]:02x}; convert it"
        ) from None
    ragged: list[Rejected] = []

    def note(row: Any) -> str:
        reason = f"ragged row: expected {row.expected_columns} columns, got {row.actual_columns}"
        ragged.append(Rejected(name, row.number, None, reason))
        return "skip"

    reading = csv.ReadOptions(use_threads=False, block_size=max(len(content), 1) + 1)
    parsing = csv.ParseOptions(
        delimiter="\t" if path.suffix.lower() == ".tsv" else ",",
        newlines_in_values=True,
        invalid_row_handler=note,
    )
    try:
        header = csv.read_csv(pa.py_buffer(content), reading, parsing).column_names
        _check_unique(header, str(path))
        ragged.clear()
        texts = csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=True)
        table = csv.read_csv(pa.py_buffer(content), reading, parsing, texts)
    except pa.ArrowInvalid as error:
        raise ArticlesError(f"{path}: {error}") from None
    skipped = {r.row for r in ragged}
    numbers = (n for n in range(2, table.num_rows + len(skipped) + 2) if n not in skipped)
    yield from ragged
    yield from _rows(zip(numbers, table.to_pylist(), strict=True), name, params)


def _read_parquet(path: Path, name: str, params: ArticlesParams) -> Found:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # Arrow's read-ahead threads can outlive the call and abort the process at exit (apache/arrow#34314).
        records = pq.read_table(path, use_threads=False, pre_buffer=False).to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise ArticlesError(f"{path} is not a Parquet file that can be read: {error}") from None
    return _rows(enumerate(records, start=1), name, params)


def _read_txt(path: Path, name: str, params: ArticlesParams) -> Found:
    content = path.read_bytes()
    doc_id = name.removesuffix(path.suffix)
    try:
        yield Row(name, 0, doc_id=doc_id, text=content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        yield Rejected(name, 0, doc_id, f"not UTF-8: byte {error.start} is 0x{content[error.start]:02x}")


READERS: Mapping[str, Callable[[Path, str, ArticlesParams], Found]] = {
    ".jsonl": _read_jsonl,
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".parquet": _read_parquet,
    ".txt": _read_txt,
}


def _frame_records(frame: pd.DataFrame) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if not hasattr(frame, "to_dict") or not hasattr(frame, "columns"):
        raise TypeError(f"expected a path or a pandas.DataFrame, got {type(frame).__name__}")
    _check_unique([str(column) for column in frame.columns], "the frame")
    return enumerate(cast("list[dict[str, Any]]", frame.to_dict("records")), start=1)


def _check_unique(names: Sequence[str], where: str) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ArticlesError(f"{where}: expected every column once, got {', '.join(map(repr, repeated))} more than once")


def _rows(records: Iterator[tuple[int, Mapping[Any, Any] | str]], name: str, params: ArticlesParams) -> Found:
    """Rows of one table; each takes, for every role, the column named in the params or the first usual one it fills.

    A column that only some rows have is no error; one that no row has is, where it was named or holds the text.
    """
    seen: dict[str, None] = {}
    for number, record in records:
        if isinstance(record, str):
            yield Rejected(name, number, None, record)
            continue
        cells = {str(column): value for column, value in record.items()}
        seen |= dict.fromkeys(cells)
        columns = _columns(cells, params)
        chosen = {role: cells[column] for role, column in columns.items()}
        extra = {column: value for column, value in cells.items() if column not in columns.values()}
        yield Row(name, number, **chosen, extra=extra)
    if seen:
        _check_columns(list(seen), params, name)


def _columns(cells: Mapping[str, Any], params: ArticlesParams) -> dict[str, str]:
    """For each role the column of a row that plays it."""
    by_folded = {column.strip().casefold(): column for column in reversed(list(cells))}
    columns = {}
    for role, usual in USUAL_NAMES.items():
        wanted = getattr(params, _PARAMETER[role])
        if wanted is not None:
            candidates = [wanted] if wanted in cells else []
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
    if not params.text_column and not {name.strip().casefold() for name in names} & set(USUAL_NAMES["text"]):
        raise ArticlesError(
            f"{file}: expected a text column ({', '.join(USUAL_NAMES['text'])}), got columns {listed}; name yours with "
            "articles.text_column"
        )
