"""Every bad input that is known to come, and what must be said of it: one table."""

from __future__ import annotations

import gzip
import json

import pandas as pd
import pytest

from topics import RunConfig, pipeline
from topics.articles import ArticlesError, read
from topics.config import ArticlesParams

TEXT = "The harbour council voted on Tuesday to close the old swimming pool, and the town was not pleased"
TEXTS = [f"{TEXT}: that was meeting number {i}." for i in ("one", "two", "three")]
PARAMS = ArticlesParams(duplicates="exact")


def jsonl(*lines: bytes | dict) -> bytes:
    return b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)


def good(n: int = 3) -> list[dict]:
    return [{"id": f"g{i}", "text": text} for i, text in enumerate(TEXTS[:n])]


# number, file name, content, message
ERRORS = [
    (1, "empty.jsonl", b"", r"empty\.jsonl holds no article"),
    (1, "empty.csv", b"id,text\n", r"empty\.csv holds no article"),
    (
        6,
        "blank.jsonl",
        jsonl({"text": " "}, {"text": "\u200b\n"}, {"text": ""}),
        r"blank\.jsonl holds no article: all 3 rows were rejected \(3 × empty text\)",
    ),
    (13, "cp1251.csv", "id,text\n1,Рада ухвалила закон\n".encode("cp1251"), r"name it in articles\.encodings"),
    (19, "bad.jsonl", jsonl(b"no", b"no", *good(1)), r"bad\.jsonl: 2 of 3 rows cannot be read.*the first is row 1"),
    (
        23,
        "ids.jsonl",
        jsonl(*({"id": i % 12, "text": f"{TEXT} {i}"} for i in range(24))),
        r"got 12 ids more than once: '0' \(ids\.jsonl:1, ids\.jsonl:13\).* and 2 more",
    ),
    (40, "bomb.jsonl.gz", gzip.compress(b'{"text": "' + b"a" * (64 << 20)), "unpacks to more than 200 times its size"),
    (40, "not.csv.gz", b"PK\x03\x04nothing", "is not a gzip file that can be read"),
]


@pytest.mark.parametrize(
    ("name", "content", "message"), [row[1:] for row in ERRORS], ids=[f"{r[0]}-{r[1]}" for r in ERRORS]
)
def test_what_cannot_be_read_at_all_is_an_error(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ArticlesError, match=message):
        read(tmp_path / name, PARAMS)


# number, what is wrong, the row as a line of JSONL, reason
REJECTED = [
    (7, "None", {"text": None}, "no text"),
    (7, "no key", {"title": "only a title"}, "no text"),
    (8, "int", {"text": 8}, "text is not a string: int 8"),
    (8, "list", {"text": ["a"]}, "text is not a string: list ['a']"),
    (8, "object", {"text": {"a": 1}}, "text is not a string: dict {'a': 1}"),
    (6, "white space", {"text": " \u00a0\u200b\u2028"}, "empty text"),
    (10, "control characters alone", {"text": "\x00\x01"}, "empty text"),
    (11, "invalid UTF-8", b'{"text": "caf\xe9"}', "not UTF-8: byte 13 of the line is 0xe9"),
    (18, "HTML without an article", {"text": "<html><body></body></html>"}, "no article in the HTML"),
    (19, "not JSON", b'{"text": "a"', "not JSON: Expecting ',' delimiter: line 1 column 13 (char 12)"),
    (20, "NaN", b'{"text": NaN}', "no text"),
    (20, "1e999", b'{"text": "a", "n": 1e999}', "not JSON: 1e999 is too large a number"),
    (20, "key twice", b'{"text": "a", "text": "b"}', "not JSON: a key stands twice in one object"),
    (21, "nested too deeply", b'{"text": ' + b"[" * 100_000, "not JSON: nested too deeply"),
]


@pytest.mark.parametrize(("line", "reason"), [row[2:] for row in REJECTED], ids=[f"{r[0]}-{r[1]}" for r in REJECTED])
def test_a_bad_row_is_rejected_by_number_and_the_rest_read(tmp_path, line, reason):
    (tmp_path / "a.jsonl").write_bytes(jsonl(good()[0], line, *good()[1:]))
    corpus = read(tmp_path / "a.jsonl", PARAMS)
    assert corpus.doc_ids == ["g0", "g1", "g2"]
    assert corpus.n_rows == 4
    assert corpus.rejected_rows.to_pylist() == [{"file": "a.jsonl", "row": 2, "doc_id": None, "reason": reason}]
    assert f"1 of 4 rows was rejected: 1 × {reason.split(':')[0]}" in corpus.origin.notes


def test_a_frame_s_bytes_and_missing_cells_are_rejected():
    frame = pd.DataFrame({"id": list("abcd"), "text": [TEXT, b"bytes", float("nan"), pd.NA]}, dtype=object)
    corpus = read(frame, PARAMS)
    assert corpus.doc_ids == ["a"]
    assert corpus.rejected["reason"].tolist() == ["text is not a string: bytes b'bytes'", "no text", "no text"]


def test_a_ragged_row_is_rejected_by_its_line(tmp_path):
    (tmp_path / "a.csv").write_text(f'id,text\n1,"{TEXTS[0]}"\n2,a,b\n3,"{TEXTS[1]}"\n')
    corpus = read(tmp_path / "a.csv", PARAMS)
    assert corpus.rejected["row"].tolist() == [3]
    assert corpus.rejected["reason"].tolist() == ["ragged row: expected 2 columns, got 3"]


# number, text as it came, text as it is kept, note
KEPT = [
    (10, f"{TEXT}\x00\x1b.", f"{TEXT}.", "1 article held control or invisible characters, which were removed"),
    (12, f"{TEXT} â€” itâ€™s.", f"{TEXT} â€” itâ€™s.", "1 article looks wrongly decoded (mojibake) and left unchanged"),
    (14, f"{TEXT} \ud800.", f"{TEXT} ?.", "1 article held lone surrogates, which were replaced"),
    (15, "שלום \u200fעולם וכל הארץ.", "שלום \u200fעולם וכל הארץ.", None),
    (16, "市议会星期二投票决定关闭旧游泳池，居民对此非常不满。", "市议会星期二投票决定关闭旧游泳池，居民对此非常不满。", None),
    (17, "🏊 🏊 🚫", "🏊 🏊 🚫", None),
    (18, f"<p>{TEXT}.</p><p>Fish &amp; <b>chips</b></p>", f"{TEXT}.\nFish & chips", "1 article was HTML and its text was extracted"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kept", "note"), [row[1:] for row in KEPT], ids=[str(row[0]) for row in KEPT])
def test_odd_text_is_kept_and_counted(text, kept, note):
    corpus = read(pd.DataFrame({"text": pd.Series([text], dtype=object)}), PARAMS)
    assert corpus.frame()["text"].tolist() == [kept]
    assert note is None or note in corpus.origin.notes


# number, date as it came, note
DATES = [
    (24, "someday", "1 date could not be read for certain and was left empty"),
    (24, "2999-01-01", "1 date could not be read for certain and was left empty"),
    (24, "2099-01-01", "1 date lies in the future and was left empty"),
    (24, "12 May", "1 date could not be read for certain and was left empty"),
]


@pytest.mark.parametrize(("date", "note"), [row[1:] for row in DATES])
def test_a_date_that_is_none_is_left_empty_and_counted(date, note):
    corpus = read([{"text": TEXTS[0], "date": date}], PARAMS)
    assert corpus.frame()["date"].isna().all()
    assert note in corpus.origin.notes


def test_a_time_without_a_zone_is_counted():
    corpus = read([{"text": TEXTS[0], "date": "2023-05-16 17:17"}], PARAMS)
    assert str(corpus.frame()["date"][0]) == "2023-05-16 17:17:00+00:00"
    assert "1 time of day came without a time zone and was treated as UTC" in corpus.origin.notes


# numbers, texts, note
SMALL = [
    ("2", TEXTS[:1], "1 document: nothing to cluster"),
    ("3", TEXTS[:2], "2 distinct documents: too few to cluster"),
    ("4", [f"{TEXT}, {word}." for word in ("red", "blue", "green", "grey", "brown", "black")], "too few"),
    ("5", [TEXT] * 6, "5 documents repeat the text of another and were folded into it as near-duplicates"),
    ("9", [f"{TEXT} " * 10_000, TEXTS[0]], None),
]


@pytest.mark.parametrize(("texts", "note"), [row[1:] for row in SMALL], ids=[row[0] for row in SMALL])
def test_a_corpus_that_is_too_small_ends_in_a_run_that_says_so(tmp_path, texts, note, bag_of_words):
    corpus = read([{"id": str(i), "text": text} for i, text in enumerate(texts)], PARAMS)
    run = pipeline.run(RunConfig(), corpus, out=tmp_path, name="small", encoder=bag_of_words)
    assert len(run.documents()) == len(texts)
    assert note is None or any(note in warning for warning in run.warnings)


def test_a_declared_encoding_is_the_way_out(tmp_path):
    (tmp_path / "a.csv").write_bytes(f'id,text\n1,"Рада ухвалила закон про басейн. {TEXT}"\n'.encode("cp1251"))
    corpus = read(tmp_path, ArticlesParams(encodings={"*.csv": "windows-1251"}))
    assert corpus.frame()["text"][0].startswith("Рада ухвалила закон про басейн.")
