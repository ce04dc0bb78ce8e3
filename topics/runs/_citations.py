"""What a run may cite, and how BibTeX has it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

TOOLKIT = "topics"
_BESIDE = ("type", "short")


def short(key: str) -> str:
    """How a text names an entry, such as "McInnes et al. 2018".

    Parameters
    ----------
    key : str
        Of the entry.
    """
    return str(_entries()[key]["short"])


def model_papers(name: str) -> tuple[str, ...]:
    """Keys of the papers of a model, as far as its name tells them.

    Parameters
    ----------
    name : str
        Such as "all-MiniLM-L6-v2".
    """
    return tuple(
        key
        for model in _read()["models"]
        if re.search(rf"(?<![a-z])(?:{model['pattern']})(?![a-z])", name.casefold())
        for key in model["cites"]
    )


def bibtex(keys: Iterable[str], *, version: str) -> str:
    """The entries as a BibTeX file, that of the toolkit first, the others by key.

    Parameters
    ----------
    keys : iterable of str
        Of the entries.
    version : str
        Of the toolkit.
    """
    own = {
        "author": "{The topics developers}", "title": "topics: a topic clustering research toolkit",
        "note": f"Version {version}",
    }  # fmt: skip
    return "\n".join([_entry(TOOLKIT, "software", own), *(_of(key) for key in sorted(set(keys) - {TOOLKIT}))])


def _of(key: str) -> str:
    entry = _entries()[key]
    return _entry(key, entry["type"], {name: value for name, value in entry.items() if name not in _BESIDE})


def _entry(key: str, kind: str, held: Mapping[str, str]) -> str:
    lines = [f"  {name} = {{{value}}}," for name, value in held.items()]
    return "\n".join([f"@{kind}{{{key},", *lines, "}", ""])


@cache
def _entries() -> dict[str, Any]:
    return {key: entry for key, entry in _read().items() if key != "models"}


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads((files("topics") / "data" / "citations.toml").read_text(encoding="utf-8"))
