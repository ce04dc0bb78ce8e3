"""Files, folders and frames → rows: JSONL, CSV, TSV, Parquet, ``.txt``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from topics.articles.corpus import ArticlesError, Rejected, Row, build
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
        found = sorted(p for p in root.rglob("*") if p.suffix.lower() in READERS and p.is_file())
        if not found:
            raise ArticlesError(f"{str(root)!r} holds no {', '.join(sorted(READERS))} file")
        return found
    if not root.exists():
        raise ArticlesError(f"{str(root)!r} does not exist")
    if root.suffix.lower() not in READERS:
        raise ArticlesError(f"{str(root)!r}: expected one of {', '.join(sorted(READERS))}, got {root.suffix!r}")
    return [root]


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
    if not hasattr(frame, "to_dict"):
        raise TypeError(f"expected a path or a pandas.DataFrame, got {type(frame).__name__}")
    return enumerate(cast("list[dict[str, Any]]", frame.to_dict("records")), start=1)


def _rows(records: Iterator[tuple[int, Mapping[str, Any] | str]], name: str, params: ArticlesParams) -> Found:
    """Rows of one table; the columns are those named in the params, or the first usual name each row has."""
    for number, record in records:
        if isinstance(record, str):
            yield Rejected(name, number, None, record)
            continue
        columns = _columns(list(record), params, name)
        if "text" not in columns:
            raise ArticlesError(
                f"{name}, row {number}: expected a text column ({', '.join(USUAL_NAMES['text'])}), got columns "
                f"{', '.join(map(repr, record))}; name yours with articles.text_column"
            )
        chosen = {role: record[column] for role, column in columns.items()}
        extra = {key: value for key, value in record.items() if key not in columns.values()}
        yield Row(name, number, **chosen, extra=extra)


def _columns(names: Sequence[str], params: ArticlesParams, file: str) -> dict[str, str]:
    by_folded = {str(name).strip().casefold(): name for name in reversed(names)}
    columns = {}
    for role, usual in USUAL_NAMES.items():
        wanted = getattr(params, _PARAMETER[role])
        if wanted is not None:
            if wanted not in names:
                raise ArticlesError(
                    f"{file}: articles.{_PARAMETER[role]} is {wanted!r}, but the columns are "
                    f"{', '.join(map(repr, names))}"
                )
            columns[role] = wanted
        else:
            found = next((by_folded[name] for name in usual if name in by_folded), None)
            if found is not None:
                columns[role] = found
    return columns
