"""Trials that a sampler proposes, as they are asked for and as they are recorded to be repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from dataclasses import replace as with_fields
from typing import Any

from topics.config import ConfigError
from topics.evaluate import DEFINITIONS
from topics.sweeps._settings import Setting, numeric_range

FRONT = {"npmi_held_out": "higher", "diversity": "higher", "stability": "higher", "noise_share": "lower"}
"""What the settings of the front are compared by; no one of them makes a winner."""

_KEYS = ("sampler", "n_trials", "batch", "seed", "objectives", "settings", "space")
SAMPLERS = {"random": "RandomSampler", "tpe": "TPESampler", "nsga2": "NSGAIISampler"}
# Optuna's own defaults change between its versions, so that ours are named; not tuned but for where Optuna says so.
_DEFAULTS: dict[str, dict[str, Any]] = {
    "random": {},
    "tpe": {
        "n_startup_trials": 10,
        "n_ei_candidates": 24,
        "multivariate": True,
        "group": False,
        "constant_liar": False,
    },
    "nsga2": {"population_size": 20, "mutation_prob": None, "crossover_prob": 0.9, "swapping_prob": 0.5},
}
_ENOUGH = 10_000  # trials that a random sampler, which learns nothing of earlier ones, proposes at once


@dataclass(frozen=True)
class Trial:
    """Values that a sampler proposed.

    Attributes
    ----------
    number : int
        From 0 on.
    params : Mapping[str, Any]
        Value of each dotted key.
    asked : Mapping[str, Any]
        The same as Optuna knows them: of a list of values the place in it.
    attributes : Mapping[str, Any]
        What the sampler noted, such as the generation.
    optuna : str
        Version of Optuna that proposed it.
    settings : tuple of str
        Keys of the settings that it is tried as, one a seed.
    """

    number: int
    params: Mapping[str, Any]
    asked: Mapping[str, Any]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    optuna: str = ""
    settings: tuple[str, ...] = ()

    def of(self, settings: Sequence[Setting]) -> Trial:
        """The trial with its settings.

        Parameters
        ----------
        settings : sequence of Setting
            One a seed.
        """
        return with_fields(self, settings=tuple(setting.key for setting in settings))


@dataclass(frozen=True)
class Tuning:
    """How trials are proposed.

    Attributes
    ----------
    sampler : str
        "random", "tpe" or "nsga2".
    settings : Mapping[str, Any]
        What the sampler is made with.
    seed : int
        Of the sampler. Trial i is drawn by a generator of its own, so that what was stopped goes on as it would have.
    n_trials : int
        How many there shall be.
    batch : int
        Trials that are proposed at once, all from the results of earlier batches: more of them can be worked on side by
        side, and the trials do not hang on who is done first.
    objectives : Mapping[str, str]
        Scores that trials are compared by, "higher" or "lower".
    space : Mapping[str, Any]
        Dotted key to a list of values, or to ``low``, ``high`` and, if wanted, ``log`` and ``integer``.
    """

    sampler: str
    settings: Mapping[str, Any]
    seed: int
    n_trials: int
    batch: int
    objectives: Mapping[str, str]
    space: Mapping[str, Any]

    def row(self) -> dict[str, Any]:
        """As it is kept in the plan."""
        return asdict(self)


def tuning_of(study: Mapping[str, Any]) -> Tuning | None:
    """How trials of a study are proposed; None where none are.

    Parameters
    ----------
    study : mapping
        Its section ``tune``: ``sampler`` ("tpe" if it is not there; "random", "nsga2"), ``n_trials``, ``seed``,
        ``objectives`` (names of scores, or a mapping of them to "higher" or "lower"), ``settings`` of the sampler,
        ``batch`` and ``space``, as that of ``random``.

    Raises
    ------
    ConfigError
        If it is not such a section.
    """
    if "tune" not in study:
        return None
    tune = study["tune"]
    if not isinstance(tune, Mapping):
        raise ConfigError(f"tune: expected a section with n_trials and space, got {tune!r}")
    unknown = sorted(set(tune) - set(_KEYS))
    if unknown:
        raise ConfigError(f"tune: unknown key {unknown[0]!r}, expected {', '.join(_KEYS)}")
    sampler, space = tune.get("sampler", "tpe"), tune.get("space")
    if sampler not in SAMPLERS:
        raise ConfigError(f"tune.sampler: expected {', '.join(SAMPLERS)}, got {sampler!r}")
    if not isinstance(space, Mapping) or not space:
        raise ConfigError(f"tune.space: expected keys to draw values of, got {space!r}")
    for dotted, range_ in space.items():
        if not (isinstance(range_, (list, tuple)) and range_):
            numeric_range(dotted, range_, where="tune.space")
    settings = {**_DEFAULTS[sampler], **tune.get("settings", {})}
    batch = {"random": _ENOUGH, "tpe": 1, "nsga2": settings.get("population_size", 1)}[sampler]
    return Tuning(
        sampler, settings, _whole(tune, "seed", 0, least=0), _whole(tune, "n_trials", None, least=1),
        _whole(tune, "batch", batch, least=1), _objectives(tune.get("objectives", FRONT)), dict(space),
    )  # fmt: skip


def _objectives(asked: Any) -> dict[str, str]:
    known = {**{name: better for name, (_, better) in DEFINITIONS.items()}, "n_topics": "none"}
    named = dict(asked) if isinstance(asked, Mapping) else {name: known.get(name) for name in asked}
    for name, better in named.items():
        if name not in known:
            raise ConfigError(f"tune.objectives: unknown score {name!r}, expected some of {', '.join(known)}")
        if better not in ("higher", "lower"):
            raise ConfigError(f'tune.objectives: expected {name!r} to be "higher" or "lower", got {better!r}')
    if not named:
        raise ConfigError("tune.objectives: expected names of scores, got none")
    return {name: str(better) for name, better in named.items()}


def _whole(tune: Mapping[str, Any], name: str, default: int | None, *, least: int) -> int:
    value = tune.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ConfigError(f"tune.{name}: expected a whole number of at least {least}, got {value!r}")
    return value
