"""``topics update``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from topics._say import count
from topics._terminal import visible
from topics.cli._app import PATH_HELP, app

_LEVEL = 0.05  # customary


@app.command("update")
def update_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    articles: Annotated[str, typer.Argument(help=PATH_HELP)],
    batch: Annotated[str | None, typer.Option(help="What the new articles are called in the column batch.")] = None,
    name: Annotated[str | None, typer.Option(help="Folder of the new run, beside the old one.")] = None,
) -> None:
    """Add new articles to a run: old topics keep numbers and names, stable groups of what fits nowhere become new."""
    from topics.growth import update

    found = update(run, articles, batch=batch, name=name, progress=True)
    counts = found.counts
    print(visible(f"{count(counts['n_new'], 'new document')} in {found.run.folder}"))
    print(
        f"{counts['n_known']:,} known, {counts['n_duplicates']:,} repeat an earlier one; {counts['n_assigned']:,} in a "
        f"topic of before, {count(counts['n_gathered'], 'document')} gathered, {counts['n_noise']:,} in no topic now"
    )
    for row in found.proposals.to_dict("records"):
        what = f"new topic {row['topic']}" if row["adopted"] else "not adopted"
        said = f"agreement {row['agreement']:.2f} ({row['low']:.2f} to {row['high']:.2f})"
        terms = ", ".join(row["terms"][:4])
        reliable = f"reproducibility {row['reproducibility']:.2f}"
        print(visible(f"{what}: {terms} ({count(row['size'], 'document')}, {said}, {reliable})"))
    for row in found.topics.to_dict("records"):
        if row["drift_q"] <= _LEVEL:
            came = f"; came: {', '.join(row['terms_came'][:4])}" if row["terms_came"] else ""
            print(visible(f"drifted: {row['topic']} {row['label']} ({row['drift']:.3f}, by chance below "
                          f"{row['drift_null']:.3f}{came})"))  # fmt: skip
