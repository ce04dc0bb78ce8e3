"""A path or a table → Corpus."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from topics.articles._article import Article
from topics.articles._corpus import build
from topics.articles.metadata._horizon import Span
from topics.articles.readers._csv_tables import read_csv
from topics.articles.readers._files import File
from topics.articles.readers._find import find_files, say_unread
from topics.articles.readers._frames import read_frame
from topics.articles.readers._json_tables import read_json, read_jsonl
from topics.articles.readers._parquet import read_parquet
from topics.articles.readers._rows import ArticlesError, Note, Rejected, Rows
from topics.articles.readers._single import read_html, read_md, read_txt
from topics.config import ArticlesParams
from topics.errors import InputTypeError
from topics.records import Corpus

READERS: Mapping[str, Callable[[File, ArticlesParams], Rows]] = {
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".json": read_json,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
    ".txt": read_txt,
    ".md": read_md,
    ".html": read_html,
    ".htm": read_html,
}
_ONE_ARTICLE = frozenset({".txt", ".md", ".html", ".htm"})


def read(
    path_or_frame: Any,
    config: ArticlesParams | None = None,
    *,
    whole: bool = False,
    label_column: str | None = None,
    progress: bool = False,
) -> Corpus:
    """Corpus of the articles in a file, a folder, a pattern or a table.

    Files are read as streams and texts that do not fit into memory wait on disk; what else the rows hold, further
    columns among it, stays in memory. Every row is a document, a copy of one, the page of several, or rejected with a
    reason.

    Parameters
    ----------
    path_or_frame : str, Path, or table with one article a row
        A ``.jsonl``, ``.json``, ``.csv``, ``.tsv``, ``.parquet``, ``.txt``, ``.md`` or ``.html`` file, each also
        gzipped; a folder of such files, sub-folders included, read in the order of their paths; a pattern such as
        ``data/*.jsonl.gz``; or a frame of pandas or polars, an Arrow table, a Hugging Face dataset, a mapping of
        columns, or an iterable of mappings or of plain texts.
    config : ArticlesParams or None
        None takes the defaults.
    whole : bool
        Whether every row stays one document, as rows with one vector each must: round-ups are left whole, and counted
        in a note.
    label_column : str or None
        A further column that must be there, looked for before pages are cleaned.
    progress : bool
        Whether to show progress bars where standard error is a terminal.

    Raises
    ------
    ArticlesError
        If there is nothing to read, a named column is absent, ids repeat, or too many rows of a file are bad.
    TypeError
        If it is neither a path nor a table.
    """
    return read_dated(path_or_frame, config, whole=whole, label_column=label_column, progress=progress)[0]


def read_dated(
    path_or_frame: Any,
    config: ArticlesParams | None = None,
    *,
    whole: bool = False,
    label_column: str | None = None,
    progress: bool = False,
) -> tuple[Corpus, Span]:
    """The same corpus, and the dates in its articles for which it may be another one some day.

    Parameters
    ----------
    path_or_frame, config, whole, label_column, progress
        As for :func:`read`.
    """
    params = ArticlesParams() if config is None else config
    if not isinstance(params, ArticlesParams):
        raise InputTypeError(f"expected config to be ArticlesParams, got {type(config).__name__}")
    if isinstance(path_or_frame, os.PathLike):
        path_or_frame = Path(path_or_frame)
    if isinstance(path_or_frame, (str, Path)):
        with rows_at(path_or_frame, params, progress=progress) as rows:
            notes = say_unread(path_or_frame, READERS)
            return build(
                rows,
                params=params,
                source_name=str(path_or_frame),
                whole=whole,
                label_column=label_column,
                progress=progress,
                notes=notes,
            )
    rows = read_frame(path_or_frame, params)
    return build(
        rows, params=params, source_name="the table", whole=whole, label_column=label_column, progress=progress
    )


@contextmanager
def rows_at(
    path: str | Path,
    params: ArticlesParams,
    *,
    progress: bool = False,
) -> Iterator[Rows]:
    """The rows of the files at a path, as a stream, with a progress bar.

    Parameters
    ----------
    path : str or Path
        As for :func:`read`.
    params : ArticlesParams
        As for :func:`read`.
    progress : bool
        As for :func:`read`.
    """
    from tqdm import tqdm

    size = sum(file.path.stat().st_size for file in find_files(path, READERS, params=params))
    with tqdm(
        total=size, desc="read", unit="B", unit_scale=True, leave=False, disable=None if progress else True
    ) as bar:
        yield _rows(find_files(path, READERS, params=params, on_bytes=bar.update), params)


def sample_path() -> Path:
    """The bundled sample: 172 pages of six invented outlets, Parquet, with ``gold_*`` columns."""
    return Path(str(files("topics") / "data" / "sample.parquet"))


def _rows(files_in_order: Iterable[File], params: ArticlesParams) -> Rows:
    """The rows of files; one with too many bad ones is refused."""
    files_in_order = list(files_in_order)
    for file in files_in_order:
        n_bad = n_good = 0
        first: Rejected | None = None
        if len(files_in_order) > 1 and file.suffix not in _ONE_ARTICLE and file.path.stat().st_size == 0:
            yield Note(f"{file.name} is empty")
            continue
        for row in _opened(file, params):
            n_good += isinstance(row, Article)
            if isinstance(row, Rejected):
                n_bad, first = n_bad + 1, first or row
            yield row
        if first and file.suffix not in _ONE_ARTICLE and n_bad > params.max_bad_share * (n_bad + n_good):
            raise ArticlesError(
                f"{file.path}: {n_bad} of {n_bad + n_good} rows cannot be read, more than articles.max_bad_share "
                f"{params.max_bad_share}; the first is row {first.row}: {first.reason}{_hint(first.reason)}"
            )


def _opened(file: File, params: ArticlesParams) -> Rows:
    """The rows of a file; one that must not be opened is rejected if it is one article, and refused if it is many."""
    try:
        yield from READERS[file.suffix](file, params)
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}"
        if file.suffix not in _ONE_ARTICLE:
            raise ArticlesError(f"{file.path} {reason}") from None
        yield Rejected(file.name, 0, file.stem, reason)


def _hint(reason: str) -> str:
    wrong = reason.startswith("not UTF-8")
    return "; if the file has another encoding, name it in articles.encodings" if wrong else ""
