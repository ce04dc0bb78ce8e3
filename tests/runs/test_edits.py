"""Edits of a run: kept with it, undone and redone, and never half of one or lost."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections import ChainMap
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from helpers import two_at_a_time
from hypothesis import given, settings
from hypothesis import strategies as st

from topics import NOISE, Run, RunConfig, pipeline
from topics.articles import from_texts, read
from topics.config import ArticlesParams
from topics.errors import InputError
from topics.runs import Names, latest, name_topic
from topics.runs._format import FILES, JOURNAL_FILE, MANIFEST, NAMES_FILE
from topics.store import StoreError, read_folder, sealed_bytes, unsealed, write_folder


def contents(path: Path) -> dict[str, bytes]:
    return {name: (path / name).read_bytes() for name in FILES}


def frames(run: Run) -> dict[str, pd.DataFrame]:
    names = ("documents", "topics", "levels", "scan", "membership", "pages")
    return {name: getattr(run, name)() for name in names}


def same(one: Run, other: Run) -> None:
    for name, frame in frames(one).items():
        pd.testing.assert_frame_equal(frame, frames(other)[name], obj=name)
    assert json.dumps(one.scores, sort_keys=True) == json.dumps(other.scores, sort_keys=True)
    assert one.warnings == other.warnings


@pytest.fixture
def run(runs, tmp_path) -> Run:
    """A run copied elsewhere, without the store and the names that lie beside it."""
    return Run.load(shutil.copytree(runs[0].path, tmp_path / "elsewhere" / "mine"))


def in_a_fresh_process(code: str, path: Path) -> str:
    finished = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


EDIT = """
import sys
from topics import Run
Run.load(sys.argv[1]).merge([0, 1]).rename(0, "Wind farms").save()
"""
SHOW = """
import sys
from topics import Run
print(Run.load(sys.argv[1]).topics()[["name", "size"]].fillna("").values.tolist())
"""
UNDO = """
import sys
from topics import Run
Run.load(sys.argv[1]).undo().undo().save()
"""


def test_a_copied_run_is_edited_saved_and_undone_in_processes_of_their_own(run):
    before = contents(run.path)
    in_a_fresh_process(EDIT, run.path)
    assert in_a_fresh_process(SHOW, run.path) == "[['Wind farms', 30], ['', 15]]\n"
    edited = Run.load(run.path)
    assert edited.history()["operation"].tolist() == ["merge", "rename"]
    assert edited.warnings[-1] == "by hand: topics 0, 1 merged; now topic 0"
    assert edited.scores["n_topics"]["value"] == 2
    in_a_fresh_process(UNDO, run.path)
    assert contents(run.path) == before
    undone = Run.load(run.path)
    same(undone, run)
    assert undone.history()["undone"].tolist() == [True, True]
    same(undone.redo().redo(), edited)
    assert not (run.path.parent / ".store").exists()


def test_a_loaded_run_has_the_records_it_was_made_from(runs, run):
    corpus = from_texts(list(runs[0].documents()["text"]))[0]
    records = run.records
    assert records.corpus.documents.equals(corpus.documents)
    assert records.corpus.documents.schema == corpus.documents.schema
    assert records.corpus.input_rows.type == corpus.input_rows.type
    assert records.corpus.origin.key == corpus.origin.key
    assert records.embeddings.vectors.shape[0] == 45
    assert records.map.points.shape == (45, 2)
    assert records.notes() == run.warnings
    again = Run.of(run.config, records, title=run.title)
    same(again, run)
    assert again.path is None


def test_the_corpus_of_cleaned_pages_comes_back_with_its_own_columns(sample_corpus, tmp_path, bag_of_words):
    config = RunConfig.from_dict({"reduce": {"n_epochs": 20, "n_layouts": 1}, "map": {"n_epochs": 20}})
    run = pipeline.run(config, sample_corpus, out=tmp_path, name="sample", encoder=bag_of_words)
    shutil.rmtree(tmp_path / ".store")
    corpus = Run.load(run.path).records.corpus
    assert sample_corpus.copies.num_rows
    for name in ("documents", "copies", "rejected_rows", "removed_lines"):
        assert getattr(corpus, name).equals(getattr(sample_corpus, name)), name
        assert getattr(corpus, name).schema == getattr(sample_corpus, name).schema
    assert corpus.input_rows.to_pylist() == sample_corpus.input_rows.to_pylist()
    assert (corpus.origin.key, corpus.origin.notes) == (sample_corpus.origin.key, sample_corpus.origin.notes)
    sizes = run.sizes().set_index("part")["bytes"]
    for name in FILES:
        assert sizes[name] == (run.path / name).stat().st_size
    assert sizes["embeddings"] > sample_corpus.n_docs * 64 * 4
    texts = sum(table.nbytes for table in (sample_corpus.documents, sample_corpus.copies))
    assert sizes["remainder"] < texts / 10  # no second copy of the texts
    stories = run.documents().dropna(subset="parent_id")
    page = stories["parent_id"].iloc[0]
    first = stories.loc[stories["parent_id"] == page, "doc_id"].iloc[0]
    with pytest.raises(InputError, match=rf"got '{page}'; '{page}' is a page of \d+ stories: '{first}', "):
        run.move([page], to=NOISE)
    assert run.move([first], to=NOISE).journal.edits[0].what["documents"] == [first]


def test_the_latest_run_of_a_folder_is_the_one_that_was_written_last(runs, tmp_path):
    for i, name in enumerate(("b", "a")):
        path = shutil.copytree(runs[0].path, tmp_path / name) / MANIFEST
        os.utime(path, (path.stat().st_mtime + i, path.stat().st_mtime + i))
    assert latest(tmp_path) == tmp_path / "a"
    with pytest.raises(StoreError, match="elsewhere' holds no finished run: make one with"):
        latest(tmp_path / "elsewhere")


def test_an_edit_changes_neither_the_run_nor_the_folder(run):
    before, topics = contents(run.path), run.topics()
    edited = run.drop(0)
    assert len(edited.topics()) == len(topics) - 1
    pd.testing.assert_frame_equal(run.topics(), topics)
    assert contents(run.path) == before
    assert not (run.path / JOURNAL_FILE).exists()
    assert edited.parent.journal.done == ()
    assert run.parent is None


def test_a_topic_is_split_by_its_finer_level_and_documents_are_moved_by_id(run):
    parts = run.split(0)
    assert len(parts.topics()) > len(run.topics())
    documents = run.documents()
    some = documents.loc[documents["topic"] == 2, "doc_id"].head(3).tolist()
    moved = run.move(some, to=0).documents().set_index("doc_id")
    assert len({moved.loc[doc_id, "topic"] for doc_id in some}) == 1
    assert set(moved.loc[some, "method"]) == {"edit"}
    away = run.move(some, to=NOISE).documents().set_index("doc_id")
    assert set(away.loc[some, "topic"]) == {NOISE}
    with pytest.raises(ValueError, match="there is no topic 9: topics are 0 to 2"):
        run.move(some, to=9)
    with pytest.raises(ValueError, match="expected ids of documents of the run, got 'nothing'"):
        run.move(["nothing"], to=0)
    with pytest.raises(ValueError, match="expected ids of documents of the run, got none"):
        run.move([], to=0)
    with pytest.raises(ValueError, match="expected two topics or more to merge"):
        run.merge([1])
    with pytest.raises(ValueError, match="expected the number of a topic, got True"):
        run.drop(True)


def test_near_duplicates_move_with_their_document(runs, tmp_path):
    texts = runs[0].documents()["text"].tolist()
    frame = pd.DataFrame({"id": [f"d{i:02d}" for i in range(46)], "text": [*texts, texts[0]]})
    corpus = read(frame, ArticlesParams(clean="keep-all"))
    run = pipeline.run(runs[0].config, corpus, out=tmp_path, name="twins")
    [twin] = run.documents().dropna(subset="copy_of")["doc_id"]
    topic = run.documents().set_index("doc_id").loc["d00", "topic"]
    to = next(other for other in run.topics()["topic"] if other != topic)
    for given_id in ("d00", twin):
        moved = run.move([given_id], to=to)
        documents = moved.documents().set_index("doc_id")
        assert documents.loc["d00", "topic"] == documents.loc[twin, "topic"]
        assert documents.loc["d00", "method"] == "edit"
        assert moved.history()["what"].tolist() == [f"1 document moved to topic {to}"]
        assert dict(moved.journal.edits[0].what)["documents"] == ["d00"]


def test_there_is_nothing_to_undo_or_redo_at_the_ends(run):
    with pytest.raises(InputError, match="there is no edit to undo"):
        run.undo()
    with pytest.raises(InputError, match="there is no edit to redo"):
        run.drop(0).redo()
    other = run.drop(0).undo().merge([0, 1])
    assert other.history()["operation"].tolist() == ["merge"]  # what was undone is gone with the next edit


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["merge", "split", "move", "away", "drop", "rename", "undo", "redo", "save"]),
        st.integers(0, 10**6),
    ),
    max_size=7,
)


def changed(run: Run, kind: str, number: int) -> Run:
    """The run after an edit of this kind, if it has one."""
    n_topics, ids = run.clusters.n_clusters, run.fitted.corpus.doc_ids
    try:
        if kind in ("undo", "redo", "save"):
            return getattr(run, kind)()
        if not n_topics:
            return run
        topic = number % n_topics
        if kind == "merge":
            return run.merge({topic, (topic + 1) % n_topics})
        if kind in ("move", "away"):
            return run.move([ids[number % len(ids)]], to=topic if kind == "move" else NOISE)
        return run.rename(topic, f"name {number % 3}") if kind == "rename" else getattr(run, kind)(topic)
    except InputError:
        return run


@settings(max_examples=8)
@given(EDITS)
def test_any_edits_undone_give_the_run_and_a_save_changes_nothing(runs, tmp_path_factory, edits):
    start = runs[0]
    path = shutil.copytree(start.path, tmp_path_factory.mktemp("edited") / start.name)
    before = contents(path)
    run = Run.load(path)
    for kind, number in edits:
        run = changed(run, kind, number)
    saved = run.save()
    same(saved, run)
    loaded = Run.load(path)
    same(loaded, run)
    assert loaded.journal == run.journal
    assert loaded.save() is loaded
    pd.testing.assert_frame_equal(loaded.records.clusters.frame(), run.clusters.frame())
    n_edits = loaded.journal.n_done
    for _ in range(n_edits):
        loaded = loaded.undo()
    same(loaded, start)
    loaded.save()
    assert contents(path) == before
    again = Run.load(path)
    for _ in range(n_edits):
        again = again.redo()
    same(again, run)


def test_two_who_edit_the_same_run_do_not_lose_each_other_s_edits(run):
    mine, theirs = run.drop(0), Run.load(run.path).merge([0, 1])
    theirs.save()
    with pytest.raises(StoreError, match=r"was changed by another process .*expected revision 0 .* got 1 .*load it"):
        mine.save()
    assert Run.load(run.path).history()["operation"].tolist() == ["merge"]


def test_of_many_at_once_one_is_kept_and_the_others_are_told(run):
    edited = [Run.load(run.path).drop(i % 3) for i in range(4)]
    told = []

    def save(one: Run) -> None:
        try:
            one.save()
        except StoreError as error:
            told.append(str(error))

    threads = [threading.Thread(target=save, args=[one]) for one in edited]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 3
    assert len(Run.load(run.path).history()) == 1


def test_a_run_with_edits_is_not_made_anew_over_them(runs, run, tmp_path):
    corpus = from_texts(list(runs[0].documents()["text"]))[0]
    run.drop(0).save()
    out = run.path.parent
    with pytest.raises(StoreError, match="holds this run with edits by hand, which would be lost"):
        pipeline.run(run.config, corpus, out=out, name="mine")
    again = pipeline.run(run.config, corpus, out=out, name="mine", replace=True)
    assert not len(again.history())
    assert contents(again.path) == contents(runs[0].path)
    assert not (again.path / JOURNAL_FILE).exists()


def test_names_go_beside_the_runs_on_save_and_are_taken_back_by_undo(run):
    names = run.path.parent / NAMES_FILE
    named = run.rename(1, "Pools")
    assert named.topics()["name"].tolist()[1] == "Pools"  # at once, in memory
    assert not names.exists()
    assert run.topics()["name"].isna().all()
    saved = named.save()
    assert json.loads(names.read_bytes())["names"][0]["name"] == "Pools"
    better = saved.rename(1, "Swimming").save()
    assert better.topics()["name"].tolist()[1] == "Swimming"
    assert better.undo().save().topics()["name"].tolist()[1] == "Pools"
    nothing = Run.load(run.path).undo().save()
    assert nothing.topics()["name"].isna().all()
    assert Run.load(run.path).redo().redo().save().topics()["name"].tolist()[1] == "Swimming"
    shutil.copytree(run.path, run.path.parent / "copied" / "mine")
    assert Run.load(run.path.parent / "copied" / "mine").topics()["name"].tolist()[1] == "Swimming"


def test_a_validated_topic_is_marked_saved_and_taken_back_by_undo(run):
    marked = run.validate(1)
    assert marked.topics()["validated"].fillna(0).tolist() == [0, 1, 0]
    assert run.topics()["validated"].isna().all()
    saved = marked.save().rename(1, "Pools").save()
    assert Run.load(run.path).topics()["validated"].notna().tolist() == [False, True, False]
    assert Run.load(run.path).history()["what"].tolist() == ["topic 1 validated", "topic 1 named Pools"]
    withdrawn = saved.validate(1, validated=False).save()
    assert Run.load(run.path).topics()["validated"].isna().all()
    assert withdrawn.undo().save().topics()["validated"].notna().sum() == 1
    assert Run.load(run.path).undo().undo().save().topics()["validated"].isna().all()
    with pytest.raises(InputError, match="expected a topic of the run"):
        run.validate(9)


def test_a_validated_topic_stays_so_where_it_is_found_anew_and_not_where_it_became_another(runs, run, next_run):
    marked = run.validate(0).save()
    later = shutil.copytree(next_run.path, run.path.parent / "later")
    share = Run.load(later).topics()["validated"]
    same_documents = marked.members()[0] & Run.load(later).members()[share.idxmax()]
    assert share.notna().sum() == 1
    assert share.max() == pytest.approx(len(same_documents) / len(Run.load(later).members()[share.idxmax()]))
    assert run.validate(1).merge([0, 1]).topics()["validated"].isna().all()


def test_edits_of_a_file_are_made_on_the_same_run_and_refused_by_another(runs, run, next_run, tmp_path):
    edited = run.merge([0, 1]).rename(0, "Both").validate(0)
    path = tmp_path / "edits.json"
    path.write_bytes(edited.journal.to_bytes())
    again = runs[0].with_edits_of(path)
    assert again.history()["what"].tolist() == edited.history()["what"].tolist()
    pd.testing.assert_frame_equal(again.topics(), edited.topics())
    with pytest.raises(StoreError, match="does not fit the run"):
        next_run.with_edits_of(path)
    with pytest.raises(InputError, match="got one with 3 edits"):
        edited.with_edits_of(path)
    path.write_text("{}")
    with pytest.raises(StoreError, match="holds no edits"):
        run.with_edits_of(path)


def test_renaming_leaves_the_files_of_results_as_they_are(run):
    content = contents(run.path)
    saved = run.rename(0, "Wind").save()
    assert contents(run.path) == content
    (run.path / "topics.parquet").write_bytes(b"damaged")
    with pytest.raises(StoreError):
        Run.load(run.path)
    assert contents(saved.rename(1, "Pools").save().path) == content  # a file that is not what was written is made anew


def test_a_name_that_others_gave_since_is_not_taken_back(run):
    saved = run.rename(0, "Mine").save()
    name_topic(Run.load(run.path), 0, name="Theirs")
    undone = saved.undo().save()
    assert undone.topics()["name"].tolist()[0] == "Theirs"


def test_a_name_taken_away_comes_back(run):
    saved = run.rename(0, "Mine").save().rename(0, "").save()
    assert saved.topics()["name"].isna().all()
    assert saved.history()["what"].tolist() == ["topic 0 named Mine", "topic 0's name taken away"]
    assert saved.undo().save().topics()["name"].tolist()[0] == "Mine"


def test_a_journal_of_another_run_is_refused_by_the_edit_that_does_not_fit(run, next_run, tmp_path):
    edited = run.drop(0).save()
    other = shutil.copytree(next_run.path, tmp_path / "other")
    manifest, files = read_folder(other, MANIFEST)
    files = files | {JOURNAL_FILE: edited.journal.undone().to_bytes()}
    write_folder(other, files, manifest_name=MANIFEST, manifest=manifest)
    with pytest.raises(StoreError, match=r"edit 1 \(topic 0 dropped\) does not fit the run: topic 0 has the key"):
        Run.load(other).redo().documents()


def test_a_changed_journal_is_found(run):
    path = run.drop(0).save().path / JOURNAL_FILE
    whole = path.read_bytes()
    for damaged in (whole[:-9], whole.replace(b"drop", b"drap"), b""):
        path.write_bytes(damaged)
        with pytest.raises(StoreError, match=r"journal\.json: expected SHA-256"):
            Run.load(run.path)
    said = unsealed(whole)
    for wrong in (
        {**said, "format": 9},
        {**said, "n_done": 5},
        {**said, "edits": [{"kind": "drop", "what": {"topic": "x", "key": "k"}, "when": "now"}]},
        {**said, "edits": [{"kind": "paint", "what": {}, "when": "now"}]},
        {**said, "edits": 3},
    ):
        manifest, files = read_folder(_restored(path, whole).parent, MANIFEST)
        files = files | {JOURNAL_FILE: sealed_bytes(wrong)}
        write_folder(path.parent, files, manifest_name=MANIFEST, manifest=manifest)
        with pytest.raises(StoreError, match=r"journal\.json' holds no edits as they were kept"):
            Run.load(run.path)


def _restored(path: Path, content: bytes) -> Path:
    manifest, _ = unsealed((path.parent / MANIFEST).read_bytes()), path.write_bytes(content)
    files = {name: (path.parent / name).read_bytes() for name in manifest["files"]}
    write_folder(path.parent, files, manifest_name=MANIFEST, manifest=manifest)
    return path


def test_a_damaged_record_is_said_where_it_is_needed(run):
    for path in (run.path / "records").rglob("arrays.npz"):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(bytes(content))
    loaded = Run.load(run.path)
    assert len(loaded.topics()) == 3
    with pytest.raises(StoreError, match=r"arrays\.npz: expected SHA-256"):
        loaded.merge([0, 1])
    shutil.rmtree(run.path / "records")
    with pytest.raises(StoreError, match=r"manifest\.json' is missing: load the run again"):
        Run.load(run.path).drop(0)


def test_no_corruption_of_the_records_is_silent(run):
    run.merge([0, 1]).save()
    paths = [path for path in sorted((run.path / "records").rglob("*")) if path.is_file()]
    stages = {path.relative_to(run.path / "records").parts[0] for path in paths}
    assert {"embed", "exemplars", "levels", "cut", "edit", "label", "terms", "map", "reduce"} <= stages
    random = np.random.default_rng(0)
    for path in paths:
        whole = path.read_bytes()
        for place in np.linspace(0, len(whole) - 1, 3).astype(int):
            flipped = whole[:place] + bytes([whole[place] ^ (1 << int(random.integers(8)))]) + whole[place + 1 :]
            for damaged in (flipped, whole[:place]):
                path.write_bytes(damaged)
                loaded = Run.load(run.path)
                with pytest.raises(StoreError, match=path.parent.name):
                    _ = (loaded.records, loaded.fitted, loaded.exemplars)
                    _ = (loaded.kept.record("assigner"), loaded.kept.record("lexicon"))
        path.write_bytes(whole)
    assert Run.load(run.path).records.topics.n_topics == 2


def test_without_embeddings_edits_go_by_exemplars_and_say_so(sample_corpus, tmp_path, bag_of_words):
    config = RunConfig.from_dict(
        {"reduce": {"n_epochs": 20, "n_layouts": 1}, "map": {"n_epochs": 20}, "cluster": {"level": 3}}
    )
    run = pipeline.run(config, sample_corpus, out=tmp_path, name="sample", encoder=bag_of_words)
    before, whole = contents(run.path), run.sizes()["bytes"].sum()
    bare = run.save(embeddings=False)
    assert contents(bare.path) == before
    assert "embeddings" not in bare.sizes()["part"].tolist()
    assert bare.sizes()["bytes"].sum() < whole
    assert not list((bare.path / "records").rglob("embed/*"))
    bare = Run.load(bare.path)
    same(bare, run)
    kept = bare.records.embeddings.vectors
    assert kept.shape == run.records.embeddings.vectors.shape
    assert np.allclose(np.linalg.norm(kept, axis=1), 1, atol=1e-5)
    assert len(bare.topics()) >= 2
    edited = bare.merge([0, 1])
    assert any(note.startswith("the vectors of ") and "are kept with this run" in note for note in edited.warnings)
    assert "silhouette" not in edited.scores
    exact = run.merge([0, 1])
    assert edited.topics()["size"].tolist() == exact.topics()["size"].tolist()
    shared = [
        len(set(mine) & set(theirs)) / len(theirs)
        for mine, theirs in zip(edited.topics()["terms"], exact.topics()["terms"], strict=True)
    ]
    assert np.mean(shared) > 0.6
    undone = edited.save().undo().save()
    assert contents(undone.path) == before
    with pytest.raises(InputError, match="from which they were left out: make it anew"):
        undone.save(embeddings=True)


def test_a_run_at_hand_is_edited_before_it_is_saved(runs, tmp_path):
    config = runs[0].config
    records = pipeline.fit(config, from_texts(list(runs[0].documents()["text"]))[0])
    run = Run.of(config, records)
    assert len(run.topics()) == 3
    with pytest.raises(InputError, match=r"one that is not saved: run\.save\(\) first"):
        run.sizes()
    edited = run.merge([0, 1]).rename(0, "Both")
    assert edited.topics()["name"].tolist()[0] == "Both"
    saved = edited.save(tmp_path, name="mine")
    assert saved.path == tmp_path / "mine"
    assert saved.topics()["name"].tolist()[0] == "Both"
    assert saved.history()["operation"].tolist() == ["merge", "rename"]
    assert len(saved.undo().undo().topics()) == 3
    with pytest.raises(InputError, match="the run has a folder"):
        saved.save(tmp_path / "other")


@pytest.mark.parametrize(("number", "said"), [(4, "is a run of format 4, .*topics run ARTICLES --out"), (9, "got 9")])
def test_a_run_of_another_format_is_refused_with_what_makes_it_anew(run, number, said):
    manifest = unsealed((run.path / MANIFEST).read_bytes())
    (run.path / MANIFEST).write_bytes(sealed_bytes(manifest | {"format": number}))
    with pytest.raises(StoreError, match=rf"{said}.*--name mine --replace") as refused:
        Run.load(run.path)
    words = shlex.split(str(refused.value).split("“")[1].split("”")[0])
    given = [words[i + 1] for i, word in enumerate(words) if word == "--set"]
    assert 'embed.encoder="lsa"' in given
    assert RunConfig.from_toml(overrides=given) == run.config


@pytest.mark.parametrize("without", ["records", "config", "title", "revision"])
def test_a_manifest_without_what_a_run_needs_is_refused(run, without):
    manifest = unsealed((run.path / MANIFEST).read_bytes())
    (run.path / MANIFEST).write_bytes(sealed_bytes({name: manifest[name] for name in manifest if name != without}))
    with pytest.raises(StoreError, match=r"run\.json: expected a run's records and config .*; run it again"):
        Run.load(run.path)


def test_a_run_whose_vectors_were_left_out_is_made_anew_with_them(runs, run):
    corpus = from_texts(list(runs[0].documents()["text"]))[0]
    bare = run.save(embeddings=False)
    again = pipeline.run(run.config, corpus, out=bare.path.parent, name="mine")
    assert "embeddings" in again.sizes()["part"].tolist()


SAVING = """
import os, shutil, signal, sys, tempfile
from pathlib import Path
from topics import Run
import pandas, plotly.graph_objects, scipy.sparse, hdbscan, topics.pipeline

def counted(holder, name):
    original = getattr(holder, name)
    def wrapped(*args, **kwargs):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **kwargs)
    setattr(holder, name, wrapped)

def save(path):
    edited = Run.load(path)
    if sys.argv[3] == "merge":
        edited = edited.merge([0, 1])
    edited = edited.rename(0, "Both")
    edited.topics(), edited.scores
    for holder, names in (
        (os, ["fsync"]), (Path, ["replace", "rmdir"]), (tempfile, ["mkstemp", "mkdtemp"]),
        (shutil, ["rmtree"]),
    ):
        for name in names:
            counted(holder, name)
    edited.save()
    (path.parent / "left").write_text(str(left))

for name in sys.argv[4:]:
    path = Path(shutil.copytree(sys.argv[1], Path(sys.argv[2]) / f"at-{name}" / "mine"))
    left = int(name)
    child = os.fork()
    if not child:
        save(path)
        os._exit(0)
    print(os.waitpid(child, 0)[1], flush=True)
"""
N_KILLS = int(os.environ.get("TOPICS_KILLS", "3"))


def saves(source: Path, out: Path, edit: str, *moments: int) -> list[int]:
    """How each of so many processes ended that edited a copy of a run and saved it, killed at those steps of a write."""

    def some(part: Sequence[int]) -> dict[int, int]:
        command = [sys.executable, "-c", SAVING, str(source), str(out), edit, *map(str, part)]
        finished = subprocess.run(command, capture_output=True, text=True)
        assert finished.returncode == 0, finished.stderr
        return dict(zip(part, map(int, finished.stdout.split()), strict=True))

    ended = ChainMap(*two_at_a_time(some, [part for part in (moments[::2], moments[1::2]) if part]))
    return [ended[moment] for moment in moments]


kills = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no kill -9 here")


@kills
def test_kill_at_every_kind_of_write_leaves_the_old_run_or_the_new(runs, tmp_path):
    most = 10**6
    assert saves(runs[0].path, tmp_path, "merge", most) == [0]
    whole = tmp_path / f"at-{most}" / "mine"
    n_writes = most - int((whole.parent / "left").read_text())
    assert n_writes > 50
    moments = range(1, n_writes + 1, max(1, n_writes // (4 * N_KILLS)))
    assert saves(runs[0].path, tmp_path, "merge", *moments) == [signal.SIGKILL] * len(moments)
    new = Run.load(whole)
    states = []
    for moment in moments:
        path = tmp_path / f"at-{moment}" / "mine"
        loaded = Run.load(path)
        states.append(loaded.journal.n_done)
        if states[-1]:
            same(loaded, new)
            loaded.undo().undo().save()
            assert contents(path) == contents(runs[0].path)
        else:
            assert len(loaded.topics()) == 3
            pd.testing.assert_frame_equal(loaded.documents(), runs[0].documents())
            same(loaded.merge([0, 1]).rename(0, "Both").save(), new)
            assert contents(path) == contents(whole)
        assert not [item.name for item in path.iterdir() if item.name.startswith(".")]
    assert states[0] == 0
    assert states == sorted(states)
    assert states[-1] == 2


@kills
def test_a_name_is_there_with_its_edit_or_neither_is(runs, tmp_path):
    most = 10**6
    assert saves(runs[0].path, tmp_path, "rename", most) == [0]
    n_writes = most - int((tmp_path / f"at-{most}" / "left").read_text())
    moments = sorted({*range(1, n_writes + 1, max(1, n_writes // (6 * N_KILLS))), n_writes})
    saves(runs[0].path, tmp_path, "rename", *moments)
    ends = []
    for moment in moments:
        path = tmp_path / f"at-{moment}" / "mine"
        loaded = Run.load(path)
        named = loaded.topics()["name"].tolist()[0] == "Both"
        kept = any(entry.name == "Both" for entry in Names.load(path.parent).entries)
        assert named == bool(loaded.journal.n_done)
        ends.append((named, kept))
        if named:
            name_topic(loaded, 1, name="Other")  # does what was left to do
            assert {entry.name for entry in Names.load(path.parent).entries} == {"Both", "Other"}
            assert Run.load(path).undo().save().topics()["name"].tolist()[0] != "Both"
    assert {(False, False), (True, False), (True, True)} == set(ends)
