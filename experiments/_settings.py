"""Settings under several seeds, on the user's own articles or the sample, and how they differ."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

import _study as study
import numpy as np
import pandas as pd

import topics
from topics.articles import sample_path
from topics.evaluate import DEFINITIONS
from topics.records import fingerprint
from topics.sweeps import Study

NO_MEASURE = "no measure; there are n_topics and those of topics.evaluate.DEFINITIONS"


def sweep(
    options: argparse.Namespace,
    grid: Mapping[str, Sequence[Any]],
    *,
    name: str,
    config: Mapping[str, Any] | None = None,
) -> Study:
    """Every combination of the grid's values under every seed; what a stopped call has finished is not done again.

    Parameters
    ----------
    options : argparse.Namespace
        Of ``study.parser(…, articles=True, seeds=…)``.
    grid : mapping
        Values to try by dotted key, such as ``{"cluster.min_samples": [5, 10]}``.
    name : str
        Folder under ``--out``, with digits of what is asked.
    config : mapping or None
        What all settings have in common: sections, as in a config file.
    """
    bundled = options.data == sample_path()
    sections: dict[str, Any] = {**(study.SMOKE if options.smoke else {}), **(config or {})}
    if label := options.label or ("gold_topic" if bundled else None):
        sections["evaluate"] = {"label_column": label, **sections.get("evaluate", {})}
    articles: Any = options.data
    if options.smoke and bundled:
        articles = pd.read_parquet(articles).head(study.SMOKE_DOCUMENTS)
    asked = {"config": sections, "grid": dict(grid)}
    folder = (
        f"{name}-{fingerprint(asked)[:8]}"  # a study keeps all that it was ever asked: another question, another one
    )
    seeds = 1 if options.smoke else options.seeds
    found = topics.sweep(articles, {**asked, "seeds": seeds}, out=options.out, name=folder)
    for title, error in found.failures().items():
        study.say(f"{title} failed: {error}")
    return found


def report(found: Study, measures: Sequence[str]) -> None:
    """Print a row a setting and seed, and how each setting differs from the first one."""
    for name in [name for name in measures if name not in _done(found).columns]:
        known = name in DEFINITIONS
        study.say(f"{name}: {'not measured; scores against people need --label COLUMN' if known else NO_MEASURE}")
    study.show(rows(found, measures), title="what came of each setting and seed")
    for title, table in differences(found, measures).items():
        study.show(table, title=title)
    study.say(f"rows: {found.path / 'results.csv'}")


def rows(found: Study, measures: Sequence[str]) -> list[dict[str, object]]:
    """One row a setting and seed that is done: what it sets, and the measures, such as ``n_topics``."""
    frame = _done(found)
    return frame[[*_params(frame), "seed", *_there(frame, measures)]].to_dict("records")


def differences(found: Study, measures: Sequence[str]) -> dict[str, list[dict[str, object]]]:
    """For every setting but the first, a row a measure: how it differs from the first one, seed by seed.

    A difference that has one sign with every seed, and is larger than what seeds alone do, is one of the settings.
    """
    frame = _done(found)
    groups = {_title(group): group.set_index("seed") for _, group in frame.groupby("setting")}
    made: dict[str, list[dict[str, object]]] = {}
    for title, group in list(groups.items())[1:]:
        first, base = next(iter(groups.items()))
        made[f"{title} against {first}"] = [
            _difference(measure, base[measure], group[measure]) for measure in _there(frame, measures)
        ]
    return made


def _difference(measure: str, one: pd.Series, other: pd.Series) -> dict[str, object]:
    each = (other - one).dropna()
    spread = ((one.var() + other.var()) / 2) ** 0.5
    alike = len(each) > 1 and bool((each > 0).all() or (each < 0).all())
    return {
        "measure": measure,
        "means": f"{other.mean():.3g} against {one.mean():.3g}",
        "difference seed by seed": ", ".join(f"{value:+.3g}" for value in each),
        "one sign": "yes" if alike else "no",
        "deviation of seeds": "" if np.isnan(spread) else f"{round(spread, 6):.2g}",
    }


def _done(found: Study) -> pd.DataFrame:
    frame = found.results()
    return frame[frame["state"] == "done"].rename(
        columns=lambda name: name.removeprefix("metrics.").removeprefix("params.")
    )


def _params(frame: pd.DataFrame) -> list[str]:
    return [name for name in frame.columns if "." in name]  # dotted keys


def _there(frame: pd.DataFrame, measures: Sequence[str]) -> list[str]:
    """Those that were measured: without human labels there is no ``ami``."""
    return [name for name in measures if name in frame.columns]


def _title(group: pd.DataFrame) -> str:
    return ", ".join(f"{name}={group[name].iloc[0]}" for name in _params(group))
