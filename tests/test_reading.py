"""What was read and cleaned once is not read again, and nothing stale is taken for it."""

from __future__ import annotations

import gzip
import json
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from topics import pipeline
from topics.articles import _planning as planning
from topics.articles import read, read_files
from topics.config import ArticlesParams
from topics.store import Store

PAGE = "Home | News | Sport\n\n{0} ferries crossed the strait on Monday, the harbour master of {1} said.\n\nShare this"


def write(path, rows) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def pages(n: int) -> list[dict[str, object]]:
    return [
        {"id": f"p{i}", "title": f"Ferries {i}", "text": PAGE.format(i, "Rosk"), "date": "2024-03-01", "n": i}
        for i in range(n)
    ] + [{"id": "empty", "text": ""}]


def same(one, other) -> bool:
    tables = ("documents", "copies", "rejected_rows", "removed_lines")
    return (
        all(getattr(one, name).to_pylist() == getattr(other, name).to_pylist() for name in tables)
        and all(getattr(one, name).schema.names == getattr(other, name).schema.names for name in tables)
        and one.input_rows.to_pylist() == other.input_rows.to_pylist()
        and one.origin.key == other.origin.key
        and one.origin.notes == other.origin.notes
    )


def key_of(path, params=None, *, whole=False) -> str:
    return read_files.node(path, params=params or ArticlesParams(), whole=whole).origin.key


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "store")


def test_the_second_time_the_corpus_is_stored_and_the_same(tmp_path, store):
    write(tmp_path / "a.jsonl", pages(12))
    first, stored = pipeline.read(tmp_path / "a.jsonl", ArticlesParams(), store=store)
    assert not stored
    assert first.removed_lines.num_rows
    assert first.rejected_rows.num_rows == 1
    again, stored = pipeline.read(tmp_path / "a.jsonl", ArticlesParams(), store=store)
    assert stored
    assert same(first, again)
    assert same(first, read(tmp_path / "a.jsonl"))


@pytest.mark.parametrize("change", ["content", "name", "another file", "config", "whole", "day", "unread"])
def test_what_the_corpus_depends_on_makes_it_new(tmp_path, store, monkeypatch, change):
    folder = tmp_path / "articles"
    folder.mkdir()
    write(folder / "a.jsonl", pages(5))
    before = key_of(folder)
    params, whole = ArticlesParams(), False
    if change == "content":
        write(folder / "a.jsonl", [*pages(5)[:4], {**pages(5)[4], "date": "2024-03-02"}])
    elif change == "name":
        (folder / "a.jsonl").rename(folder / "b.jsonl")
    elif change == "another file":
        write(folder / "b.jsonl", [{"id": "q", "text": "A letter came."}])
    elif change == "config":
        params = ArticlesParams(clean="keep-all")
    elif change == "whole":
        whole = True
    elif change == "day":

        class Tomorrow(datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime(2031, 1, 1, tzinfo=tz)

        monkeypatch.setattr(planning, "datetime", Tomorrow)
    else:
        (folder / "c.docx").write_bytes(b"x")
    assert key_of(folder, params, whole=whole) != before


def test_a_gzipped_file_is_known_by_its_bytes_on_the_disk(tmp_path, store):
    content = "".join(json.dumps(row) + "\n" for row in pages(3)).encode()
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(content, mtime=1))
    one = key_of(tmp_path / "a.jsonl.gz")
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(content, mtime=2))
    assert key_of(tmp_path / "a.jsonl.gz") != one


def test_a_file_that_changes_while_it_is_read_is_not_stored(tmp_path, store, monkeypatch):
    path = tmp_path / "a.jsonl"
    write(path, pages(3))

    def slow(*args, **kwargs):
        found = read(*args, **kwargs)
        write(path, pages(9))
        return found

    monkeypatch.setattr(planning, "read", slow)
    first, _ = pipeline.read(path, ArticlesParams(), store=store)
    monkeypatch.undo()
    again, stored = pipeline.read(path, ArticlesParams(), store=store)
    assert (first.n_pages, again.n_pages, stored) == (9, 9, False)


def test_a_damaged_corpus_is_set_aside_and_read_anew(tmp_path, store):
    path = tmp_path / "a.jsonl"
    write(path, pages(4))
    first, _ = pipeline.read(path, ArticlesParams(), store=store)
    stored = next((tmp_path / "store" / "read").glob("*/documents.parquet"))
    stored.write_bytes(stored.read_bytes()[:-1] + b"x")
    again, was_stored = pipeline.read(path, ArticlesParams(), store=store)
    assert not was_stored
    assert same(first, again)
    assert "could not be trusted" in store.reports[0]


CELLS = st.one_of(
    st.none(),
    st.integers(-5, 5),
    st.booleans(),
    st.text(max_size=5),
    st.floats(allow_nan=False),
    st.lists(st.integers(), max_size=2),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cells=st.lists(CELLS, min_size=3, max_size=3))
def test_further_columns_of_any_kind_come_back_as_they_were(tmp_path_factory, cells):
    folder = tmp_path_factory.mktemp("kinds")
    write(folder / "a.jsonl", [{**row, "more": cell} for row, cell in zip(pages(3), cells, strict=False)])
    store = Store(folder / "store")
    first, _ = pipeline.read(folder / "a.jsonl", ArticlesParams(), store=store)
    again, stored = pipeline.read(folder / "a.jsonl", ArticlesParams(), store=store)
    assert stored
    assert same(first, again)
