"""What came of a sweep, as one tidy frame and in short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics._notebook import fragment
from topics.errors import InputError
from topics.store import csv_bytes, write_file
from topics.sweeps._plan import DONE, FAILED, PENDING, RUNNING, Plan
from topics.sweeps._tuning import FRONT

if TYPE_CHECKING:
    import pandas as pd

RESULTS_FILE = "results.csv"


@dataclass(frozen=True)
class Study:
    """A sweep: its settings, and what came of those that were tried.

    Attributes
    ----------
    plan : Plan
        The settings and the folder.
    """

    plan: Plan

    @classmethod
    def load(cls, folder: str | Path) -> Study:
        """The study in a folder.

        Parameters
        ----------
        folder : str or Path
            That :func:`sweep` made.

        Raises
        ------
        StoreError
            If there is none.
        """
        return cls(Plan.load(folder))

    @property
    def path(self) -> Path:
        """Its folder."""
        return self.plan.folder

    @property
    def objectives(self) -> dict[str, str]:
        """What the choices of the front are compared by, "higher" or "lower": :data:`FRONT`, or what was tuned for."""
        tuning = self.plan.tuning
        return dict(FRONT if tuning is None else tuning.objectives)

    def write_results(self) -> None:
        """Write :meth:`results` to ``results.csv`` in its folder.

        Raises
        ------
        StoreError
            If the disk refuses.
        """
        write_file(self.path / RESULTS_FILE, csv_bytes(self.results()))

    def counts(self) -> dict[str, int]:
        """Number of settings ``done``, ``failed``, ``running`` and ``pending``."""
        states = Counter(str(self.plan.state(setting)["state"]) for setting in self.plan.settings)
        return {name: states.get(name, 0) for name in (DONE, FAILED, RUNNING, PENDING)}

    def results(self) -> pd.DataFrame:
        """One row a setting and seed, in the order of the plan.

        Columns ``setting`` (number of the parameter choice), ``seed, state``; ``params.*``: what the setting sets;
        ``n_topics, level`` and ``metrics.*``: the scores of :data:`topics.evaluate.DEFINITIONS`; ``seconds``; ``new``
        and ``stored``: stages that were computed, and that were there; ``key`` of the setting; ``error``.
        """
        import pandas as pd

        names = list(dict.fromkeys(name for setting in self.plan.settings for name in setting.params))
        choices: dict[str, int] = {}
        rows = []
        for setting in self.plan.settings:
            state = self.plan.state(setting)
            number = choices.setdefault(repr(sorted(setting.params.items())), len(choices))
            values = dict(state.get("values", {}))
            metrics = values.pop("metrics", {})
            rows.append(
                {
                    "setting": number,
                    "seed": setting.seed,
                    "state": state["state"],
                    **{f"params.{name}": setting.params.get(name) for name in names},
                    **values,
                    **{f"metrics.{name}": value for name, value in metrics.items()},
                    "key": setting.key,
                    "error": state.get("error"),
                }
            )
        return pd.DataFrame(rows)

    def _repr_html_(self) -> str:
        counts = ", ".join(f"{n} {state}" for state, n in self.counts().items() if n)
        table = self.summary()
        if len(table):
            table = table.sort_values("front", ascending=False, kind="stable")
        named = {"setting", "n_seeds", "n_topics", "front"}
        shown = {
            name: name.removeprefix("params.").removeprefix("metrics.")
            for name in table.columns
            if name.startswith("params.") or name in named or name.removeprefix("metrics.") in self.objectives
        }
        rows = table[list(shown)].rename(columns=shown).to_dict("records")
        return fragment(f"Study {self.path.name}: {counts}", rows)

    def failures(self) -> dict[str, str]:
        """The whole error of each setting that failed, by its title."""
        states = {setting.title: self.plan.state(setting) for setting in self.plan.settings}
        return {title: str(state["traceback"]) for title, state in states.items() if state["state"] == FAILED}

    def summary(self) -> pd.DataFrame:
        """One row a parameter choice: mean and standard deviation over its seeds, and whether it is on the front.

        On the front is whom no other choice beats in all of :attr:`objectives` at once (Pareto). The metrics disagree
        with each other and with people, so that there is no winner among those.
        """
        import pandas as pd

        frame = self.results()
        done = frame[frame["state"] == DONE]
        if done.empty:
            return pd.DataFrame()
        params = [name for name in frame.columns if name.startswith("params.")]
        numbers = [name for name in done.columns if name.startswith("metrics.") or name in ("n_topics", "seconds")]
        grouped = done.groupby("setting", sort=True)
        means, spreads = grouped[numbers].mean(), grouped[numbers].std(ddof=1)
        table = grouped[params].first()
        table["n_seeds"] = grouped.size()
        for name in numbers:
            table[name] = means[name]
            table[f"{name} ±"] = spreads[name]
        table["front"] = _on_front(means, self.objectives)
        return table.reset_index()


def _on_front(means: pd.DataFrame, objectives: Mapping[str, str]) -> Any:
    """Whether each row is beaten by no other in all objectives at once."""
    import numpy as np

    named = [(name if name in means.columns else f"metrics.{name}", better) for name, better in objectives.items()]
    columns = [(name, better) for name, better in named if name in means.columns and means[name].notna().any()]
    if not columns:
        raise InputError("expected scores to compare settings by, got none")
    worths = np.column_stack(
        [means[name].fillna(-np.inf if better == "higher" else np.inf) * (1 if better == "higher" else -1)
         for name, better in columns]
    )  # fmt: skip
    beaten = [bool(((worths >= row).all(axis=1) & (worths > row).any(axis=1)).any()) for row in worths]
    return np.logical_not(beaten)
