"""``topics map``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from topics._terminal import visible
from topics.cli._app import app


@app.command("map")
def map_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    out: Annotated[
        Path | None, typer.Option(help="File to write; by default the run's name and .html, beside its folder.")
    ] = None,
) -> None:
    """Draw a run's map with the names that its topics have now."""
    from topics.runs import Run, write_map

    print(visible(str(write_map(Run.load(run), out))))
