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

_SECTIONS = ("config", "grid", "random", "settings", "seeds")
_KEY_DIGITS = 12


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
        All of it.
    key : str
        First digits of the SHA-256 of the config.
    """

    params: Mapping[str, Any]
    seed: int
    config: RunConfig
    key: str

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
        The mapping itself, or a TOML file of it.

    Raises
    ------
    ConfigError
        If the file cannot be read or is not TOML.
    """
    if isinstance(study, Mapping):
        return dict(study)
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
        dotted keys. ``seeds``: how many, from the base config's on, or a list of them; 1 if it is not there.

    Raises
    ------
    ConfigError
        If a section or key is unknown or a value out of range; the message names the setting.
    """
    unknown = sorted(set(study) - set(_SECTIONS))
    if unknown:
        raise ConfigError(f"unknown section {unknown[0]!r} of the study: expected {', '.join(_SECTIONS)}")
    base = _plain(study.get("config", {}))
    seeds = _seeds(study.get("seeds", 1), first=int(RunConfig.from_dict(base).random_state))
    choices = [*_grid(study.get("grid", {})), *_drawn(study.get("random")), *map(dict, study.get("settings", ()))]
    settings: dict[str, Setting] = {}
    for choice, seed in itertools.product(choices or [{}], seeds):
        config = _config(base, choice, seed)
        key = fingerprint(config.model_dump(mode="json"))[:_KEY_DIGITS]
        settings.setdefault(key, Setting(choice, seed, config, key))
    return list(settings.values())


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
    try:
        return RunConfig.from_dict(values)
    except ConfigError as error:
        raise ConfigError(f"setting {dict(choice)!r}: {error}") from None


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
    if not isinstance(range_, Mapping) or not {"low", "high"} <= range_.keys():
        raise ConfigError(f"random.space.{dotted}: expected a list of values, or low and high, got {range_!r}")
    low, high, log = float(range_["low"]), float(range_["high"]), bool(range_.get("log", False))
    if not low < high or (log and low <= 0):
        raise ConfigError(f"random.space.{dotted}: expected low < high, above 0 for log, got {range_!r}")
    integer = range_.get("integer", isinstance(range_["low"], int) and isinstance(range_["high"], int))
    top = high + 1 if integer else high  # every integer has the same chance
    value = math.exp(generator.uniform(math.log(low), math.log(top))) if log else generator.uniform(low, top)
    return int(min(value, high)) if integer else float(value)


def _seeds(seeds: Any, *, first: int) -> list[int]:
    if isinstance(seeds, int) and not isinstance(seeds, bool) and seeds >= 1:
        return list(range(first, first + seeds))
    if isinstance(seeds, Sequence) and seeds and all(isinstance(seed, int) and seed >= 0 for seed in seeds):
        return list(dict.fromkeys(seeds))
    raise ConfigError(f"seeds: expected a number of seeds of at least 1, or a list of seeds, got {seeds!r}")


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """A copy that may be changed, section by section."""
    return {name: _plain(value) if isinstance(value, Mapping) else value for name, value in values.items()}
