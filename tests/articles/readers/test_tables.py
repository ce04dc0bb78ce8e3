from __future__ import annotations

import gzip
import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from topics.articles import ArticlesError, read
from topics.config import ArticlesParams

KEEP = ArticlesParams(clean="keep-all", duplicates="exact", split_round_ups=False)
TEXT = "The harbour council voted on Tuesday to close the old swimming pool, and the town was not pleased."
ROWS = [
    {"id": "x", "text": TEXT, "title": "T"},
    {"id": "y", "text": 'Another "text",\nof two lines, with commas.', "title": "U"},
]


def write(path, rows=ROWS):
    """The same rows in the format of the file's name."""
    frame = pd.DataFrame(rows)
    suffix = path.name.removesuffix(".gz").rpartition(".")[2]
    if suffix in ("jsonl", "ndjson"):
        content = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
    elif suffix == "json":
        content = json.dumps(rows).encode()
    elif suffix == "parquet":
        frame.to_parquet(path.with_name("plain.parquet"))
        content = path.with_name("plain.parquet").read_bytes()
        path.with_name("plain.parquet").unlink()
    else:
        content = frame.to_csv(index=False, sep="\t" if suffix == "tsv" else ",").encode()
    path.write_bytes(gzip.compress(content) if path.name.endswith(".gz") else content)


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize("suffix", ["jsonl", "ndjson", "json", "csv", "tsv", "parquet"])
def test_every_format_gives_the_same_documents(tmp_path, suffix, packed):
    path = tmp_path / f"a.{suffix}{packed}"
    write(path)
    corpus = read(path, KEEP)
    assert corpus.frame()[["doc_id", "text", "title"]].to_dict("records") == [
        {"doc_id": row["id"], "text": row["text"], "title": row["title"]} for row in ROWS
    ]
    assert corpus.origin.key == read(pd.DataFrame(ROWS), KEEP).origin.key


def test_rows_of_any_iterable_and_of_a_dataset_s_shape_are_read():
    class Dataset(list):
        features = ("id", "text")

    class Splits(dict):
        pass

    assert read(ROWS, KEEP).doc_ids == ["x", "y"]
    assert read(Dataset(ROWS), KEEP).doc_ids == ["x", "y"]
    assert read([*ROWS, 7], KEEP).rejected_rows.to_pylist() == [
        {"file": "rows", "row": 3, "doc_id": None, "reason": "not a mapping: int"}
    ]
    assert read([TEXT, None], KEEP).rejected_rows.to_pylist() == [
        {"file": "rows", "row": 2, "doc_id": None, "reason": "no text"}
    ]
    with pytest.raises(ArticlesError, match="expected one table, got a mapping of 'train'; choose one of them"):
        read(Splits(train=Dataset(ROWS)))
    with pytest.raises(TypeError, match="expected a path, a pandas.DataFrame, a Hugging Face dataset or rows, got int"):
        read(7)


@pytest.mark.parametrize("content", [json.dumps({"articles": ROWS, "n": 2}), "\n".join(map(json.dumps, ROWS))])
def test_json_may_hold_its_rows_in_a_key_or_one_a_line(tmp_path, content):
    (tmp_path / "a.json").write_text(content)
    assert read(tmp_path / "a.json", KEEP).doc_ids == ["x", "y"]


def test_the_only_list_of_objects_is_read_however_deep_it_lies(tmp_path):
    fields = {"bodyText": TEXT, "byline": "Ann Reed"}
    hit = {"id": "a/b", "webTitle": "T", "webPublicationDate": "2024-03-01T10:00:00Z", "webUrl": "https://x.example/b"}
    reply = {"response": {"status": "ok", "results": [{**hit, "fields": fields}]}}
    (tmp_path / "a.json").write_text(json.dumps(reply))
    [document] = read(tmp_path / "a.json", KEEP).frame().to_dict("records")
    assert [document[name] for name in ("doc_id", "text", "title")] == ["a/b", TEXT, "T"]
    assert document["date"].isoformat() == "2024-03-01T10:00:00+00:00"
    reply = {
        "status": "OK",
        "response": {"docs": [{"_id": "1", "abstract": TEXT, "pub_date": "2024-03-01"}], "meta": {}},
    }
    (tmp_path / "a.json").write_text(json.dumps(reply))
    assert read(tmp_path / "a.json", ArticlesParams(text_column="abstract")).doc_ids == ["1"]
    with pytest.raises(
        ArticlesError, match=r"expected a text column .* got columns '_id', 'abstract', 'pub_date'; name"
    ):
        read(tmp_path / "a.json", KEEP)


def test_json_may_be_one_article(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({**ROWS[0], "tags": [{"a": 1}]}, indent=1))
    assert read(tmp_path / "a.json", KEEP).doc_ids == ["x"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("7", "a.json: expected a list of objects, an object that holds one such list, or one article; got int"),
        ('{"a": 1}', "a.json: expected a list of objects.*got dict"),
        (
            '{"text": ["a", "b", "c"], "title": ["d", "e"]}',
            r"row 1: expected columns of one length, got 'text' of 3, 'title' of 2; put null",
        ),
        ("[1, 2", "a.json: not JSON: Expecting ',' delimiter"),
        ("[" * 100_000, "a.json: not JSON: nested too deeply"),
        ('[{"text": NaN}]', r"a.json holds no article: its one row was rejected \(1 × no text\)"),
        ("[1, 2]", "2 of 2 rows cannot be read.*row 1: not a JSON object: int"),
        ("", "a.json: not JSON"),
    ],
)
def test_json_that_is_none_is_an_error(tmp_path, content, message):
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(ArticlesError, match=message):
        read(tmp_path / "a.json")


@pytest.mark.parametrize(
    "content",
    [
        {"columns": ["text", "text"], "index": [0, 1], "data": [[TEXT, "url1"], ["Other words.", "url2"]]},
        [["text", "text"], [TEXT, "url1"], ["Other words.", "url2"]],
    ],
)
def test_two_columns_of_one_name_are_both_kept(tmp_path, content):
    (tmp_path / "a.json").write_text(json.dumps(content))
    corpus = read(tmp_path / "a.json", KEEP)
    assert dict(corpus.frame()[["text", "text.1"]].to_numpy().tolist()) == {TEXT: "url1", "Other words.": "url2"}
    assert any("a.json: more than one column is called 'text'" in note for note in corpus.origin.notes)


def test_series_in_a_mapping_go_together_by_their_index():
    texts, titles = pd.Series([row["text"] for row in ROWS]), pd.Series([row["title"] for row in ROWS])
    for held in (
        {"text": texts, "title": titles.iloc[::-1]},
        {"text": texts.iloc[::-1], "title": titles, "id": ["x", "y"]},
        {"text": texts, "title": titles.set_axis([5, 7]).to_list()},
    ):
        frame = read(held, KEEP).frame()
        assert dict(zip(frame["title"], frame["text"], strict=True)) == {row["title"]: row["text"] for row in ROWS}
        assert "id" not in held or frame.set_index("doc_id")["title"].to_dict() == {"x": "T", "y": "U"}
    with pytest.raises(ArticlesError, match="expected series of one index, .* differ in 'text', 'title'; make one"):
        read({"text": texts, "title": titles.set_axis([5, 7])})
    with pytest.raises(ArticlesError, match="expected columns of one length, got 'text' of 2, 'title' of 1"):
        read({"text": texts, "title": titles.iloc[:1]})


def test_the_separator_is_the_one_the_head_has_most_of(tmp_path):
    (tmp_path / "a.csv").write_text(f"id;title;text\n1;One, two, three;{TEXT}\n")
    assert read(tmp_path / "a.csv", KEEP).frame()["title"].tolist() == ["One, two, three"]


def test_a_bad_csv_row_spoils_itself_alone(tmp_path):
    rows = [
        b"id,text",
        b"1,first text here",
        b"2,not utf-8 caf\xe9",
        b'3,"two',
        b'lines"',
        b'4,"quoted" and not',
        b"5,six,seven",
        b"",
        b"6,last text here",
    ]
    (tmp_path / "a.csv").write_bytes(b"\n".join(rows))
    corpus = read(tmp_path / "a.csv", ArticlesParams(clean="keep-all", duplicates="exact"))
    assert corpus.doc_ids == ["1", "3", "6"]
    assert [(row["row"], row["reason"][:30]) for row in corpus.rejected.to_dict("records")] == [
        (3, "not UTF-8: byte 41 of the file"),
        (6, "not CSV: ',' expected after '\""),
        (7, "ragged row: expected 2 columns"),
    ]


def test_a_quote_that_is_never_closed_spoils_its_own_line_alone(tmp_path):
    rows = [f"{i},article number {i} of many" for i in range(20)]
    rows[7] = '7,"never closed'
    (tmp_path / "a.csv").write_text("\n".join(["id,text", *rows]))
    corpus = read(tmp_path / "a.csv", KEEP)
    assert sorted(corpus.doc_ids, key=int) == [str(i) for i in range(20) if i != 7]
    assert corpus.rejected[["row", "reason"]].values.tolist() == [[9, "not CSV: unexpected end of data"]]


def test_a_row_of_more_lines_than_any_article_is_given_up(tmp_path):
    rows = ['0,"never closed', *(f"{i},article number {i}" for i in range(1, 5200))]
    (tmp_path / "a.csv").write_text("\n".join(["id,text", *rows]))
    corpus = read(tmp_path / "a.csv", ArticlesParams(clean="keep-all", duplicates="exact", split_round_ups=False))
    assert corpus.n_docs == 5199
    assert corpus.rejected["reason"].tolist() == ["not CSV: a quote is not closed within 5000 lines"]


def test_what_spreadsheets_leave_does_no_harm(tmp_path):
    (tmp_path / "a.csv").write_text(f"\n\nid;text;;\n1;{TEXT};;\n2;second text here;;\n")
    assert read(tmp_path / "a.csv", KEEP).doc_ids == ["1", "2"]


def test_a_named_index_is_a_column():
    frame = pd.DataFrame({"text": [TEXT, f"{TEXT} Again."]}, index=pd.Index(["b", "a"], name="doc_id"))
    assert read(frame, KEEP).doc_ids == ["a", "b"]


def test_no_id_column_means_none(tmp_path):
    pd.DataFrame({"text": [TEXT]}).to_csv(tmp_path / "a.csv")
    assert read(tmp_path, ArticlesParams(id_column="")).doc_ids[0] not in ("0", "")


def test_nested_cells_are_read_by_their_names():
    rows = [
        {
            "text": TEXT,
            "title": {"rendered": "Fish &amp; <i>chips</i>"},
            "source": {"id": None, "name": "Harbour Post"},
            "author": [{"name": "Ann Reed"}, "Bo Lee"],
            "log": {(1, 2): 3},
        }
    ]
    [document] = read(rows, KEEP).frame().to_dict("records")
    assert (document["title"], document["source"]) == ("Fish & chips", "Harbour Post")
    assert document["author"] == "Ann Reed, Bo Lee"
    assert document["log"] == "{(1, 2): 3}"


def test_columns_of_like_names_are_all_kept():
    frame = read([{"text": TEXT, "topic": "A", "topic_given": "B", " lax": 1, "lax": 2}], KEEP).frame()
    assert [frame[name][0] for name in ("topic_given", "topic_given_", "lax", "lax_")] == ["A", "B", 1, 2]


def test_a_long_cell_is_read(tmp_path):
    (tmp_path / "a.csv").write_text(f"id,text\n1,{'word ' * 60_000}\n")
    assert len(read(tmp_path / "a.csv", KEEP).frame()["text"][0]) == 299_999


def test_the_site_of_an_address_is_the_source():
    rows = [{"text": TEXT, "link": "https://www.post.example/a/b?c"}, {"text": f"{TEXT} Again.", "url": "nonsense"}]
    frame = read(rows, KEEP).frame().sort_values("text")
    assert frame["source"].fillna("").tolist() == ["post.example", ""]
    assert frame["url"].tolist() == ["https://www.post.example/a/b?c", "nonsense"]


OUT_OF_RANGE = {
    "moment": pa.array([253402300800, 0], pa.timestamp("s")),
    "moment in a zone": pa.array([253402300800, 0], pa.timestamp("s", tz="Europe/Kyiv")),
    "far moment": pa.array([-(10**15), 0], pa.timestamp("s")),
    "day": pa.array([2932897, 0], pa.date32()),
    "day in milliseconds": pa.array([2932897 * 86_400_000, 0], pa.date64()),
    "span": pa.array([10**18, 0], pa.duration("s")),
    "list": pa.array([[253402300800], [0]], pa.list_(pa.timestamp("s"))),
    "mapping": pa.array([[("a", 10**18)], [("a", 0)]], pa.map_(pa.string(), pa.duration("s"))),
}


@pytest.mark.parametrize("name", ["seen", "date", "id"])
@pytest.mark.parametrize("kind", OUT_OF_RANGE)
def test_a_time_that_python_cannot_hold_is_missing_and_its_article_stays(tmp_path, kind, name):
    table = pa.table({"text": [TEXT, "Other words altogether."], name: OUT_OF_RANGE[kind]})
    pq.write_table(table, tmp_path / "a.parquet")
    # Before version 24 pyarrow reads spans in a mapping of a Parquet file as plain numbers, which are in no range.
    is_kept = kind != "mapping" or int(pa.__version__.split(".")[0]) >= 24
    for held in (tmp_path / "a.parquet", table) if is_kept else (table,):
        corpus = read(held, KEEP)
        rows = {row["text"]: row for row in corpus.documents.to_pylist()}
        assert any(note.startswith("1 cell of 1 article held NaN") for note in corpus.origin.notes)
        if name != "id":
            assert rows[TEXT][name] is None
        if name == "seen":
            assert rows["Other words altogether."][name] is not None


def test_a_moment_of_pandas_after_the_year_9999_is_missing():
    seen = np.array(["10000-01-01", "2024-01-01", "NaT"], "datetime64[s]")
    corpus = read(pd.DataFrame({"text": [TEXT, "Other words.", "And more."], "seen": seen}), KEEP)
    found = {row["text"]: row["seen"] for row in corpus.documents.to_pylist()}
    assert found[TEXT] is found["And more."] is None
    assert found["Other words."].year == 2024
    assert any(note.startswith("1 cell of 1 article held NaN") for note in corpus.origin.notes)
