"""``topics compare`` and ``topics groups``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from topics._terminal import make_console, visible
from topics.cli._app import app
from topics.cli._print import plain_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from topics.comparison import Comparison, Groups
    from topics.sweeps import Setting

_CELLS_SHOWN = 15
_LEVEL = 0.05
_OVER = {"seeds and documents": "both", "documents": "docs"}


@app.command("compare")
def compare_command(
    a: Annotated[Path, typer.Argument(help="Folder of a run, or a config (.toml).")],
    b: Annotated[Path, typer.Argument(help="Another.")],
    articles: Annotated[
        str | None, typer.Option(help="Of configs: the articles; by default those of the run that is compared with.")
    ] = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            help="Fit the configs of both under so many seeds (5 for configs); runs are else taken as they are.", min=1
        ),
    ] = None,
    permutations: Annotated[
        int,
        typer.Option(
            help="Of two runs: how often their layouts are dealt out anew, at least 39; 0 leaves the test out.", min=0
        ),
    ] = 39,
    write: Annotated[Path | None, typer.Option(help="Folder for the tables as CSV and the rest as JSON.")] = None,
    out: Annotated[Path, typer.Option(help="Folder of runs, whose store is used.")] = Path("runs"),
) -> None:
    """Compare two runs, or two configs over several seeds: scores, topics, and whether seeds alone explain it."""
    from topics.comparison import compare

    console = make_console(stderr=True)

    def say(title: str, setting: Setting, n_topics: int) -> None:
        console.print(plain_text(f"{title}, seed {setting.seed}: {n_topics} topics"))

    found = compare(
        a, b, articles=articles, seeds=seeds, out=out, n_permutations=permutations, progress=True, on_fit=say
    )
    print_comparison(found, make_console())
    if write is not None:
        found.write(write)
        print(visible(f"tables: {write}"))


@app.command("groups")
def groups_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    by: Annotated[str, typer.Option(help="outlet, language, period, or a column of the articles.")] = "outlet",
    every: Annotated[
        str, typer.Option(help="Of periods: year, quarter, month, week, day, hour, minute, or several: '2 weeks'.")
    ] = "month",
    copies: Annotated[bool, typer.Option("--copies", help="Count near-duplicates as documents of their own.")] = False,
    write: Annotated[Path | None, typer.Option(help="Folder for the tables as CSV and the rest as JSON.")] = None,
) -> None:
    """Compare the topics of a run by outlet, language, period or any column."""
    from topics.comparison import compare_groups

    found = compare_groups(run, by, every=every, copies=copies)
    print_groups(found, make_console())
    if write is not None:
        found.write(write)
        print(visible(f"tables: {write}"))


def print_comparison(found: Comparison, console: Console) -> None:
    """Print a comparison: scores, topics and what they come to.

    Parameters
    ----------
    found : Comparison
        As :func:`topics.compare` gives it.
    console : rich.console.Console
        Where to print.
    """
    if len(found.metrics):
        console.print(_metric_table(found))
        if found.metrics["seeds_alone"].notna().any():
            console.print(plain_text("seeds: what 95 % of two runs of one config stay within; q: corrected p", "dim"))
        console.print()
    if len(found.topics):
        console.print(_event_table(found))
        console.print()
    for line in found.summary().split("\n"):
        console.print(plain_text(line))


def print_groups(found: Groups, console: Console) -> None:
    """Print topics by group: the cells that differ most, and what they come to.

    Parameters
    ----------
    found : Groups
        As :func:`topics.compare_groups` gives it.
    console : rich.console.Console
        Where to print.
    """
    cells = found.cells.reindex(found.cells["residual"].abs().sort_values(ascending=False).index)
    table = _table_of("topic", "terms", found.by, "docs", "share (95 %)", "elsewhere", "odds ratio", "q", words=(1, 2))
    for row in cells.head(_CELLS_SHOWN).to_dict("records"):
        share = f"{row['share']:.0%} ({row['low']:.0%}–{row['high']:.0%})"
        table.add_row(
            "–" if row["topic"] == -1 else str(row["topic"]),
            plain_text(row["terms"] or "(noise: in no topic)"),
            plain_text(row["group"]),
            str(row["n"]),
            share,
            f"{row['share_elsewhere']:.0%}",
            _figure(row["odds_ratio"]),
            _figure(row["q"]),
            style="" if row["q"] <= _LEVEL else "dim",
        )
    console.print(table)
    if len(cells) > _CELLS_SHOWN:
        console.print(plain_text(f"… the {_CELLS_SHOWN} of {len(cells)} cells that differ most; --write keeps all"))
    console.print()
    for line in found.summary().split("\n"):
        console.print(plain_text(line))


def _metric_table(found: Comparison) -> Table:
    table = _table_of("score", "A", "B", "B − A", "95 % interval", "over", "seeds", "q", words=(0, 5))
    for column in table.columns:
        column.no_wrap = True
    for row in found.metrics.to_dict("records"):
        interval = "" if row["low"] != row["low"] else f"{row['low']:.2f} to {row['high']:.2f}"
        table.add_row(
            row["metric"].replace("_", " "), _figure(row["a"]), _figure(row["b"]), _figure(row["difference"], sign="+"),
            interval, _OVER.get(row["over"], row["over"]), _figure(row["seeds_alone"], prefix="± "), _figure(row["q"]),
        )  # fmt: skip
    return table


def _event_table(found: Comparison) -> Table:
    """What became of topics; the figure is the Jaccard index, or how alike topics of other documents are."""
    shared = "jaccard" in found.topics
    last = ("overlap", "seeds?") if shared else ("alike", "drift")
    table = _table_of("", "A", "B", "docs A", "docs B", *last, "terms", words=(0, 7))
    for row in found.topics.to_dict("records"):
        terms = " → ".join(dict.fromkeys(one for one in (row["terms_a"], row["terms_b"]) if one))
        beyond = row.get("beyond_seeds")
        marks = (
            (_figure(row["jaccard"]), "" if beyond is None else "beyond" if beyond else "within")
            if shared
            else (_figure(row["similarity"]), _figure(row["drift"]))
        )
        table.add_row(
            row["kind"], _ids(row["topics_a"]), _ids(row["topics_b"]), str(row["n_a"] or ""), str(row["n_b"] or ""),
            *marks, plain_text(terms), style="dim" if row["kind"] == "kept" and not beyond else "",
        )  # fmt: skip
    return table


def _table_of(*names: str, words: tuple[int, ...]) -> Table:
    from rich.table import Table

    table = Table(header_style="bold", box=None, pad_edge=False)
    for i, name in enumerate(names):
        table.add_column(plain_text(name), justify="left" if i in words else "right", overflow="fold")
    return table


def _ids(topics: list[int]) -> str:
    return " ".join(map(str, topics)) or "–"


def _figure(value: Any, *, sign: str = "", prefix: str = "") -> str:
    """A number with as many digits as say something; nothing where there is none."""
    if value is None or value != value:
        return ""
    text = f"{value:{sign}.3f}" if abs(value) < 2 else f"{value:{sign}.1f}"
    return prefix + text
