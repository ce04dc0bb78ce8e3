"""A replay says of every stage how far its result is what it was, and why not."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from subjects import pages

import topics
from topics import Run, cli, embed, neighbors
from topics.embed import LsaEncoder
from topics.errors import TopicsError
from topics.records import Layout, Origin, digest_of
from topics.replaying import _replay as replaying
from topics.replaying import compare_records as compare
from topics.replaying._verdicts import BYTES, DIFFERENT, NEAR, PARTITION
from topics.runs._format import MANIFEST, RECORDS_FOLDER, STORE_FOLDER
from topics.store import sealed_bytes, unsealed

CONFIG = {
    "embed": {"encoder": "lsa", "lexical_components": 16},
    "reduce": {"n_epochs": 20, "n_layouts": 2},
    "map": {"n_epochs": 20},
    "cluster": {"level": 4},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A run of a file of articles, with its store."""
    folder = tmp_path_factory.mktemp("made")
    pages(8).to_json(folder / "articles.jsonl", orient="records", lines=True)
    topics.run(folder / "articles.jsonl", CONFIG, out=folder / "runs", name="mine", progress=False)
    return folder


@pytest.fixture
def run(made, tmp_path) -> Path:
    """The folder of a copy of it, whose articles lie where they lay."""
    return shutil.copytree(made / "runs", tmp_path / "runs") / "mine"


def again(run: Path, *given, **named) -> topics.runs.Replay:
    return topics.replay(run, *given, progress=False, **named)


def told(run: Path, monkeypatch, capsys, *words: str) -> tuple[int, str]:
    """The exit code of the command, and what it printed."""
    monkeypatch.setattr(sys, "argv", ["topics", "replay", str(run), *map(str, words)])
    monkeypatch.setenv("COLUMNS", "300")
    with pytest.raises(SystemExit) as stop:
        cli.main()
    printed = capsys.readouterr()
    return int(stop.value.code or 0), printed.out if stop.value.code != 2 else printed.err


def content(folder: Path) -> dict[str, bytes]:
    return {path.as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 1
    path.write_bytes(held)


def change_manifest(run: Path, change) -> None:
    manifest = unsealed((run / MANIFEST).read_bytes())
    change(manifest)
    (run / MANIFEST).write_bytes(sealed_bytes(manifest))


def test_the_same_machine_gives_the_same_bytes_and_changes_nothing(run, monkeypatch, capsys):
    before = content(run.parent)
    code, printed = told(run, monkeypatch, capsys)
    assert code == 0
    assert printed.startswith(f"{run}: all 13 stages give the same bytes\n")
    assert content(run.parent) == before


def test_a_changed_article_is_named_with_its_file(run, made, tmp_path, monkeypatch, capsys):
    frame = pages(8)
    frame.loc[3, "text"] = frame.loc[3, "text"].replace("no word yet", "not a word yet")
    frame.to_json(tmp_path / "articles.jsonl", orient="records", lines=True)
    code, printed = told(run, monkeypatch, capsys, "--articles", tmp_path / "articles.jsonl")
    assert code == 1
    assert f"{run}: stage read is the first that diverges: different (documents.text: 1 of 32 differ" in printed
    assert "because file 'articles.jsonl' is not as it was" in printed
    assert "because 'text' of 1 document changed: 'energy-03'" in printed


def test_articles_that_came_and_went_are_named(run, tmp_path):
    frame = pages(9).iloc[1:]
    frame.to_json(tmp_path / "articles.jsonl", orient="records", lines=True)
    first = again(run, tmp_path / "articles.jsonl").first
    assert (first.stage, first.verdict) == ("read", DIFFERENT)
    assert any(reason == "1 document not in the articles any more: 'energy-00'" for reason in first.reasons)
    assert any("4 documents new: 'court-08', 'energy-08', 'money-08' and 1 more" in reason for reason in first.reasons)


def test_articles_elsewhere_under_another_name_are_the_same(run, made, tmp_path, monkeypatch):
    elsewhere = shutil.copy(made / "articles.jsonl", tmp_path / "moved.jsonl")

    def move(manifest):
        manifest["source"]["articles"]["path"] = str(tmp_path / "absent.jsonl")  # as manifests had it before
        manifest["source"]["articles"]["place"] = None

    change_manifest(run, move)
    with pytest.raises(TopicsError, match=r"absent.jsonl', where nothing is: pass them \(--articles PATH"):
        again(run)
    assert again(run, elsewhere).holds()


def test_a_manifest_does_not_tell_the_home_folder(made, tmp_path, monkeypatch):
    home = tmp_path / "home" / "ann"
    monkeypatch.setenv("HOME", str(home))
    (home / "data").mkdir(parents=True)
    shutil.copy(made / "articles.jsonl", home / "data")
    path = home / "data" / "articles.jsonl"
    inside = topics.run(path, CONFIG, out=home / "work" / "runs", name="inside", progress=False)
    outside = topics.run(path, CONFIG, out=tmp_path / "runs", name="outside", progress=False)
    for run in (inside, outside):
        assert str(home) not in (run.path / "run.json").read_text(encoding="utf-8")
        alone = shutil.copytree(run.path, tmp_path / "alone" / run.name)
        assert again(run.path).holds()
        assert again(alone).holds()
    assert inside.manifest["source"]["articles"]["path"] == "../../../data/articles.jsonl"
    assert outside.manifest["source"]["articles"]["path"] is None
    monkeypatch.setenv("HOME", str(tmp_path / "home" / "bob"))  # whom the whole was sent to
    there = shutil.copytree(home, tmp_path / "home" / "bob")
    assert again(there / "work" / "runs" / "inside").holds()


def test_articles_beside_a_run_are_found_by_name_only_if_they_are_the_same(made, tmp_path, monkeypatch):
    sent = shutil.copytree(made / "runs" / "mine", tmp_path / "sent" / "mine")
    change_manifest(sent, lambda manifest: manifest["source"]["articles"].update(path="../../gone/articles.jsonl"))
    change_manifest(sent, lambda manifest: manifest["source"]["articles"].update(place=None))
    beside = Path(shutil.copy(made / "articles.jsonl", tmp_path / "sent"))
    assert again(sent).holds()
    beside.write_text(beside.read_text(encoding="utf-8").replace("energy", "Energy", 1), encoding="utf-8")
    with pytest.raises(TopicsError, match=r"'../../gone/articles.jsonl', where nothing is"):
        again(sent)


def test_the_folder_alone_is_enough(made, tmp_path):
    alone = shutil.copytree(made / "runs" / "mine", tmp_path / "alone")
    found = again(alone)
    assert found.holds()
    assert {one.verdict for one in found.stages} == {BYTES}


def test_documents_of_the_folder_stand_for_articles_that_are_gone(run):
    change_manifest(run, lambda manifest: manifest.update(source=None))
    with pytest.raises(TopicsError, match="does not say where its articles lie"):
        again(run)
    found = again(run, kept=True)
    assert found.holds()
    assert [one.stage for one in found.stages if one.verdict == "not compared"] == ["read"]


def test_another_kernel_is_told_with_how_much_it_changed(run, monkeypatch):
    encode = LsaEncoder.encode

    def rounded_otherwise(self, texts):
        made = encode(self, texts)
        return made._replace(vectors=made.vectors + np.float32(3e-5))

    monkeypatch.setattr(LsaEncoder, "encode", rounded_otherwise)
    machine = replaying.machine()
    monkeypatch.setattr(replaying, "machine", lambda: {**machine, "kernels": ["openblas 1 Other"]})
    found = again(run)
    first = found.first
    assert (first.stage, first.determinism, first.verdict) == ("embed", "kernel", NEAR)
    assert 0 < first.difference.largest <= 1e-2
    assert first.reasons[0].startswith("BLAS kernel ")
    assert first.reasons[0].endswith(" → openblas 1 Other")
    assert not found.holds()
    cut = next(one for one in found.stages if one.stage == "cut")
    assert cut.verdict == BYTES or "made of" in cut.reasons[0]


def test_another_version_of_a_library_or_of_the_code_is_the_reason(run, monkeypatch):
    monkeypatch.setattr(neighbors._search, "_STEP", 2.0**-8)

    def older(manifest):
        manifest["results"]["neighbors"]["libraries"]["pynndescent"] = "0.0.1"

    change_manifest(run, older)
    first = again(run).first
    assert first.stage == "neighbors"
    assert first.reasons[0].startswith("pynndescent '0.0.1' → ")
    monkeypatch.setattr(neighbors.find_neighbors, "version", 99)
    assert again(run).first.reasons[0].startswith("code of the stage: version ")


def test_a_version_without_an_effect_is_a_note(run, monkeypatch, capsys):
    change_manifest(run, lambda manifest: manifest["results"]["terms"]["libraries"].update(babel="0.1"))
    code, printed = told(run, monkeypatch, capsys)
    assert code == 0
    assert "note: changed since, without an effect that is seen: babel '0.1' → " in printed


def test_a_library_of_an_encoder_is_named(run):
    def older(manifest):
        manifest["stages"]["embed"]["parameters"]["libraries"]["scikit-learn"] = "0.1"

    change_manifest(run, older)
    assert again(run).changes.stages["embed"][0].startswith("libraries.scikit-learn '0.1' → ")


def test_a_result_that_no_stage_makes_has_no_reason_to_be_seen(run):
    def other(manifest):
        manifest["results"]["terms"]["sha256"] = ["0" * 64]

    change_manifest(run, other)
    first = again(run).first
    assert first.stage == "terms"
    assert first.reasons[0].startswith("nothing is seen to have changed")


@pytest.mark.parametrize("place", [f"{STORE_FOLDER}/levels", f"mine/{RECORDS_FOLDER}/levels", f"{STORE_FOLDER}/tree"])
def test_a_flipped_bit_in_a_record_is_damage(run, place, monkeypatch, capsys):
    stage = place.rpartition("/")[2]
    path = next((run.parent / place).glob("*/arrays.npz"))
    flip(path)
    code, printed = told(run, monkeypatch, capsys)
    assert code == 1
    assert f"{run}: stage {stage} gives the same bytes, but its record is damaged\n" in printed
    assert f"because {path}: expected SHA-256" in printed


def test_edits_are_done_again(run):
    Run.load(run).merge([0, 1]).move(["sport-00"], to=-1).rename(0, "One").save()
    found = again(run)
    assert found.holds()
    assert [one.stage for one in found.stages][-4:] == [
        "clusters (edited)", "topics (edited)", "scores (edited)", "files",
    ]  # fmt: skip


def test_edits_that_do_not_fit_what_is_fitted_now_are_told(run, tmp_path):
    Run.load(run).merge([0, 1]).save(embeddings=False)
    assert again(run).holds()  # described by what stands in for the vectors that were left out
    pages(8).groupby("subject").head(6).to_json(tmp_path / "fewer.jsonl", orient="records", lines=True)
    edited = next(one for one in again(run, tmp_path / "fewer.jsonl").stages if one.stage == "clusters (edited)")
    assert edited.verdict == DIFFERENT
    assert "edit 1 (topics 0, 1 merged) does not fit" in edited.difference.how_much


def test_a_run_of_before_there_were_digests_is_compared_with_what_there_is(run):
    change_manifest(run, lambda manifest: [manifest.pop(name) for name in ("results", "found")])
    found = again(run)
    assert found.holds()
    assert "no digests were recorded with this run" in found.notes[0]
    by_stage = {one.stage: one.verdict for one in found.stages}
    assert (by_stage["cut"], by_stage["neighbors"], by_stage["held-out"]) == (BYTES, BYTES, "not compared")


def test_vectors_of_the_user_are_asked_for(tmp_path):
    frame = pages(6)
    np.save(tmp_path / "vectors.npy", np.random.default_rng(0).normal(size=(len(frame), 8)))
    run = topics.run(
        frame, CONFIG, embeddings=tmp_path / "vectors.npy", out=tmp_path / "runs", name="v", progress=False
    )
    assert again(run.path, frame).holds()
    (tmp_path / "vectors.npy").rename(tmp_path / "moved.npy")
    with pytest.raises(TopicsError, match=r"vectors of the run at .*vectors.npy', where nothing is"):
        again(run.path, frame)
    np.save(tmp_path / "other.npy", 1 + np.load(tmp_path / "moved.npy"))
    first = again(run.path, frame, embeddings=tmp_path / "other.npy").first
    assert first.stage == "embed"
    assert first.reasons[0] == "other vectors"


def test_an_encoder_of_the_user_is_asked_for(tmp_path):
    def lengths(texts):
        return np.array([[len(text), text.count("a") + 1, text.count("e")] for text in texts], dtype=np.float32)

    encoder = embed.FunctionEncoder(lengths, name="lengths")
    run = topics.run(pages(4), CONFIG, encoder=encoder, out=tmp_path, name="own", progress=False)
    with pytest.raises(TopicsError, match=r"made with an encoder of your own \('function'\): pass it"):
        again(run.path, pages(4))
    assert again(run.path, pages(4), encoder=encoder).holds()


def test_every_stage_declares_its_class_of_determinism(run):
    results = json.loads((run / MANIFEST).read_bytes())["results"]
    assert {stage: result["determinism"] for stage, result in results.items()} == {
        "read": "bytes", "embed": "kernel", "levels": "kernel", "scores": "kernel",
        **dict.fromkeys(
            ("neighbors", "reduce", "tree", "cut", "terms", "label", "held-out", "map"), "bytes"
        ),
    }  # fmt: skip


labelings = st.lists(st.integers(-1, 3), min_size=2, max_size=30)


@given(labelings, st.permutations(range(4)))
def test_clusters_under_other_numbers_are_the_same_partition(found, numbers):
    from helpers import clusters_of

    labels = np.unique(found, return_inverse=True)[1] - (-1 in found)
    renamed = np.where(labels < 0, -1, np.unique(np.array(numbers)[labels], return_inverse=True)[1] - 0)
    renamed = np.where(labels < 0, -1, np.array([numbers[label] for label in labels]))
    kept = sorted(set(renamed.tolist()) - {-1})
    renamed = np.array([kept.index(label) if label >= 0 else -1 for label in renamed.tolist()])
    origin = Origin("cut", 1, {}, (), {})
    one, other = (clusters_of("c", each, origin=origin) for each in (labels, renamed))
    difference = compare(one, other)
    assert difference.verdict == (BYTES if np.array_equal(labels, renamed) else PARTITION)
    assert difference.ari in (None, pytest.approx(1.0))
    if labels.max() >= 0 and len(labels) > 2:
        moved = np.array(labels)
        moved[labels == labels.max()] = -1
        assert compare(one, clusters_of("c", moved, origin=origin)).verdict == DIFFERENT


@given(st.floats(0, 1, width=32), st.sampled_from([0.0, 1e-7, 1e-3]))
def test_a_digest_is_of_what_a_record_holds_alone(value, change):
    origin = Origin("reduce", 1, {}, (), {})
    one = Layout("c", np.array([[value, 1.0]]), "umap", 1, np.arange(1), origin)
    other = Layout("d", np.array([[np.float32(value) + np.float32(change), 1.0]]), "umap", 1, np.arange(1), origin)
    same = one.points.tobytes() == other.points.tobytes()
    assert (digest_of(one) == digest_of(other)) == same
    assert digest_of(one) == digest_of(replace(one, origin=replace(origin, version=2, notes=("a note",))))
    expected = BYTES if same else NEAR if change == 1e-7 else DIFFERENT
    assert compare(one, other).verdict == expected


def test_a_table_has_one_digest_before_and_after_it_was_stored(made):
    run = Run.load(made / "runs" / "mine")
    corpus = topics.read(made / "articles.jsonl")
    assert digest_of(corpus) == digest_of(run.fitted.corpus)
    assert not pd.isna(run.topics()["size"]).any()


def test_ctrl_c_leaves_the_run_as_it_was(run, monkeypatch, capsys):
    def interrupted(*given, **named):
        raise KeyboardInterrupt

    monkeypatch.setattr(neighbors.find_neighbors, "make", interrupted)
    before = content(run.parent)
    code, _ = told(run, monkeypatch, capsys)
    assert code == 130
    assert content(run.parent) == before
