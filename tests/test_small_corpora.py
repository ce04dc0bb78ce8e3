"""The main job on next to nothing: it runs to its end and says what it found."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from topics.cli import app
from topics.runs import Run

N_EXAMPLES = int(os.environ.get("TOPICS_SMALL_CORPORA", "4"))
SENTENCES = {
    "en": "The council said that the harbour of {} would close on day {}, and the ferry waits for the storm to pass.",
    "de": "Der Rat sagte, dass der Hafen von {} am Tag {} schließen werde, und die Fähre wartet auf das Ende des Sturms.",
    "uk": "Рада повідомила, що гавань міста {} закриють на {} день, і пором чекає, доки мине негода на морі.",
    "zh": "市议会表示，{}的港口将在第{}天关闭，渡轮正在等待风暴过去。",
}
NAMES = ("Rosk", "Fenwick", "Eastby", "Нова Гавань", "台南")
TEXTS = st.one_of(
    st.builds(
        lambda lang, name, day: SENTENCES[lang].format(name, day),
        st.sampled_from(sorted(SENTENCES)), st.sampled_from(NAMES), st.integers(1, 40),
    ),
    st.sampled_from(["", " \u200b", "???", "same text", "the", "🙂🙂", "a\nb\nc", "Sign in\nSubscribe\nSign in"]),
    st.none(),
)  # fmt: skip
SOURCES = st.sampled_from([None, "Harbour Ledger", "Civic Post", "Вісник"])
ROWS = st.lists(st.fixed_dictionaries({"text": TEXTS, "source": SOURCES}), min_size=0, max_size=20)


def run(rows, folder):
    (folder / "articles.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    command = ["run", str(folder / "articles.jsonl"), "--out", str(folder / "runs"), "--name", "one"]
    return CliRunner().invoke(app, [*command, "--set", "embed.encoder=lsa", "--set", "reduce.n_layouts=1"])


@settings(max_examples=N_EXAMPLES)
@given(ROWS)
def test_any_few_articles_give_a_run_or_one_sentence(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("small")
    result = run(rows, folder)
    has_text = [row for row in rows if row["text"] and row["text"].strip(" \u200b")]
    if not has_text:
        assert isinstance(result.exception, ValueError)
        assert "articles.jsonl' holds no article" in str(result.exception) or "holds no article" in str(
            result.exception
        )
        assert "articles.jsonl" in str(result.exception)
        return
    assert result.exit_code == 0, result.exception
    found = Run.load(folder / "runs" / "one")
    documents, topics = found.documents(), found.topics()
    assert len(documents) + found.manifest["corpus"]["n_rejected"] == len(rows)
    assert set(documents["topic"]) <= {-1, *topics["topic"]}
    assert topics["size"].sum() == ((documents["topic"] >= 0) & documents["copy_of"].isna()).sum()
    n_different = int(documents["copy_of"].isna().sum())
    if n_different < 15:
        alike = n_different == 1 and len(documents) > 1
        assert len(topics) == (1 if alike else 0)
        assert any("too few to cluster" in w or "nothing to cluster" in w or "same text" in w for w in found.warnings)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_a_few_articles_of_several_outlets_are_no_topics(tmp_path, n):
    rows = [{"text": SENTENCES["en"].format("Rosk", i), "source": f"Outlet {i % 3}"} for i in range(n)]
    rows = [{**row, "text": f"{row['text']} {'abcdef'[i] * 9}"} for i, row in enumerate(rows)]
    result = run(rows, tmp_path)
    assert result.exit_code == 0, result.exception
    assert len(Run.load(tmp_path / "runs" / "one").documents()) == n


def test_a_wrong_label_column_is_found_before_pages_are_cleaned(tmp_path, monkeypatch):
    from topics.articles import _cleaning as cleaning

    monkeypatch.setattr(cleaning.Cleaner, "clean", None)
    (tmp_path / "a.jsonl").write_text('{"text": "some words", "truth": "x"}\n{"text": "other words", "theme": "y"}')
    result = CliRunner().invoke(app, ["run", str(tmp_path / "a.jsonl"), "--set", "evaluate.label_column=thruth"])
    assert "evaluate.label_column is 'thruth'" in str(result.exception)
    assert "'theme', 'truth'; did you mean 'truth'?" in str(result.exception)
