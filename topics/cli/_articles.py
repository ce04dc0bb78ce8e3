"""``topics articles``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from topics._terminal import make_console
from topics.cli._app import INTERRUPTED, PATH_HELP, app
from topics.config import RunConfig


@app.command("articles")
def articles_command(
    path: Annotated[str, typer.Argument(help=PATH_HELP)],
    config: Annotated[Path | None, typer.Option(help="A TOML file with one section a stage.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="K=V", help="One value, such as articles.clean=strict.")
    ] = None,
    show: Annotated[
        str | None, typer.Option(metavar="N", help="A page, by its place (from 1) or id, with what went in color.")
    ] = None,
) -> None:
    """Read and clean articles and say what became of them; or show one page with what was removed from it."""
    from topics.articles import inspect, read
    from topics.show_articles import print_corpus, print_page

    settings = RunConfig.from_toml(config, set_ or ()).articles
    console = make_console()
    try:
        if show is None:
            print_corpus(read(path, settings, progress=True), console)
        else:
            print_page(inspect(path, show, config=settings), console)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
