"""New articles of any number → a file of their topics: in constant memory, and after a stop from where it stood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from topics import __version__
from topics._locks import locked
from topics.articles import rows_of, source_of
from topics.embed import Encoder, count_vectors, stream_vectors
from topics.embed._vectors import unit
from topics.errors import InputError
from topics.records import fingerprint
from topics.runs._assigning import Assigning
from topics.store import Parts, check_stream

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from topics.runs._run import Run

ROWS_A_PART = 8192  # not tuned: rows that a stop costs at most; bounds memory


@dataclass(frozen=True)
class AssignedFile:
    """What was written.

    Attributes
    ----------
    path : Path
        The file.
    n_rows : int
        Documents in it.
    n_assigned : int
        Of them those with a topic.
    n_known : int
        Of them those of the run itself.
    n_topics : int
        Topics of the run.
    n_kept : int
        Of them those that were done before this call.
    rejected : Mapping
        Number of rows that hold no article, by reason.
    """

    path: Path
    n_rows: int
    n_assigned: int
    n_known: int
    n_topics: int
    n_kept: int
    rejected: Mapping[str, int]


def assign_file(
    run: Run,
    articles: str | Path | None = None,
    *,
    out: str | Path,
    embeddings: str | Path | None = None,
    encoder: Encoder | None = None,
    progress: bool = False,
) -> AssignedFile:
    """A file with one row a new document, as :meth:`topics.runs.Run.assign` gives them.

    Parts of it are written as they are done, into a hidden folder beside it. Where this is stopped, the same call goes
    on after the last; where the run, its edits or names, or the articles have changed, it starts anew.

    Parameters
    ----------
    run : Run
        With its edits.
    articles : str, Path or None
        A file, a folder or a pattern of articles.
    out : str or Path
        ``.parquet`` or ``.jsonl``; it is there when all is done.
    embeddings : str, Path or None
        A file of vectors of the run's encoder, in place of articles; of ``.npy`` no more than a part is in memory.
    encoder : Encoder or None
        The user's own that the run was made with.
    progress : bool
        Whether to show a bar with the speed and the time left, where standard error is a terminal.

    Raises
    ------
    TopicsError
        If there is not one of both, the encoder is another, or the articles or vectors cannot be used.
    """
    if (articles is None) == (embeddings is None):
        raise InputError("expected articles or a file of embeddings to assign, one of both")
    out = Path(out)
    check_stream(out)
    assigning = Assigning(run, encoder=encoder)
    parts_of = _of_articles if articles is not None else _of_vectors
    source = articles if articles is not None else embeddings
    with locked(out.with_name(f".{out.name}.parts") / "work", wait_seconds=0):
        parts = Parts(out, key=_key(run, articles, embeddings=embeddings))
        n_kept = sum(told["n_rows"] for told in parts.told())
        with closing(parts_of(assigning, str(source), n_done=parts.n_done, progress=progress)) as made:
            for frame, rejected in made:
                told = {
                    "n_rows": len(frame), "n_assigned": int((frame["topic"] >= 0).sum()),
                    "n_known": int(frame["known"].sum()), "rejected": rejected,
                }  # fmt: skip
                parts.add(_table(frame), told=told)
        every = parts.told()
        sums = {name: sum(told[name] for told in every) for name in ("n_rows", "n_assigned", "n_known")}
        reasons = sum((Counter(told["rejected"]) for told in every), Counter[str]())
        parts.finish()
    return AssignedFile(out, **sums, n_topics=assigning.predictor.n_topics, n_kept=n_kept, rejected=reasons)


def _key(run: Run, articles: str | Path | None, *, embeddings: str | Path | None) -> str:
    """Of all that the rows depend on, in which of their parts they are, and what their columns are called."""
    topics = run.topics()
    named = topics[["topic", "label", "name"]].astype(object).where(topics[["topic", "label", "name"]].notna(), None)
    told = [__version__, ROWS_A_PART, run.manifest.get("key"), run.clusters.origin.key, named.to_numpy().tolist()]
    if articles is not None:
        return fingerprint([*told, source_of(Path(articles), run.config.articles)])
    path = Path(str(embeddings))
    if not path.is_file():
        raise InputError(f"{path}: no such file of vectors")
    return fingerprint([*told, str(path.absolute()), path.stat().st_size, path.stat().st_mtime_ns])


def _of_articles(
    assigning: Assigning, path: str, *, n_done: int, progress: bool
) -> Generator[tuple[pd.DataFrame, dict[str, int]], None, None]:
    """The frame of each part, and the rows without an article by reason."""
    import pandas as pd

    rows = iter(rows_of(path, assigning.run.config.articles, progress=progress))
    for _ in islice(rows, n_done * ROWS_A_PART):
        pass
    while some := list(islice(rows, ROWS_A_PART)):
        chunks = list(assigning.stream(some))
        rejected = Counter(row.reason.split(":")[0] for chunk in chunks for row in chunk.rejected)
        yield pd.concat([chunk.frame for chunk in chunks], ignore_index=True), dict(rejected)


def _of_vectors(
    assigning: Assigning, path: str, *, n_done: int, progress: bool
) -> Generator[tuple[pd.DataFrame, dict[str, int]], None, None]:
    """The frame of each part."""
    from tqdm import tqdm

    start = n_done * ROWS_A_PART
    bar = tqdm(
        total=count_vectors(path), initial=start, desc="assign", unit=" rows", unit_scale=True, leave=False,
        disable=None if progress else True,
    )  # fmt: skip
    with bar:
        for some in stream_vectors(path, n_rows=ROWS_A_PART, start=start):
            made = unit(some.values, n_docs=len(some.values), what=some.what)
            ids: Iterable[str] = some.ids or map(str, range(start, start + len(made)))
            yield assigning.vectors(made, list(ids)), {}
            start += len(made)
            bar.update(len(made))


def _table(frame: pd.DataFrame) -> pa.Table:
    import pyarrow as pa

    first = {
        "doc_id": pa.string(), "topic": pa.int64(), "label": pa.string(), "confidence": pa.float32(),
        "known": pa.bool_(),
    }  # fmt: skip
    schema = pa.schema([(name, first.get(name, pa.int32())) for name in frame.columns])
    return pa.Table.from_pandas(frame, preserve_index=False, schema=schema)
