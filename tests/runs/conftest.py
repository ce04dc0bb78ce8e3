from __future__ import annotations

import pytest

from topics import RunConfig, pipeline
from topics.articles import from_texts
from topics.config import ClusterParams, EmbedParams, ReduceParams

SUBJECTS = {
    "wind": "turbine wind farm offshore blade permit harbour cable sea ship",
    "pool": "swimmer pool lane record medal coach stroke metres race gold",
    "bank": "bank rate inflation market shares growth profit loan credit price",
}


def articles(n: int) -> list[str]:
    """Texts of three subjects, ``n`` each; the first of more are those of fewer."""
    texts = []
    for subject, line in sorted(SUBJECTS.items()):
        words = line.split()
        for i in range(n):
            some = " ".join(words[(i * k + i + k) % 10] for k in range(6))
            texts.append(f"The {subject} report has {some} in the news of the day as item {i}.")
    return texts


CONFIG = RunConfig(
    embed=EmbedParams(encoder="lsa"), reduce=ReduceParams(n_epochs=30, n_layouts=2), cluster=ClusterParams(level=3)
)


@pytest.fixture(scope="session")
def runs(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    return [pipeline.run(CONFIG, from_texts(articles(n))[0], out=out, name=f"of{n}") for n in (15, 18)]


@pytest.fixture
def named_run(runs):
    (runs[0].path.parent / "names.json").unlink(missing_ok=True)
    return type(runs[0]).load(runs[0].path)


@pytest.fixture
def next_run(runs):
    return runs[1]
