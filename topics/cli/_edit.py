"""``topics edit RUN …``: topics merged, split, dropped and named, and documents moved, by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from topics._terminal import make_console
from topics.cli._app import group
from topics.cli._print import plain_text, print_run
from topics.errors import InputError
from topics.records import NOISE

if TYPE_CHECKING:
    from topics.runs import Run

_NOISE = "noise"
_Topic = Annotated[int, typer.Argument(help="Number of the topic.")]

edit_app = group("edit", "Edit the topics of a run by hand; every edit is kept with it and can be undone.")


@edit_app.callback()
def edit_command(
    context: typer.Context, run: Annotated[Path, typer.Argument(help="Folder of a run, before the edit.")]
) -> None:
    """Edit the topics of a run by hand; every edit is kept with it and can be undone."""
    context.obj = run


@edit_app.command("merge")
def merge_command(
    context: typer.Context, topics: Annotated[list[int], typer.Argument(help="Numbers of two topics or more.")]
) -> None:
    """Make one topic of several."""
    _edit(context, lambda run: run.merge(topics))


@edit_app.command("split")
def split_command(context: typer.Context, topic: _Topic) -> None:
    """Take a topic apart into those of the next finer level."""
    _edit(context, lambda run: run.split(topic))


@edit_app.command("move")
def move_command(
    context: typer.Context,
    documents: Annotated[list[str], typer.Argument(help="Ids of documents; near-duplicates go with them.")],
    to: Annotated[str, typer.Option(metavar="TOPIC", help='Number of a topic, or "noise".')],
) -> None:
    """Put documents into a topic, or into none."""
    if to != _NOISE and not to.isdecimal():
        raise InputError(f"--to: expected the number of a topic, or {_NOISE!r}, got {to!r}")
    _edit(context, lambda run: run.move(documents, to=NOISE if to == _NOISE else int(to)))


@edit_app.command("drop")
def drop_command(context: typer.Context, topic: _Topic) -> None:
    """Take a topic away; its documents become noise."""
    _edit(context, lambda run: run.drop(topic))


@edit_app.command("rename")
def rename_command(
    context: typer.Context,
    topic: _Topic,
    name: Annotated[str, typer.Argument(help='What to call it; "" takes its name away.')],
) -> None:
    """Name a topic, so that it can be undone; the name goes on to later runs."""
    _edit(context, lambda run: run.rename(topic, name))


@edit_app.command("validate")
def validate_command(
    context: typer.Context,
    topic: _Topic,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the mark away.")] = False,
) -> None:
    """Mark a topic as validated; like a name, the mark goes on to the same topic of later runs."""
    _edit(context, lambda run: run.validate(topic, validated=not withdraw))


@edit_app.command("apply")
def apply_command(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="Edits that the explorer or a run saved.")]
) -> None:
    """Make the edits of a file, on a run without any."""
    _edit(context, lambda run: run.with_edits_of(file))


@edit_app.command("undo")
def undo_command(context: typer.Context) -> None:
    """Undo the last edit."""
    _edit(context, lambda run: run.undo())


@edit_app.command("redo")
def redo_command(context: typer.Context) -> None:
    """Make the edit again that was undone last."""
    _edit(context, lambda run: run.redo())


@edit_app.command("history")
def history_command(context: typer.Context) -> None:
    """Print the edits of a run, those that are undone among them."""
    from rich.table import Table

    from topics.runs import Run

    history = Run.load(context.obj).history()
    if not len(history):
        print("no edits")
        return
    table = Table(header_style="bold", box=None, pad_edge=False)
    for column in ("edit", "when", "what", ""):
        table.add_column(column, justify="right" if column == "edit" else "left")
    for row in history.to_dict("records"):
        undone = "undone" if row["undone"] else ""
        table.add_row(str(row["number"]), plain_text(row["when"]), plain_text(row["what"]), undone)
    make_console().print(table)


def _edit(context: typer.Context, change: Callable[[Run], Run]) -> None:
    from topics.runs import Run

    print_run(change(Run.load(context.obj)).save())
