"""Every name that ``topics`` and its rooms offer opens in a fresh process, is documented, and is used by something."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from laws.house import HOUSE, ROOT, name_of, none_of, tree_of

# Rooms of one file that say nothing of what they offer: their public names are all that do not begin with "_".
WITHOUT_ALL = {
    "errors": "every class is public",
}
UNUSED = {
    "pipeline.topic_graph": "the graph, for who builds on it; no test or notebook does yet",
}
USERS = (
    "topics/**/*.py",
    "tests/**/*.py",
    "experiments/*.py",
    "benchmarks/*.py",
    "notebooks/*.ipynb",
    "docs/*.md",
    "README.md",
)

PROBE = """
import inspect, json, topics
found = {}
for room in dir(topics):
    value = getattr(topics, room)
    names = {room: value}
    if inspect.ismodule(value):
        names |= {f"{room}.{name}": getattr(value, name) for name in getattr(value, "__all__", ())}
    for name, value in names.items():
        said = vars(value).get("__doc__") if inspect.isclass(value) else inspect.getdoc(value)
        documentable = inspect.isclass(value) or inspect.isroutine(value) or inspect.ismodule(value)
        found[name] = bool(said and said.strip()) or not documentable
    if inspect.ismodule(getattr(topics, room)):
        found[f"{room}.__all__"] = hasattr(getattr(topics, room), "__all__")
print(json.dumps(found))
"""


def offered() -> dict[str, bool]:
    """Every name in a fresh process, and whether it is documented."""
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, cwd=HOUSE)
    assert done.returncode == 0, f"a name does not open:\n{done.stderr}"
    found: dict[str, bool] = json.loads(done.stdout)
    return found


def home_of(room: str, name: str) -> set[Path]:
    """Where a name is offered and where it is defined, which is no use of it."""
    module = ROOT / room / "__init__.py"
    if not module.exists():
        return {ROOT / f"{room}.py"}
    homes = {module}
    for node in tree_of(module).body:
        if isinstance(node, ast.ImportFrom) and node.module and name in {alias.name for alias in node.names}:
            path = HOUSE.joinpath(*node.module.split("."))
            homes |= {path.with_suffix(".py"), path / "__init__.py"}
    return {path for path in homes if path.exists()}


def test_every_name_opens_is_documented_and_used():
    found = offered()
    words = {
        path: Counter(re.findall(r"\w+", path.read_text(encoding="utf-8")))
        for pattern in USERS
        for path in HOUSE.glob(pattern)
        if path.is_file() and path != Path(__file__)
    }
    wrong = []
    for full, well in found.items():
        room, _, name = full.rpartition(".")
        if name == "__all__":
            if well == (room in WITHOUT_ALL):
                wrong.append(f"topics.{room}: has {'its' if well else 'no'} __all__")
            continue
        if not well:
            wrong.append(f"topics.{full}: no docstring")
        homes = home_of(room, name) if room else {ROOT / "__init__.py"}
        if full not in UNUSED and not any(counts[name] for path, counts in words.items() if path not in homes):
            wrong.append(f"topics.{full}: used by nothing but {', '.join(sorted(map(name_of, homes)))}")
    wrong += [f"topics.{name}: is gone, take it off UNUSED" for name in UNUSED if name not in found]
    none_of(wrong, "what is offered opens, is documented and is used")


def test_files_that_contributors_are_sent_to_are_there():
    wrong = []
    for path in (HOUSE / "CONTRIBUTING.md", HOUSE / "experiments" / "README.md", HOUSE / ".github" / "ISSUE_TEMPLATE"):
        for file in [path] if path.is_file() else sorted(path.iterdir()):
            text = file.read_text(encoding="utf-8")
            named = re.findall(r"`((?:topics|tests|experiments|benchmarks|scripts|docs)/[\w./-]*)`", text)
            wrong += [f"{name_of(file)}: {name} is not there" for name in named if not (HOUSE / name).exists()]
            links = [link.split("#")[0] for link in re.findall(r"\]\(([^):]+)\)", text)]
            wrong += [f"{name_of(file)}: {link} is not there" for link in links if not (file.parent / link).exists()]
    none_of(wrong, "a file that is named is there")
