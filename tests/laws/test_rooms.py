"""The laws of the house: who may import whom, who may write, what `import topics` may load."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "topics"
MODULES = sorted(ROOT.rglob("*.py"))
STAGES = {"articles", "embed", "neighbors", "reduce", "cluster", "label", "evaluate", "plot"}
JOINERS = ("topics.store", "topics.runs", "topics.pipeline", "topics.model", "topics.cli")
SHARED = {
    "records",
    "config",
    "compat",
    "errors",
    "graph",
    "text",
    "_blocks",
    "_compiled",
    "_fork",
    "_say",
    "_unpacking",
}
HEAVY = {"torch", "umap", "hdbscan", "plotly", "ray", "sentence_transformers", "transformers"}
WRITERS = {"write_text", "write_bytes", "to_parquet", "to_csv", "savez", "save", "write_table", "mkstemp"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT.parent).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> set[str]:
    """Dotted names of every import in a tree, those inside functions too."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def at_import(tree: ast.Module) -> set[str]:
    """The same, of what runs at import: neither inside functions nor under TYPE_CHECKING."""
    found = set()
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= imported(ast.Module([node], []))
        elif isinstance(node, ast.ClassDef):
            found |= at_import(ast.Module(node.body, []))
        elif isinstance(node, ast.Try):
            found |= at_import(ast.Module([*node.body, *node.orelse, *node.finalbody], []))
    return found


@pytest.mark.parametrize("path", [p for p in MODULES if room_of(p) in STAGES], ids=name_of)
def test_stage_rooms_do_not_import_each_other(path):
    rooms = {name.split(".")[1] for name in imported(tree_of(path)) if name.startswith("topics.")}
    assert rooms <= SHARED | {room_of(path)}


# Scratch files have no name once they are open, and no result is in them.
MAY_WRITE = {"topics/store.py", "topics/articles/scratch.py"}


@pytest.mark.parametrize("path", [p for p in MODULES if name_of(p) not in MAY_WRITE], ids=name_of)
def test_only_the_store_writes(path):
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert called not in WRITERS, f"line {node.lineno}"
            if called == "open":
                modes = [a.value for a in node.args if isinstance(a, ast.Constant)] or ["r"]
                assert not set("wax+") & set(str(modes[-1])), f"line {node.lineno}"


@pytest.mark.parametrize("path", [p for p in MODULES if room_of(p) in STAGES | SHARED], ids=name_of)
def test_only_pipeline_and_faces_join_stages_with_the_store(path):
    assert not any(name.startswith(JOINERS) for name in imported(tree_of(path)))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_heavy_libraries_are_imported_inside_functions(path):
    assert not {name.split(".")[0] for name in at_import(tree_of(path))} & HEAVY


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_global_is_set_up(path):
    """No warning filters, no logging set-up, and at import only definitions, constants and imports."""
    tree = tree_of(path)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            text = ast.unparse(node.func)
            assert not text.endswith(("filterwarnings", "simplefilter", "basicConfig", "set_option")), text
    for node in tree.body:
        guarded = isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "__name__ == '__main__'")
        documented = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        allowed = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
        assert isinstance(node, allowed) or guarded or documented, ast.unparse(node)[:80]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_records_are_frozen(path):
    """Every dataclass is frozen."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ClassDef):
            for decorator in node.decorator_list:
                text = ast.unparse(decorator)
                if "dataclass" in text:
                    assert "frozen=True" in text, node.name


BUILT_IN = {"ValueError", "TypeError", "RuntimeError", "KeyError", "OSError", "FileNotFoundError", "Exception"}
FOR_OTHERS = {
    "topics/config.py": "pydantic takes ValueError from a validator and makes one ConfigError of all",
    "topics/articles/readers/front_matter.py": "caught where it is raised, with YAML's own",
    "topics/articles/boilerplate/lines.py": "a model file that does not fit the code is a bug of ours",
    "topics/graph/_stages.py": "a record of another key than planned is a bug of ours",
}


@pytest.mark.parametrize("path", [p for p in MODULES if name_of(p) not in FOR_OTHERS], ids=name_of)
def test_errors_are_of_one_family(path):
    """What a user can mend is a TopicsError; any other error is a bug, and the command line shows its traceback."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            assert ast.unparse(node.exc.func) not in BUILT_IN, f"line {node.lineno}"


PROBE = """
import sys, time
started = time.process_time()
import topics
seconds = time.process_time() - started
print(seconds, ",".join(sorted(set(m.split(".")[0] for m in sys.modules) & {heavy})))
"""


def test_import_is_quick_and_light():
    heavy = HEAVY | {"pandas", "numpy", "sklearn", "scipy", "pyarrow", "pydantic"}
    runs = [
        subprocess.run([sys.executable, "-c", PROBE.format(heavy=heavy)], capture_output=True, text=True, check=True)
        .stdout.strip("\n")
        .split(" ")
        for _ in range(3)
    ]
    assert {loaded for _, loaded in runs} == {""}
    assert min(float(seconds) for seconds, _ in runs) < 0.5
