"""Public functions and classes: a first line that says what comes back, parameters described, few positional ones."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from laws.house import MODULES, ROOT, at, none_of, tree_of

FACES = {
    "_blocks": "map_blocks takes a range as range() does",
    "_say": "words are counted and inflected in the order in which they are read",
    "cli": "its signatures are the command line's",
    "graph": "its calls take what the stage that is called takes",
}
MAX_POSITIONAL = 2


def public() -> Iterator[tuple[Path, str, ast.FunctionDef | ast.ClassDef]]:
    """Public functions, classes and methods of public classes, with their dotted names."""
    for path in MODULES:
        for node in tree_of(path).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                yield path, node.name, node
                if isinstance(node, ast.ClassDef):
                    for item in node.body:
                        if isinstance(item, ast.FunctionDef) and not item.name.startswith("_"):
                            yield path, f"{node.name}.{item.name}", item


def test_public_names_are_documented():
    wrong = []
    for path, name, node in public():
        text = ast.get_docstring(node) or ""
        first = text.split("\n")[0]
        if not text:
            wrong.append(f"{at(path, node)} {name}: no docstring")
        elif not (first.endswith((".", ":")) or text.split("\n\n")[0].endswith(".")):
            wrong.append(f"{at(path, node)} {name}: the first sentence has no end: {first!r}")
        if "defaults to" in text.lower():
            wrong.append(f"{at(path, node)} {name}: a default is restated")
    none_of(wrong, "a docstring's first line says what is returned, and restates no default")


def test_signatures_are_short_and_described():
    wrong = []
    for path, name, node in public():
        if isinstance(node, ast.ClassDef):
            continue
        arguments = [a.arg for a in node.args.posonlyargs + node.args.args if a.arg not in ("self", "cls")]
        where = f"{at(path, node)} {name}:"
        if any(ast.unparse(decorator).startswith("stage(") for decorator in node.decorator_list):
            if arguments[:1] != ["origin"]:
                wrong.append(f"{where} a stage takes its origin first, which the graph gives")
            arguments = arguments[1:]
        if path.relative_to(ROOT).parts[0].removesuffix(".py") not in FACES:
            if node.args.kwarg is not None:
                wrong.append(f"{where} **{node.args.kwarg.arg} is passed through")
            if len(arguments) > MAX_POSITIONAL:
                wrong.append(f"{where} {len(arguments)} positional parameters: {', '.join(arguments)}")
        if node.returns is None:
            wrong.append(f"{where} what it returns is not annotated")
        text = ast.get_docstring(node) or ""
        further = [node.args.vararg] if node.args.vararg else []
        every = {*arguments, *(a.arg for a in [*node.args.kwonlyargs, *further])}
        if "Parameters\n----------" in text and described(text) != every:
            wrong.append(f"{where} described are other parameters than it has: {sorted(described(text) ^ every)}")
    none_of(wrong, f"at most {MAX_POSITIONAL} positional parameters, no **kwargs, each described where any is")


def described(text: str) -> set[str]:
    """The parameters that a docstring describes."""
    section = text.split("Parameters\n----------")[1].split("\n\n")[0]
    heads = (line.split(" : ")[0] for line in section.split("\n") if line and line[0] != " ")
    return {name.strip() for head in heads for name in head.split(",")}
