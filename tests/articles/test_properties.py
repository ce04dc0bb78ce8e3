"""What must hold for any articles: nothing is lost, nothing depends on order, and no bytes break a reader."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import time
from collections import Counter

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from topics.articles import ArticlesError, inspect, read
from topics.articles._read import READERS
from topics.config import ArticlesParams

FUZZ_SECONDS = float(os.environ.get("TOPICS_FUZZ_SECONDS", "6"))
COLUMNS = ["doc_id", "title", "text", "source"]

LINES = [
    "Subscribe", "Home | News | Sport", "20:23 31.05.2024", "by Ann Reed May 16, 2023 5:17 PM 2 min read", "AD", "",
    "Harbour council closes the old swimming pool", "Read more: Ferry timetable changes again …", "• Rust in a jar",
    "The harbour council voted on Tuesday to close the old swimming pool, which leaks forty tonnes of water a day.",
    "The engineer told members that it had been patched for eleven years, and put a jar of rust on the table.",
    "A petition with four thousand names asks for a second opinion before the pump is switched off for good.",
    "“We have waited for this,” said the mayor.", "Рада ухвалила рішення закрити старий басейн, який щодня втрачає сорок тонн води.",
    "市议会星期二投票决定关闭旧游泳池，居民对此非常不满，并要求再次投票。", "© 2024 Harbour Post", "1. What happened?",
]  # fmt: skip
pages = st.lists(st.sampled_from(LINES) | st.text(max_size=40), min_size=1, max_size=14).map("\n".join)
anything = st.none() | st.text(max_size=30) | st.integers() | st.booleans() | st.lists(st.integers(), max_size=2)
rows = st.lists(
    st.fixed_dictionaries(
        {"text": pages | anything, "title": anything, "date": anything, "source": st.sampled_from("ab")}
    ),
    min_size=1,
    max_size=10,
)
relaxed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def texts_of(corpus) -> Counter:
    return Counter(corpus.documents["text"].to_pylist() + corpus.copies["text"].to_pylist())


@relaxed
@given(rows, st.sampled_from(["keep-all", "light", "standard", "strict"]))
def test_rows_in_are_pages_and_rejected(given_rows, clean):
    try:
        corpus = read(given_rows, ArticlesParams(clean=clean))
    except ArticlesError as error:
        assert re.search(rf"(all {len(given_rows)} rows were|its one row was) rejected", str(error))
    else:
        assert corpus.n_rows == len(given_rows)
        assert sum(map(len, corpus.frame()["copies"])) == corpus.copies.num_rows


@relaxed
@given(st.lists(pages, min_size=1, max_size=8, unique=True), st.sampled_from(["light", "standard", "strict"]))
def test_every_line_is_kept_or_listed_with_its_reason(given_pages, clean):
    given_rows = [{"id": f"p{i}", "text": page} for i, page in enumerate(given_pages)]
    params = ArticlesParams(clean=clean, split_round_ups=False)
    try:
        corpus = read(given_rows, params)
    except ArticlesError:
        return
    kept = (
        corpus.documents.select(["doc_id", "text"]).to_pylist() + corpus.copies.select(["doc_id", "text"]).to_pylist()
    )
    plain = read(given_rows, ArticlesParams(clean="keep-all", split_round_ups=False, duplicates="exact"))
    whole = plain.documents.select(["doc_id", "text"]).to_pylist() + plain.copies.select(["doc_id", "text"]).to_pylist()
    letters = {row["doc_id"]: Counter("".join(row["text"].split())) for row in whole}
    for row in [*kept, *({"doc_id": r["doc_id"], "text": r["line"]} for r in corpus.removed_lines.to_pylist())]:
        letters[row["doc_id"]].subtract(Counter("".join(row["text"].split())))
    assert all(not +left and not -left for left in letters.values())
    assert all(corpus.removed["reason"].str.len() > 0)


@relaxed
@given(st.lists(pages, min_size=1, max_size=8, unique=True))
def test_cleaning_twice_is_cleaning_once(given_pages):
    try:
        once = read([{"id": f"p{i}", "text": page, "source": "a"} for i, page in enumerate(given_pages)])
    except ArticlesError:
        return
    twice = read(once.frame()[COLUMNS])
    assert twice.removed_lines.num_rows == 0
    assert twice.frame()[COLUMNS].equals(once.frame()[COLUMNS])


def test_cleaning_the_sample_twice_is_cleaning_it_once(sample):
    once = read(sample)
    twice = read(once.frame()[COLUMNS])
    assert twice.frame()["text"].tolist() == once.frame()["text"].tolist()
    assert twice.removed_lines.num_rows == 0


def test_neither_order_nor_sharding_matters(sample, tmp_path):
    rows_given = json.loads(sample.sample(80, random_state=3)[["id", "source", "text"]].to_json(orient="records"))
    whole = read(rows_given)
    random.Random(1).shuffle(rows_given)
    for i in range(4):
        lines = "\n".join(json.dumps(row) for row in rows_given[i::4])
        (tmp_path / f"{'cadb'[i]}.jsonl").write_text(lines)
    shards = read(tmp_path)
    assert shards.documents.equals(whole.documents)
    assert shards.copies.equals(whole.copies)
    assert shards.removed_lines.equals(whole.removed_lines)
    assert (shards.origin.key, shards.origin.notes) == (whole.origin.key, whole.origin.notes)


def seeds_of(suffix: str, folder) -> list[bytes]:
    """Files that the reader of a suffix takes, to be damaged."""
    table = [{"id": str(i), "text": "\n".join(LINES[i:]), "date": "2023-05-16", "n": [i]} for i in range(5)]
    if suffix in (".jsonl", ".ndjson"):
        return ["\n".join(json.dumps(row, ensure_ascii=False) for row in table).encode()]
    if suffix == ".json":
        return [json.dumps(table).encode(), json.dumps({"data": table}).encode()]
    if suffix in (".csv", ".tsv"):
        return [pd.DataFrame(table).to_csv(index=False, sep="\t" if suffix == ".tsv" else ",").encode()]
    if suffix == ".parquet":
        made = []
        for compression in ("none", "zstd"):
            pq.write_table(pa.Table.from_pylist(table), folder / "seed", compression=compression)
            made.append((folder / "seed").read_bytes())
        return made
    if suffix in (".html", ".htm"):
        body = "".join(f"<p>{line}</p>" for line in LINES)
        return [
            f"<!doctype html><html><head><title>T</title></head><body><article>{body}</article></body></html>".encode()
        ]
    return [f"---\ntitle: T\ndate: 2023-05-16\n---\n# {chr(10).join(LINES)}".encode(), "\n".join(LINES).encode()]


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The content with bytes changed, cut, doubled or put in; or bytes of chance altogether."""
    if chance.random() < 0.1:
        return chance.randbytes(chance.randrange(400))
    changed = bytearray(content)
    for _ in range(chance.randrange(1, 8)):
        at = chance.randrange(len(changed) + 1)
        kind = chance.randrange(5)
        if kind == 0 and changed:
            changed[at % len(changed)] = chance.randrange(256)
        elif kind == 1:
            del changed[at : at + chance.randrange(1, 50)]
        elif kind == 2:
            changed[at:at] = changed[at : at + chance.randrange(1, 200)]
        elif kind == 3:
            changed[at:at] = chance.choice(
                [b"\x00", b'"', b"\xff", b"<", b"{", b"[", b"\n", b",", b"---\n", b"\\ud800", b"\xe2\x80"]
            )
        else:
            del changed[at:]
    return bytes(changed)


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_no_bytes_break_a_reader(tmp_path, suffix):
    """For ten minutes over all readers: ``TOPICS_FUZZ_SECONDS=600``."""
    chance = random.Random(suffix)
    seeds = seeds_of(suffix, tmp_path)
    stop = time.monotonic() + FUZZ_SECONDS / len(READERS)
    n_read = n_refused = 0
    while time.monotonic() < stop or not n_read + n_refused:
        content = damaged(chance.choice(seeds), chance)
        packed = chance.random() < 0.2
        path = tmp_path / f"fuzz{suffix}{'.gz' if packed else ''}"
        path.write_bytes(damaged(gzip.compress(content), chance) if packed and chance.random() < 0.5 else
                         gzip.compress(content) if packed else content)  # fmt: skip
        try:
            corpus = read(path)
        except ArticlesError as error:
            assert str(error)
            n_refused += 1
        else:
            assert corpus.n_docs > 0
            n_read += 1
        path.unlink()


def test_a_page_can_be_looked_at(sample, tmp_path):
    path = tmp_path / "a.parquet"
    sample.head(40).to_parquet(path)
    corpus = read(path)
    by_place, by_id = inspect(path, 3), inspect(path, corpus.doc_ids[2])
    assert by_place == by_id
    removed = corpus.removed[corpus.removed["doc_id"] == by_id.doc_id]
    assert [(line.number, line.text, line.reason) for line in by_id.lines if line.reason] == list(
        removed[["number", "line", "reason"]].itertuples(index=False, name=None)
    )
    with pytest.raises(ArticlesError, match="expected a page from 1 to 40, or an id, got 41"):
        inspect(path, 41)
