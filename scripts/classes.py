"""Classes of determinism: which stages give the same bytes from the same inputs on other CPUs, and which do not.

``python scripts/classes.py [ARTICLES]`` prints, stage by stage, by how much results differ where what they are made of
is the same bytes; each column is a fresh process that takes the inputs of every stage from one store. It is what stages
declare beside their functions (``determinism`` of :func:`topics.graph.stage`) and what ``docs/replay.md`` says. The
bundled sample takes about 10 minutes on 2 cores; ``--quick`` takes vectors without a model, and two environments.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from topics import RunConfig, pipeline
from topics.articles import read, sample_path
from topics.graph import Node, Parts, Runner
from topics.replaying import compare_records
from topics.store import Store

ENVIRONMENTS = {
    "as it is": {},
    "OpenBLAS for Haswell": {"OPENBLAS_CORETYPE": "Haswell"},
    "OpenBLAS for Prescott": {"OPENBLAS_CORETYPE": "Prescott"},
    "numpy without vector units": {"NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX2 FMA3"},
    "numba for any CPU": {"NUMBA_CPU_NAME": "generic"},
    "torch with AVX2": {"ATEN_CPU_CAPABILITY": "avx2"},
    "torch for any CPU": {"ATEN_CPU_CAPABILITY": "default"},
    "oneDNN up to AVX2": {"ONEDNN_MAX_CPU_ISA": "AVX2"},
    "one thread": {"TOPICS_THREADS": "1"},
}
SETTINGS = {"embed": {"precision": "bfloat16"}, "reduce": {"n_layouts": 4}}  # so that all environments plan the same
QUICK = {"embed": {"encoder": "lsa"}, "reduce": {"n_layouts": 2, "n_epochs": 20}}


def stages_here(articles: Path, store: Path, settings: str) -> dict[str, str]:
    """For each stage what its result differs by from the stored one, made of what is stored."""
    config = RunConfig.from_dict(json.loads(settings))
    corpus = read(articles, config.articles)
    planned = pipeline.topic_graph(config, corpus, embeddings=pipeline.vectors_for(config, corpus))
    runner = Runner(Store(store))
    nodes = planned.by_stage()
    runner.take(*(node for some in nodes.values() for node in some))
    said = {}
    for name, some in nodes.items():
        differences = [compare_records(runner.get(node), _made_again(node, runner)) for node in some]
        worst = max(differences, key=lambda one: one.largest or 0.0)
        same = all(one.verdict == "same bytes" for one in differences)
        said[name] = "same bytes" if same else worst.how_much.partition(",")[0]
    return said


def _made_again(node: Any, runner: Runner) -> Any:
    """A node's record, made of the records that it was made of."""

    def of(value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return type(value)(map(of, value))
        return runner.get(value) if isinstance(value, Node) else value

    arguments = {name: of(value) for name, value in node.arguments.items()}
    parts = {"parts": Parts()} if node.stage.parts else {}
    return node.stage.make(node.origin, {**arguments, **parts})


def main(arguments: list[str]) -> None:
    """Make every stage's result again in every environment and print what it differs by."""
    quick = "--quick" in arguments
    paths = [word for word in arguments if word != "--quick"] or [str(sample_path())]
    rows: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as store:
        for name, environment in list(ENVIRONMENTS.items())[: 2 if quick else None]:
            command = [sys.executable, __file__, "--child", paths[0], store, json.dumps(QUICK if quick else SETTINGS)]
            done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)
            said = json.loads(done.stdout) if not done.returncode else {}
            for stage, difference in said.items():
                rows.setdefault(stage, {})[name] = difference
    print(pd.DataFrame(rows).T.fillna("this CPU cannot").to_string())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(stages_here(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])))
    else:
        main(sys.argv[1:])
