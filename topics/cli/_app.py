"""The program that commands are added to."""

from __future__ import annotations

from typing import Annotated

import typer

PATH_HELP = (
    "A JSONL, JSON, CSV, TSV, Parquet, text, Markdown or HTML file, also gzipped; a folder or a pattern of them."
)
INTERRUPTED = 130
REFUSED = 2


def _program(name: str, text: str) -> typer.Typer:
    return typer.Typer(
        name=name, help=text, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )  # fmt: skip


app = _program("topics", "Topics in your articles.")


def group(name: str, text: str) -> typer.Typer:
    """A command with commands of its own."""
    made = _program(name, text)
    app.add_typer(made, name=name)
    return made


def _say_version(asked: bool) -> None:
    if asked:
        from topics import __version__

        print(f"topics {__version__}")
        raise typer.Exit


@app.callback()
def topics_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Topics in your articles."""
