"""``topics run`` and ``topics show``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from topics._say import count
from topics._terminal import make_console
from topics.cli._app import INTERRUPTED, PATH_HELP, app
from topics.cli._print import print_explained, print_run, print_sizes
from topics.config import RunConfig

if TYPE_CHECKING:
    from rich.console import Console

    from topics.graph import StageTime
    from topics.records import Corpus
    from topics.runs import Run


@app.command("run")
def run_command(
    path: Annotated[str, typer.Argument(help=PATH_HELP)],
    config: Annotated[Path | None, typer.Option(help="A TOML file with one section a stage.")] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="K=V", help="One value, such as cluster.min_samples=10."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="Folder of the run; by default the file's name and a key.")] = None,
    out: Annotated[Path, typer.Option(help="Folder of runs.")] = Path("runs"),
    replace: Annotated[bool, typer.Option("--replace", help="Replace another run of this name.")] = False,
    embeddings: Annotated[
        Path | None,
        typer.Option(help="Vectors of your own: .npy, one a row as they stand; .npz or .parquet, also by id."),
    ] = None,
    no_embeddings: Annotated[
        bool,
        typer.Option(
            "--no-embeddings", help="Leave the vectors of the documents out of the run's folder, but for exemplars'."
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read the articles, say what would be computed and why, and stop.")
    ] = False,
) -> None:
    """Find the topics in articles, print them, and keep the run."""
    from topics import _front

    settings = RunConfig.from_toml(config, set_ or ())
    if dry_run:
        print_explained(_front.explain(path, settings, out=out, embeddings=embeddings), make_console())
        return
    console = make_console(stderr=True)
    try:
        run = execute(path, settings, name=name, out=out, replace=replace, embeddings=embeddings, console=console)
    except KeyboardInterrupt:
        console.print("stopped; finished stages are kept, and the same command goes on from there")
        raise typer.Exit(INTERRUPTED) from None
    print_run(run.save(embeddings=False) if no_embeddings else run)


@app.command("show")
def show_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    sizes: Annotated[bool, typer.Option("--sizes", help="Print what each part of the folder takes instead.")] = False,
) -> None:
    """Print the topics of a finished run."""
    from topics.runs import Run

    loaded = Run.load(run)
    if sizes:
        print_sizes(loaded)
    else:
        print_run(loaded)


def execute(
    path: str | Path,
    config: RunConfig,
    *,
    name: str | None,
    out: str | Path,
    replace: bool,
    console: Console,
    embeddings: str | Path | None = None,
) -> Run:
    """A finished run over the articles at a path, with a line a stage on the console.

    Parameters
    ----------
    path : str or Path
        As for :func:`topics.articles.read`.
    config : RunConfig
        Every stage's parameters.
    name, out, replace
        As for :func:`topics.pipeline.run`; a name of None takes that of the file.
    console : rich.console.Console
        Where progress goes.
    embeddings : str, Path or None
        A file of vectors for :func:`topics.embed.load_vectors`; None embeds the articles.
    """
    from topics import _front

    say_read, say = progress_on(console)
    return _front.run(
        path, config, name=name, out=out, replace=replace, embeddings=embeddings, on_read=say_read, on_stage=say
    )


def progress_on(console: Console) -> tuple[Callable[[Corpus, StageTime], None], Callable[[str, StageTime], None]]:
    """What prints a line when the articles are read, and a line when a stage is done.

    Parameters
    ----------
    console : rich.console.Console
        Where they are printed.
    """

    def say_read(corpus: Corpus, stage_time: StageTime) -> None:
        console.print(
            f"read       {stage_time.seconds:6.1f} s   {count(corpus.n_docs, 'document')}, "
            f"{count(corpus.copies.num_rows, 'copy', 'copies')}, {corpus.rejected_rows.num_rows:,} rejected"
            f"{'   (stored)' if stage_time.stored else ''}"
        )

    def say(stage: str, stage_time: StageTime) -> None:
        console.print(f"{stage:<10} {stage_time.seconds:6.1f} s{'   (stored)' if stage_time.stored else ''}")

    return say_read, say
