"""``topics cite``: how a run was made, and what it cites."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from topics._terminal import visible
from topics.cli._app import app


@app.command("cite")
def cite_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    bibtex: Annotated[bool, typer.Option("--bibtex", help="Print the BibTeX entries alone.")] = False,
) -> None:
    """Print a methods paragraph that is true of a run, and BibTeX entries of what it cites."""
    from topics.runs import Run

    methods = Run.load(run).methods()
    print(visible(methods.bibtex if bibtex else str(methods)), end="")
