from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from topics import Run, RunConfig, pipeline
from topics._describe import at_level
from topics.articles import from_texts
from topics.errors import InputError
from topics.explore import Details, Session
from topics.explore._beside import ABSENT, beside, matched
from topics.explore._search import find_words, words_of
from topics.records import NOISE


@pytest.fixture
def session(dated_run, tmp_path) -> Session:
    return Session(Run.load(shutil.copytree(dated_run.path, tmp_path / "runs" / "mine")))


def rows(*numbers: int) -> list[bytes]:
    return [np.array(numbers, dtype="<i4").tobytes()]


def test_rows_and_documents_are_told_as_they_are_asked_for(session):
    reply, _ = session.answer({"kind": "rows", "rows": [1, 0]})
    assert reply["rows"] == [["bank-01", "Bank report 1", "2022-01-01 08:30"], ["bank-00", "Bank report 0", ""]]
    document = session.answer({"kind": "document", "row": 44})[0]["document"]
    assert document["doc_id"] == "wind-14"
    assert document["text"].startswith("The wind report has")
    assert document["duplicates"] == ["Again · Post · 2022-03-14 · zz-copy"]
    assert ["desk", "wind"] in document["fields"]
    assert len(document["neighbors"]) == 8
    assert all(30 <= row < 44 and -1 <= near <= 1 for row, near, _ in document["neighbors"])
    json.dumps(document, allow_nan=False)


def test_nearest_documents_are_those_of_a_search_of_all(session):
    from topics.neighbors import find_neighbors

    near = find_neighbors(session.run.fitted.embeddings, session.run.config.neighbors)
    alone, searched = Details(session.run), Details(session.run, neighbors=near)
    for row in range(0, 45, 11):
        own = [closeness for _, closeness in alone.nearest(row)]
        assert own == pytest.approx([closeness for _, closeness in searched.nearest(row)], abs=1e-3)


def test_without_vectors_nothing_is_near(dated_run, tmp_path):
    run = Run.load(shutil.copytree(dated_run.path, tmp_path / "runs" / "mine")).save(embeddings=False)
    assert Session(run).answer({"kind": "document", "row": 0})[0]["document"]["neighbors"] is None
    assert not Session(run).payload().meta["neighbors"]


def test_lines_that_were_removed_are_shown_with_their_page(dated_run):
    removed = pa.table({"doc_id": ["bank-01", "x"], "number": [1, 2], "line": ["Menu", "y"], "reason": ["feed", "z"]})
    records = replace(dated_run.records, corpus=replace(dated_run.records.corpus, removed_lines=removed))
    run = Run.of(dated_run.config, records)
    assert run.removed()["line"].tolist() == ["Menu", "y"]
    assert Details(run).document(1)["removed"] == [["Menu", "feed"]]
    assert Details(run).document(0)["removed"] == []


def test_words_are_found_at_the_beginning_of_words_in_any_case_and_script(dated_run):
    documents = dated_run.documents().head(3)
    documents["title"] = ["Чорне море", None, "Black  Sea grain"]
    documents["text"] = ["зерно", "sea a+b", "unseen (x"]
    assert find_words(documents, words_of("ЗЕР")).tolist() == [True, False, False]
    assert find_words(documents, words_of("sea")).tolist() == [False, True, True]
    assert find_words(documents, words_of('"black sea" grain')).tolist() == [False, False, True]
    assert find_words(documents, words_of("a+b")).tolist() == [False, True, False]
    assert find_words(documents, words_of("eed")).tolist() == [False, False, False]
    assert find_words(documents, words_of(" ")).all()


def test_a_selection_comes_back_as_a_frame(session):
    session.answer({"kind": "select"}, rows(3, 1))
    assert session.selection()["doc_id"].tolist() == ["bank-03", "bank-01"]
    assert session.selection().columns.tolist() == session.run.documents().columns.tolist()


def test_exports_hold_the_rows_and_no_formula(session):
    session._details.documents.loc[0, "title"] = "=1+1"
    text = session.answer({"kind": "export", "form": "csv"}, rows(0, 2))[0]["text"]
    lines = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    assert [line["doc_id"] for line in lines] == ["bank-00", "bank-02"]
    assert lines[0]["title"] == "'=1+1"
    assert lines[0]["date"] == ""
    lines = session.answer({"kind": "export", "form": "jsonl"}, rows(2))[0]["text"].splitlines()
    assert [json.loads(line)["doc_id"] for line in lines] == ["bank-02"]


def test_headlines_are_ranked(session):
    ranks = np.frombuffer(session.answer({"kind": "ranks", "column": "title"})[1][0], dtype="<i4")
    titles = [session.details().headlines[row].casefold() for row in np.argsort(ranks)]
    assert titles == sorted(titles)


def test_edits_are_saved_undone_and_there_after_a_restart(session):
    path = session.run.path
    assert session.edit({"kind": "rename", "topic": 0, "name": "Money"}) == "topic 0 named Money; saved"
    said = session.answer({"kind": "edit", "edit": {"kind": "merge", "topics": [1, 2]}})[0]["said"]
    assert said == "topics 1, 2 merged; saved"
    assert session.revision == 2
    again = Session(Run.load(path))
    assert [topic["size"] for topic in again.payload().meta["levels"][-1]["topics"]] == [30, 15]
    assert again.payload().meta["edits"]["done"] == 2
    assert again.edit({"kind": "undo"}) == "undone: topics 1, 2 merged; saved"
    assert again.edit({"kind": "redo"}) == "topics 1, 2 merged; saved"
    assert again.edit({"kind": "move", "rows": [0, 1], "to": NOISE}).startswith("2 documents moved to noise")
    assert again.edit({"kind": "drop", "topic": 0}).startswith("topic 0 dropped")
    assert Run.load(path).history()["operation"].tolist() == ["rename", "merge", "move", "drop"]


def test_a_topic_is_validated_and_the_journal_goes_with_it(session):
    assert session.payload().meta["journal"] is None
    assert session.edit({"kind": "validate", "topic": 1, "validated": True}) == "topic 1 validated; saved"
    meta = session.payload().meta
    assert [topic["validated"] for topic in meta["levels"][-1]["topics"]] == [None, 1, None]
    assert json.loads(meta["journal"])["n_done"] == 1
    assert session.edit({"kind": "validate", "topic": 1, "validated": False}).startswith("topic 1 not validated")


def test_documents_near_in_meaning_are_told_by_the_model_of_the_run(bag_of_words, dated_run, monkeypatch):
    made = RunConfig.from_dict({"reduce": {"n_epochs": 20, "n_layouts": 1}, "map": {"n_epochs": 20}})
    texts = dated_run.documents()["text"].tolist()
    run = Run.of(made, pipeline.fit(made, from_texts(texts)[0], encoder=bag_of_words, with_scores=True))
    session = Session(run)
    with pytest.raises(InputError, match="words can be searched, not meaning"):
        session.answer({"kind": "meaning", "query": "swimmers"})
    weights = {"kind": "bag-of-words", "weights": "w", "n_dims": 64}
    monkeypatch.setattr(type(bag_of_words), "identity", weights)
    monkeypatch.setattr("topics.runs._meaning.encoder_for", lambda params: bag_of_words)
    run = Run.of(made, pipeline.fit(made, from_texts(texts)[0], encoder=bag_of_words, with_scores=True))
    session = Session(run)
    _, [near] = session.answer({"kind": "meaning", "query": "a swimmer in a pool lane"})
    found = np.frombuffer(near, dtype="<f4")
    best = np.argsort(-found)[:15]
    shown = run.documents().query("copy_of.isna()")["text"].tolist()
    assert all(shown[row].startswith("The pool report") for row in best)
    assert session._meaning.vectors.shape == (len(found), 64)
    with pytest.raises(InputError, match="expected a text to look for"):
        session.answer({"kind": "meaning", "query": " "})
    monkeypatch.setattr("topics.runs._meaning._MAX_NEW", 10)
    with pytest.raises(InputError, match="are not in the store beside the run"):
        Session(run).answer({"kind": "meaning", "query": "pool"})


def test_another_run_is_shown_beside_by_id_or_by_content(dated_run):
    documents, others = dated_run.documents(), dated_run.merge([0, 1])
    meta = Session(dated_run, beside=others).payload().meta["beside"]
    assert (meta["name"], meta["n_only_here"], meta["n_only_there"]) == ("dated", 0, 0)
    assert [topic["size"] for topic in meta["topics"]] == [30, 15]
    distinct = documents[documents["copy_of"].isna()].reset_index(drop=True)
    renumbered = distinct.assign(doc_id=[f"x{i}" for i in range(len(distinct))])[::-1].reset_index(drop=True)
    assert matched(distinct, renumbered, all_others=renumbered).tolist() == list(range(len(distinct)))[::-1]
    fewer = renumbered.drop(index=0)
    assert matched(distinct, fewer.reset_index(drop=True), all_others=fewer)[-1] == -1
    only_a_copy = documents[documents["doc_id"] == "zz-copy"].assign(copy_of=None)
    assert matched(only_a_copy, distinct, all_others=documents).tolist() == [len(distinct) - 1]


def test_a_document_that_is_not_in_the_other_run_has_no_place_beside(dated_run):
    made = beside(
        dated_run, dated_run.documents().assign(doc_id=lambda rows: rows["doc_id"] + "-new", text="other"),
        others=Details(dated_run).documents, points=np.zeros((45, 2), dtype=np.float32), headlines=lambda row: "",
    )  # fmt: skip
    assert np.isnan(made.points).all()
    assert set(made.labels.tolist()) == {ABSENT}
    assert (made.n_only_here, made.n_only_there) == (46, 45)
    assert made.column().names == ()


def test_an_edit_that_cannot_be_made_leaves_the_run_as_it_was(session):
    before = session.run
    for edit in ({"kind": "merge", "topics": [0]}, {"kind": "drop", "topic": 9}, {"kind": "undo"}, {"kind": "fold"}):
        with pytest.raises(InputError):
            session.edit(edit)
    assert session.run is before
    assert session.revision == 0


def test_a_run_that_is_not_saved_is_edited_in_memory(dated_run):
    session = Session(Run.of(dated_run.config, dated_run.records))
    assert session.edit({"kind": "drop", "topic": 0}) == "topic 0 dropped"
    assert session.payload().meta["edits"] == {"done": 1, "said": ["topic 0 dropped"], "saved": False}
    assert session.run.path is None


def test_other_levels_are_described_when_they_are_asked_for(session):
    name = session.run.levels()["level"].iloc[0]
    reply, [codes] = session.answer({"kind": "level", "level": name})
    labels = np.frombuffer(codes, dtype="<i4")
    sizes = [topic["size"] for topic in reply["level"]["topics"]]
    assert sizes == np.bincount(labels[labels >= 0]).tolist()
    made = at_level(session.run.config, session.run.fitted, level=name)
    assert (made.clusters.level, made.scores) == (name, None)
    with pytest.raises(InputError, match="there is no level 'none'"):
        session.answer({"kind": "level", "level": "none"})


@pytest.mark.parametrize(
    "message", [{"kind": "document", "row": 45}, {"kind": "rows", "rows": [-1]}, {"kind": "what"}, {}]
)
def test_what_cannot_be_answered_is_said(session, message):
    with pytest.raises(InputError, match="expected"):
        session.answer(message)
    with pytest.raises(InputError, match="0 to 44"):
        session.answer({"kind": "select"}, rows(45))
