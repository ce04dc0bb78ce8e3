"""Nested settings by dotted key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def dotted(values: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with those within others under dotted names, such as ``lexical.libraries.scikit-learn``.

    Parameters
    ----------
    values : Mapping
        Settings by name; those that are mappings are gone into.

    Examples
    --------
    >>> dotted({"cluster": {"level": "auto"}, "random_state": 0})
    {'cluster.level': 'auto', 'random_state': 0}
    """
    return dict(_walk(values, ""))


def _walk(values: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _walk(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
