"""``topics sheets`` and ``topics score-sheets``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from topics._say import percent
from topics._terminal import make_console, visible
from topics.cli._app import app
from topics.cli._print import plain_text

_FOUND_BY_MOST = 0.5


@app.command("sheets")
def sheets_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    out: Annotated[Path, typer.Option(help="Folder of the sheets.")] = Path("sheets"),
    n_documents: Annotated[int, typer.Option(help="Articles on the topic sheet.", min=1)] = 30,
    random_state: Annotated[int, typer.Option(help="Seed.")] = 0,
) -> None:
    """Write word- and topic-intrusion sheets for people to fill in, and the answer key."""
    from topics.runs import Run
    from topics.runs._sheets import write_sheets

    for path in write_sheets(Run.load(run), out, n_documents=n_documents, random_state=random_state):
        print(visible(str(path)))


@app.command("score-sheets")
def score_sheets_command(
    key: Annotated[Path, typer.Argument(help="The answer key, key.csv.")],
    answers: Annotated[list[Path], typer.Argument(help="Tables of answers, one a person.")],
) -> None:
    """Say how often people found the intruders, and of which topics they did not."""
    from rich.table import Table

    from topics.runs._sheets import score_sheets

    sheets, items = score_sheets(key, answers)
    console = make_console()
    table = Table(header_style="bold", box=None, pad_edge=False)
    for column in ("sheet", "items", "answers", "intruder found", "95 %", "by chance", "agreement"):
        table.add_column(column, justify="left" if column == "sheet" else "right")
    for name, row in sheets.items():
        low, high = row["interval"] or (float("nan"),) * 2
        table.add_row(
            plain_text(name),
            str(row["n_items"]),
            str(row["n_answers"]),
            _percent(row["found"]),
            f"{percent(low)} – {percent(high)}" if row["interval"] else "–",
            _percent(row["by_chance"]),
            _percent(row["agreement"]),
        )
    console.print(table)
    missed = [row for row in items if row["found"] is not None and row["found"] < _FOUND_BY_MOST]
    for row in missed:
        console.print(
            plain_text(
                f"{row['sheet']} {row['item']}: found by {percent(row['found'])} of {row['n_answers']} ("
                f"{'topic' if row['sheet'] == 'word' else 'article'} {row['about']})"
            )
        )


def _percent(value: float | None) -> str:
    return "–" if value is None else percent(value)
