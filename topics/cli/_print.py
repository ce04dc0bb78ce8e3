"""A run as the console shows it."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from topics._say import count, percent, room
from topics._terminal import make_console

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from topics.graph import Explained
    from topics.runs import Run

_WIDE = 100  # columns of a terminal
_TERMS_SHOWN = {True: 8, False: 5}  # on a wide one, and on a narrow one
_SCORES_SHOWN = ("ami", "ami_without_noise", "ari", "stability", "reproducibility", "npmi", "diversity")
_DOCUMENTS_SHOWN = 20
_HEADLINE_CHARACTERS = {True: 90, False: 55}


def print_run(run: Run, console: Console | None = None) -> None:
    """Print a run's topics as a table, its scores and warnings, and where it lies.

    Parameters
    ----------
    run : Run
        A finished run.
    console : rich.console.Console or None
        None writes to standard output.
    """
    from topics.articles._losses import is_loss

    console = console or make_console()
    losses = [warning for warning in run.warnings if is_loss(warning)]
    for warning in losses:
        console.print(_beside("note:", warning))
    topics = run.topics()
    if len(topics):
        console.print(_topic_table(run, wide=console.width >= _WIDE))
    else:
        console.print(_document_table(run, wide=console.width >= _WIDE))
    n_documents = run.manifest["corpus"]["n_documents"]
    counts = [count(n_documents, "document"), count(len(topics), "topic")]
    if len(topics):
        counts.append(_say_noise(run.scores["noise_share"]["value"], run.scores["noise_share_before"]["value"]))
    console.print()
    console.print(plain_text(" · ".join(counts)))
    scores = [_say_score(name, run.scores[name]["value"]) for name in _SCORES_SHOWN if name in run.scores]
    if len(topics) and scores:
        console.print(plain_text(" · ".join(scores)))
    for warning in run.warnings:
        if warning not in losses:
            console.print(_beside("note:", warning))
    console.print(plain_text(f"run:  {run.folder}"), soft_wrap=True)
    console.print(plain_text(f"look: topics explore {shlex.quote(str(run.folder))}"), soft_wrap=True)


def print_sizes(run: Run) -> None:
    """Print the parts of a run's folder and their bytes, the largest first."""
    from rich.table import Table

    sizes = run.sizes().sort_values("bytes", ascending=False)
    table = Table(header_style="bold", box=None, pad_edge=False)
    table.add_column("part")
    table.add_column("kind")
    table.add_column("size", justify="right")
    for row in sizes.to_dict("records"):
        table.add_row(plain_text(row["part"]), row["kind"], room(row["bytes"]))
    table.add_row("whole", "", room(int(sizes["bytes"].sum())), style="bold")
    make_console().print(table)


def plain_text(value: object, style: str = "") -> Text:
    """A value as it is: nothing in it is taken for markup or an emoji's code."""
    from rich.text import Text

    return Text(str(value), style)


def _beside(label: str, text: str) -> Table:
    """A label and a text whose further lines begin below its first."""
    from rich.table import Table

    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(plain_text(label), plain_text(text))
    return table


def _topic_table(run: Run, *, wide: bool) -> Table:
    from rich.table import Table

    documents = run.documents().set_index("doc_id")
    table = Table(header_style="bold", box=None, pad_edge=False, expand=True)
    table.add_column("topic", justify="right", no_wrap=True)
    table.add_column("docs", justify="right", no_wrap=True)
    table.add_column("reprod.", justify="right", no_wrap=True)
    table.add_column("terms", ratio=5)
    table.add_column("most typical document", ratio=4)
    for row in run.topics().to_dict("records"):
        example = documents.loc[row["evidence"][0]]
        table.add_row(
            str(row["topic"]),
            str(row["size"]),
            "" if row["reproducibility"] != row["reproducibility"] else percent(row["reproducibility"]),
            _named_terms(row, wide=wide),
            plain_text(_headline(example, wide=wide)),
        )
    noise = int((documents["topic"] == -1).sum())
    if noise:
        table.add_row("–", str(noise), "", "(noise: in no topic)", "", style="dim")
    return table


def _named_terms(row: dict[Any, Any], *, wide: bool) -> Text:
    from rich.text import Text

    terms = ", ".join(row["terms"][: _TERMS_SHOWN[wide]]) or str(row["label"])
    named = Text.assemble((row["name"], "bold"), ": ", terms) if isinstance(row["name"], str) else plain_text(terms)
    return named if row["validated"] != row["validated"] else Text.assemble("✓ ", named)


def _document_table(run: Run, *, wide: bool) -> Table:
    """The articles themselves, where no topic was found."""
    from rich.table import Table

    documents = run.documents()
    table = Table(header_style="bold", box=None, pad_edge=False, expand=True)
    table.add_column("article", ratio=2, overflow="fold")
    table.add_column("lang", no_wrap=True)
    table.add_column("title or first words", ratio=4)
    for _, row in documents.head(_DOCUMENTS_SHOWN).iterrows():
        lang = row["lang"] if isinstance(row["lang"], str) else "?"
        table.add_row(plain_text(row["doc_id"]), plain_text(lang), plain_text(_headline(row, wide=wide)))
    if len(documents) > _DOCUMENTS_SHOWN:
        table.add_row("…", "", f"and {len(documents) - _DOCUMENTS_SHOWN} more")
    return table


def _headline(document: Any, *, wide: bool) -> str:
    title = document["title"]
    line = title if isinstance(title, str) else document["text"]
    return textwrap.shorten(line, _HEADLINE_CHARACTERS[wide], placeholder=" …")


def _say_score(name: str, value: float | None) -> str:
    if value is None:
        return f"{name.replace('_', ' ')} –"
    return f"{name.replace('_', ' ')} {value:.3f}"


def _say_noise(share: float, before: float) -> str:
    said = f"{percent(share, digits=1)} noise" if share else "no noise"
    return said + (f" ({percent(before, digits=1)} before it was given to topics)" if before != share else "")


def print_explained(stages: Sequence[Explained], console: Console) -> None:
    """Print what would be computed of each stage, and why.

    Parameters
    ----------
    stages : sequence of Explained
        As :meth:`topics.graph.Runner.explain` gives them.
    console : rich.console.Console
        Where to print.
    """
    from rich.table import Table

    table = Table(header_style="bold", box=None, pad_edge=False)
    for column in ("stage", "records", "stored", "why the others are new"):
        table.add_column(column, justify="right" if column in ("records", "stored") else "left")
    for stage in stages:
        style = "dim" if stage.n_stored == stage.n_parts else ""
        table.add_row(
            plain_text(stage.stage), str(stage.n_parts), str(stage.n_stored), plain_text(stage.why), style=style
        )
    console.print(table)
