"""Runs of other formats, refused with what makes them anew."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from topics.config import RunConfig
from topics.runs._format import FORMAT, MANIFEST
from topics.store import StoreError


def check_format(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Refuse a run of another format with what makes it anew.

    Parameters
    ----------
    folder : Path
        The run's.
    manifest : Mapping
        Its ``run.json``.

    Raises
    ------
    StoreError
        If it is of another format.
    """
    if (number := manifest.get("format")) == FORMAT:
        return
    command = _command(folder, manifest)
    if isinstance(number, int) and number < FORMAT:
        raise StoreError(
            f"{str(folder)!r} is a run of format {number}, of before runs held the records that they are edited by, "
            f"and this toolkit reads format {FORMAT}: make it anew from its articles by “{command}”; stages that are "
            "stored beside it are not computed again"
        )
    raise StoreError(
        f"{folder / MANIFEST}: expected format {FORMAT}, got {number!r}: read it with the toolkit that wrote it, "
        f"{manifest.get('toolkit', 'a newer one')}, or make it anew by “{command}”"
    )


def _command(folder: Path, manifest: Mapping[str, Any]) -> str:
    """What makes a run anew under its name, with its config where that is not the one by default."""
    default, given = RunConfig().model_dump(mode="json"), manifest.get("config", {})
    changed = (
        [f"random_state={given['random_state']}"] if given.get("random_state", 0) != default["random_state"] else []
    )
    for section, values in default.items():
        own = given.get(section)
        if not isinstance(values, dict) or not isinstance(own, dict):
            continue
        for name, value in values.items():
            if name in own and own[name] != value and not isinstance(own[name], (dict, type(None))):
                changed.append(f"{section}.{name}={json.dumps(own[name], ensure_ascii=False)}")
    place = folder.resolve()
    words = ["--out", str(folder.parent), "--name", place.name, "--replace"]
    return shlex.join(["topics", "run", "ARTICLES", *words, *(word for one in changed for word in ("--set", one))])
