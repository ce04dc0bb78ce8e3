"""What Optuna is asked for: the next trials, from the results of those that there are."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from topics.config import ConfigError
from topics.errors import MissingExtraError
from topics.sweeps._settings import numeric_range
from topics.sweeps._tuning import SAMPLERS, Trial, Tuning

if TYPE_CHECKING:
    from types import ModuleType


def next_trials(
    tuning: Tuning, trials: Sequence[Trial], *, values: Sequence[Mapping[str, float | None]]
) -> list[Trial]:
    """The trials of the next batch, proposed from the results of those that there are.

    Parameters
    ----------
    tuning : Tuning
        How.
    trials : sequence of Trial
        Those that there are.
    values : sequence of mapping
        Scores of each; empty of one that failed.

    Raises
    ------
    MissingExtraError
        If Optuna is not installed.
    ConfigError
        If an objective has no value in any trial, or the sampler does not take its settings.
    """
    optuna = import_optuna()
    if any(values):
        for name in tuning.objectives:
            if all(row.get(name) is None for row in values):
                known = sorted({name for row in values for name, value in row.items() if value is not None})
                raise ConfigError(
                    f"tune.objectives: no trial has a value of {name!r}; they have {', '.join(known)}. Name others, or "
                    "change the config (a single layout has no stability; ami needs evaluate.label_column)"
                )
    stop = min(tuning.n_trials, len(trials) + tuning.batch - len(trials) % tuning.batch)
    with _quiet(optuna):
        distributions = {name: _distribution(optuna, range_) for name, range_ in tuning.space.items()}
        told = [
            _told(optuna, trial, row, tuning=tuning, distributions=distributions)
            for trial, row in zip(trials, values, strict=True)
        ]
        return [
            _ask(optuna, tuning, i, told=told[: i - i % tuning.batch], distributions=distributions)
            for i in range(len(trials), stop)
        ]


def _ask(
    optuna: ModuleType, tuning: Tuning, number: int, *, told: Sequence[Any], distributions: Mapping[str, Any]
) -> Trial:
    """One trial, by a sampler of its own that has seen the results that are there."""
    study = optuna.create_study(sampler=_sampler(optuna, tuning, number), directions=_directions(tuning))
    study.add_trials(told)
    proposed = study.ask(dict(distributions))
    asked = {name: proposed.params[name] for name in tuning.space}
    params = {name: _value(tuning.space[name], value) for name, value in asked.items()}
    noted = study.get_trials(deepcopy=False)[-1].system_attrs
    return Trial(number, params, asked, dict(noted), optuna.__version__)


def _told(
    optuna: ModuleType,
    trial: Trial,
    scores: Mapping[str, float | None],
    *,
    tuning: Tuning,
    distributions: Mapping[str, Any],
) -> Any:
    values = [scores.get(name) for name in tuning.objectives]
    done = all(value is not None for value in values)
    state = optuna.trial.TrialState
    return optuna.trial.create_trial(
        state=state.COMPLETE if done else state.FAIL, values=values if done else None, params=dict(trial.asked),
        distributions=dict(distributions), system_attrs=dict(trial.attributes),
    )  # fmt: skip


def _sampler(optuna: ModuleType, tuning: Tuning, number: int) -> Any:
    import numpy as np

    kind = getattr(optuna.samplers, SAMPLERS[tuning.sampler])
    known = set(inspect.signature(kind).parameters) - {"seed"}
    unknown = sorted(set(tuning.settings) - known)
    if unknown:
        raise ConfigError(
            f"tune.settings: Optuna {optuna.__version__}'s {kind.__name__} takes no {unknown[0]!r}; it takes "
            f"{', '.join(sorted(known)) or 'none'}"
        )
    seed = int(np.random.SeedSequence([tuning.seed, number]).generate_state(1)[0])
    try:
        return kind(seed=seed, **tuning.settings)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"tune.settings: {kind.__name__} refuses {dict(tuning.settings)!r}: {error}") from None


def _distribution(optuna: ModuleType, range_: Any) -> Any:
    if not isinstance(range_, Mapping):
        return optuna.distributions.CategoricalDistribution(tuple(range(len(range_))))
    low, high, log, integer = numeric_range("", range_, where="tune.space")
    if integer:
        return optuna.distributions.IntDistribution(int(low), int(high), log=log)
    return optuna.distributions.FloatDistribution(low, high, log=log)


def _value(range_: Any, asked: Any) -> Any:
    return asked if isinstance(range_, Mapping) else range_[asked]


def _directions(tuning: Tuning) -> list[str]:
    return ["maximize" if better == "higher" else "minimize" for better in tuning.objectives.values()]


def import_optuna() -> ModuleType:
    """The module ``optuna``.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    try:
        return import_module("optuna")
    except ImportError:
        raise MissingExtraError(
            'to propose trials, Optuna is needed: pip install "topics[tune]"; trials that are recorded are repeated '
            "without it"
        ) from None


@contextmanager
def _quiet(optuna: ModuleType) -> Iterator[None]:
    """Optuna's remarks on each study, and on what is experimental in one of its versions, are not ours to show."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        with warnings.catch_warnings(action="ignore", category=optuna.exceptions.ExperimentalWarning):
            yield
    finally:
        optuna.logging.set_verbosity(before)
