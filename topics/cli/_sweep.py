"""``topics sweep``: many settings and seeds over the same articles."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from topics._say import count
from topics._terminal import make_console
from topics.cli._app import INTERRUPTED, PATH_HELP, app
from topics.cli._print import plain_text, print_explained
from topics.config import ConfigError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from topics.sweeps import Setting, Study

_FAILED = 1
_SHOWN = ("n_topics", "npmi_held_out", "diversity", "stability", "noise_share", "ami")


@app.command("sweep")
def sweep_command(
    path: Annotated[str, typer.Argument(help=PATH_HELP)],
    varied: Annotated[
        list[str] | None,
        typer.Argument(metavar="[KEY=A,B,…]…", help="Values of a key to try, such as cluster.min_samples=5,10."),
    ] = None,
    study: Annotated[
        Path | None, typer.Option(help="A TOML file of the study instead: config, grid, random, …")
    ] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="K=V", help="One value for all settings.")] = None,
    seeds: Annotated[int | None, typer.Option(help="Seeds that each setting is tried under.", min=1)] = None,
    name: Annotated[str, typer.Option(help="Folder of the study.")] = "study",
    out: Annotated[Path, typer.Option(help="Folder of runs.")] = Path("runs"),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be computed, and why, and compute nothing.")
    ] = False,
) -> None:
    """Try many settings and seeds; what they share is computed once, and what was stopped goes on."""
    from topics import sweeps

    asked = _study(study, varied or [], set_ or [], seeds)
    console = make_console(stderr=True)
    if dry_run:
        n = len(sweeps.settings_of(asked))
        print_explained(sweeps.explain_sweep(path, asked, out=out), make_console())
        make_console().print(plain_text(f"{count(n, 'setting')} with its seed"))
        return

    def say(setting: Setting, state: Mapping[str, Any]) -> None:
        console.print(plain_text(_line(setting, state)))
        if "traceback" in state:
            console.print(plain_text(state["traceback"]))

    try:
        result = sweeps.sweep(path, asked, out=out, name=name, on_setting=say)
    except KeyboardInterrupt:
        console.print("stopped; settings that were finished are kept, and the same command goes on from there")
        raise typer.Exit(INTERRUPTED) from None
    _print_study(result, make_console())
    if result.counts()["failed"]:
        raise typer.Exit(_FAILED)


def _study(path: Path | None, varied: list[str], fixed: list[str], seeds: int | None) -> dict[str, Any]:
    """The study of a file, or of what was typed; what was typed goes before the file."""
    asked: dict[str, Any] = {}
    if path is not None:
        from topics.sweeps import study_of

        asked = study_of(path)
    grid = {**asked.get("grid", {}), **dict(_values(text) for text in varied)}
    if grid:
        asked["grid"] = grid
    for text in fixed:
        key, values = _values(text, several=False)
        asked["config"] = {**asked.get("config", {})}
        *sections, last = key.split(".")
        place = asked["config"]
        for section in sections:
            place[section] = dict(place.get(section, {}))
            place = place[section]
        place[last] = values[0]
    if seeds is not None:
        asked["seeds"] = seeds
    return asked


def _values(text: str, *, several: bool = True) -> tuple[str, list[Any]]:
    """The key and the values of ``key=a,b``; values are written as in TOML, a bare word is a string."""
    key, equals, listed = text.partition("=")
    if not equals or not key.strip() or not listed.strip():
        raise ConfigError(f"expected KEY=A,B such as cluster.min_samples=5,10, got {text!r}")
    try:
        values = tomllib.loads(f"values = [{listed}]")["values"]
    except tomllib.TOMLDecodeError:
        values = [_value(part.strip()) for part in listed.split(",")] if several else [listed.strip()]
    return key.strip(), values if several or len(values) == 1 else [values]


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _line(setting: Setting, state: Mapping[str, Any]) -> str:
    values = state.get("values")
    if values is None:
        return f"{setting.title}: failed: {state['error']}"
    return f"{setting.title}: {count(values['n_topics'], 'topic')}, {values['seconds']:.1f} s"


def _print_study(study: Study, console: Console) -> None:
    summary = study.summary()
    if len(summary):
        console.print(_table(summary))
    counts = ", ".join(f"{n} {state}" for state, n in study.counts().items() if n)
    console.print()
    console.print(plain_text(f"settings and seeds: {counts}"))
    if len(summary):
        console.print(
            plain_text("*: on the front, beaten by no other in held-out npmi, diversity, stability and noise at once")
        )
    console.print(plain_text(f"study: {study.path}"), soft_wrap=True)


def _table(summary: Any) -> Table:
    from rich.table import Table

    params = [name for name in summary.columns if name.startswith("params.")]
    metrics = [
        (shown, name)
        for shown in _SHOWN
        for name in (shown, f"metrics.{shown}")
        if name in summary.columns and summary[name].notna().any()
    ]
    table = Table(header_style="bold", box=None, pad_edge=False)
    table.add_column("")
    for name in params:
        table.add_column(plain_text(name.removeprefix("params.")), justify="right", overflow="fold")
    for shown, _ in metrics:
        table.add_column(shown.replace("_", " "), justify="right")
    for row in summary.to_dict("records"):
        cells = [_said(row[name], row.get(f"{name} ±")) for _, name in metrics]
        table.add_row("*" if row["front"] else "", *(plain_text(row[name]) for name in params), *cells)
    return table


def _said(mean: float, spread: float | None) -> str:
    if mean != mean:
        return "–"
    digits = 1 if abs(mean) >= 2 else 3
    return f"{mean:.{digits}f}" + (
        f" ± {spread:.{digits}f}" if spread is not None and round(spread, digits) > 0 else ""
    )
