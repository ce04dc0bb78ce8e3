"""``topics cite`` and ``topics manifest``: how a run was made, for a paper and for others."""

from __future__ import annotations

from enum import StrEnum
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


class Told(StrEnum):
    """What a manifest tells of the articles."""

    NONE = "none"
    COUNTS = "counts"
    HASHES = "hashes"


@app.command("manifest")
def manifest_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    privacy: Annotated[
        Told, typer.Option(help="What it tells of the articles: nothing, how many things there are, or also digests.")
    ] = Told.NONE,
) -> None:
    """Print what of a run's manifest may be shared without its articles."""
    from topics.runs import Run
    from topics.store import json_bytes

    print(json_bytes(Run.load(run).public_manifest(privacy.value)).decode("utf-8"), end="")
