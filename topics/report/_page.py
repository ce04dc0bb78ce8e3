"""The skeleton of every page: texts escaped, nothing loaded from anywhere, and no script but the page's own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


def render_page(template: str, values: Mapping[str, Any], *, title: str, scripts: Mapping[str, str]) -> str:
    """One HTML page.

    Parameters
    ----------
    template : str
        Name of a template of this room that extends ``page.html.j2``; it writes ``scripts`` out where they go.
    values : Mapping
        What it shows. Every text is escaped.
    title : str
        Of the page.
    scripts : Mapping
        Source of each of its scripts by name. The content security policy allows these alone, by hash.
    """
    hashes = [f"'sha256-{_digest(script)}'" for script in scripts.values()]
    values = {**values, "title": title, "scripts": scripts, "policy": " ".join(hashes)}
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader

    return Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(lambda name: files("topics.report").joinpath(name).read_text(encoding="utf-8")),
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode()
