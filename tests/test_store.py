from __future__ import annotations

import dataclasses
import io
import json
import os
import tempfile
import threading
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from topics.records import Embeddings, Layout, Origin, Topics, digest_of
from topics.store import (
    SEAL,
    CorruptError,
    Store,
    StoreError,
    check_writable,
    read_folder,
    read_manifest,
    sealed_bytes,
    table_bytes,
    unsealed,
    write_folder,
)
from topics.store._formats import json_bytes

ORIGIN = Origin("embed", 1, {"a": 1}, ("parent",), {"numpy": "2"}, ("a note",))


def embeddings(n: int = 4) -> Embeddings:
    vectors = np.random.default_rng(0).normal(size=(n, 3))
    return Embeddings("corpus", vectors, np.ones(n), ORIGIN)


def same(a: object, b: object) -> bool:
    for field in dataclasses.fields(a):
        x, y = getattr(a, field.name), getattr(b, field.name)
        if isinstance(x, np.ndarray):
            assert x.dtype == y.dtype
            assert x.tobytes() == y.tobytes()
        elif isinstance(x, csr_array):
            assert (x != y).nnz == 0
            assert x.shape == y.shape
        elif isinstance(x, pa.Table):
            assert x.equals(y)
        elif isinstance(x, Origin):
            assert (x.key, x.notes) == (y.key, y.notes)
        else:
            assert x == y
    return True


@given(st.integers(0, 30), st.integers(1, 5), st.sampled_from(["umap", "pca"]))
def test_what_is_put_is_got(tmp_path_factory, n, d, method):
    store = Store(tmp_path_factory.mktemp("store"))
    layout = Layout("c", np.random.default_rng(n).normal(size=(n, d)), method, 2 * n, np.arange(0, 2 * n, 2), ORIGIN)
    store.put(layout)
    assert same(store.get(Layout, ORIGIN), layout)
    assert store.reports == []


def test_tables_and_sparse_weights_survive(tmp_path):
    table = pa.table({"topic": [0, 1], "terms": [["a"], []]})
    topics = Topics("c", table, ("a", "b"), csr_array(np.array([[1.0, 0.0], [0.0, 2.0]])), ORIGIN)
    store = Store(tmp_path)
    store.put(topics)
    assert same(store.get(Topics, ORIGIN), topics)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "a": st.none() | st.text(),
                "b": st.lists(st.text(), max_size=3),
                "c": st.none() | st.floats(allow_nan=False),
                "d": st.none() | st.datetimes(),
                "e": st.lists(st.lists(st.integers(-9, 9), max_size=2), max_size=2),
            }
        ),
        min_size=1,
        max_size=8,
    )
)
def test_a_table_read_back_is_written_alike(rows):
    content = table_bytes(pa.Table.from_pylist(rows))
    assert table_bytes(pq.read_table(io.BytesIO(content))) == content


def test_nothing_is_found_under_another_key(tmp_path):
    store = Store(tmp_path)
    store.put(embeddings())
    assert store.get(Embeddings, dataclasses.replace(ORIGIN, version=2)) is None


def test_the_same_record_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        Store(tmp_path / name).put(embeddings())
    for path in sorted((tmp_path / "a").rglob("*.*")):
        assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes()


def test_every_flipped_bit_and_every_truncation_is_found(tmp_path):
    whole = embeddings()
    Store(tmp_path).put(whole)
    folder = tmp_path / "embed" / ORIGIN.key
    for path in sorted(folder.iterdir()):
        Store(tmp_path).put(whole)
        content = path.read_bytes()
        for position in range(0, len(content), max(1, len(content) // 40)):
            for broken in (
                content[:position] + bytes([content[position] ^ 0x10]) + content[position + 1 :],
                content[:position],
            ):
                Store(tmp_path).put(whole)
                path.write_bytes(broken)
                store = Store(tmp_path)
                found = store.get(Embeddings, ORIGIN)
                assert found is None
                assert not folder.exists()
                assert "could not be trusted" in store.reports[0]
                assert (tmp_path / "quarantine").is_dir()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), JSON, max_size=4), st.data())
def test_a_seal_holds_whatever_is_sealed_and_no_byte_can_change(value, data):
    value.pop(SEAL, None)
    content = sealed_bytes(value)
    assert unsealed(content) == value
    assert sealed_bytes(unsealed(content)) == content
    at = data.draw(st.integers(0, len(content) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[at]))
    with pytest.raises(ValueError):
        unsealed(content[:at] + bytes([other]) + content[at + 1 :])


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"files": {}}', b"[" * 100_000, b"\xff\xfe", b'{"files": {}, "sealed_sha256": 3}', b"NaN"],
)
def test_what_is_no_manifest_is_said_to_be_none(tmp_path, content):
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(CorruptError, match="is not a manifest"):
        read_manifest(tmp_path / "manifest.json")


def test_numbers_as_keys_are_sealed_as_they_are_read():
    assert unsealed(sealed_bytes({"sizes": {10: "a", 2: "b"}})) == {"sizes": {"10": "a", "2": "b"}}


def test_a_record_that_another_process_has_set_aside_is_computed_again(tmp_path, monkeypatch):
    Store(tmp_path).put(embeddings())
    folder = tmp_path / "embed" / ORIGIN.key
    (folder / "arrays.npz").write_bytes(b"")
    replace = Path.replace

    def sooner(path, target):
        replace(path, tmp_path / "taken")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", sooner)
    store = Store(tmp_path)
    assert store.get(Embeddings, ORIGIN) is None
    assert store.reports == []


def test_a_folder_without_a_manifest_counts_as_absent(tmp_path):
    store = Store(tmp_path)
    store.put(embeddings())
    (tmp_path / "embed" / ORIGIN.key / "manifest.json").unlink()
    assert store.get(Embeddings, ORIGIN) is None
    assert store.reports == []
    store.put(embeddings())
    assert store.get(Embeddings, ORIGIN) is not None


def test_an_object_array_is_never_unpickled(tmp_path):
    store = Store(tmp_path)
    store.put(embeddings())
    folder = tmp_path / "embed" / ORIGIN.key
    np.savez(folder / "arrays.npz", vectors=np.array([{}], dtype=object), seen=np.ones(1))
    manifest = json.loads((folder / "manifest.json").read_text())
    content = {name: (folder / name).read_bytes() for name in manifest["files"]}
    write_folder(folder, content, manifest_name="manifest.json", manifest=manifest)
    assert store.get(Embeddings, ORIGIN) is None
    assert "allow_pickle=False" in store.reports[0]


@pytest.mark.parametrize("when", ["write", "fsync", "replace"])
def test_a_failing_disk_leaves_the_old_files_whole(tmp_path, monkeypatch, when):
    folder = tmp_path / "run"
    write_folder(folder, {"a.json": b"old"}, manifest_name="run.json", manifest={"n": 1})
    calls = {"n": 0}

    def fail(*args, **kwargs):
        calls["n"] += 1
        raise OSError(28, "No space left on device")

    if when == "replace":
        monkeypatch.setattr(Path, "replace", fail)
    elif when == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(tempfile, "mkstemp", fail)
    with pytest.raises(StoreError, match="cannot write .*No space left on device; what was finished is kept"):
        write_folder(folder, {"a.json": b"new"}, manifest_name="run.json", manifest={"n": 2})
    monkeypatch.undo()
    assert 1 <= calls["n"] <= 2  # the files are waited for side by side
    manifest, files = read_folder(folder, "run.json")
    assert (manifest["n"], files) == (1, {"a.json": b"old"})
    assert sorted(p.name for p in folder.iterdir()) == ["a.json", "run.json"]


def test_links_and_paths_out_of_the_folder_are_not_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"s")
    folder = tmp_path / "run"
    write_folder(folder, {"a.json": b"s"}, manifest_name="run.json", manifest={})
    (folder / "a.json").unlink()
    (folder / "a.json").symlink_to(secret)
    with pytest.raises(CorruptError, match=r"a\.json is a link"):
        read_folder(folder, "run.json")
    manifest = {"files": {"../secret": {"sha256": "x", "bytes": 1}}}
    (folder / "run.json").write_bytes(sealed_bytes(manifest))
    with pytest.raises(CorruptError, match="names a file outside its folder: '../secret'"):
        read_folder(folder, "run.json")


@pytest.mark.parametrize("name", ["a.json", "run.json"])
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path, name, make):
    write_folder(tmp_path, {"a.json": b"s"}, manifest_name="run.json", manifest={})
    (tmp_path / name).unlink()
    make(tmp_path / name)
    with pytest.raises(CorruptError, match=rf"{name} is a folder, pipe or device, not a file: set it aside"):
        read_folder(tmp_path, "run.json")


def test_a_folder_that_cannot_be_written_is_found_out_first(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot write into .*; choose another folder"):
        check_writable(tmp_path / "file" / "runs")


def test_what_is_kept_by_its_content_comes_back_or_is_said_to_be_damaged(tmp_path):
    store, whole = Store(tmp_path), embeddings()
    entry = store.keep(whole)
    folder = tmp_path / entry["stage"] / entry["sha256"]
    assert entry["bytes"] == sum(path.stat().st_size for path in folder.iterdir())
    assert same(store.kept(Embeddings, entry["stage"], sha256=entry["sha256"]), whole)
    times = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert store.keep(whole) == entry
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == times  # not written again
    noted = dataclasses.replace(whole, origin=dataclasses.replace(ORIGIN, notes=("another",)))
    other = store.keep(noted)  # the same key
    assert store.kept(Embeddings, "embed", sha256=other["sha256"]).origin.notes == ("another",)
    assert store.kept(Embeddings, "embed", sha256=entry["sha256"]).origin.notes == ORIGIN.notes
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        for damaged in (content[:-1] + bytes([content[-1] ^ 1]), content[: len(content) // 2], b""):
            path.write_bytes(damaged)
            with pytest.raises(CorruptError, match=path.name.replace(".", r"\.")):
                store.kept(Embeddings, "embed", sha256=entry["sha256"])
        assert store.keep(whole) == entry  # mended
        assert path.read_bytes() == content
    with pytest.raises(CorruptError, match="holds no Layout as it was written"):
        store.kept(Layout, "embed", sha256=entry["sha256"])
    store.keep_only({("embed", other["sha256"])})
    assert store.kept(Embeddings, "embed", sha256=other["sha256"]).origin.notes == ("another",)
    with pytest.raises(StoreError, match=r"manifest\.json' is missing: load the run again"):
        store.kept(Embeddings, "embed", sha256=entry["sha256"])


def old_and_new(folder):
    """A folder that was written twice."""
    write_folder(folder, {"a.json": b"old", "gone.json": b"old"}, manifest_name="run.json", manifest={"n": 1})
    write_folder(folder, {"a.json": b"new", "b.json": b"new"}, manifest_name="run.json", manifest={"n": 2})


def test_a_folder_written_over_holds_the_new_files_alone(tmp_path):
    old_and_new(tmp_path / "run")
    manifest, files = read_folder(tmp_path / "run", "run.json")
    assert (manifest["n"], files) == (2, {"a.json": b"new", "b.json": b"new"})
    assert sorted(p.name for p in (tmp_path / "run").iterdir()) == ["a.json", "b.json", "run.json"]


@pytest.mark.parametrize("n_moved", range(4))
def test_what_was_committed_is_read_and_moved_by_the_next_write(tmp_path, monkeypatch, n_moved):
    """The disk refuses when so many files are in their places."""
    folder, replace, left = tmp_path / "run", Path.replace, n_moved

    def refuse(path, target):
        nonlocal left
        if path.parent.name == ".committed":
            left -= 1
            if left < 0:
                raise OSError(5, "Input/output error", str(path))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    if n_moved < 3:
        with pytest.raises(StoreError, match="what was written is kept there, and the next write moves it"):
            old_and_new(folder)
    else:
        old_and_new(folder)
    manifest, files = read_folder(folder, "run.json")
    assert (manifest["n"], files) == (2, {"a.json": b"new", "b.json": b"new"})
    assert read_manifest(folder / "run.json")["n"] == 2
    monkeypatch.undo()
    write_folder(folder, {"a.json": b"newer"}, manifest_name="run.json", manifest={"n": 3})
    assert read_folder(folder, "run.json")[1] == {"a.json": b"newer"}
    assert sorted(p.name for p in folder.iterdir() if p.name != "gone.json") == ["a.json", "run.json"]


def test_a_reader_meets_the_old_folder_or_the_new_one(tmp_path):
    """One thread writes the folder over and over, another reads it."""
    contents = [{name: bytes([65 + i]) * 9 for name in ("a", "b", "c", "d")} for i in range(2)]
    write_folder(tmp_path, contents[0], manifest_name="run.json", manifest={})
    ended = threading.Event()

    def write() -> None:
        for i in range(60):
            write_folder(tmp_path, contents[i % 2], manifest_name="run.json", manifest={"n": i})
        ended.set()

    writer = threading.Thread(target=write)
    writer.start()
    n_read = 0
    while not ended.is_set():
        assert read_folder(tmp_path, "run.json")[1] in contents
        n_read += 1
    writer.join()
    assert n_read > 10


def test_a_link_is_not_taken_for_committed_files(tmp_path):
    old_and_new(tmp_path / "run")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "run.json").write_bytes(sealed_bytes({"n": 9, "files": {}}))
    (tmp_path / "run" / ".committed").symlink_to(tmp_path / "elsewhere")
    assert read_folder(tmp_path / "run", "run.json")[0]["n"] == 2


def test_nothing_outside_is_removed_or_read_by_what_a_folder_says(tmp_path):
    mine = tmp_path / "mine" / "thesis"
    mine.mkdir(parents=True)
    (mine / "chapter.txt").write_text("mine")
    entry = Store(tmp_path / "mine").keep(embeddings())
    run = tmp_path / "run"
    write_folder(run, {"a.json": b"a"}, manifest_name="run.json", manifest={})
    names = {"../mine/thesis/chapter.txt": {"sha256": "x"}, "a.json": {"sha256": "x"}}
    (run / "run.json").write_bytes(sealed_bytes({"files": names}))
    write_folder(run, {"b.json": b"b"}, manifest_name="run.json", manifest={})
    assert sorted(path.name for path in run.iterdir()) == ["b.json", "run.json"]
    (run / "records").symlink_to(tmp_path / "mine")
    (run / "more").mkdir()
    (run / "more" / "embed").symlink_to(tmp_path / "mine")
    for store in (Store(run / "records"), Store(run / "more")):
        store.keep_only(set())
        with pytest.raises(CorruptError, match="is a link; links are not followed"):
            store.kept(Embeddings, "embed", sha256=entry["sha256"])
        with pytest.raises(CorruptError, match="is a link; links are not followed"):
            store.keep(embeddings())
    for stage, name in (("..", "embed"), ("embed", "../embed"), ("embed", "..")):
        with pytest.raises(CorruptError, match="is not in"):
            Store(tmp_path / "mine").kept(Embeddings, stage, sha256=name)
    assert (mine / "chapter.txt").read_text() == "mine"


def test_a_record_is_looked_at_where_it_lies(tmp_path):
    store, record = Store(tmp_path), embeddings()
    assert store.look(Embeddings, "embed", key=ORIGIN.key) is None
    assert store.digest(ORIGIN) is None
    store.put(record)
    assert same(store.look(Embeddings, "embed", key=ORIGIN.key), record)
    assert store.digest(ORIGIN) == digest_of(record)
    path = tmp_path / "embed" / ORIGIN.key / "arrays.npz"
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(CorruptError, match="arrays.npz: expected SHA-256"):
        store.look(Embeddings, "embed", key=ORIGIN.key)
    assert path.exists()


def test_a_long_vocabulary_is_written_and_told_apart_as_a_short_one_is():
    words = tuple(f"wört {i}" for i in range(1500))
    for value in ({"words": words, "rest": {"words": words}}, words, {"words": list(words)}, words[:3], (*words, 1)):
        for _ in range(2):
            expected = json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
            assert json_bytes(value) == expected.encode()
    one, other = (Vocabulary(some) for some in (words, (*words[:-1], "another")))
    assert digest_of(one) == digest_of(Vocabulary(tuple(word for word in words))) != digest_of(other)


@dataclasses.dataclass(frozen=True)
class Vocabulary:
    vocabulary: tuple[str, ...]
