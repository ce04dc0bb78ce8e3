"""The laws of the house: who may import whom, who may write, what `import topics` may load."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Mapping

from laws.house import MODULES, ROOT, at, imports, imports_at_once, name_of, none_of, room_of, tree_of

STAGES = {"articles", "embed", "neighbors", "reduce", "cluster", "label", "evaluate", "plot", "predict"}
JOINERS = ("topics.store", "topics.runs", "topics.pipeline", "topics.model", "topics.cli")
SHARED = {
    "records", "config", "compat", "errors", "graph", "text", "_blocks", "_compiled", "_derived", "_exact", "_folders",
    "_fork", "_pairs", "_say", "_unpacking",
}  # fmt: skip
HEAVY = {"torch", "umap", "hdbscan", "plotly", "ray", "sentence_transformers", "transformers"}
LIBRARIES = {"torch", "umap", "hdbscan", "pynndescent", "sklearn", "scipy", "np", "pd", "pa", "transformers", "numba"}
WRITERS = {
    "write_text",
    "write_bytes",
    "to_parquet",
    "to_csv",
    "savez",
    "np.save",
    "torch.save",
    "write_table",
    "mkstemp",
}
# Scratch files have no name once they are open, and no result is in them.
MAY_WRITE = {
    "topics/store/_files.py",
    "topics/store/_folders.py",
    "topics/store/_formats.py",
    "topics/store/_streams.py",
    "topics/articles/_scratch.py",
}
SET_UP = ("filterwarnings", "simplefilter", "basicConfig", "set_option")
BUILT_IN = {"ValueError", "TypeError", "RuntimeError", "KeyError", "OSError", "FileNotFoundError", "Exception"}
FOR_OTHERS = {
    "topics/config/_base.py": "pydantic takes ValueError from a validator and makes one ConfigError of all",
    "topics/config/_reading.py": "likewise",
    "topics/config/_stages.py": "likewise",
    "topics/config/_run_config.py": "likewise",
    "topics/articles/readers/_front_matter.py": "caught where it is raised, with YAML's own",
    "topics/articles/boilerplate/_lines.py": "a model file that does not fit the code is a bug of ours",
    "topics/graph/_shelf.py": "a record of another key than planned is a bug of ours",
}


def test_exceptions_are_of_files_that_are_there():
    named = {*MAY_WRITE, *FOR_OTHERS, "topics/compat.py"}
    none_of(list(named - set(map(name_of, MODULES))), "an exception goes when its file does")


def test_stage_rooms_do_not_import_each_other():
    none_of(
        [
            f"{at(path, node)} imports {name}"
            for path in MODULES
            if room_of(path) in STAGES
            for node, name in imports(tree_of(path))
            if name.startswith("topics.") and name.split(".")[1] not in SHARED | {room_of(path)}
        ],
        f"a stage's room imports {', '.join(sorted(SHARED))} and itself",
    )


def test_rooms_import_each_other_in_no_circle():
    """Imports inside functions and for types count: they would only hide a circle."""
    of_room: dict[str, dict[str, str]] = {}
    for path in MODULES:
        for node, name in imports(tree_of(path)) if room_of(path) != "__init__" else ():
            parts = name.split(".")
            if parts[0] == "topics" and len(parts) > 1 and parts[1] != room_of(path) and is_room(parts[1]):
                of_room.setdefault(room_of(path), {}).setdefault(parts[1], at(path, node))
    wrong = []
    for room, others in of_room.items():
        for other, where in others.items():
            way = way_between(other, room, of_room)
            if way:
                wrong.append(f"{where}: {room} imports {' → '.join(way)}")
    none_of(wrong, "rooms stand one above the other")


def is_room(name: str) -> bool:
    return (ROOT / f"{name}.py").exists() or (ROOT / name / "__init__.py").exists()


def way_between(start: str, end: str, of_room: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The rooms by which one imports another, both among them; none where it does not."""
    waiting, seen = [[start]], {start}
    while waiting:
        way = waiting.pop(0)
        if way[-1] == end:
            return way
        new = of_room.get(way[-1], {}).keys() - seen
        seen |= new
        waiting += [[*way, room] for room in sorted(new)]
    return []


def test_only_the_store_writes():
    wrong = []
    for path in MODULES:
        for node in ast.walk(tree_of(path)) if name_of(path) not in MAY_WRITE else ():
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                modes = [a.value for a in node.args if isinstance(a, ast.Constant)] or ["r"]
                if {called, ast.unparse(node.func)} & WRITERS or (
                    called == "open" and set("wax+") & set(str(modes[-1]))
                ):
                    wrong.append(f"{at(path, node)} calls {called}")
    none_of(wrong, "only the store writes")


def test_only_pipeline_and_faces_join_stages_with_the_store():
    none_of(
        [
            f"{at(path, node)} imports {name}"
            for path in MODULES
            if room_of(path) in STAGES | SHARED
            for node, name in imports(tree_of(path))
            if name.startswith(JOINERS)
        ],
        "a stage knows of no store, run or pipeline",
    )


def test_heavy_libraries_are_imported_inside_functions():
    none_of(
        [
            f"{at(path, node)} imports {name}"
            for path in MODULES
            for node, name in imports_at_once(tree_of(path))
            if name.split(".")[0] in HEAVY
        ],
        "a heavy library is imported in the function that needs it",
    )


def test_nothing_global_is_set_up():
    """No warning filters, no logging set-up, and at import only definitions, constants and imports."""
    allowed = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
    wrong = []
    for path in MODULES:
        calls = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
        wrong += [f"{at(path, c)} calls {ast.unparse(c.func)}" for c in calls if ast.unparse(c.func).endswith(SET_UP)]
        for node in tree_of(path).body:
            guarded = isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "__name__ == '__main__'")
            documented = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            if not (isinstance(node, allowed) or guarded or documented):
                wrong.append(f"{at(path, node)} {ast.unparse(node)[:80]}")
    none_of(wrong, "nothing runs at import, and nothing global is set up")


def test_records_are_frozen():
    none_of(
        [
            f"{at(path, node)} {node.name}"
            for path in MODULES
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.ClassDef)
            for decorator in map(ast.unparse, node.decorator_list)
            if "dataclass" in decorator and "frozen=True" not in decorator
        ],
        "a dataclass is frozen",
    )


def test_errors_are_of_one_family():
    """What a user can mend is a TopicsError; any other error is a bug, and the command line shows its traceback."""
    none_of(
        [
            f"{at(path, node)} raises {ast.unparse(node.exc.func)}"
            for path in MODULES
            if name_of(path) not in FOR_OTHERS
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
            if ast.unparse(node.exc.func) in BUILT_IN
        ],
        "an error that a user can mend is a TopicsError",
    )


def test_private_names_of_other_libraries_stand_in_one_module():
    wrong = []
    for path in MODULES:
        if name_of(path) == "topics/compat.py":
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] != "topics":
                parts = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
                private = [part for part in parts if part.startswith("_") and not part.startswith("__")]
                wrong += [f"{at(path, node)} {node.module} {private[0]}"] if private else []
            elif isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__"):
                libraries = ast.unparse(node.value).split(".")
                if libraries[0] in LIBRARIES:
                    wrong.append(f"{at(path, node)} {ast.unparse(node)}")
    none_of(wrong, "only topics/compat.py touches a private name of another library")


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
