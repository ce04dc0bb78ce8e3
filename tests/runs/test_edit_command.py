"""``topics edit RUN …`` and what else the command line says of a run's folder."""

from __future__ import annotations

import shutil
import sys

import pytest

from topics import NOISE, Run, cli


@pytest.fixture
def topics(monkeypatch, capsys):
    """The command line in this process."""
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["topics", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        printed = capsys.readouterr()
        return int(stop.value.code or 0), printed.out, printed.err

    return call


@pytest.fixture
def mine(runs, tmp_path):
    return shutil.copytree(runs[0].path, tmp_path / "runs" / "mine")


def test_a_run_is_edited_undone_and_redone_from_the_command_line(topics, mine):
    code, out, err = topics("edit", mine, "merge", "0", "1")
    assert (code, err) == (0, "")
    assert "2 topics" in out
    assert "note: by hand: topics 0, 1 merged; now topic 0" in out
    code, out, _ = topics("edit", mine, "rename", "0", "Wind farms")
    assert (code, "Wind farms: " in out) == (0, True)
    code, out, _ = topics("edit", mine, "history")
    assert code == 0
    assert [line.split()[2:] for line in out.splitlines()[1:]] == [
        ["topics", "0,", "1", "merged"],
        ["topic", "0", "named", "Wind", "farms"],
    ]
    assert "Wind farms" not in topics("edit", mine, "undo")[1]
    assert "3 topics" in topics("edit", mine, "undo")[1]
    assert topics("edit", mine, "history")[1].count("undone") == 2
    assert "2 topics" in topics("edit", mine, "redo")[1]
    assert "2 topics" in topics("show", mine)[1]


def test_documents_are_moved_and_topics_split_and_dropped(topics, mine):
    documents = Run.load(mine).documents()
    ids = documents.loc[documents["topic"] == 0, "doc_id"].head(2).tolist()
    code, out, _ = topics("edit", mine, "move", "--to", "1", *ids)
    assert code == 0
    assert "note: by hand: 2 documents moved to topic 1" in out
    assert topics("edit", mine, "move", "--to", "noise", ids[0])[0] == 0
    assert Run.load(mine).documents().set_index("doc_id").loc[ids[0], "topic"] == NOISE
    assert "topic 0 dropped" in topics("edit", mine, "drop", "0")[1]
    assert topics("edit", mine, "split", "0")[0] == 0
    assert topics("edit", mine, "history")[1].count("\n") == 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["merge", "0"], "expected two topics or more to merge, got [0]"),
        (["merge", "0", "9"], "there is no topic 9: topics are 0 to 2"),
        (["split", "7"], "there is no topic 7"),
        (["move", "--to", "first", "x"], "--to: expected the number of a topic, or 'noise', got 'first'"),
        (["move", "--to", "1", "x"], "expected ids of documents of the run, got 'x'"),
        (["rename", "0", "a\nb"], "expected a name of one line"),
        (["undo"], "there is no edit to undo"),
        (["redo"], "there is no edit to redo"),
        (["paint"], "No such command 'paint'"),
        ([], "Missing command"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(topics, mine, arguments, said):
    code, out, err = topics("edit", mine, *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
    assert not len(Run.load(mine).history())


def test_a_run_without_edits_says_so(topics, mine):
    assert topics("edit", mine, "history") == (0, "no edits\n", "")


def test_the_parts_of_a_folder_are_printed_with_their_sizes(topics, mine):
    code, out, _ = topics("show", mine, "--sizes")
    assert code == 0
    lines = {line.split()[0]: line for line in out.splitlines()}
    assert {"embeddings", "exemplars", "documents.parquet", "whole"} <= lines.keys()


def test_vectors_are_left_out_where_that_is_asked_for(topics, runs, tmp_path):
    texts = runs[0].documents()[["doc_id", "text"]].rename(columns={"doc_id": "id"})
    texts.to_csv(tmp_path / "a.csv", index=False)
    arguments = ["--set", "embed.encoder=lsa", "--set", "reduce.n_epochs=20", "--set", "reduce.n_layouts=1"]
    code, *_ = topics("run", tmp_path / "a.csv", "--out", tmp_path, "--name", "bare", "--no-embeddings", *arguments)
    assert code == 0
    assert "embeddings" not in Run.load(tmp_path / "bare").sizes()["part"].tolist()
