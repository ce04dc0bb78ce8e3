"""A file ends at 300 lines and a function at 80, or there is a reason, which stands here."""

from __future__ import annotations

import ast

from laws.house import HOUSE, name_of, none_of, tree_of

MAX_FILE, MAX_FUNCTION = 300, 80
READ = ("topics/**/*.py", "experiments/*.py", "benchmarks/*.py", "scripts/*.py", "tests/laws/*.py")
LONG_FILES = {
    "topics/articles/boilerplate/_recurrence.py": "one algorithm: counted in several processes, joined, asked",
    "topics/bertopic/_bertopic.py": "one class with BERTopic's methods, each parameter described; what it does is elsewhere",
    "topics/model/_model.py": "one estimator, half of it what its parameters, attributes and methods are; its logic is elsewhere",
    "topics/runs/_run.py": "what users do with a run, each column of its frames described; what it does is elsewhere",
    "topics/pipeline.py": "the toolkit's whole graph and what is asked of it, to be read as one page",
}
LONG_FUNCTIONS = {
    "topics/articles/_gathering.py gather": "one pass over the rows, whose parts share what it counts",
    "topics/evaluate/_scores.py score": "one line a score, and a parameter a record that scores need",
    "topics/label/_describe.py describe": "the docstring is a third of it; what each column of a topic is made of",
}


def test_files_and_functions_end():
    paths = sorted({path for pattern in READ for path in HOUSE.glob(pattern)})
    files = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    functions = {
        f"{name_of(path)} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in paths
        for node in ast.walk(tree_of(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    wrong = []
    for sizes, limit, reasons in ((files, MAX_FILE, LONG_FILES), (functions, MAX_FUNCTION, LONG_FUNCTIONS)):
        wrong += [f"{name}: {n} lines" for name, n in sizes.items() if n > limit and name not in reasons]
        wrong += [f"{name}: is not long, take its reason off" for name in reasons if sizes.get(name, 0) <= limit]
    none_of(wrong, f"a file ends at {MAX_FILE} lines and a function at {MAX_FUNCTION}, or its reason stands here")
