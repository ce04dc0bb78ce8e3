"""A model's folder → its names and the front matter of its card."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MAX_BYTES = 4_000_000  # not tuned: cards with benchmark results reach 600 kB
_MAX_CHARACTERS = 20_000  # not tuned: far more than an entry of the front matter needs
_ENTRIES = ("language", "language_bcp47", "tags", "base_model")
_ENTRY = re.compile(rf"^({'|'.join(_ENTRIES)}):.*(?:\n(?:[ \t#-].*)?)*", re.MULTILINE)
_INDEX_NAME = re.compile(r"^model-index:[ \t]*\n[ \t]*-[ \t]+name:[ \t]*(.+)$", re.MULTILINE)
_FRONT = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+)$", re.MULTILINE)
_LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")
_ONE_NAME = re.compile(r"[\w./-]+")
_CACHED = "models--"


@dataclass(frozen=True)
class ModelCard:
    """A model's names and the front matter of its card.

    Attributes
    ----------
    names : tuple of str
        Names of the model itself, without owner or folder, in lower case and with hyphens; the most certain first.
    based_on : tuple of str
        Names of the models it was made from, in the same form.
    entries : mapping
        Entries of the card's front matter, if present: ``language``, ``language_bcp47``, ``tags``, ``base_model``.
    """

    names: tuple[str, ...]
    based_on: tuple[str, ...]
    entries: Mapping[str, Any]


def read_card(model: str, folder: Path) -> ModelCard:
    """The model card of a folder; files that are missing or malformed are ignored.

    Parameters
    ----------
    model : str
        The user's name for the model: a folder, or a name on the hub.
    folder : pathlib.Path
        The model's folder.
    """
    front, body = _parts(_text(folder / "README.md"))
    entries = dict(_parse(front))
    names = [model, *_cached_names(folder), folder.name]
    based_on: list[str] = []
    for heading in (*_INDEX_NAME.findall(front)[:1], *_HEADING.findall(body.partition("```")[0])[:1]):
        title = _LINK.sub(r"\1", heading).strip()
        (names if _ONE_NAME.fullmatch(title) else based_on).append(title)  # "SentenceTransformer based on intfloat/…"
    bases = entries.get("base_model")
    based_on += [base for base in (bases if isinstance(bases, list) else [bases]) if isinstance(base, str)]
    config = read_json(folder / "config.json")
    if isinstance(config, dict) and isinstance(config.get("_name_or_path"), str):
        based_on.append(config["_name_or_path"])
    return ModelCard(_tidy(names), _tidy(based_on), entries)


def read_json(path: Path) -> Any:
    """The content of a JSON file; None if it cannot be read.

    Parameters
    ----------
    path : pathlib.Path
        Path of the file, which may not exist.
    """
    try:
        return json.loads(_text(path))
    except (ValueError, RecursionError):
        return None


def _text(path: Path) -> str:
    """Content of a file; empty if it is not a plain file, cannot be read or is too large."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except (OSError, ValueError):
        return ""
    if len(content) > _MAX_BYTES:
        return ""
    return content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")


def _parts(text: str) -> tuple[str, str]:
    """The front matter and the body of a card."""
    match = _FRONT.match(text)
    return (match[1], text[match.end() :]) if match else ("", text)


def _parse(front: str) -> Iterator[tuple[str, Any]]:
    """The entries used, each parsed separately: YAML takes seconds for the benchmark results in many cards."""
    import yaml

    seen = set()
    for match in _ENTRY.finditer(front):
        key = match[1]
        if key in seen or len(match[0]) > _MAX_CHARACTERS:
            continue
        seen.add(key)
        try:
            value = yaml.safe_load(match[0])[key]
        except (yaml.YAMLError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            continue
        yield key, value


def _cached_names(folder: Path) -> list[str]:
    """Name in the hub's cache: ``models--owner--name/snapshots/commit``."""
    return [part.rpartition("--")[2] for part in folder.parts if part.startswith(_CACHED)]


def _tidy(names: list[str]) -> tuple[str, ...]:
    """The names without owner or folder, in lower case, with hyphens between words."""
    last = (re.split(r"[/\\]", name.strip().strip("'\"`*/\\"))[-1] for name in names)
    tidied = (re.sub(r"[\s_]+", "-", name.casefold()) for name in last)
    return tuple(dict.fromkeys(name for name in tidied if name))
