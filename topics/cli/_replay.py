"""``topics replay``: a run computed again, and a verdict a stage."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from topics._terminal import make_console
from topics.cli._app import INTERRUPTED, PATH_HELP, app
from topics.cli._print import plain_text
from topics.cli._run import progress_on

if TYPE_CHECKING:
    from rich.console import Console

    from topics.replaying import Replay, StageVerdict
    from topics.replaying._verdicts import Same

OTHER = 1


class Accepted(StrEnum):
    """The worst verdict that counts as the same."""

    BYTES = "bytes"
    TOLERANCE = "tolerance"
    PARTITION = "partition"


_LEAST: Mapping[str, Same] = {
    Accepted.BYTES: "same bytes",
    Accepted.TOLERANCE: "same within a tolerance",
    Accepted.PARTITION: "same partition up to names",
}


@app.command("replay")
def replay_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run, which stays as it is.")],
    articles: Annotated[
        str | None, typer.Option(help=f"Its articles, where they do not lie where they lay. {PATH_HELP}")
    ] = None,
    embeddings: Annotated[
        Path | None, typer.Option(help="The vectors of your own that it was made with, where they lie elsewhere now.")
    ] = None,
    kept: Annotated[
        bool, typer.Option("--kept", help="Begin with the documents in the run's folder, and leave reading out.")
    ] = False,
    accept: Annotated[
        Accepted, typer.Option(help="The worst verdict of a stage that counts as the same.")
    ] = Accepted.BYTES,
) -> None:
    """Compute a run again from its articles, and say of every stage how far it is the same, and if not, why.

    Exits with 0 if every stage that was compared is the same and no record is damaged, else with 1.
    """
    from topics.replaying import replay

    console = make_console(stderr=True)
    say_read, say = progress_on(console)
    try:
        found = replay(run, articles, embeddings=embeddings, kept=kept, on_read=say_read, on_stage=say)
    except KeyboardInterrupt:
        console.print("stopped; the run is as it was, and nothing is left of the replay")
        raise typer.Exit(INTERRUPTED) from None
    print_replay(found, make_console())
    if not found.holds(_LEAST[accept]):
        raise typer.Exit(OTHER)


def print_replay(found: Replay, console: Console) -> None:
    """Print the first stage that diverged and its reason, then a line a stage.

    Parameters
    ----------
    found : Replay
        What a replay found.
    console : rich.console.Console
        Where to print.
    """
    from rich.table import Table

    console.print(plain_text(_headline(found), "bold"))
    for reason in _why(found.first):
        console.print(plain_text(f"  because {reason}"), soft_wrap=False)
    console.print()
    table = Table(header_style="bold", box=None, pad_edge=False)
    for column in ("stage", "declared", "verdict", "how much, and why"):
        table.add_column(column, no_wrap=column in ("stage", "declared"))
    for one in found.stages:
        why = [one.difference.how_much, *(() if one is found.first else _own_reasons(one))]
        style = "" if one.diverged else "dim"
        table.add_row(
            plain_text(one.stage), plain_text(one.determinism or "–"), plain_text(one.verdict),
            plain_text("; ".join(filter(None, why))), style=style,
        )  # fmt: skip
    console.print(table)
    for note in (*found.notes, *_without_effect(found)):
        console.print(plain_text(f"note: {note}"))


def _headline(found: Replay) -> str:
    first = found.first
    if first is None:
        n_compared = sum(one.verdict != "not compared" for one in found.stages)
        return f"{found.path}: all {n_compared} stages give the same bytes"
    if first.verdict == "same bytes":
        return f"{found.path}: stage {first.stage} gives the same bytes, but its record is damaged"
    much = f" ({first.difference.how_much})" if first.difference.how_much else ""
    return f"{found.path}: stage {first.stage} is the first that diverges: {first.verdict}{much}"


def _why(one: StageVerdict | None) -> list[str]:
    return [] if one is None else [*one.damage, *one.reasons]


def _own_reasons(one: StageVerdict) -> list[str]:
    """Reasons of a stage that are not those of the stages before it."""
    return [reason for reason in _why(one) if not reason.startswith("made of ")][:1]


def _without_effect(found: Replay) -> list[str]:
    """What has changed since the run was made and did not show in any result."""
    said = {reason for one in found.stages for reason in one.reasons}
    changes = [*found.changes.machine, *(one for some in found.changes.stages.values() for one in some)]
    silent = list(dict.fromkeys(one for one in changes if one not in said))
    return [f"changed since, without an effect that is seen: {', '.join(silent)}"] if silent else []
