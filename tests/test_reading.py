"""What was read and cleaned once is not read again, and nothing stale is taken for it."""

from __future__ import annotations

import datetime as dt
import gzip
import json

import pytest
from helpers import BagOfWords
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from topics import _front, pipeline
from topics.articles import _planning as planning
from topics.articles import read, read_files
from topics.articles._read import read_dated
from topics.articles.metadata import _horizon
from topics.config import ArticlesParams
from topics.graph import Runner
from topics.store import Store

PAGE = "Home | News | Sport\n\n{0} ferries crossed the strait on Monday, the harbour master of {1} said.\n\nShare this"
HEAD = """Harbour council closes the old pool

By Ann Reed
16 March 2024, 10:15

The harbour council voted on Tuesday to close the old swimming pool, which leaks, and to build another by the station.
"""


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
    assert stored.why == "never made here"
    assert first.removed_lines.num_rows
    assert first.rejected_rows.num_rows == 1
    again, stored = pipeline.read(tmp_path / "a.jsonl", ArticlesParams(), store=store)
    assert stored.all_stored
    assert same(first, again)
    assert same(first, read(tmp_path / "a.jsonl"))


@pytest.mark.parametrize("change", ["content", "name", "another file", "config", "whole", "unread"])
def test_what_the_corpus_depends_on_makes_it_new(tmp_path, change):
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
        found = read_dated(*args, **kwargs)
        write(path, pages(9))
        return found

    monkeypatch.setattr(planning, "read_dated", slow)
    first, _ = pipeline.read(path, ArticlesParams(), store=store)
    monkeypatch.undo()
    again, stored = pipeline.read(path, ArticlesParams(), store=store)
    assert (first.n_pages, again.n_pages, stored.all_stored) == (9, 9, False)


def read_on(day: str, path, store, monkeypatch, params=None):
    """What a day's reading gives: the corpus, and why it was not stored, which is what explaining said before."""
    monkeypatch.setattr(_horizon, "today", lambda: dt.datetime.fromisoformat(f"{day}T00:00+00:00"))
    said = explained(path, store, params)
    corpus, stored = pipeline.read(path, params or ArticlesParams(), store=store)
    assert stored == said
    assert same(corpus, read(path, params))
    return corpus, said.why


def explained(path, store, params=None):
    planned = read_files.node(path, params=params or ArticlesParams())
    return Runner(store).explain(planned)[0]


def dated(*dates: str) -> list[dict[str, object]]:
    return [{**page, "date": date} for page, date in zip(pages(len(dates)), dates, strict=False)]


def test_the_next_day_nothing_is_read_again(tmp_path, store, monkeypatch):
    path = tmp_path / "a.jsonl"
    write(path, dated("2024-03-01", "2024-02-28"))
    assert read_on("2024-03-01", path, store, monkeypatch)[1] == "never made here"
    for day in ("2024-03-02", "2025-01-01", "2024-02-28"):
        assert read_on(day, path, store, monkeypatch)[1] == ""
    assert len(list((store.root / "read").iterdir())) == 1


def test_a_date_in_the_future_is_read_again_on_the_day_on_which_it_comes(tmp_path, store, monkeypatch):
    path = tmp_path / "a.jsonl"
    write(path, [*dated("2024-03-01", "2024-03-20", "2024-03-25T10:30:00Z"), {"id": "h", "text": HEAD}])
    first, _ = read_on("2024-03-01", path, store, monkeypatch)
    assert [date and date.day for date in first.documents["date"].to_pylist()] == [None, 1, None, None]
    assert "2 dates lie in the future and were left empty" in first.origin.notes
    assert read_on("2024-03-14", path, store, monkeypatch)[1] == ""
    head, why = read_on("2024-03-15", path, store, monkeypatch)  # a line of the page; somewhere it is the 16th then
    assert why == "2024-03-16, refused as a date in the future, has come"
    assert [date and date.day for date in head.documents["date"].to_pylist()] == [16, 1, None, None]
    assert read_on("2024-03-17", path, store, monkeypatch)[1] == ""
    assert "2024-03-20, refused" in read_on("2024-03-18", path, store, monkeypatch)[1]
    assert read_on("2024-03-23", path, store, monkeypatch)[1] == ""
    last, why = read_on("2024-03-24", path, store, monkeypatch)
    assert "2024-03-25, refused" in why
    assert [date and date.day for date in last.documents["date"].to_pylist()] == [16, 1, 20, 25]
    assert read_on("2031-01-01", path, store, monkeypatch)[1] == ""
    assert len(list((store.root / "read").iterdir())) == 1
    assert not store.reports


def test_a_clock_that_is_set_back_takes_no_date_of_the_future(tmp_path, store, monkeypatch):
    path = tmp_path / "a.jsonl"
    write(path, dated("2024-03-01", "2024-03-20"))
    read_on("2024-03-21", path, store, monkeypatch)
    assert read_on("2024-03-18", path, store, monkeypatch)[1] == ""
    corpus, why = read_on("2024-03-17", path, store, monkeypatch)
    assert why == "2024-03-20, taken for a date, lies in the future: the clock was set back"
    assert corpus.documents["date"].to_pylist()[1] is None


def test_a_run_says_whether_its_articles_are_read_again(tmp_path, monkeypatch):
    path = tmp_path / "a.jsonl"
    write(path, [{**page, "text": f"{page['text']} {i}"} for i, page in enumerate(dated("2024-03-01", "2024-03-20"))])
    told = []
    for day in ("2024-03-01", "2024-03-02", "2024-03-19"):
        monkeypatch.setattr(_horizon, "today", lambda day=day: dt.datetime.fromisoformat(f"{day}T00:00+00:00"))
        told.append(_front.explain(path, None, out=tmp_path / "runs", encoder=BagOfWords())[0])
    assert [one.stage for one in told] == ["read"] * 3
    assert [one.why for one in told] == ["never made here", "", "2024-03-20, refused as a date in the future, has come"]
    write(path, dated("2024-03-01"))
    assert _front.explain(path, None, out=tmp_path / "runs", encoder=BagOfWords())[0].why == "other files"


def test_a_damaged_corpus_is_set_aside_and_read_anew(tmp_path, store):
    path = tmp_path / "a.jsonl"
    write(path, pages(4))
    first, _ = pipeline.read(path, ArticlesParams(), store=store)
    stored = next((tmp_path / "store" / "read").glob("*/documents.parquet"))
    stored.write_bytes(stored.read_bytes()[:-1] + b"x")
    again, was_stored = pipeline.read(path, ArticlesParams(), store=store)
    assert was_stored.why == "what was stored could not be trusted"
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
    assert stored.all_stored
    assert same(first, again)
