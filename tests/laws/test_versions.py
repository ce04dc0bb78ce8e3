"""Whoever changes what a stage computes with raises the stage's version, or says why its results stay as they are.

A stored record is found by its stage's version: without this law a result of yesterday's code would be taken for one of
today's. What a stage computes with is every module that its own imports, by way of others too, but for those that only
carry records, parameters and words. ``python tests/laws/test_versions.py`` records the stages as they are now where the
version was raised; ``python tests/laws/test_versions.py STAGE "why no result changes" …`` where it was not.
"""

from __future__ import annotations

import ast
import hashlib
import json
import pkgutil
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import topics
from topics.graph import Stage

ROOT = Path(__file__).parents[2] / "topics"
RECORDED = Path(__file__).with_name("stages.json")
PYTHON = (3, 11)  # other versions write a tree down otherwise

CARRIERS = {"config", "errors", "graph", "records", "_say", "_terminal", "_locks", "_fork"}
ALSO = {
    "read": [ROOT / "data" / "page_lines.json"],  # a model that the code reads
    "embed": [*sorted((ROOT / "embed").rglob("*.py")), ROOT / "data" / "models.toml"],  # encoders are handed in
}


@cache
def stages() -> dict[str, Stage]:
    """Every stage of the package by its name; a stage under another name is the same function."""
    found = {}
    for module in pkgutil.walk_packages(topics.__path__, "topics."):
        if not module.name.endswith("__main__"):
            found |= {one.name: one for one in vars(import_module(module.name)).values() if isinstance(one, Stage)}
    return dict(sorted(found.items()))


def path_of(dotted: str) -> Path | None:
    path = ROOT.parent.joinpath(*dotted.split("."))
    return next((p for p in (path.with_suffix(".py"), path / "__init__.py") if p.is_file()), None)


@cache
def imports_of(path: Path) -> frozenset[Path]:
    """The package's own modules that a module imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("topics"):
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(
        p for p in map(path_of, names) if p and p.relative_to(ROOT).parts[0].removesuffix(".py") not in CARRIERS
    )


def modules_of(stage: Stage) -> list[Path]:
    """What a stage computes with."""
    waiting, known = [path_of(stage.function.__module__)], set()
    while waiting:
        path = waiting.pop()
        if path not in known:
            known.add(path)
            waiting.extend(imports_of(path))
    return sorted({path for path in known if path.name != "__init__.py"} | set(ALSO.get(stage.name, ())))


def code_of(path: Path) -> str:
    """What a module does, without comments and docstrings."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            first.value.value = ""
    return ast.dump(tree)


def now(stage: Stage) -> dict[str, object]:
    digest = hashlib.sha256()
    for path in modules_of(stage):
        digest.update(f"{path.relative_to(ROOT).as_posix()}\n{code_of(path)}\n".encode())
    return {"version": stage.version, "sha256": digest.hexdigest()}


@pytest.mark.skipif(sys.version_info[:2] != PYTHON, reason="recorded under Python 3.11")
def test_every_stage_is_as_it_was_when_its_version_was_given():
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    wrong = []
    for name, stage in stages().items():
        before, found = recorded.get(name, {}), now(stage)
        if found["version"] != before.get("version"):
            wrong.append(f"the version of stage {name!r} was raised: record it")
        elif found["sha256"] != before["sha256"]:
            wrong.append(f"what stage {name!r} computes with has changed: raise its version if results may change")
    assert not wrong, "\n".join([*wrong, "python tests/laws/test_versions.py [STAGE 'why no result changes' …]"])
    assert set(recorded) == set(stages())


def test_every_stage_declares_its_class_of_determinism():
    assert {name: stage.determinism for name, stage in stages().items() if stage.determinism is None} == {}


def test_what_a_stage_computes_with_is_found():
    by_name = {name: {path.relative_to(ROOT).as_posix() for path in modules_of(one)} for name, one in stages().items()}
    assert "data/page_lines.json" in by_name["read"]
    assert any(path.startswith("text/") for path in by_name["read"] & by_name["terms"])
    assert any(path.startswith("articles/") and "roundup" in path for path in by_name["read"])
    assert {path.split("/")[0] for path in by_name["neighbors"]} == {"neighbors", "_blocks.py", "_compiled.py"}


def record(arguments: list[str]) -> None:
    kept = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}
    reasons = dict(zip(arguments[::2], arguments[1::2], strict=True))
    made = {}
    for name, stage in stages().items():
        found, before = now(stage), kept.get(name)
        if before and found["sha256"] == before["sha256"] and found["version"] == before["version"]:
            made[name] = before
            continue
        if before and found["version"] == before["version"] and name not in reasons and "all" not in reasons:
            sys.exit(f"stage {name!r} has changed and its version has not: raise it, or say why no result changes")
        why = reasons.get(name, reasons.get("all"))
        made[name] = found | ({"same_because": why} if why and before else {})
    RECORDED.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record(sys.argv[1:])
