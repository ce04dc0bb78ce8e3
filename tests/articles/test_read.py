from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.articles import ArticlesError, read
from topics.config import ArticlesParams

TEXT = "The harbour council voted on Tuesday to close the old swimming pool, and the town was not pleased."
KEEP = ArticlesParams(clean="keep-all", duplicates="exact")


def rejected(corpus) -> list[tuple]:
    return [tuple(row.values()) for row in corpus.rejected_rows.to_pylist()]


def test_the_usual_columns_are_found_and_the_rest_is_kept(tmp_path):
    rows = [
        {"ID": "b", "Headline": "Pool", "body": TEXT, "pubDate": "2023-05-16T17:17:00+03:00", "outlet": "Post", "n": 3},
        {"ID": "a", "Headline": None, "body": TEXT + " Again.", "pubDate": None, "outlet": None, "n": None},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    frame = read(path, KEEP).frame()
    assert frame["doc_id"].tolist() == ["a", "b"]
    assert frame["title"].tolist()[1] == "Pool"
    assert frame["date"][1] == pd.Timestamp("2023-05-16 14:17", tz="UTC")
    assert frame["date"].isna().tolist() == [True, False]
    assert frame["lang"].tolist() == ["en", "en"]
    assert frame["source"][1] == "Post"
    assert frame["n"][1] == 3


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".tsv", ".parquet"])
def test_every_format_gives_the_same_documents(tmp_path, suffix):
    table = pd.DataFrame(
        {"id": ["x", "y"], "text": [TEXT, 'Another "text",\nof two lines, with commas.'], "title": ["T", "U"]}
    )
    path = tmp_path / f"a{suffix}"
    if suffix == ".jsonl":
        table.to_json(path, orient="records", lines=True, force_ascii=False)
    elif suffix == ".parquet":
        table.to_parquet(path)
    else:
        table.to_csv(path, index=False, sep="\t" if suffix == ".tsv" else ",")
    from_file, from_frame = read(path, KEEP), read(table, KEEP)
    assert from_file.origin.key == from_frame.origin.key
    assert from_file.frame()["text"].tolist() == table["text"].tolist()


def test_a_folder_of_texts_is_read_with_its_sub_folders(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "one.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "deep" / "two.txt").write_text(TEXT + " Twice.", encoding="utf-8")
    (tmp_path / "bad.txt").write_bytes(b"ab\xffcd")
    (tmp_path / "ignored.xyz").write_text("no")
    corpus = read(tmp_path, KEEP)
    assert corpus.doc_ids == ["deep/two", "one"]
    assert rejected(corpus) == [("bad.txt", 0, "bad", "not UTF-8: byte 2 is 0xff")]
    assert corpus.origin.notes[-1] == "1 of 3 rows was rejected: 1 × not UTF-8"


LINES = [
    (b'{"text": "ok", "id": 1', "not JSON: Expecting ',' delimiter"),
    (b'{"text": NaN}', "no text"),
    (b'{"text": "x", "n": 1e999}', "not JSON: 1e999 is too large a number"),
    (b'{"text": "x", "text": "y"}', "not JSON: a key stands twice in one object"),
    (b"[" * 100_000, "not JSON: nested too deeply"),
    (b'["text"]', "not a JSON object: list"),
    (b'{"text": "a\xff"}', "not UTF-8: byte 11 of the line is 0xff"),
    (b'{"text": null}', "no text"),
    (b'{"text": 7}', "text is not a string: int 7"),
    (b'{"text": ["a"]}', "text is not a string: list ['a']"),
    ('{"text": " \u200b\\n"}'.encode(), "empty text"),
]


@pytest.mark.parametrize(("line", "reason"), LINES)
def test_a_bad_line_is_rejected_by_number(tmp_path, line, reason):
    path = tmp_path / "a.jsonl"
    good = [json.dumps({"text": f"{TEXT} {i}"}).encode() for i in range(2)]
    path.write_bytes(b"\n".join([good[0], line, good[1]]))
    corpus = read(path, KEEP)
    assert corpus.n_docs == 2
    [(file, row, _, said)] = rejected(corpus)
    assert (file, row) == ("a.jsonl", 2)
    assert said.startswith(reason)


def test_a_file_of_mostly_bad_lines_is_refused(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "good one"}\nno\nno\n')
    with pytest.raises(ArticlesError, match=r"a\.jsonl: 2 of 3 rows cannot be read.*the first is row 2: not JSON"):
        read(path)


def test_a_ragged_csv_row_is_rejected_by_number(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,text\n001,first text here\n002,second,extra\n003,third text here\n")
    corpus = read(path, KEEP)
    assert corpus.doc_ids == ["001", "003"]
    assert rejected(corpus) == [("a.csv", 3, None, "ragged row: expected 2 columns, got 3")]


REFUSED = [
    ("absent.jsonl", None, "'.*absent.jsonl' does not exist"),
    (
        "a.docx",
        b"",
        "expected one of .csv, .htm, .html, .json, .jsonl, .md, .ndjson, .parquet, .tsv, .txt, got '.docx'",
    ),
    ("empty.jsonl", b"", "empty.jsonl holds no article"),
    ("blank.jsonl", b'{"text": " "}\n{"text": ""}', "holds no article: all 2 rows were rejected \\(2 × empty text\\)"),
    (
        "a.csv",
        b"id,text\n1,caf\xe9\n",
        "a.csv: 1 of 1 rows .* byte 13 of the file is 0xe9; if the file has another encoding, name it in articles.encod",
    ),
    ("a.parquet", b"PAR1nonsense", "a.parquet is not a Parquet file that can be read"),
    ("cols.jsonl", b'{"words": "x"}', "cols.jsonl: expected a text column .* got columns 'words'"),
    ("ids.jsonl", b'{"id": 1, "text": "a b"}\n{"id": 1, "text": "c d"}', "got 1 ids more than once: '1'"),
]


@pytest.mark.parametrize(("name", "content", "message"), REFUSED)
def test_what_cannot_be_read_is_refused_by_name(tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ArticlesError, match=message):
        read(tmp_path / name)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(
        ArticlesError, match="holds no .csv, .htm, .html, .json, .jsonl, .md, .ndjson, .parquet, .tsv, .txt file"
    ):
        read(tmp_path)


def test_a_named_column_must_be_there(tmp_path):
    with pytest.raises(ArticlesError, match="articles.text_column is 'words', but the columns are 'text'"):
        read(pd.DataFrame({"text": [TEXT]}), ArticlesParams(text_column="words"))


def test_the_order_of_rows_and_files_does_not_matter(tmp_path):
    frame = pd.DataFrame({"text": [f"{TEXT} Number {i % 7}." for i in range(12)], "n": range(12)})
    shuffled = frame.sample(frac=1, random_state=1)
    assert read(frame, KEEP).origin.key == read(shuffled, KEEP).origin.key
    assert read(frame, KEEP).doc_ids == read(shuffled, KEEP).doc_ids


def test_articles_of_one_text_are_folded(tmp_path):
    frame = pd.DataFrame({"id": ["c", "a", "b"], "text": [TEXT, TEXT, "Something else altogether, in other words."]})
    corpus = read(frame, KEEP)
    assert corpus.doc_ids == ["a", "b"]
    assert corpus.frame()["copies"].map(list).tolist() == [["c"], []]
    assert corpus.copies.to_pylist()[0]["copy_of"] == "a"
    assert corpus.origin.notes == ("1 document repeats the text of another and was folded into it as a near-duplicate",)


def test_damaged_characters_are_repaired_or_reported():
    frame = pd.DataFrame(
        dtype=object,
        data={
            "text": [
                "a\x00b and enough words here",
                "lone \ud800 surrogate",
                "It was â€œbadâ€ indeed",
                "שלום \u200fעולם",
            ]
        },
    )
    corpus = read(frame, KEEP)
    texts = corpus.frame()["text"].tolist()
    assert "ab and enough words here" in texts
    assert "lone ? surrogate" in texts
    assert "שלום \u200fעולם" in texts
    assert corpus.origin.notes == (
        "1 article held control or invisible characters, which were removed",
        "1 article held lone surrogates, which were replaced",
        "1 article looks wrongly decoded (mojibake) and left unchanged",
        "languages: 75% unknown, 25% English",
    )


def test_dates_that_cannot_be_read_are_left_empty():
    frame = pd.DataFrame(
        {"text": [f"{TEXT} {i}" for i in range(4)], "date": ["16 May 2023", "someday", "2023-05-16", None]}
    )
    corpus = read(frame, KEEP)
    assert corpus.frame()["date"].notna().sum() == 2
    assert corpus.origin.notes == ("1 date could not be read for certain and was left empty",)


values = st.none() | st.text(max_size=30) | st.integers() | st.booleans() | st.lists(st.integers(), max_size=2)


@given(st.lists(st.fixed_dictionaries({"text": values, "title": values, "date": values}), min_size=1, max_size=12))
def test_rows_are_documents_near_duplicates_or_rejected(rows):
    table = pa.Table.from_pylist([{"payload": json.dumps(row)} for row in rows])  # any row a JSONL file can hold
    frame = pd.DataFrame([json.loads(row["payload"]) for row in table.to_pylist()], dtype=object)
    try:
        corpus = read(frame, ArticlesParams(max_bad_share=1))
    except ArticlesError as error:
        assert re.search(rf"(all {len(rows)} rows were|its one row was) rejected", str(error))
    else:
        assert corpus.n_docs + corpus.copies.num_rows + corpus.rejected_rows.num_rows == len(rows)


def test_ids_never_become_paths(tmp_path):
    frame = pd.DataFrame({"id": ["../../etc/passwd", "/root", "CON"], "text": [f"{TEXT} {i}" for i in range(3)]})
    assert read(frame, KEEP).doc_ids == ["../../etc/passwd", "/root", "CON"]
    assert list(Path(tmp_path).iterdir()) == []


def test_the_development_data_is_read_whole(data_folder):
    path = data_folder / "ecbplus_stories.parquet"
    corpus = read(path)
    assert corpus.n_docs + corpus.copies.num_rows + corpus.rejected_rows.num_rows == 462
    assert pq.read_metadata(path).num_rows == 462


DATES = [
    ("2023-05-16T17:17:00+03:00", "2023-05-16 14:17"),
    ("16 May 2023", "2023-05-16"),
    ("May 16, 2023 5:17 PM", "2023-05-16 17:17"),
    ("20230516", "2023-05-16"),
    ("05.06.2023", "2023-06-05"),
    ("20:23 31.05.2024", "2024-05-31 20:23"),
    ("20:23 05.06.2024", "2024-06-05 20:23"),
    ("now", None),
    ("today", None),
    ("12:30", None),
    ("10:15 AM", None),
    ("May", None),
    ("03/04/2023", None),
    ("1685577600", "2023-06-01"),
    ("", None),
]


@pytest.mark.parametrize(("written", "read_as"), DATES)
def test_a_date_is_read_for_certain_or_not_at_all(written, read_as):
    frame = pd.DataFrame({"text": [TEXT], "date": [written]})
    [found] = read(frame, KEEP).frame()["date"]
    assert (None if pd.isna(found) else found) == (None if read_as is None else pd.Timestamp(read_as, tz="UTC"))


def test_a_source_s_other_dates_tell_day_from_month():
    frame = pd.DataFrame(
        {
            "id": list("abcd"),
            "text": [f"{TEXT} {i}" for i in range(4)],
            "date": ["03/04/2023", "13/04/2023", "03/04/2023", "04/13/2023"],
            "source": ["UK", "UK", "US", "US"],
        }
    )
    found = read(frame, KEEP).frame()["date"]
    assert found.dt.strftime("%m-%d").tolist() == ["04-03", "04-13", "03-04", "04-13"]


def test_equal_texts_without_ids_do_not_depend_on_the_order_of_rows():
    frame = pd.DataFrame(
        {"text": [TEXT] * 3, "source": ["Beta", "Alpha", None], "date": ["2023-05-05", "2023-01-01", None]}
    )
    one, other = read(frame, KEEP), read(frame[::-1], KEEP)
    assert one.documents.equals(other.documents)
    assert one.copies.equals(other.copies)
    assert one.origin.key == other.origin.key


def test_a_key_that_some_rows_lack_is_no_error(tmp_path):
    rows = [{"text": TEXT, "pub": "2023-01-02"}, {"title": "no text"}, {"text": None, "content": "other text here"}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    corpus = read(tmp_path / "a.jsonl", ArticlesParams(clean="keep-all", date_column="pub"))
    assert sorted(corpus.frame()["text"]) == sorted([TEXT, "other text here"])
    assert rejected(corpus) == [("a.jsonl", 2, None, "no text")]


def test_further_columns_never_vanish():
    columns = {"body": [TEXT], "text": ["theirs"], "copies": [3], "topic": ["t"], "extra": [{"a": 1}], 0: ["zero"]}
    frame = read(pd.DataFrame(columns), ArticlesParams(clean="keep-all", text_column="body")).frame()
    assert frame["text"].tolist() == [TEXT]
    assert frame["text_given"].tolist() == ["theirs"]
    assert frame["copies_given"].tolist() == [3]
    assert frame["topic_given"].tolist() == ["t"]
    assert frame["extra"].tolist() == ['{"a": 1}']
    assert frame["0"].tolist() == ["zero"]


@pytest.mark.parametrize("value", ["\ud800", 2**70, {}, [[], {}], b"\xff", pd.NaT, float("nan"), [1, "a"]])
def test_odd_cells_are_kept_or_left_empty(value, tmp_path):
    frame = pd.DataFrame({"text": [TEXT, f"{TEXT} Again."], "odd": pd.Series([value, None], dtype=object)})
    assert read(frame, KEEP).n_docs == 2


def test_columns_of_one_name_are_numbered_in_a_csv_file_and_refused_in_a_frame(tmp_path):
    (tmp_path / "a.csv").write_text("text,tag,tag,tag.1\na b c,1,2,3\n")
    corpus = read(tmp_path / "a.csv")
    assert corpus.frame()[["tag", "tag.1", "tag.2"]].values.tolist() == [["1", "3", "2"]]
    assert any("a.csv: more than one column is called 'tag'" in note for note in corpus.origin.notes)
    with pytest.raises(ArticlesError, match="expected every column once, got 'tag' more than once"):
        read(pd.DataFrame([["a b c", 1, 2]], columns=["text", "tag", "tag"]))


def test_repeated_ids_can_be_left_aside(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text(f"id,text\n1,words of file {name}\n")
    with pytest.raises(ArticlesError, match=r"'1' \(a.csv:2, b.csv:2\); articles.id_column=\"\" numbers"):
        read(tmp_path)
    assert read(tmp_path, ArticlesParams(id_column="")).n_docs == 2


def test_runs_and_hidden_folders_are_not_read_as_articles(tmp_path):
    for folder in ("runs/one", ".hidden", "deep"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.txt").write_text(f"{TEXT} {folder}")
    (tmp_path / "runs" / "one" / "run.json").write_text("{}")
    assert read(tmp_path, KEEP).doc_ids == ["deep/a"]


def test_text_is_brought_to_one_form():
    decomposed, joined = "Киі\u0308в та об\u00adласть", "می\u200cخواهم این را بخوانم"
    frame = pd.DataFrame({"text": [decomposed, "page one\x0cpage two", joined]})
    assert sorted(read(frame, KEEP).frame()["text"]) == sorted(["Київ та область", "page one\npage two", joined])


def test_stock_sentences_at_the_end_of_one_line_articles_go_and_are_listed():
    stories = ["A ferry sank", "The mayor left", "Rain fell all day", "Wheat prices rose", "A bridge was closed"]
    stock = "Follow us on every channel. Send your story ideas to: desk@example.org"
    frame = pd.DataFrame(
        {"text": [f"{story} in the north. Nobody was hurt by it. {stock}" for story in stories], "source": "Post"}
    )
    frame["text"] = [
        text.replace("by it", f"by it, {story}") for text, story in zip(frame["text"], stories, strict=False)
    ]
    corpus = read(frame)
    assert not any("Send your" in text for text in corpus.frame()["text"])
    assert all(text.endswith(".") and "Nobody was hurt" in text for text in corpus.frame()["text"])
    assert corpus.removed["line"].tolist() == [stock] * 5
    assert set(corpus.removed["reason"]) == {"sentences that recur on other pages"}
