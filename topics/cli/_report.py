"""``topics report`` and ``topics explore``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from topics._terminal import visible
from topics.cli._app import app

_RUN = typer.Argument(help="Folder of a run.")
_OUT = typer.Option(help="File to write; by default the run's name and .report.html, beside its folder.")


_BESIDE = typer.Option(help="Folder of another run, whose map is shown beside, with one lasso for both.")


@app.command("report")
def report_command(
    run: Annotated[Path, _RUN],
    out: Annotated[Path | None, _OUT] = None,
    beside: Annotated[Path | None, _BESIDE] = None,
) -> None:
    """Write a run's report: one page with its topics, scores and an explorer, which opens without a network."""
    print(visible(str(_write(run, out, beside=beside))))


@app.command("explore")
def explore_command(
    run: Annotated[Path, _RUN],
    out: Annotated[Path | None, _OUT] = None,
    beside: Annotated[Path | None, _BESIDE] = None,
) -> None:
    """Write a run's report and open it in the browser; a notebook's run.explore() also edits topics."""
    import webbrowser

    path = _write(run, out, beside=beside)
    print(visible(str(path)))
    webbrowser.open(path.resolve().as_uri())


def _write(run: Path, out: Path | None, *, beside: Path | None) -> Path:
    from topics.runs import Run, write_report

    return write_report(Run.load(run), out, beside=None if beside is None else Run.load(beside))
