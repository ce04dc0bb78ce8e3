"""What every section of the config has in common: frozen, strict, and old names of keys with the new one named."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Auto = Literal["auto"]
Count = Annotated[int, Field(ge=1, strict=True)]


class Params(BaseModel):
    """A section of the config: frozen, without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    renamed_keys: ClassVar[Mapping[str, str]] = {}
    """Old names of keys, accepted for one release, with the new ones."""

    @model_validator(mode="before")
    @classmethod
    def _take_renamed_keys(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        values = dict(values)
        for old, new in cls.renamed_keys.items():
            if old in values:
                if new in values:
                    raise ValueError(f"{old!r} is the old name of {new!r}: write the new one only")
                warnings.warn(
                    f"config key {old!r} is now called {new!r}; the old name is accepted for one release",
                    FutureWarning,
                    stacklevel=2,
                )
                values[new] = values.pop(old)
        return values
