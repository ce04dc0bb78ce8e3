"""``topics saturation``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from topics._terminal import make_console, visible
from topics.cli._app import app
from topics.cli._print import plain_text

_SHOWN = (0.1, 0.25, 0.5, 0.75, 0.9, 1.0)


@app.command("saturation")
def saturation_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    min_size: Annotated[int, typer.Option(help="Documents of a topic that are needed to see it.", min=1)] = 5,
    write: Annotated[Path | None, typer.Option(help="File for the whole curve as CSV.")] = None,
) -> None:
    """Show how many topics a part of the documents would show, and whether more documents would show more."""
    from rich.table import Table

    from topics.evaluate import saturation, say_saturation
    from topics.runs import Run
    from topics.store import check_writable, csv_bytes, write_file

    documents = Run.load(run).documents()
    topics = documents.loc[documents["copy_of"].isna(), "topic"]
    curve = saturation(topics.to_numpy(), min_size=min_size)
    table = Table(header_style="bold", box=None, pad_edge=False)
    for name in ("documents", "share", "topics seen", "95 % of parts"):
        table.add_column(name, justify="right")
    for share in _SHOWN:
        row = curve.iloc[int((curve["share"] - share).abs().argmin())]
        table.add_row(
            f"{row['n_documents']:,.0f}", f"{row['share']:.0%}", f"{row['n_topics']:.1f}",
            f"{row['low']:.0f} to {row['high']:.0f}",
        )  # fmt: skip
    console = make_console()
    console.print(table)
    console.print(plain_text(say_saturation(curve, noise_share=float((topics < 0).mean()))))
    if write is not None:
        check_writable(write.parent)
        write_file(write, csv_bytes(curve))
        print(visible(f"table: {write}"))
