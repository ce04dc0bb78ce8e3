"""Public functions and classes: a first line that says what comes back, parameters described, few positional ones."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "topics"
FACES = {"cli.py", "_stages.py"}  # its signatures are the command line's


def public(tree: ast.Module):
    """Public functions, classes and methods of public classes, with their dotted names."""
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield node.name, node
            if isinstance(node, ast.ClassDef):
                for item in node.body:
                    if isinstance(item, ast.FunctionDef) and not item.name.startswith("_"):
                        yield f"{node.name}.{item.name}", item


CASES = [
    pytest.param(path, node, id=f"{path.relative_to(ROOT).as_posix()}:{name}")
    for path in sorted(ROOT.rglob("*.py"))
    if not path.name.startswith("_") or path.name == "__init__.py"
    for name, node in public(ast.parse(path.read_text(encoding="utf-8")))
]


@pytest.mark.parametrize(("path", "node"), CASES)
def test_documented(path, node):
    text = ast.get_docstring(node)
    assert text, "no docstring"
    first = text.split("\n")[0]
    assert first.endswith((".", ":")) or text.split("\n\n")[0].endswith("."), first
    assert "defaults to" not in text.lower(), "a default is restated"


@pytest.mark.parametrize(("path", "node"), [case for case in CASES if isinstance(case.values[1], ast.FunctionDef)])
def test_signature(path, node):
    arguments = [a.arg for a in node.args.posonlyargs + node.args.args if a.arg not in ("self", "cls")]
    if any(ast.unparse(decorator).startswith("stage(") for decorator in node.decorator_list):
        assert arguments.pop(0) == "origin"  # which the graph gives, and no caller
    if path.name not in FACES:
        assert node.args.kwarg is None, "**kwargs passed through"
        assert len(arguments) <= 2, f"{len(arguments)} positional parameters: {arguments}"
    assert node.returns is not None
    every = [*arguments, *(a.arg for a in node.args.kwonlyargs), *([node.args.vararg.arg] if node.args.vararg else [])]
    text = ast.get_docstring(node) or ""
    if "Parameters\n----------" in text:
        section = text.split("Parameters\n----------")[1].split("\n\n")[0]
        named = {
            n.strip()
            for line in section.split("\n")
            if line and line[0] != " "
            for n in line.split(" : ")[0].split(",")
        }
        assert named == set(every)
