"""The config of a run: one section per stage; TOML in and out.

Unknown keys are refused with the closest key; values out of range or in contradiction are refused with the key, the
value and what was expected.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator

from topics.config._base import Params
from topics.config._reading import ArticlesParams
from topics.config._stages import (
    ClusterParams,
    EmbedParams,
    EvaluateParams,
    LabelParams,
    MapParams,
    NeighborsParams,
    ReduceParams,
)
from topics.errors import InputError


class ConfigError(InputError):
    """A config is not usable; the message names the key, the value and what was expected."""


class RunConfig(Params):
    """The whole config of a run: one section per stage and one seed.

    Attributes
    ----------
    random_state : int
        Seed of everything random, 0 to 2**32 - 1.
    articles, embed, neighbors, reduce, map, cluster, label, evaluate
        The parameters of the stages.
    """

    random_state: Annotated[int, Field(ge=0, lt=2**32, strict=True)] = 0
    articles: ArticlesParams = ArticlesParams()
    embed: EmbedParams = EmbedParams()
    neighbors: NeighborsParams = NeighborsParams()
    reduce: ReduceParams = ReduceParams()
    map: MapParams = MapParams()
    cluster: ClusterParams = ClusterParams()
    label: LabelParams = LabelParams()
    evaluate: EvaluateParams = EvaluateParams()

    @model_validator(mode="after")
    def _neighbors_suffice(self) -> Self:
        for name in ("reduce", "map"):
            wanted = getattr(self, name).n_neighbors
            if wanted > self.neighbors.n_neighbors:
                raise ValueError(
                    f"{name}.n_neighbors {wanted} is greater than neighbors.n_neighbors "
                    f"{self.neighbors.n_neighbors}: raise the latter or lower the former"
                )
        return self

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> RunConfig:
        """Config from nested mappings, one per section.

        Raises
        ------
        ConfigError
            If a key is unknown, a value out of range, or values contradict each other.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise ConfigError("\n".join(_message_of(e) for e in error.errors(include_url=False))) from None

    @classmethod
    def from_toml(cls, path: str | Path | None = None, overrides: Iterable[str] = ()) -> RunConfig:
        """Config from a TOML file and ``section.key=value`` overrides, of which later ones win.

        Parameters
        ----------
        path : str, Path or None
            TOML file; None starts from the defaults.
        overrides : iterable of str
            Overrides with values as in TOML; a bare word is a string.

        Raises
        ------
        ConfigError
            As :meth:`from_dict`, and if the file cannot be read or is not TOML.

        Examples
        --------
        >>> RunConfig.from_toml(overrides=["cluster.min_samples=10"]).cluster.min_samples
        10
        """
        values: dict[str, Any] = {}
        if path is not None:
            try:
                values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
            except OSError as error:
                raise ConfigError(f"cannot read the config {str(path)!r}: {error.strerror}") from None
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise ConfigError(f"{str(path)!r} is not TOML: {error}") from None
        for override in overrides:
            key, equals, text = override.partition("=")
            if not equals or not key.strip():
                raise ConfigError(f"expected KEY=VALUE such as cluster.min_samples=10, got {override!r}")
            _set(values, key.strip(), toml_value(text.strip()))
        return cls.from_dict(values)

    def to_toml(self) -> str:
        """The config as TOML text, without keys that are None."""
        import tomli_w

        return tomli_w.dumps(self.model_dump(mode="json", exclude_none=True))


def _set(values: dict[str, Any], dotted: str, value: Any) -> None:
    *sections, key = dotted.split(".")
    for section in sections:
        values = values.setdefault(section, {})
        if not isinstance(values, dict):
            raise ConfigError(f"{dotted}: {section!r} is a value, not a section")
    values[key] = value


def toml_value(text: str) -> Any:
    """A value as TOML writes it; a bare word is a string."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _message_of(error: Any) -> str:
    """The message for one of pydantic's errors."""
    at = ".".join(
        str(part) for part in error["loc"] if not str(part).startswith(("literal[", "constrained-", "tuple["))
    )
    at = ".".join(part for part in at.split(".") if part not in ("int", "str", "float"))
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(at, _keys(), n=1, cutoff=0.5) or difflib.get_close_matches(
            at.rpartition(".")[2], [key.rpartition(".")[2] for key in _keys()], n=1, cutoff=0.5
        )
        hint = f"; did you mean {_full(near[0])!r}?" if near else f"; the keys are {', '.join(_keys())}"
        return f"unknown key {at!r}{hint}"
    message = error["msg"].removeprefix("Value error, ")
    return (
        f"{at}: {message}, got {error['input']!r}"
        if at and error["type"] != "value_error"
        else (f"{at}: {message}" if at else message)
    )


def _keys() -> list[str]:
    keys = []
    for name, info in RunConfig.model_fields.items():
        section = info.annotation
        if isinstance(section, type) and issubclass(section, Params):
            keys += [name, *(f"{name}.{key}" for key in section.model_fields)]
        else:
            keys.append(name)
    return keys


def _full(key: str) -> str:
    """The first dotted key that ends in ``key``."""
    return next(k for k in _keys() if k == key or k.endswith(f".{key}"))
