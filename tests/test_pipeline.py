from __future__ import annotations

import json
import os
import shutil
from functools import partial
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from helpers import BagOfWords, blobs

from topics import NOISE, Run, RunConfig, embed, pipeline
from topics.articles import from_texts, read
from topics.config import ArticlesParams, EmbedParams
from topics.evaluate import adjusted_mutual_information
from topics.runs._folder import claim
from topics.store import Store, StoreError, _folders, read_folder

QUICK = RunConfig.from_dict({"reduce": {"n_epochs": 30}, "map": {"n_epochs": 30}})
SCORED = QUICK.model_copy(update={"evaluate": QUICK.evaluate.model_copy(update={"label_column": "gold_topic"})})
FILES = [
    "documents.parquet",
    "layout2d.parquet",
    "levels.parquet",
    "membership.parquet",
    "rejected.parquet",
    "removed.parquet",
    "scan.parquet",
    "scores.json",
    "topics.parquet",
]


def contents(run: Run) -> dict[str, bytes]:
    return {name: (run.path / name).read_bytes() for name in FILES}


@pytest.fixture(scope="module")
def run(sample_corpus, tmp_path_factory) -> Run:
    return pipeline.run(SCORED, sample_corpus, out=tmp_path_factory.mktemp("runs"), name="one", encoder=BagOfWords())


def test_a_run_folder_holds_what_it_should(run, sample_corpus):
    assert sorted(p.name for p in run.path.iterdir()) == sorted([*FILES, "records", "run.json"])
    manifest = json.loads((run.path / "run.json").read_text())
    assert manifest["corpus"]["key"] == sample_corpus.origin.key
    assert manifest["corpus"]["languages"] == {"en": 151, "uk": 29}
    assert set(manifest["files"]) == set(FILES)
    assert list(manifest["stages"]) == sorted(
        ["embed", "neighbors", "reduce", "tree", "levels", "cut", "terms", "label", "map", "scores"]
    )
    assert all(stage["seconds"] >= 0 and not stage["stored"] for stage in manifest["stages"].values())
    assert RunConfig.from_dict(manifest["config"]) == SCORED
    assert manifest["machine"]["cpu"]
    assert any("of boilerplate" in warning for warning in run.warnings)


def test_frames_are_tidy_and_agree(run, sample):
    documents, topics = run.documents(), run.topics()
    pages = documents["parent_id"].where(documents["parent_id"].notna(), documents["doc_id"])
    assert sorted(set(pages)) == sorted(sample["id"])
    assert list(documents.columns[:17]) == [
        "doc_id", "title", "text", "date", "date_precision", "lang", "other_langs", "source", "author", "url",
        "parent_id", "parent_title", "copy_of", "topic", "strength", "x", "y",
    ]  # fmt: skip
    assert documents[["x", "y"]].notna().all().all()
    assert topics["topic"].tolist() == list(range(len(topics)))
    distinct = documents[documents["copy_of"].isna()]
    whole = distinct[distinct["parent_id"].isna()]
    sizes = distinct.loc[distinct["topic"] != NOISE, "topic"].value_counts()
    assert topics.set_index("topic")["size"].to_dict() == sizes.to_dict()
    for row in topics.to_dict("records"):
        assert set(documents.set_index("doc_id").loc[row["evidence"], "topic"]) == {row["topic"]}
    ami = adjusted_mutual_information(whole["gold_topic"], whole["topic"])
    assert run.scores["ami"]["value"] == pytest.approx(ami)


def test_a_second_run_computes_nothing_and_writes_the_same_bytes(run, sample_corpus):
    class Unusable(BagOfWords):
        def encode(self, texts):
            raise AssertionError("encoded again")

    before = contents(run)
    stages = {}
    again = pipeline.run(
        SCORED, sample_corpus, out=run.path.parent, name="one", encoder=Unusable(), on_stage=stages.__setitem__
    )
    assert contents(again) == before
    assert all(stage.stored for stage in stages.values())


def test_a_change_of_the_cut_computes_only_what_follows_it(run, sample_corpus):
    stages = {}
    config = SCORED.model_copy(update={"cluster": SCORED.cluster.model_copy(update={"min_cluster_size": 9})})
    pipeline.run(
        config, sample_corpus, out=run.path.parent, name="nine", encoder=BagOfWords(), on_stage=stages.__setitem__
    )
    computed = {name for name, stage in stages.items() if not stage.stored}
    assert computed == {"levels", "cut", "label", "held-out", "scores", "assigner"}


def test_another_run_of_the_same_name_is_not_overwritten(run, sample_corpus):
    other = SCORED.model_copy(update={"random_state": 7})
    before = contents(run)
    with pytest.raises(StoreError, match="holds a run of another config or other articles"):
        pipeline.run(other, sample_corpus, out=run.path.parent, name="one", encoder=BagOfWords())
    assert contents(run) == before


def test_replace_replaces(run, sample_corpus, tmp_path):
    shutil.copytree(run.path, tmp_path / "one")
    other = SCORED.model_copy(update={"random_state": 7})
    again = pipeline.run(other, sample_corpus, out=tmp_path, name="one", encoder=BagOfWords(), replace=True)
    assert again.manifest["config"]["random_state"] == 7


@pytest.mark.parametrize("name", ["../up", "a/b", "/tmp/x", "", ".", "-dash", "a\0b", "x" * 200])
def test_a_name_is_a_plain_folder_name(sample_corpus, tmp_path, name):
    if name == "":
        assert pipeline.run(QUICK, sample_corpus, out=tmp_path, name=None, encoder=BagOfWords()).name.startswith("run-")
        return
    with pytest.raises(StoreError, match="expected a plain folder name for the run"):
        pipeline.run(QUICK, sample_corpus, out=tmp_path, name=name, encoder=BagOfWords())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("names.json", "where the names of topics are kept"),
        ("ok.html", "where pages are written"),
        ("ok.HTML", "where pages are written"),
        ("Names.JSON", "where the names of topics are kept"),
        ("CON", "Windows cannot"),
        ("nul.txt", "Windows cannot"),
        ("Com7-old", None),
        ("com7.old", "Windows cannot"),
        ("ends.", "Windows cannot"),
        ("\u00e4" * 100, None),
        ("\u8a71" * 99, "at most 200 bytes, got 297"),
        (".store", "plain folder name"),
        ("conference", None),
    ],
)
def test_a_name_kept_for_something_else_is_no_run_s(tmp_path, name, said):
    if said is None:
        assert claim(tmp_path, name, key="k" * 64, replace=False) == tmp_path / name
        return
    for replace in (False, True):
        with pytest.raises(StoreError, match=said):
            claim(tmp_path, name, key="k" * 64, replace=replace)


def test_a_run_is_not_written_among_stored_records_or_over_a_file(tmp_path):
    with pytest.raises(StoreError, match="is where stored records lie"):
        claim(tmp_path / ".store", "mine", key="k", replace=False)
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(StoreError, match="notes' is a file, not a run's folder"):
        claim(tmp_path, "notes", key="k", replace=True)


def test_a_run_that_took_the_name_meanwhile_is_not_overwritten(run, sample_corpus, tmp_path):
    """Another run of the same name is finished while this one computes."""

    def finish_another(stage, stage_time):
        if not (tmp_path / "one").exists():
            shutil.copytree(run.path, tmp_path / "one")

    other = SCORED.model_copy(update={"random_state": 7})
    with pytest.raises(StoreError, match="holds a run of another config or other articles"):
        pipeline.run(other, sample_corpus, out=tmp_path, name="one", encoder=BagOfWords(), on_stage=finish_another)
    assert contents(Run.load(tmp_path / "one")) == contents(run)


N_CORRUPTIONS = int(os.environ.get("TOPICS_CORRUPTIONS", "120"))


def test_no_corruption_of_a_run_or_of_the_store_is_silent(run, tmp_path):
    """A bit of one file is flipped, or the file cut short, at places spread over all files, small ones more densely."""
    shutil.copytree(run.path.parent, tmp_path / "runs")
    folder, store = tmp_path / "runs" / "one", tmp_path / "runs" / ".store"
    records = sorted(path.parent for path in store.rglob("manifest.json"))
    seen = set()
    records = [record for record in records if not (record.parent in seen or seen.add(record.parent))]  # one a stage
    checks = [(path, lambda: Run.load(folder)) for path in sorted(folder.iterdir()) if path.is_file()]
    for record in records:
        checks += [(path, partial(read_folder, record, "manifest.json")) for path in sorted(record.iterdir())]
    each = max(1, N_CORRUPTIONS // (2 * len(checks)))
    random = np.random.default_rng(0)
    silent, n_tried = [], 0
    for path, check in checks:
        whole = path.read_bytes()
        places = np.linspace(0, len(whole) - 1, min(each, len(whole))).astype(int) if each > 1 else [len(whole) // 2]
        for place in places:
            flipped = whole[:place] + bytes([whole[place] ^ (1 << int(random.integers(8)))]) + whole[place + 1 :]
            for kind, damaged in (("flipped", flipped), ("cut", whole[:place])):
                path.write_bytes(damaged)
                n_tried += 1
                try:
                    check()
                except StoreError as error:
                    assert str(path.parent) in str(error)
                else:
                    silent.append((path.name, kind, int(place)))
        path.write_bytes(whole)
        check()
    assert silent == []
    assert n_tried >= min(N_CORRUPTIONS, 2 * len(checks))


def test_corrupt_stored_records_are_set_aside_reported_and_computed_again(run, sample_corpus, tmp_path):
    shutil.copytree(run.path.parent, tmp_path / "runs")
    for path in sorted((tmp_path / "runs" / ".store").rglob("arrays.npz")):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(bytes(content))
    again = pipeline.run(SCORED, sample_corpus, out=tmp_path / "runs", name="two", encoder=BagOfWords())
    before, after = contents(run), contents(again)
    assert before == after
    assert sum("could not be trusted" in warning for warning in again.warnings) == 8 + 2 * 12  # twelve layouts


def test_a_folder_of_something_else_is_left_alone(sample_corpus, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("mine")
    with pytest.raises(StoreError, match="is no run's folder: it holds 'chapter.txt'"):
        pipeline.run(QUICK, sample_corpus, out=tmp_path, name="thesis", encoder=BagOfWords())


def test_the_stories_of_a_round_up_are_joined_back(run, sample):
    pages, documents = run.pages(), run.documents()
    assert pages["doc_id"].tolist() == sorted(sample["id"])
    several = pages[pages["n_documents"] > 1].set_index("doc_id")
    assert sorted(several.index) == sorted(sample.loc[sample["gold_segments"].notna(), "id"])
    for doc_id, page in several.iterrows():
        stories = documents[documents["parent_id"] == doc_id]
        assert page["topics"] == stories["topic"].tolist()
        assert page["topic"] in page["topics"]
        assert page["title"] == sample.set_index("id").loc[doc_id, "gold_title"]
        assert all(
            title in page["text"] and text in page["text"]
            for title, text in zip(stories["title"], stories["text"], strict=True)
        )
    one = pages[pages["n_documents"] == 1].merge(documents, on="doc_id", suffixes=("", "_of_document"))
    assert (one["topic"] == one["topic_of_document"]).all()
    assert (one["text"] == one["text_of_document"]).all()


def test_an_interrupted_or_damaged_run_folder_is_written_anew(run, sample_corpus, tmp_path):
    shutil.copytree(run.path, tmp_path / "one")
    (tmp_path / "one" / "run.json").write_text('{"key": "half')
    (tmp_path / "one" / ".999999999.topics.parquet.x").write_text("left by a killed writer")
    again = pipeline.run(SCORED, sample_corpus, out=tmp_path, name="one", encoder=BagOfWords())
    assert contents(again) == contents(run)
    assert sorted(p.name for p in again.path.iterdir()) == sorted([*FILES, "records", "run.json"])


def test_a_changed_result_file_is_found_on_load(run, tmp_path):
    shutil.copytree(run.path, tmp_path / "copy")
    assert Run.load(tmp_path / "copy").topics().equals(run.topics())
    with (tmp_path / "copy" / "topics.parquet").open("ab") as file:
        file.write(b" ")
    with pytest.raises(StoreError, match=r"topics\.parquet: expected SHA-256"):
        Run.load(tmp_path / "copy")
    (tmp_path / "copy" / "run.json").unlink()
    with pytest.raises(StoreError, match="holds no finished run: .*run.json is missing"):
        Run.load(tmp_path / "copy")


def test_bad_requests_are_refused_before_any_work(sample_corpus, tmp_path):
    class Unusable(BagOfWords):
        def encode(self, texts):
            raise AssertionError("work was done")

    config = RunConfig.from_dict({"evaluate": {"label_column": "gold"}})
    with pytest.raises(ValueError, match="evaluate.label_column is 'gold', but the articles' columns are 'doc_id'"):
        pipeline.run(config, sample_corpus, out=tmp_path, encoder=Unusable())
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot write into"):
        pipeline.run(QUICK, sample_corpus, out=tmp_path / "file", encoder=Unusable())


def test_the_order_of_articles_does_not_matter(run, sample, tmp_path):
    sample.sample(frac=1, random_state=3).to_parquet(tmp_path / "sample.parquet", index=False)
    corpus = read(tmp_path / "sample.parquet")
    again = pipeline.run(SCORED, corpus, out=tmp_path, name="one", encoder=BagOfWords())
    assert contents(again) == contents(run)


def test_copies_share_their_document_s_topic_and_change_nothing_else(run, sample, tmp_path):
    whole = sample[sample["gold_segments"].isna()].head(20)
    more = pd.concat([sample, whole.assign(id=[f"zz-{i}" for i in range(20)])])
    again = pipeline.run(QUICK, read(more), out=tmp_path, encoder=BagOfWords())
    documents = again.documents().set_index("doc_id")
    before = run.documents().set_index("doc_id")
    assert len(documents) == len(before) + 20
    assert documents.loc[before.index, "topic"].tolist() == before["topic"].tolist()
    twins = documents[documents["copy_of"].notna()]
    assert len(twins) == before["copy_of"].notna().sum() + 20
    assert (twins["topic"].to_numpy() == documents.loc[twins["copy_of"], "topic"].to_numpy()).all()
    assert again.topics()["n_copies"].sum() == (twins["topic"] != NOISE).sum()


def test_a_user_s_column_named_like_one_of_ours_is_kept(tmp_path):
    frame = pd.DataFrame({"text": [f"some words of article {i}" for i in range(16)], "topic": "theirs", "x": 1.5})
    config = QUICK.model_copy(update={"evaluate": QUICK.evaluate.model_copy(update={"label_column": "topic"})})
    documents = pipeline.run(config, read(frame), out=tmp_path, encoder=BagOfWords()).documents()
    assert set(documents["topic_given"]) == {"theirs"}
    assert set(documents["x_given"]) == {1.5}
    assert documents["topic"].dtype == np.int32


SMALL = [
    (["one text of several words"], "1 document: nothing to cluster", 0),
    (["one text of several words", "two texts"], "2 distinct documents: too few to cluster, at least 15", 0),
    (["the same text each time"] * 40, "all 40 articles have the same text: one group", 1),
    ([f"{w} words" for w in ["a", "bb", "ccc", "dddd"]], "4 distinct documents: too few to cluster", 0),
]


@pytest.mark.parametrize(("texts", "note", "n_topics"), SMALL)
def test_small_corpora_give_a_valid_run_that_says_what_it_is(tmp_path, texts, note, n_topics):
    corpus = read(pd.DataFrame({"text": texts}), ArticlesParams(clean="keep-all"))
    run = pipeline.run(QUICK, corpus, out=tmp_path, encoder=BagOfWords())
    assert any(warning.startswith(note) for warning in run.warnings)
    assert len(run.topics()) == n_topics
    assert len(run.documents()) == len(texts)
    assert Run.load(run.path).documents().equals(run.documents())


def test_sixteen_documents_are_clustered(tmp_path):
    corpus, _ = from_texts([f"text number {i}" for i in range(16)])
    run = pipeline.run(QUICK, corpus, out=tmp_path, embeddings=blobs(2, 8, spread=0.02))
    assert run.manifest["resolved"]["layout"] == "umap"
    assert len(run.documents()) == 16


def test_fit_without_a_store_keeps_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    corpus, _ = from_texts([f"text number {i}" for i in range(45)])
    fitted = pipeline.fit(QUICK, corpus, embeddings=blobs(3, 15))
    assert fitted.clusters.n_clusters == 3
    assert list(tmp_path.iterdir()) == []
    assert fitted.topics.n_topics == 3


def test_runs_share_one_store(run):
    assert {p.name for p in (run.path.parent / pipeline.STORE_FOLDER).iterdir()} == {
        "embed-shard", "neighbors", "reduce", "tree", "levels", "cut", "terms", "label", "map", "held-out", "scores",
        "assigner",
    }  # fmt: skip
    assert Store(run.path.parent / pipeline.STORE_FOLDER).reports == []


def test_embedding_goes_on_at_the_last_whole_shard(tmp_path):
    corpus, _ = from_texts([f"word{i} and more" for i in range(45)])

    class Counting(BagOfWords):
        shard_rows = 10
        encoded = 0

        def encode(self, texts):
            if Counting.encoded >= 30 and not Counting.resumed:
                raise KeyboardInterrupt
            Counting.encoded += len(texts)
            return super().encode(texts)

    Counting.resumed = False
    with pytest.raises(KeyboardInterrupt):
        pipeline.run(QUICK, corpus, out=tmp_path, name="one", encoder=Counting())
    Counting.resumed = True
    resumed = pipeline.run(QUICK, corpus, out=tmp_path, name="one", encoder=Counting())
    assert Counting.encoded == 45
    whole = pipeline.run(QUICK, corpus, out=tmp_path / "other", name="one", encoder=Counting())
    assert contents(resumed) == contents(whole)


def test_a_hybrid_run_shows_its_lexical_weight_and_finds_its_parts_again(sample_corpus, tmp_path):
    hybrid, stages = embed.Hybrid(BagOfWords(), embed.LsaEncoder(EmbedParams())), {}
    run = pipeline.run(QUICK, sample_corpus, out=tmp_path, name="one", encoder=hybrid)
    weight = run.manifest["resolved"]["lexical_weight"]
    assert 0 < weight < 1
    assert any(
        note.startswith(f"lexical weight {weight}, chosen by how well neighbors predict held-out words")
        for note in run.warnings
    )
    again = pipeline.run(QUICK, sample_corpus, out=tmp_path, name="two", encoder=hybrid, on_stage=stages.__setitem__)
    assert stages
    assert all(stage.stored for stage in stages.values())
    assert contents(again) == contents(run)
    by_hand = embed.Hybrid(BagOfWords(), embed.LsaEncoder(EmbedParams()), weight=weight)
    same = pipeline.run(QUICK, sample_corpus, out=tmp_path, name="set", encoder=by_hand)
    assert same.documents()["topic"].tolist() == run.documents()["topic"].tolist()
    assert f"lexical weight {weight}" in same.warnings


def test_a_disk_without_room_is_found_before_anything_is_embedded(sample_corpus, tmp_path, monkeypatch):
    class Unusable(BagOfWords):
        def encode(self, texts):
            raise AssertionError("embedded")

    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=1_000_000))
    with pytest.raises(StoreError, match=r"has 1\.0 MB of room and this run may need \d+\.\d MB: make room or choose"):
        pipeline.run(QUICK, sample_corpus, out=tmp_path, encoder=Unusable())


def test_a_changed_date_computes_nothing_again_but_is_another_run(run, sample, tmp_path):
    shutil.copytree(run.path.parent, tmp_path / "runs")
    dated, stages = read(sample.assign(date="2023-01-01")), {}
    with pytest.raises(StoreError, match="holds a run of another config or other articles"):
        pipeline.run(SCORED, dated, out=tmp_path / "runs", name="one", encoder=BagOfWords())
    again = pipeline.run(
        SCORED, dated, out=tmp_path / "runs", name="two", encoder=BagOfWords(), on_stage=stages.__setitem__
    )
    assert all(stage.stored for stage in stages.values())
    assert again.documents()["date"].notna().all()


def test_a_full_disk_leaves_the_replaced_run_whole(run, sample_corpus, tmp_path, monkeypatch):
    shutil.copytree(run.path.parent, tmp_path / "runs")
    other = SCORED.model_copy(update={"random_state": 7})
    pipeline.run(other, sample_corpus, out=tmp_path / "runs", name="seven", encoder=BagOfWords())
    written = _folders.write_aside

    def full(files):
        if any(path.name == "levels.parquet" for path in files):
            raise OSError(28, "No space left on device")
        return written(files)

    monkeypatch.setattr(_folders, "write_aside", full)
    with pytest.raises(StoreError, match="No space left on device; what was finished is kept"):
        pipeline.run(other, sample_corpus, out=tmp_path / "runs", name="one", encoder=BagOfWords(), replace=True)
    assert contents(Run.load(tmp_path / "runs" / "one")) == contents(run)
    assert not [p for p in (tmp_path / "runs" / "one").iterdir() if p.name.startswith(".")]
