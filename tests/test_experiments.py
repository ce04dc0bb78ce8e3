"""Every experiment says what it asks, is one short script on the public names, and its smoke run works."""

from __future__ import annotations

import argparse
import ast
import importlib.util
import re
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import topics

FOLDER = Path(__file__).parents[1] / "experiments"
NUMBERED = sorted(FOLDER.glob("e[0-9][0-9]_*.py"))
SCRIPTS = [*NUMBERED, FOLDER / "template.py"]
MAX_LINES = 100
# What a smoke run prints that shows that it measured, beside the files it leaves.
PRINTED = {
    "e01_quickstart": r"\bami [\d.]+",
    "e02_cleaning": r"sample\s+after\s+\d+",
    "e03_encoders": r"sample\s+lsa\s+[\d.]+",
    "e04_levels": r"sample \(\d+; \d+\)",
    "e05_stability": r"sample\s+[\d.]+",
    "e06_bertopic_paper": r"topics\s+\S+ ± \S+",
    "e07_near_duplicates": r"recall\s+(0\.9\d+|1\.0000)",
    "e08_page_lines": r"F1 0\.\d+",
    "e09_labels": r"stop words\s+repeated\s+boilerplate",
    "e10_machines": r"the same bytes",
    "e11_peers": r"k-means\*\s+[\d.]+",
    "e12_speed": r"cold process, 1 turns",
    "e13_growth": r"times the seconds",
    "e14_encoder_speed": r"smallest cosine of both encoders' vectors 0?\.?9|1\.0",
    "e15_encoder_memory": r"times the vectors",
    "e16_held_out_terms": r"class-based TF-IDF alone",
    "e17_label_speed": r"counting and labeling",
    "e18_coherence_speed": r"c_v, as gensim",
    "e19_compare": r"all\s+\d of 1",
    "e22_sweep": r"four settings more\s+[\d.]+\s+2",
    "e23_disturbed_sweeps": r"killed 1 times\s+the same rows[^\n]*\n\s*two processes\s+the same rows",
    "e20_what_scores_are_worth": r"planted\s+NPMI\s+",
    "e24_new_articles": r"sample\s+topics\s+\S+\s+0?\.\d+\s+[01]?\.\d+",
    "e26_months": r"beside a fit on all[^@]*\d\.\d{3}",
    "template": r"cluster\.min_samples=10 against cluster\.min_samples=5\s+measure",
}
LEFT = {
    "e03_encoders": "html",
    "e04_levels": "html",
    "e05_stability": "html",
    "e11_peers": "csv",
    "e19_compare": "csv",
    "e24_new_articles": "csv",
}
NEEDS = {"e18_coherence_speed": "gensim"}
# What a script needs that no room offers: a reason each.
INSIDE = {
    ("e08_page_lines.py", "topics.articles.boilerplate._train"): "it judges how the package's own model is trained"
}


def load(path: Path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def beside_one_another(monkeypatch):
    """Scripts import what they share from their own folder, as when they are run; so do the processes they start."""
    monkeypatch.syspath_prepend(FOLDER)
    monkeypatch.setenv("COLUMNS", "170")
    monkeypatch.setenv("PYTHONPATH", str(FOLDER.parent))


def test_heads_say_what_is_asked_and_expected():
    wrong = []
    for path in SCRIPTS:
        head = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        wrong += [] if "?" in head.split("\n\n")[0] else [f"{path.name}: the first line asks nothing"]
        for word in ("Question", "Command", "Data", "Expected", "Run time"):
            if not any(line.startswith(word) for line in head.split("\n")):
                wrong.append(f"{path.name}: no {word!r} in its head")
        if f"experiments/{path.name}" not in head:
            wrong.append(f"{path.name}: its command is not in its head")
    assert not wrong, "\n".join(wrong)


def test_scripts_are_numbered_once_short_and_in_the_index():
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    numbers = [path.name[:3] for path in NUMBERED]
    assert len(set(numbers)) == len(numbers)
    long = {p.name: n for p in SCRIPTS if (n := len(p.read_text(encoding="utf-8").splitlines())) > MAX_LINES}
    assert not long, f"more than {MAX_LINES} lines: {long}"
    assert re.findall(r"\]\((e\d\d_\w+\.py)\)", index) == [path.name for path in NUMBERED]
    assert "](template.py)" in index
    assert set(PRINTED) == {path.stem for path in SCRIPTS}


def test_scripts_use_the_front_door():
    """No private name, nothing patched, and only what ``topics`` and its rooms offer."""
    wrong = []
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            where = f"experiments/{path.name}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "topics":
                room = node.module.removeprefix("topics").strip(".")
                if (path.name, node.module) in INSIDE:
                    continue
                if room and room not in dir(topics):
                    wrong.append(f"{where} {node.module} is no room")
                    continue
                offered = getattr(import_module(node.module), "__all__", None)
                wrong += [
                    f"{where} {node.module} does not offer {alias.name}"
                    for alias in node.names
                    if alias.name.startswith("_")
                    or (offered is not None and alias.name not in {*offered, *dir(topics)})
                ]
            elif isinstance(node, ast.Attribute) and re.match(r"_[a-z]", node.attr):
                wrong.append(f"{where} the private name {node.attr}")
            elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("setattr", "monkeypatch.setattr"):
                wrong.append(f"{where} patches")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_smoke_run_measures(path, tmp_path, capfd):
    if path.stem in NEEDS:
        pytest.importorskip(NEEDS[path.stem])
    further = ["--set", "embed.max_tokens=64", "--set", "embed.long_texts=truncate"]
    load(path).main(["--smoke", "--out", str(tmp_path), *(further if path.stem == "e01_quickstart" else [])])
    printed = capfd.readouterr().out
    assert re.search(PRINTED[path.stem], printed), printed
    if path.stem == "e01_quickstart":
        assert float(re.search(r"\bami ([\d.]+)", printed)[1]) > 0.6
    if path.stem in LEFT:
        assert (tmp_path / f"{path.stem}.{LEFT[path.stem]}").is_file()


def test_e01_takes_other_articles(tmp_path, sample, capfd):
    one_story = sample["gold_segments"].isna() & sample["gold_copy_of"].isna()
    sample.loc[one_story, ["id", "text"]].head(40).to_parquet(tmp_path / "mine.parquet")
    given = ["--data", str(tmp_path / "mine.parquet"), "--set", "embed.encoder=lsa", "--name", "demo"]
    load(NUMBERED[0]).main(["--smoke", "--out", str(tmp_path / "runs"), *given])
    printed = capfd.readouterr().out
    assert "40 documents" in printed
    assert str(tmp_path / "runs" / "demo") in printed


def test_labeled_articles_of_one_s_own_are_measured(tmp_path, sample, capfd):
    sample.loc[sample["gold_topic"].notna(), ["id", "text", "gold_topic"]].head(60).to_parquet(
        tmp_path / "mine.parquet"
    )
    script = load(FOLDER / "e11_peers.py")
    script.main(["--smoke", "--out", str(tmp_path), "--data", str(tmp_path / "mine.parquet"), "--label", "gold_topic"])
    rows = pd.read_csv(tmp_path / "e11_peers.csv")
    assert rows["method"].tolist() == ["topics", "k-means"]
    assert rows["ami"].between(0.02, 1).all()
    assert f"{rows['ami'][0]:.3f}" in capfd.readouterr().out
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.glob("e11_peers/*/*seed 0.json")}
    script.main(["--smoke", "--out", str(tmp_path), "--data", str(tmp_path / "mine.parquet"), "--label", "gold_topic"])
    assert kept == {path: path.stat().st_mtime_ns for path in tmp_path.glob("e11_peers/*/*seed 0.json")}  # not again
    assert pd.read_csv(tmp_path / "e11_peers.csv").equals(rows)
    with pytest.raises(SystemExit, match="come together"):
        script.main(["--smoke", "--out", str(tmp_path), "--label", "gold_topic"])


def test_a_tool_that_fails_is_told_and_the_others_go_on(tmp_path, sample, capfd):
    rows, peers, study = (import_module(name) for name in ("_peer_rows", "_peers", "_study"))
    options = argparse.Namespace(out=tmp_path, smoke=True)
    work = rows.Work(options, study.labeled("sample", sample.head(30), "gold_topic"))
    assert not work.fit(peers.Tool("nobody", "scikit-learn", print), 0)
    assert re.search(r"left out: nobody on sample, seed 0: .+", capfd.readouterr().out)
    assert list(work.found(peers.TOOLS, 1)) == []


def test_noise_is_counted_three_ways_and_phrases_are_no_words():
    rows, peers, study = (import_module(name) for name in ("_peer_rows", "_peers", "_study"))
    work = object.__new__(rows.Work)
    work.corpus = study.Labeled("two", None, np.array(["a", "a", "b", "b", "b", None], dtype=object))
    work.documents = [["sun", "rain"], ["tax", "law"]]
    found = {"labels": [0, 0, 1, -1, -1, 0], "terms": {"0": ["sun", "rain"], "1": ["old law", "tax", "law"]}}
    row = work.row(peers.TOOLS[0], 0, {**found, "seconds": 1.0, "cpu_seconds": 1.0, "peak_mib": 1.0})
    assert row["ami_each_alone"] < row["ami"] < row["ami_clustered"] == 1
    assert (row["k"], row["k_error"], row["noise"]) == (2, 0, pytest.approx(1 / 3))
    assert (row["npmi"], row["diversity"]) == (1, 1)  # of "old law" nothing is counted


def test_a_tool_that_asks_for_an_encoder_gets_the_vectors_that_are_there():
    vectors = np.eye(3, dtype=np.float32)
    corpus, embeddings = SimpleNamespace(full_texts=lambda: ["sun", "rain", "tax"]), SimpleNamespace(vectors=vectors)
    given = import_module("_peers").Given(corpus, embeddings, k=2, seed=0, smoke=True)
    assert given.encode(["tax", "sun"], batch_size=32).tolist() == vectors[[2, 0]].tolist()
    assert "encoder" not in vars(given)  # no model is loaded where all are known


def test_the_texts_of_no_topic_are_noise():
    assert import_module("_peers").strongest(np.array([[0.1, 0.2], [0, 0]])).tolist() == [1, topics.NOISE]


def test_settings_differ_from_the_first_seed_by_seed():
    frame = {
        "setting": [0, 0, 1, 1, 2],
        "seed": [0, 1, 0, 1, 0],
        "state": ["done"] * 4 + ["failed"],
        "params.cluster.min_samples": [5, 5, 10, 10, 20],
        "n_topics": [5, 7, 8, 9, None],
        "metrics.ami": [0.5, 0.4, 0.45, 0.5, None],
    }
    found = SimpleNamespace(results=lambda: pd.DataFrame(frame))
    settings = import_module("_settings")
    ((title, (n_topics, ami)),) = settings.differences(found, ("n_topics", "ami", "ari")).items()
    assert title == "cluster.min_samples=10 against cluster.min_samples=5"
    assert (n_topics["difference seed by seed"], n_topics["one sign"]) == ("+3, +2", "yes")
    assert (ami["difference seed by seed"], ami["one sign"]) == ("-0.05, +0.1", "no")
    assert settings.rows(found, ("n_topics",))[0] == {"cluster.min_samples": 5, "seed": 0, "n_topics": 5}


def test_another_question_has_a_study_of_its_own_and_more_seeds_have_not(monkeypatch):
    settings, study = import_module("_settings"), import_module("_study")
    names = []
    monkeypatch.setattr(topics, "sweep", lambda *_, name, **__: names.append(name) or SimpleNamespace(failures=dict))

    def ask(*arguments: str, grid: dict):
        options = study.parser("", smoke="", seeds=3, articles=True).parse_args(["--data", "a.jsonl", *arguments])
        settings.sweep(options, grid, name="mine")

    one, other = {"cluster.min_samples": [5, 10]}, {"cluster.min_samples": [5, 20]}
    ask(grid=one), ask("--seeds", "5", grid=one), ask("--label", "topic", grid=one), ask(grid=other)
    assert names[0] == names[1]
    assert len(set(names)) == 3


def test_pairs_in_order_are_those_of_topics_that_people_rate_differently():
    in_order = import_module("_ratings").in_order
    rating = np.array([1.0, 2.0, 3.0, 3.0])
    assert in_order(np.array([0.1, 0.2, 0.3, 0.0]), rating) == pytest.approx(3 / 5)
    assert in_order(rating, rating) == 1
    assert in_order(np.zeros(4), rating) == 0.5
