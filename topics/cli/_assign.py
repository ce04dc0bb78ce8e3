"""``topics assign``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from topics._say import count, percent, verb
from topics._terminal import visible
from topics.cli._app import INTERRUPTED, PATH_HELP, app


@app.command("assign")
def assign_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    articles: Annotated[str | None, typer.Argument(help=PATH_HELP)] = None,
    *,
    out: Annotated[Path, typer.Option(help="File for the topics, .parquet or .jsonl; it is there when all is done.")],
    embeddings: Annotated[
        Path | None,
        typer.Option(help="A .npy, .npz or .parquet file of vectors of the run's encoder, in place of articles."),
    ] = None,
) -> None:
    """Find the topics of new articles in a finished run, as a stream of any length.

    What is done is kept: a stopped command goes on where it stood when it is given again.
    """
    from topics.runs import Run, assign_file

    try:
        done = assign_file(Run.load(run), articles, out=out, embeddings=embeddings, progress=True)
    except KeyboardInterrupt:
        print("stopped; what is done is kept, and the same command goes on from there")
        raise typer.Exit(INTERRUPTED) from None
    if done.n_kept:
        print(f"{count(done.n_kept, 'document')} {verb(done.n_kept, 'was', 'were')} done before")
    print(visible(f"{count(done.n_rows, 'document')} in {out}"))
    if done.n_rows:
        share = percent(done.n_assigned / done.n_rows)
        print(
            f"{share} in one of {count(done.n_topics, 'topic')}, the others like none; "
            f"{done.n_known:,} {verb(done.n_known, 'is', 'are')} of the run itself"
        )
    for reason, n in sorted(done.rejected.items(), key=lambda item: (-item[1], item[0])):
        print(visible(f"{count(n, 'row')} rejected: {reason}"))
