"""The house as the laws read it: its files, their syntax trees, and how a violation is said."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).parents[2]
ROOT = HOUSE / "topics"
MODULES = sorted(ROOT.rglob("*.py"))


def name_of(path: Path) -> str:
    """A file as it is named from the repository's root."""
    return path.relative_to(HOUSE).as_posix()


def room_of(path: Path) -> str:
    """The room that a module of the package is in, or is."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@cache
def tree_of(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def at(path: Path, node: ast.AST | int) -> str:
    """Where something stands, in a form that terminals make a link of."""
    return f"{name_of(path)}:{node if isinstance(node, int) else getattr(node, 'lineno', 1)}"


def none_of(violations: list[str], law: str) -> None:
    """Fail with every violation of a law, a line each."""
    assert not violations, f"{law}\n" + "\n".join(f"  {violation}" for violation in sorted(violations))


def imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """Every import in a tree, those inside functions too, with the dotted names it brings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node, node.module
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def imports_at_once(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    """The same, of what runs when the module is imported: neither inside functions nor under TYPE_CHECKING."""
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from imports(ast.Module([node], []))
        elif isinstance(node, ast.ClassDef):
            yield from imports_at_once(ast.Module(node.body, []))
        elif isinstance(node, ast.Try):
            yield from imports_at_once(ast.Module([*node.body, *node.orelse, *node.finalbody], []))
