"""The explorer's file is built from the sources that are here, loads nothing and makes nothing of texts but text."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from topics.explore import explorer_script

SOURCES = Path(__file__).parents[2] / "explore"
MAX_BYTES = 400_000


def test_it_is_built_from_these_sources():
    names = ["package-lock.json", "build.mjs", *sorted(f"src/{path.name}" for path in (SOURCES / "src").iterdir())]
    digest = hashlib.sha256()
    for name in names:
        digest.update(f"{name}\n".encode() + (SOURCES / name).read_bytes() + b"\n")
    built = re.match(r"/\*.*sha256 ([0-9a-f]{64}) \*/", explorer_script())
    assert built and built[1] == digest.hexdigest(), "in explore/: npm ci && npm run build"


def test_it_is_small_and_bundles_no_package():
    assert len(explorer_script().encode()) < MAX_BYTES
    assert '"dependencies"' not in (SOURCES / "package.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "way",
    [r"</script", r"\.innerHTML", r"\.outerHTML", r"insertAdjacentHTML", r"document\.write", r"\beval\(", r"new Function",
     r"\bfetch\(", r"XMLHttpRequest", r"WebSocket", r"\bimport[ (]", r"\bimportScripts"],
)  # fmt: skip
def test_it_has_no_way_to_load_or_to_run_a_text(way):
    assert not re.search(way, explorer_script())
