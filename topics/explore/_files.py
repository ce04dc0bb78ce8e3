"""The explorer's one file of JavaScript, built from ``explore/src``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def explorer_script() -> str:
    """Source of the module, which imports nothing and loads nothing."""
    return files("topics.explore").joinpath("explorer.js").read_text(encoding="utf-8")
