"""What a study asks for → its settings: a grid, random draws, a list, each under several seeds."""

from __future__ import annotations

import itertools
import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from topics.config import ConfigError, RunConfig
from topics.records import fingerprint

_RECORDED = ("planned", "trials", "tuned")  # sections that only a plan has
_SECTIONS = ("articles", "config", "grid", "random", "settings", "tune", "seeds", *_RECORDED)
_KEY_DIGITS = 12
PLAN_FILE = "plan.json"


@dataclass(frozen=True)
class Setting:
    """One config of a study, under one seed.

    Attributes
    ----------
    params : Mapping[str, Any]
        What it sets, by dotted key, such as ``cluster.min_samples``; the seed is not among it.
    seed : int
        Its ``random_state``.
    config : RunConfig
        All of it; of an impossible setting the base config.
    key : str
        First digits of the SHA-256 of the config.
    problem : str
        Why there is no such config; empty where there is.
    """

    params: Mapping[str, Any]
    seed: int
    config: RunConfig
    key: str
    problem: str = ""

    @property
    def title(self) -> str:
        """What it sets, in a line."""
        said = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{said or 'the base config'}, seed {self.seed}"


def study_of(study: Mapping[str, Any] | str | Path) -> dict[str, Any]:
    """The study as a mapping; see :func:`settings_of`.

    Parameters
    ----------
    study : mapping, str or Path
        The mapping itself, or a TOML file of it; or the folder of a study, or the plan in it.

    Raises
    ------
    ConfigError
        If the file cannot be read or is not TOML.
    StoreError
        If the folder holds no plan.
    """
    if isinstance(study, Mapping):
        return dict(study)
    if Path(study).is_dir() or Path(study).name == PLAN_FILE:
        from topics.sweeps._plan import Plan

        return Plan.load(study if Path(study).is_dir() else Path(study).parent).as_study()
    try:
        return tomllib.loads(Path(study).read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read the study {str(study)!r}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{str(study)!r} is not TOML: {error}") from None


def settings_of(study: Mapping[str, Any]) -> list[Setting]:
    """The settings of a study in their order, each once: those of one parameter choice together, seed by seed.

    Parameters
    ----------
    study : mapping
        ``config``: the base, sections as in a config file. ``grid``: dotted key to a list of values, every combination
        of which is a setting. ``random``: ``n`` draws under ``seed`` from ``space``, dotted key to a list of values or
        to a mapping of ``low``, ``high`` and, if wanted, ``log`` and ``integer``. ``settings``: a list of mappings of
        dotted keys. ``tune``: trials that a sampler proposes, which are none of these settings; see
        :func:`topics.sweeps.tuning_of`. ``seeds``: how many, from the base config's on, or a list of them; 1 if it is
        not there. ``articles``: the path of the articles, for the command line. A setting whose values contradict each
        other is one with a ``problem``, as long as others with the same keys are possible.

    Raises
    ------
    ConfigError
        If a section or key is unknown or a value out of range; the message names the setting.
    """
    unknown = sorted(set(study) - set(_SECTIONS))
    if unknown:
        raise ConfigError(
            f"unknown section {unknown[0]!r} of the study: expected {', '.join(_SECTIONS[: -len(_RECORDED)])}"
        )
    choices = [*_grid(study.get("grid", {})), *_drawn(study.get("random")), *map(dict, study.get("settings", ()))]
    if not choices and not study.get("planned") and "tune" not in study:
        choices = [{}]
    settings = {setting.key: setting for setting in study.get("planned", ())}
    return list({**settings, **{setting.key: setting for setting in settings_from(study, choices)}}.values())


def settings_from(
    study: Mapping[str, Any], choices: Sequence[Mapping[str, Any]], *, refuse: bool = True
) -> list[Setting]:
    """The settings of some parameter choices under a study's base config and seeds, each once.

    Parameters
    ----------
    study : mapping
        Its ``config`` and ``seeds`` are used.
    choices : sequence of mapping
        Dotted key to value.
    refuse : bool
        Whether impossible choices are refused where none with the same keys is possible: these are slips of the pen.

    Raises
    ------
    ConfigError
        If they are.
    """
    base = _plain(study.get("config", {}))
    config = RunConfig.from_dict(base)
    seeds = _seeds(study.get("seeds", 1), first=int(config.random_state))
    made: dict[str, Setting] = {}
    for choice in choices:
        own = {name: value for name, value in choice.items() if name != "random_state"}
        for seed in [choice["random_state"]] if "random_state" in choice else seeds:  # a seed that is chosen is one
            setting = _setting(base, config, own, seed)
            made.setdefault(setting.key, setting)
    good = {name for setting in made.values() if not setting.problem for name in setting.params}
    for setting in made.values():
        if refuse and setting.problem and not set(setting.params) <= good:
            raise ConfigError(f"setting {dict(setting.params)!r}: {setting.problem}")
    return list(made.values())


def _setting(base: Mapping[str, Any], config: RunConfig, choice: Mapping[str, Any], seed: int) -> Setting:
    problem = ""
    choice = dict(sorted(choice.items()))  # as a plan has them when it is read again
    try:
        config = _config(base, choice, seed)
    except ConfigError as error:
        problem = str(error)
    values = config.model_dump(mode="json")
    key = fingerprint([values, choice, seed] if problem else values)[:_KEY_DIGITS]
    return Setting(choice, seed, config, key, problem)


def _config(base: Mapping[str, Any], choice: Mapping[str, Any], seed: int) -> RunConfig:
    values = _plain(base)
    for dotted, value in {**choice, "random_state": seed}.items():
        place = values
        *sections, name = dotted.split(".")
        for section in sections:
            place = place.setdefault(section, {})
            if not isinstance(place, dict):
                raise ConfigError(f"{dotted}: {section!r} is a value, not a section")
        place[name] = value
    return RunConfig.from_dict(values)


def _grid(grid: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if not grid:
        return
    for dotted, values in grid.items():
        if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable) or not list(values):
            raise ConfigError(f"grid.{dotted}: expected a list of values, got {values!r}")
    for values in itertools.product(*(list(values) for values in grid.values())):
        yield dict(zip(grid, values, strict=True))


def _drawn(random: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    """Each draw has a generator of its own, so that more draws leave the first ones as they are."""
    import numpy as np

    if random is None:
        return
    n, space = random.get("n"), random.get("space")
    if not isinstance(n, int) or n < 1 or not isinstance(space, Mapping) or not space:
        raise ConfigError(f"random: expected n, a number of draws, and space, keys to draw values of; got {random!r}")
    for i in range(n):
        generator = np.random.default_rng([int(random.get("seed", 0)), i])
        yield {dotted: _draw(dotted, range_, generator) for dotted, range_ in space.items()}


def _draw(dotted: str, range_: Any, generator: Any) -> Any:
    if isinstance(range_, Sequence) and not isinstance(range_, str) and range_:
        return range_[int(generator.integers(len(range_)))]
    low, high, log, integer = numeric_range(dotted, range_, where="random.space")
    top = high + 1 if integer else high  # every integer has the same chance
    value = math.exp(generator.uniform(math.log(low), math.log(top))) if log else generator.uniform(low, top)
    return int(min(value, high)) if integer else float(value)


def numeric_range(dotted: str, range_: Any, *, where: str) -> tuple[float, float, bool, bool]:
    """The lowest and highest value of a range, whether it is drawn from by logarithm, and whether it is of integers.

    Parameters
    ----------
    dotted : str
        Its key.
    range_ : mapping
        ``low``, ``high`` and, if wanted, ``log`` and ``integer``.
    where : str
        Section of the study that it is in.

    Raises
    ------
    ConfigError
        If it is none.
    """
    if not isinstance(range_, Mapping) or not {"low", "high"} <= range_.keys():
        raise ConfigError(f"{where}.{dotted}: expected a list of values, or low and high, got {range_!r}")
    low, high, log = float(range_["low"]), float(range_["high"]), bool(range_.get("log", False))
    if not low < high or (log and low <= 0):
        raise ConfigError(f"{where}.{dotted}: expected low < high, above 0 for log, got {range_!r}")
    return low, high, log, bool(range_.get("integer", type(range_["low"]) is type(range_["high"]) is int))


def _seeds(seeds: Any, *, first: int) -> list[int]:
    if isinstance(seeds, int) and not isinstance(seeds, bool) and seeds >= 1:
        return list(range(first, first + seeds))
    if isinstance(seeds, Sequence) and seeds and all(isinstance(seed, int) and seed >= 0 for seed in seeds):
        return list(dict.fromkeys(seeds))
    raise ConfigError(f"seeds: expected a number of seeds of at least 1, or a list of seeds, got {seeds!r}")


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """A copy that may be changed, section by section."""
    return {name: _plain(value) if isinstance(value, Mapping) else value for name, value in values.items()}
