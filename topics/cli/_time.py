"""``topics time``."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from topics._say import percent
from topics._terminal import make_console, visible
from topics.cli._app import app
from topics.cli._print import plain_text

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from topics.timeline import Timeline

_BLOCKS = "▁▂▃▄▅▆▇█"
_MAX_BLOCKS = {True: 52, False: 26}  # on a wide terminal, and on a narrow one
_WIDE = 100  # columns of a terminal
_TERMS = {True: 6, False: 3}
_BURSTS_SHOWN = 40
_FORMATS = {"year": "%Y", "quarter": "%Y-%m", "month": "%Y-%m", "hour": "%Y-%m-%d %H:%M", "minute": "%Y-%m-%d %H:%M"}


@app.command("time")
def time_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    every: Annotated[
        str, typer.Option(help="How long a period is: year, quarter, month, week, day, hour, minute, or '2 weeks'.")
    ] = "month",
    smooth: Annotated[int, typer.Option(help="Periods on each side that smoothed shares take in.", min=0)] = 0,
    terms: Annotated[
        bool, typer.Option("--terms", help="Print also what each period has more of than others.")
    ] = False,
    copies: Annotated[bool, typer.Option("--copies", help="Count near-duplicates as documents of their own.")] = False,
    write: Annotated[Path | None, typer.Option(help="Folder for the tables as CSV.")] = None,
) -> None:
    """Show the topics of a run over time: shares, bursts, and how strong a signal each topic is now."""
    from topics.runs import Run
    from topics.timeline import find_bursts, find_signals, over_time

    found = Run.load(run)
    timeline = over_time(found, every, near_duplicates=copies, smooth=smooth)
    bursts, signals = find_bursts(timeline), find_signals(timeline)
    print_timeline(timeline, found.topics(), bursts=bursts, signals=signals, console=make_console())
    if terms:
        _print_periods(timeline)
    if write is not None:
        _write(write, {"timeline": timeline.frame, "bursts": bursts, "signals": signals})
        print(visible(f"tables: {write}"))


def print_timeline(
    timeline: Timeline, topics: pd.DataFrame, *, bursts: pd.DataFrame, signals: pd.DataFrame, console: Console
) -> None:
    """Print topics over time: a line of shares a topic with its signal, and the bursts in order.

    Parameters
    ----------
    timeline : Timeline
        From :func:`topics.timeline.over_time`.
    topics : pandas.DataFrame
        ``Run.topics()``, for names and terms.
    bursts, signals : pandas.DataFrame
        From :func:`topics.timeline.find_bursts` and :func:`topics.timeline.find_signals`.
    console : rich.console.Console
        Where to print.
    """
    wide = console.width >= _WIDE
    said = {
        row["topic"]: row["name"] if isinstance(row["name"], str) else ", ".join(row["terms"][: _TERMS[wide]])
        for row in topics.to_dict("records")
    }
    now = signals.drop_duplicates("topic", keep="last").set_index("topic")["signal"].to_dict()
    smoothed = "smoothed" in timeline.frame
    starts, shape = timeline.starts, _FORMATS.get(timeline.freq.split()[-1].removesuffix("s"), "%Y-%m-%d")
    table = _table(("topic", "docs", "terms", f"share by {timeline.freq}", "most", "signal"), right=(0, 1, 4))
    for topic in [*(topic for topic in said if topic in now), *([-1] if -1 in set(timeline.frame["topic"]) else [])]:
        own = timeline.frame[timeline.frame["topic"] == topic].sort_values("period")
        line, most = _sparkline(own, width=_MAX_BLOCKS[wide], smoothed=smoothed)
        table.add_row(
            "–" if topic == -1 else str(topic), str(own["n_documents"].sum()),
            plain_text(said.get(topic, "(noise: in no topic)")), line, percent(most), now.get(topic, ""),
            style="dim" if topic == -1 else "",
        )  # fmt: skip
    console.print(table)
    a_block = "" if len(starts) <= _MAX_BLOCKS[wide] else ", several periods a block"
    console.print(
        plain_text(f"{starts[0]:{shape}} to {starts[-1]:{shape}}{a_block}; full height is the topic's most", "dim")
    )
    _print_bursts(bursts, said, shape=shape, console=console)
    for note in timeline.notes:
        console.print(plain_text(f"note: {note}"))


def _print_bursts(bursts: pd.DataFrame, said: dict[Any, str], *, shape: str, console: Console) -> None:
    console.print()
    if not len(bursts):
        console.print(plain_text("No topic has a burst that chance does not explain."))
        return
    table = _table(("burst", "topic", "terms then", "docs", "share", "else", "strength", "p"), right=(1, 3, 4, 5, 6, 7))
    for row in bursts.head(_BURSTS_SHOWN).sort_values(["start", "topic"]).to_dict("records"):
        first, until = f"{row['start']:{shape}}", f"{row['end'] - timedelta(seconds=1):{shape}}"
        terms = ", ".join(row["terms"][: _TERMS[console.width >= _WIDE]]) or said.get(row["topic"], "")
        table.add_row(
            first if first == until else f"{first} – {until}", str(row["topic"]),
            plain_text(terms), str(row["n_documents"]),
            percent(row["share"]), "" if row["share_elsewhere"] != row["share_elsewhere"]
            else percent(row["share_elsewhere"]), f"{row['strength']:.0f}", f"{row['p']:.3f}".lstrip("0"),
        )  # fmt: skip
    console.print(table)
    left = len(bursts) - _BURSTS_SHOWN
    if left > 0:
        console.print(plain_text(f"… the {_BURSTS_SHOWN} strongest; {left} more by --write", "dim"))
    console.print(plain_text("else: share of all other periods; p: in how many tables by chance any topic has as much"))


def _print_periods(timeline: Timeline) -> None:
    shape = _FORMATS.get(timeline.freq.split()[-1].removesuffix("s"), "%Y-%m-%d")
    table = _table((timeline.freq, "docs", "terms"), right=(1,))
    for row in timeline.periods().to_dict("records"):
        table.add_row(f"{row['period']:{shape}}", str(row["n_documents"]), plain_text(", ".join(row["terms"])))
    console = make_console()
    console.print()
    console.print(table)


def _sparkline(own: pd.DataFrame, *, width: int, smoothed: bool) -> tuple[str, float]:
    """A topic's shares as blocks, a dot where there is no document at all, and the greatest share."""
    n, of = own["n_documents"].to_numpy(dtype=float), own["n_period"].to_numpy(dtype=float)
    at_once = -(-len(n) // width)
    edges = np.arange(0, len(n), at_once)
    n, of = np.add.reduceat(n, edges), np.add.reduceat(of, edges)
    shares = np.divide(n, of, out=np.full(len(n), np.nan), where=of > 0)
    if smoothed and at_once == 1:
        shares = own["smoothed"].to_numpy(dtype=float)
    most = float(np.nanmax(shares))
    levels = np.ceil(np.nan_to_num(shares) / (most or 1) * (len(_BLOCKS) - 1)).astype(int)
    line = "".join("·" if np.isnan(share) else _BLOCKS[level] for share, level in zip(shares, levels, strict=True))
    return line, most


def _table(names: tuple[str, ...], *, right: tuple[int, ...]) -> Any:
    from rich.table import Table

    table = Table(header_style="bold", box=None, pad_edge=False)
    for i, name in enumerate(names):
        is_terms = name.startswith("terms")
        table.add_column(
            plain_text(name), justify="right" if i in right else "left", no_wrap=not is_terms, overflow="fold"
        )
    return table


def _write(folder: Path, frames: dict[str, pd.DataFrame]) -> None:
    from topics.store import check_writable, csv_bytes, write_file

    check_writable(folder)
    for name, frame in frames.items():
        told = frame.assign(terms=frame["terms"].map(", ".join)) if "terms" in frame else frame
        write_file(folder / f"{name}.csv", csv_bytes(told))
