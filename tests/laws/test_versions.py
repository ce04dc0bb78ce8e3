"""Whoever changes what a stage computes with raises the stage's version, or says why its results stay as they are.

A stored record is found by its stage's version: without this law a result of yesterday's code would be taken for one of
today's. ``python tests/laws/test_versions.py`` records the modules as they are now where the version was raised;
``python tests/laws/test_versions.py STAGE "why no result changes"`` does where it was not.
"""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "topics"
RECORDED = Path(__file__).with_name("stages.json")
PYTHON = (3, 11)  # other versions write a tree down otherwise

OF_CUT = {"stage.py", "islands.py", "level_note.py"}
OF_TREE = {"tree.py", "merges.py"}
NOT_STORED = {"edit.py", "__init__.py"}
NOT_SCORED = {"__init__.py", "intrusion.py", "stability.py"}
OF_TERMS = {"collocations.py", "counting.py", "inflection.py", "stop_words.py", "vocabulary.py", "words.py"}


def named(folder: str, wanted: set[str]) -> list[Path]:
    return [ROOT / folder / name for name in wanted]


def others(folder: str, unwanted: set[str]) -> list[Path]:
    return [path for path in (ROOT / folder).glob("*.py") if path.name not in unwanted]


TEXT = list((ROOT / "text").glob("*.py"))
STAGES: dict[str, tuple[str, str, list[Path]]] = {
    "read": (
        "topics.articles.planning", "READ_VERSION",
        [*(ROOT / "articles").rglob("*.py"), *TEXT, ROOT / "data" / "page_lines.json"],
    ),
    "embed": ("topics.embed.vectors", "VERSION", others("embed", {"__init__.py"})),
    "neighbors": ("topics.neighbors.stage", "VERSION", others("neighbors", {"__init__.py"})),
    "reduce": ("topics.reduce.stage", "VERSION", others("reduce", {"__init__.py"})),
    "tree": ("topics.cluster.tree", "VERSION", named("cluster", OF_TREE)),
    "levels": ("topics.cluster.find_levels", "VERSION", others("cluster", OF_CUT | OF_TREE | NOT_STORED)),
    "cut": ("topics.cluster.stage", "VERSION", named("cluster", OF_CUT)),
    "terms": ("topics.label.counting", "VERSION", [*named("label", OF_TERMS), *TEXT]),
    "label": ("topics.label.stage", "VERSION", others("label", OF_TERMS | {"__init__.py"})),
    "held-out": ("topics.label.choosing", "VERSION", others("label", OF_TERMS | {"__init__.py"})),
    "scores": ("topics.evaluate.scores", "VERSION", others("evaluate", NOT_SCORED)),
}  # fmt: skip


def code_of(path: Path) -> str:
    """What a module does, without comments and docstrings."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
        ):
            body[0].value.value = ""
    return ast.dump(tree)


def now(stage: str) -> dict[str, object]:
    module, version, paths = STAGES[stage]
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(ROOT).as_posix()}\n{code_of(path)}\n".encode())
    # functions may have the name of the module that they are in
    return {"version": getattr(sys.modules.get(module) or import_module(module), version), "sha256": digest.hexdigest()}


@pytest.mark.skipif(sys.version_info[:2] != PYTHON, reason="recorded under Python 3.11")
@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_is_as_it_was_when_its_version_was_given(stage):
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))[stage]
    found = now(stage)
    said = f"{STAGES[stage][0]}.{STAGES[stage][1]}"
    assert found["sha256"] == recorded["sha256"], (
        f"what stage {stage!r} computes with has changed: raise {said} if its results may change, then "
        f"python {Path(__file__).relative_to(ROOT.parent)} [{stage} 'why no result changes']"
    )
    assert found["version"] == recorded["version"], f"{said} was raised: record it"


def test_every_module_of_a_stage_s_room_belongs_to_one():
    known = {path for _, _, paths in STAGES.values() for path in paths}
    rooms = ("articles", "embed", "neighbors", "reduce", "cluster", "label", "text")
    every = {path for room in rooms for path in (ROOT / room).rglob("*.py") if path.name not in NOT_STORED}
    assert not {path.relative_to(ROOT).as_posix() for path in every - known}
    assert all(path.exists() for path in known)


def record(arguments: list[str]) -> None:
    kept = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}
    reasons = dict(zip(arguments[::2], arguments[1::2], strict=True))
    for stage in STAGES:
        found, before = now(stage), kept.get(stage)
        if before and found["sha256"] == before["sha256"] and found["version"] == before["version"]:
            continue
        if before and found["version"] == before["version"] and stage not in reasons:
            sys.exit(f"stage {stage!r} has changed and its version has not: raise it, or say why no result changes")
        kept[stage] = found | ({"same_because": reasons[stage]} if stage in reasons else {})
    RECORDED.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record(sys.argv[1:])
