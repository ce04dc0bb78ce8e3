"""Where a record came from, and what all records share."""

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
    """Where a record came from: everything its content depends on, known before the stage runs.

    Attributes
    ----------
    stage : str
        Name of the stage.
    version : int
        Version of the stage's code; raised whenever its results may change.
    parameters : Mapping[str, Any]
        JSON-able parameters.
    parents : tuple of str
        Keys of the records it was made from.
    libraries : Mapping[str, str]
        Versions of the numeric libraries the stage uses.
    notes : tuple of str
        Sentences a reader of the result should know, such as "3 documents: too few to cluster".
    """

    stage: str
    version: int
    parameters: Mapping[str, Any]
    parents: tuple[str, ...]
    libraries: Mapping[str, str]
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """SHA-256 (64 hexadecimal digits) of all the above but the notes."""
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
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def library_versions(*names: str) -> dict[str, str]:
    """Installed version of each distribution; ``"absent"`` where it is not installed."""
    return {name: _version_of(name) for name in names}


@cache
def _version_of(name: str) -> str:
    """Looked up once a process: a run asks a hundred times, and each time a file is read."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def freeze(record: Any, dtypes: Mapping[str, type[np.generic]]) -> None:
    """Copy a record's arrays in, in C order, and set them read-only; what is so already, and no one's view, is taken.

    Parameters
    ----------
    record : dataclass instance
        While it is being made.
    dtypes : Mapping[str, type]
        Type of each array, by its name.
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
