"""Every experiment says what it asks, is one short script on the public names, and its smoke run works."""

from __future__ import annotations

import ast
import importlib.util
import re
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

import topics

FOLDER = Path(__file__).parents[1] / "experiments"
SCRIPTS = sorted(FOLDER.glob("e[0-9][0-9]_*.py"))
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
    "e11_peers": r"MiniLM alone",
    "e12_speed": r"cold process, 1 turns",
    "e13_growth": r"times the seconds",
    "e14_encoder_speed": r"smallest cosine of both encoders' vectors 0?\.?9|1\.0",
    "e15_encoder_memory": r"times the vectors",
    "e16_held_out_terms": r"class-based TF-IDF alone",
    "e17_label_speed": r"counting and labeling",
    "e18_coherence_speed": r"c_v, as gensim",
}
LEFT = {"e03_encoders": "html", "e04_levels": "html", "e05_stability": "html", "e11_peers": "csv"}
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
    numbers = [path.name[:3] for path in SCRIPTS]
    assert numbers == [f"e{i:02d}" for i in range(1, len(SCRIPTS) + 1)]
    long = {p.name: n for p in SCRIPTS if (n := len(p.read_text(encoding="utf-8").splitlines())) > MAX_LINES}
    assert not long, f"more than {MAX_LINES} lines: {long}"
    assert re.findall(r"\]\((e\d\d_\w+\.py)\)", index) == [path.name for path in SCRIPTS]
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
    load(SCRIPTS[0]).main(["--smoke", "--out", str(tmp_path / "runs"), *given])
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
    assert rows["method"].tolist() == ["topics", "MiniLM alone"]
    assert rows["ami"].between(0.02, 1).all()
    assert f"{rows['ami'][0]:.3f}" in capfd.readouterr().out
    with pytest.raises(SystemExit, match="come together"):
        script.main(["--smoke", "--out", str(tmp_path), "--label", "gold_topic"])
