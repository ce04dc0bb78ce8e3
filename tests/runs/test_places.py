"""Where articles lie, said without anyone's home folder."""

from __future__ import annotations

import pytest

from topics.runs._folder import find_place, is_there, place_of


@pytest.mark.parametrize(
    ("path", "folder", "said"),
    [
        ("/proj/a.jsonl", "/proj/runs/x", ("../../a.jsonl", "/proj/a.jsonl")),
        ("/home/ann/proj/a.jsonl", "/home/ann/proj/runs/x", ("../../a.jsonl", "~/proj/a.jsonl")),
        ("/home/ann/a.jsonl", "/srv/runs/x", (None, "~/a.jsonl")),
        ("/home/bob/data/*.jsonl", "/srv/runs/x", (None, None)),
        ("/Users/bob/data", "/Users/ann/runs/x", (None, None)),
        ("/home/bob/data", "/home/bob/runs/x", ("../../data", None)),
    ],
)
def test_no_home_folder_is_named(path, folder, said, monkeypatch):
    monkeypatch.setenv("HOME", "/home/ann")
    found = place_of(path, folder)
    assert (found["path"], found["place"]) == said
    assert found["name"] == path.rpartition("/")[2]
    assert not any(name in str(found["path"]) for name in ("ann", "bob"))


def test_a_place_is_found_from_the_folder_first_and_by_pattern(tmp_path, monkeypatch):
    for name in ("one", "two"):
        (tmp_path / name / "runs" / "x").mkdir(parents=True)
        (tmp_path / name / "a.jsonl").touch()
    said = place_of(tmp_path / "one" / "a.jsonl", tmp_path / "one" / "runs" / "x")
    assert find_place(said, tmp_path / "two" / "runs" / "x") == str(tmp_path / "two" / "a.jsonl")
    (tmp_path / "two" / "a.jsonl").unlink()
    assert find_place(said, tmp_path / "two" / "runs" / "x") == str(tmp_path / "one" / "a.jsonl")
    assert find_place(str(tmp_path / "one" / "*.jsonl"), tmp_path) == str(tmp_path / "one" / "*.jsonl")
    assert not is_there(tmp_path / "two" / "*.jsonl")
    assert find_place(str(tmp_path / "gone"), tmp_path) is None
