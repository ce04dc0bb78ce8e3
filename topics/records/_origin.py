"""The origin of a record, and helpers that all records use."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

NOISE = -1
"""The label of a document that belongs to no cluster."""


@dataclass(frozen=True, eq=False)
class Origin:
    """The origin of a record: everything its content depends on, known before the stage runs.

    Attributes
    ----------
    stage : str
        Name of the stage.
    version : int
        Version of the stage's code; raised whenever its results may change.
    parameters : Mapping[str, Any]
        JSON-able parameters.
    parents : tuple of str
        Keys of the records that the stage used.
    libraries : Mapping[str, str]
        Versions of the libraries that affect the result.
    notes : tuple of str
        Notes for readers of the result, such as "3 documents: too few to cluster".
    """

    stage: str
    version: int
    parameters: Mapping[str, Any]
    parents: tuple[str, ...]
    libraries: Mapping[str, str]
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """SHA-256 (64 hexadecimal digits) of all attributes except the notes."""
        return fingerprint(
            {
                "stage": self.stage,
                "version": self.version,
                "parameters": self.parameters,
                "parents": self.parents,
                "libraries": self.libraries,
            }
        )


def fingerprint(value: Any) -> str:
    """SHA-256 of a JSON-able value in canonical form (sorted keys, no spaces, no NaN)."""
    return hashlib.sha256(_CANONICAL.encode(value).encode("utf-8", "surrogatepass")).hexdigest()


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def library_versions(*names: str) -> dict[str, str]:
    """Installed version of each distribution; ``"absent"`` if it is not installed."""
    return {name: _version_of(name) for name in names}


@cache
def _version_of(name: str) -> str:
    """Version of a distribution, cached: a run asks a hundred times, and each look-up reads a file."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def freeze(record: Any, dtypes: Mapping[str, type[np.generic]]) -> None:
    """Replace a record's arrays by read-only copies in C order; arrays that own their data and are such already stay.

    Parameters
    ----------
    record : dataclass instance
        The record, in its ``__post_init__``.
    dtypes : Mapping[str, type]
        Type of each array, by attribute name.
    """
    for name, dtype in dtypes.items():
        value = getattr(record, name)
        if isinstance(value, np.ndarray) and value.dtype == dtype:
            flags = value.flags
            if flags.owndata and flags.c_contiguous and not flags.writeable:
                continue
        array = np.array(value, dtype=dtype, order="C", copy=True)
        array.setflags(write=False)
        object.__setattr__(record, name, array)
