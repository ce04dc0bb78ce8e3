"""What a model's folder says of the model: the names it goes by, and the front matter of its card."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MOST_BYTES = 4_000_000  # cards that list benchmark results reach 600 kB
_MOST_CHARACTERS = 20_000  # of one entry of the front matter
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
    """What is read of a model's folder.

    Attributes
    ----------
    names : tuple of str
        Names of the model itself, without owner or folder, in lower case and with hyphens; the surest first.
    based_on : tuple of str
        Names of what it was made from, in the same form.
    entries : mapping
        Of the card's front matter: ``language``, ``language_bcp47``, ``tags``, ``base_model``; those that are there.
    """

    names: tuple[str, ...]
    based_on: tuple[str, ...]
    entries: Mapping[str, Any]


def read_card(model: str, folder: Path) -> ModelCard:
    """What a folder says of its model; of a card or file that is absent or malformed nothing is taken.

    Parameters
    ----------
    model : str
        The name that the user gave: a folder, or a name on the hub.
    folder : pathlib.Path
        The model's folder.
    """
    front, body = _parts(_text(folder / "README.md"))
    entries = dict(_parse(front))
    names = [model, *_cached_names(folder), folder.name]
    based_on: list[str] = []
    for found in (*_INDEX_NAME.findall(front)[:1], *_HEADING.findall(body.partition("```")[0])[:1]):
        title = _LINK.sub(r"\1", found).strip()
        (names if _ONE_NAME.fullmatch(title) else based_on).append(title)  # "SentenceTransformer based on intfloat/…"
    bases = entries.get("base_model")
    based_on += [base for base in (bases if isinstance(bases, list) else [bases]) if isinstance(base, str)]
    config = read_json(folder / "config.json")
    if isinstance(config, dict) and isinstance(config.get("_name_or_path"), str):
        based_on.append(config["_name_or_path"])
    return ModelCard(_tidy(names), _tidy(based_on), entries)


def read_json(path: Path) -> Any:
    """What is in a JSON file; None where nothing can be read.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    """
    try:
        return json.loads(_text(path))
    except (ValueError, RecursionError):
        return None


def _text(path: Path) -> str:
    """Content of a file; empty where it is no plain file, cannot be read or is too large."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError):
        return ""
    if len(content) > _MOST_BYTES:
        return ""
    return content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")


def _parts(text: str) -> tuple[str, str]:
    """Front matter, and what follows it."""
    found = _FRONT.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def _parse(front: str) -> Iterator[tuple[str, Any]]:
    """The wanted entries. Each is parsed on its own: benchmark results, most of many cards, take YAML seconds."""
    import yaml

    seen = set()
    for match in _ENTRY.finditer(front):
        key = match[1]
        if key in seen or len(match[0]) > _MOST_CHARACTERS:
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
    """Without owner or folder, which may hold any letters; lower case; hyphens between words."""
    last = (re.split(r"[/\\]", name.strip().strip("'\"`*/\\"))[-1] for name in names)
    tidied = (re.sub(r"[\s_]+", "-", name.casefold()) for name in last)
    return tuple(dict.fromkeys(name for name in tidied if name))
