"""``topics assign``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from topics._say import count, percent, verb
from topics._terminal import visible
from topics.cli._app import INTERRUPTED, PATH_HELP, app

if TYPE_CHECKING:
    import pyarrow as pa

    from topics.runs import Assigning


@app.command("assign")
def assign_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    articles: Annotated[str, typer.Argument(help=PATH_HELP)],
    out: Annotated[Path, typer.Option(help="File for the topics, .parquet or .jsonl; it is there when all is done.")],
) -> None:
    """Find the topics of new articles in a finished run, as a stream of any length."""
    from topics.runs import Assigning, Run
    from topics.store import write_tables

    done = _Counts()
    try:
        n_rows = write_tables(out, _tables(Assigning(Run.load(run)), articles, done))
    except KeyboardInterrupt:
        print("stopped; nothing was written")
        raise typer.Exit(INTERRUPTED) from None
    print(visible(f"{count(n_rows, 'document')} in {out}"))
    if n_rows:
        print(
            f"{percent(done.n_assigned / n_rows)} in one of {count(done.n_topics, 'topic')}, the others like none; "
            f"{done.n_known:,} {verb(done.n_known, 'is', 'are')} of the run itself"
        )
    for reason, n in sorted(done.rejected.items(), key=lambda item: (-item[1], item[0])):
        print(visible(f"{count(n, 'row')} rejected: {reason}"))


class _Counts:
    """What is said at the end."""

    def __init__(self) -> None:
        self.n_assigned = self.n_known = self.n_topics = 0
        self.rejected: Counter[str] = Counter()


def _tables(assigning: Assigning, articles: Any, done: _Counts) -> Iterator[pa.Table]:
    import pyarrow as pa

    from topics.articles import rows_of

    done.n_topics = assigning.predictor.n_topics
    for chunk in assigning.stream(rows_of(articles, assigning.run.config.articles, progress=True)):
        frame = chunk.frame
        done.n_assigned += int((frame["topic"] >= 0).sum())
        done.n_known += int(frame["known"].sum())
        done.rejected.update(row.reason.split(":")[0] for row in chunk.rejected)
        yield pa.Table.from_pandas(frame, preserve_index=False, schema=_schema(frame))


def _schema(frame: Any) -> pa.Schema:
    import pyarrow as pa

    first = {
        "doc_id": pa.string(), "topic": pa.int64(), "label": pa.string(), "confidence": pa.float32(),
        "known": pa.bool_(),
    }  # fmt: skip
    return pa.schema([(name, first.get(name, pa.int32())) for name in frame.columns])
