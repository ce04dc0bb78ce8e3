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
from topics.config._run_config import toml_value

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from topics.sweeps import Setting, Study

_FAILED = 1
_HEADS = {"n_topics": "topics", "npmi_held_out": "held-out npmi", "noise_share": "noise"}
_NATURAL = 1_000  # columns of a terminal on which no table is narrowed
_SHOWN = ("n_topics", "npmi_held_out", "diversity", "stability", "noise_share", "ami")


@app.command("sweep")
def sweep_command(
    path: Annotated[str, typer.Argument(help=f"{PATH_HELP} Or a TOML file of the study that names them: articles.")],
    varied: Annotated[
        list[str] | None,
        typer.Argument(metavar="[KEY=A,B,…]…", help="Values of a key to try, such as cluster.min_samples=5,10."),
    ] = None,
    study: Annotated[
        Path | None, typer.Option(help="A TOML file of the study: config, grid, random, tune, …; or a study's folder.")
    ] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="K=V", help="One value for all settings.")] = None,
    seeds: Annotated[int | None, typer.Option(help="Seeds that each setting is tried under.", min=1)] = None,
    name: Annotated[str, typer.Option(help="Folder of the study.")] = "study",
    out: Annotated[Path, typer.Option(help="Folder of runs.")] = Path("runs"),
    jobs: Annotated[
        int | None, typer.Option(help="Processes that try settings side by side; as many as processors.", min=1)
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be computed, and why, and compute nothing.")
    ] = False,
) -> None:
    """Try many settings and seeds; what they share is computed once, and what was stopped goes on."""
    from topics import sweeps

    if study is None and path.endswith(".toml"):
        study, path = Path(path), _articles_of(Path(path))
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
        result = sweeps.sweep(path, asked, out=out, name=name, jobs=jobs, on_setting=say)
    except KeyboardInterrupt:
        console.print("stopped; settings that were finished are kept, and the same command goes on from there")
        raise typer.Exit(INTERRUPTED) from None
    _print_study(result, make_console())
    if result.counts()["failed"]:
        raise typer.Exit(_FAILED)


def _articles_of(study: Path) -> str:
    """The articles that a study's file names, from the file's own folder on."""
    from topics.sweeps import study_of

    named = study_of(study).get("articles")
    if not isinstance(named, str):
        raise ConfigError(f"{str(study)!r}: expected articles, the path of what is read, got {named!r}")
    return str(study.parent / named)


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
        values = [toml_value(part.strip()) for part in listed.split(",")] if several else [listed.strip()]
    return key.strip(), values if several or len(values) == 1 else [values]


def _line(setting: Setting, state: Mapping[str, Any]) -> str:
    values = state.get("values")
    if values is None:
        return f"{setting.title}: failed: {state['error']}"
    return f"{setting.title}: {count(values['n_topics'], 'topic')}, {values['seconds']:.1f} s"


def _print_study(study: Study, console: Console) -> None:
    summary = study.summary()
    if len(summary):
        table = _table(summary, spreads=True)
        fits = console.measure(table, options=console.options.update(width=_NATURAL)).minimum <= console.width
        console.print(table if fits else _table(summary, spreads=False))
    counts = ", ".join(f"{n} {state}" for state, n in study.counts().items() if n)
    console.print()
    console.print(plain_text(f"settings and seeds: {counts}"))
    if len(summary):
        named = [_HEADS.get(name, name.replace("_", " ")) for name in study.objectives]
        said = f"{', '.join(named[:-1])} and {named[-1]} at once" if len(named) > 1 else named[0]
        console.print(plain_text(f"*: on the front, beaten by no other in {said}"))
        if (summary["n_seeds"] > 1).any():
            console.print(plain_text("means over seeds" + (" ± their standard deviation" if fits else "")))
    console.print(plain_text(f"study: {study.path}"), soft_wrap=True)


def _table(summary: Any, *, spreads: bool) -> Table:
    from rich.table import Table

    params = [name for name in summary.columns if name.startswith("params.")]
    lasts = [name.rpartition(".")[2] for name in params]
    shown = [
        (_HEADS.get(metric, metric), name)
        for metric in _SHOWN
        for name in (metric, f"metrics.{metric}")
        if name in summary.columns and summary[name].notna().any()
    ]
    table = Table(header_style="bold", box=None, pad_edge=False)
    table.add_column("")
    for name, last in zip(params, lasts, strict=True):
        head = last if lasts.count(last) == 1 else name.removeprefix("params.").replace(".", " ")
        words = head.replace("_", " ")
        table.add_column(plain_text(words), justify="right", overflow="fold", min_width=max(map(len, words.split())))
    rows = summary.to_dict("records")
    cells = [[_said(row[name], row.get(f"{name} ±") if spreads else None) for _, name in shown] for row in rows]
    for (head, _), column in zip(shown, zip(*cells, strict=True), strict=True):  # a head may wrap, a number not
        table.add_column(head, justify="right", min_width=max(map(len, [*head.split(), *column])))
    for row, numbers in zip(rows, cells, strict=True):
        table.add_row("*" if row["front"] else "", *(plain_text(_value_said(row[name])) for name in params), *numbers)
    return table


def _value_said(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _said(mean: float, spread: float | None) -> str:
    if mean != mean:
        return "–"
    digits = 1 if abs(mean) >= 2 else 3
    said = f"{mean:.{digits}f}".replace("0.", ".", 1) if abs(mean) < 1 else f"{mean:.{digits}f}"
    if spread is None or not round(spread, digits) > 0:
        return said
    return f"{said}±{f'{spread:.{digits}f}'.removeprefix('0')}"
