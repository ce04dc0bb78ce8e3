"""Every experiment says what it asks, and its smoke run works."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path

import pandas as pd
import pytest
from helpers import BagOfWords

from topics import embed

FOLDER = Path(__file__).parents[1] / "experiments"
SCRIPTS = sorted(FOLDER.glob("e[0-9][0-9]_*.py"))


@pytest.fixture(autouse=True)
def beside_one_another(monkeypatch):
    """Scripts import what they share from their own folder, as when they are run."""
    monkeypatch.syspath_prepend(FOLDER)


def load(path: Path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_head_says_what_is_asked_and_expected(path):
    head = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert "?" in head.split("\n\n")[0] or "Question" in head
    for word in ("Question", "Command", "Data", "Expected", "Run time"):
        assert any(line.startswith(word) for line in head.split("\n")), word
    assert f"experiments/{path.name}" in head


def test_e01_finds_the_sample_s_topics(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    script = load(SCRIPTS[0])
    script.main(
        [
            "--smoke",
            "--set",
            "embed.max_tokens=64",
            "--set",
            "embed.long_texts=truncate",
            "--out",
            str(tmp_path),
            "--name",
            "demo",
        ]
    )
    printed = capsys.readouterr().out
    ami = float(re.search(r"\bami ([\d.]+)", printed)[1])
    assert ami > 0.6
    assert str(tmp_path / "demo") in printed


def test_e01_takes_other_articles(tmp_path, sample, capsys, monkeypatch):
    monkeypatch.setattr(embed, "encoder_for", lambda params, **given: BagOfWords())
    one_story = sample["gold_segments"].isna() & sample["gold_copy_of"].isna()
    sample.loc[one_story, ["id", "text"]].head(40).to_parquet(tmp_path / "mine.parquet")
    load(SCRIPTS[0]).main(["--data", str(tmp_path / "mine.parquet"), "--smoke", "--out", str(tmp_path / "runs")])
    assert "40 documents" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["e04_levels", "e05_stability"])
def test_levels_and_stability_are_measured_and_drawn(name, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(embed, "encoder_for", lambda params, **given: BagOfWords())
    monkeypatch.setenv("COLUMNS", "160")
    load(FOLDER / f"{name}.py").main(["--smoke", "--out", str(tmp_path)])
    printed = capsys.readouterr().out
    assert "sample" in printed
    assert (tmp_path / f"{name}.html").is_file()


def test_methods_are_measured_against_labels(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(embed, "encoder_for", lambda params, **given: BagOfWords())
    monkeypatch.setenv("COLUMNS", "160")
    load(FOLDER / "e11_peers.py").main(["--smoke", "--out", str(tmp_path)])
    rows = pd.read_csv(tmp_path / "e11_peers.csv")
    assert rows["method"].tolist() == ["topics", "MiniLM alone"]
    assert f"{rows['ami'][0]:.3f}" in capsys.readouterr().out
    assert rows["ami"].between(0.02, 1).all()


def test_coherence_is_measured_on_both_halves(capsys):
    load(FOLDER / "e06_bertopic_paper.py").main(["--smoke"])
    printed = capsys.readouterr().out
    assert "80 documents, 1 fits" in printed
    assert "terms chosen on one half, NPMI on the other" in printed


def test_terms_are_looked_through_and_their_cost_is_measured(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    load(FOLDER / "e09_labels.py").main(["--smoke", "--out", str(tmp_path)])
    printed = capsys.readouterr().out
    assert "stop words  repeated  furniture" in printed
    assert "4 topics: CountVectorizer" in printed
    assert "c_npmi, 4 topics" in printed
