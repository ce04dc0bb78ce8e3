"""``topics sweep`` and ``--dry-run`` on the command line."""

from __future__ import annotations

import json

import pytest
from helpers import BagOfWords
from typer.testing import CliRunner

from topics import embed
from topics.cli import app
from topics.cli._sweep import _values
from topics.config import ConfigError

QUICK = ["--set", "reduce.n_epochs=20", "--set", "reduce.n_layouts=2", "--set", "map.n_epochs=20"]


@pytest.fixture(autouse=True)
def without_weights(monkeypatch):
    monkeypatch.setattr(embed, "encoder_for", lambda params, **given: BagOfWords())
    monkeypatch.setenv("COLUMNS", "160")


@pytest.fixture
def articles(tmp_path):
    kinds = ("harbour ferries cross tide", "vaccine nurses clinic fever", "football striker league goal")
    texts = [f"{kinds[i % 3]} {kinds[i % 3].split()[i % 4]}s number{i}" for i in range(45)]
    path = tmp_path / "mine.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return path


def topics(*args):
    return CliRunner().invoke(app, [str(arg) for arg in args])


def test_a_sweep_prints_a_row_a_setting_and_goes_on(articles, tmp_path):
    command = ["sweep", articles, "cluster.min_cluster_size=5,9", "--seeds", "2", "--out", tmp_path / "runs", *QUICK]
    first = topics(*command)
    assert first.exit_code == 0, first.output
    assert "settings and seeds: 4 done" in first.output
    assert "cluster.min_cluster_size=9, seed 1: " in first.output
    again = topics(*command)
    assert "seed 1: " not in again.output
    assert "4 done" in again.output


def test_a_failing_setting_is_said_whole_and_the_exit_code_tells(articles, tmp_path):
    result = topics("sweep", articles, 'cluster.level=auto,"no such"', "--out", tmp_path / "runs", *QUICK)
    assert result.exit_code == 1
    assert "failed: InputError: cluster.level: there is no level 'no such'" in result.output
    assert "Traceback" in result.output
    assert "1 done, 1 failed" in result.output


def test_dry_runs_say_what_would_be_computed(articles, tmp_path):
    out = ["--out", tmp_path / "runs", *QUICK]
    result = topics("sweep", articles, "label.n_terms=3,5", "--dry-run", *out)
    assert result.exit_code == 0, result.output
    assert not (tmp_path / "runs" / "study").exists()
    [line] = [line for line in result.output.splitlines() if line.startswith("reduce")]
    assert line.split()[:3] == ["reduce", "2", "0"]
    one = topics("run", articles, "--dry-run", *out)
    assert one.exit_code == 0, one.output
    assert "never made here" in one.output
    assert topics("run", articles, *out).exit_code == 0
    other = topics("run", articles, "--dry-run", *out, "--set", "label.n_terms=3")
    assert "n_terms 10 → 3" in other.output


def test_a_study_may_be_a_file_and_what_is_typed_goes_before(articles, tmp_path):
    study = tmp_path / "study.toml"
    study.write_text('seeds = 3\n[grid]\n"label.n_terms" = [3, 5, 7]\n', encoding="utf-8")
    result = topics("sweep", articles, "--study", study, "label.n_terms=4", "--out", tmp_path / "runs", *QUICK)
    assert result.exit_code == 0, result.output
    assert "3 done" in result.output


def test_a_study_may_name_its_articles(articles, tmp_path):
    study = tmp_path / "study.toml"
    study.write_text('articles = "mine.jsonl"\n[grid]\n"label.n_terms" = [3, 5]\n', encoding="utf-8")
    result = topics("sweep", study, "--out", tmp_path / "runs", *QUICK)
    assert result.exit_code == 0, result.output
    assert "2 done" in result.output
    study.write_text("seeds = 2\n", encoding="utf-8")
    refused = topics("sweep", study, "--out", tmp_path / "runs", *QUICK)
    assert "expected articles, the path of what is read, got None" in str(refused.exception)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a.b=1,2", [1, 2]),
        ("a.b=bm25,npmi", ["bm25", "npmi"]),
        ("a.b=auto,5", ["auto", 5]),
        ('a.b="x,y",z', ['"x', 'y"', "z"]),
        ("a.b=[1, 2],[1, 3]", [[1, 2], [1, 3]]),
        ("a.b=0.5", [0.5]),
    ],
)
def test_values_are_written_as_in_toml_or_as_bare_words(text, values):
    assert _values(text) == ("a.b", values)


@pytest.mark.parametrize("text", ["a.b", "=3", "a.b="])
def test_what_is_no_key_and_values_is_refused(text):
    with pytest.raises(ConfigError, match="expected KEY=A,B"):
        _values(text)
