"""Files and tables as other tools write them, and what is right: one table a kind."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import time
import zipfile
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest

from topics.articles import ArticlesError, read
from topics.articles._article import Article
from topics.articles._leftovers import cut_stub, decode_entities
from topics.articles.metadata._dates import DayFirst, parse_date
from topics.articles.readers._html import from_html
from topics.config import ArticlesParams
from topics.embed._vector_files import load_vectors

KEEP = ArticlesParams(clean="keep-all", duplicates="exact", split_round_ups=False)
TEXT = "The harbour council voted on Tuesday to close the old swimming pool, and the town was not pleased"
ROWS = [
    {"id": f"a{i}", "title": f"Report {i}", "text": f"{TEXT}: meeting {i}.", "date": f"2024-03-0{i + 1}"}
    for i in range(4)
]
FRAME = pd.DataFrame(ROWS)
LINES = "\n".join(map(json.dumps, ROWS))
EXPECTED = [(row["id"], row["title"], row["text"], row["date"]) for row in ROWS]


def rows_of(corpus) -> list[tuple]:
    frame = corpus.frame()
    dates = frame["date"].dt.strftime("%Y-%m-%d")
    return list(zip(frame["doc_id"], frame["title"], frame["text"], dates, strict=True))


def has_note(corpus, *parts: str) -> bool:
    return any(all(part in note for part in parts) for note in corpus.origin.notes)


JSON = {
    "records.json": FRAME.to_json(orient="records"),
    "columns.json": FRAME.to_json(),
    "split.json": FRAME.to_json(orient="split"),
    "index.json": FRAME.to_json(orient="index"),
    "table.json": FRAME.to_json(orient="table"),
    "by_id.json": json.dumps({row["id"]: {k: v for k, v in row.items() if k != "id"} for row in ROWS}),
    "columns_by_id.json": FRAME.set_index("id").to_json(),
    "lists.json": json.dumps({name: list(column) for name, column in FRAME.items()}),
    "headed.json": json.dumps([list(FRAME), *FRAME.values.tolist()]),
    "wrapped.json": json.dumps({"status": "ok", "data": {"total": 4, "articles": ROWS}, "errors": [{"code": 1}]}),
    "hits.json": json.dumps({"hits": {"hits": [{"_id": r["id"], "_source": {**r, "id": None}} for r in ROWS]}}),
    "a_line_each.json": LINES,
    "in_a_row.json": "".join(map(json.dumps, ROWS)),
    "pretty.json": "\n".join(json.dumps(row, indent=1) for row in ROWS),
    "pretty.jsonl": "\n".join(json.dumps(row, indent=1) for row in ROWS),
    "array.jsonl": json.dumps(ROWS),
    "array_lines.jsonl": "[\n" + ",\n".join(map(json.dumps, ROWS)) + "\n]\n",
    "arrays.jsonl": "\n".join(json.dumps(ROWS[i : i + 2]) for i in (0, 2)),
    "headed.jsonl": "\n".join(map(json.dumps, [list(FRAME), *FRAME.values.tolist()])),
    "mongo.json": json.dumps(
        [{"_id": {"$oid": r["id"]}, "title": r["title"], "text": r["text"], "date": {"$date": r["date"]}} for r in ROWS]
    ),
    "mongo.jsonl": "\n".join(
        json.dumps({**r, "date": {"$date": {"$numberLong": str(int(pd.Timestamp(r["date"]).timestamp() * 1000))}}})
        for r in ROWS
    ),
}


@pytest.mark.parametrize("name", JSON)
def test_json_in_the_shapes_of_other_tools_is_read(tmp_path, name):
    (tmp_path / name).write_text(JSON[name])
    assert rows_of(read(tmp_path / name, KEEP)) == EXPECTED


def test_values_without_a_head_give_the_text_by_its_length_or_by_number(tmp_path):
    (tmp_path / "a.json").write_text(FRAME.to_json(orient="values"))
    texts = {row["text"] for row in ROWS}
    assert set(read(tmp_path, KEEP).frame()["text"]) == texts
    params = ArticlesParams(clean="keep-all", duplicates="exact", text_column="2", id_column="0")
    assert read(tmp_path, params).doc_ids == ["a0", "a1", "a2", "a3"]


def test_marks_of_missing_values_are_counted_and_their_rows_kept(tmp_path):
    rows = [{**ROWS[0], "author": float("nan")}, {**ROWS[1], "author": "Ann"}, {**ROWS[2], "n": {"a": float("inf")}}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    corpus = read(tmp_path, KEEP)
    assert corpus.frame()["author"].fillna("").tolist() == ["", "Ann", ""]
    assert has_note(corpus, "2 cells of 2 articles held NaN, Infinity")


@pytest.mark.parametrize("depth", [40, 500, 100_000])
@pytest.mark.parametrize("field", ["author", "further", "text", "date", "title"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_deep_nesting_rejects_its_row_alone(tmp_path, depth, field, name):
    deep = f'{{"id": "deep", "text": "words here", "{field}": {"[" * depth}{"]" * depth}}}'.replace(
        '"text": "words here", "text"', '"text"'
    )
    lines = [*LINES.split("\n"), deep]
    (tmp_path / name).write_text("\n".join(lines) if name == "a.jsonl" else f"[{', '.join(lines)}]")
    corpus = read(tmp_path, KEEP)
    assert rows_of(corpus) == EXPECTED
    assert corpus.rejected["reason"].str.contains("nested too deeply").tolist() == [True]


def csv_of(frame=FRAME, **how) -> str:
    return frame.to_csv(index=False, **how)


ESCAPED = [{**row, "text": f'He said "{row["text"]}", twice'} for row in ROWS]
CSV = {
    "sep_line.csv": ("\ufeffsep=;\n" + csv_of(sep=";")).encode(),
    "sep_line_crlf.csv": ('"sep=|"\r\n' + csv_of(sep="|").replace("\n", "\r\n")).encode(),
    "mac.csv": csv_of(sep=";").replace("\n", "\r").encode(),
    "utf8_sig.csv": csv_of().encode("utf-8-sig"),
    "utf16_le.csv": ("\ufeff" + csv_of(sep="\t")).encode("utf-16-le"),
    "utf16_be.csv": ("\ufeff" + csv_of()).encode("utf-16-be"),
    "utf32.csv": csv_of().encode("utf-32"),
    "nameless.csv": FRAME.to_csv().encode(),
    "two_nameless.csv": FRAME.assign(x=1, y=2).rename(columns={"x": "", "y": " "}).to_csv().encode(),
    "german.csv": csv_of(FRAME.set_axis(["Kennung", "Überschrift", "Artikeltext", "Datum"], axis=1)).encode(),
    "russian.csv": csv_of(FRAME.set_axis(["ID", "Заголовок", "Текст", "Дата публикации"], axis=1)).encode(),
    "chinese.csv": csv_of(FRAME.set_axis(["编号", "标题", "正文", "日期"], axis=1)).encode(),
    "italian.csv": csv_of(FRAME.set_axis(["id", "Titolo", "Testo", "Data"], axis=1)).encode(),
    "spanish.csv": csv_of(FRAME.set_axis(["id", "Título", "Texto", "Fecha"], axis=1)).encode(),
    "spelled.csv": csv_of(FRAME.set_axis(["Article ID", "Headline", "Full Text", "Publish-Date"], axis=1)).encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", CSV)
def test_csv_as_other_tools_write_it_is_read(tmp_path, name):
    (tmp_path / name).write_bytes(CSV[name])
    assert rows_of(read(tmp_path / name, KEEP)) == EXPECTED


def test_quotes_escaped_by_backslashes_are_quotes(tmp_path):
    lines = ["id,title,text,note"]
    for row in ESCAPED:
        text = row["text"].replace('"', '\\"')
        lines.append(f'"{row["id"]}","{row["title"]}","{text}\\\n on a \\\\ second line",\\N')
    (tmp_path / "a.csv").write_text("\n".join(lines))
    corpus = read(tmp_path, KEEP)
    assert corpus.frame()["text"].tolist() == [f"{row['text']}\n on a \\ second line" for row in ESCAPED]
    assert corpus.frame()["note"].isna().all()
    assert has_note(corpus, "4 cells of 4 articles held NaN, Infinity or \\N")


def test_a_backslash_before_a_closing_quote_is_only_one(tmp_path):
    rows = [{"id": "1", "text": "The files are in C:\\data\\"}, {"id": "2", "text": 'She wrote "a\\"" on the board'}]
    (tmp_path / "a.csv").write_text(pd.DataFrame(rows).to_csv(index=False, quoting=1))
    assert read(tmp_path, KEEP).frame()["text"].tolist() == [row["text"] for row in rows]


def test_a_table_of_one_column_may_hold_commas_and_quotes(tmp_path):
    texts = [row["text"] for row in ROWS] + ['"Never", he said, "again, please"', "and, so, on"]
    (tmp_path / "a.csv").write_text("\n".join(["text", *texts, '"a quoted, ""cell"""']))
    assert set(read(tmp_path, KEEP).frame()["text"]) == {*texts, 'a quoted, "cell"'}


def test_columns_that_were_not_recognized_are_named(tmp_path):
    frame = FRAME.rename(columns={"date": "gedruckt"}).assign(volltexte="long words " * 40)
    corpus = read(frame, KEEP)
    assert has_note(corpus, "'gedruckt' looks like dates", "articles.date_column")
    assert has_note(corpus, "'volltexte' holds longer texts", "articles.text_column")
    (tmp_path / "a.csv").write_text(csv_of(FRAME.rename(columns={"text": "prose"})))
    with pytest.raises(ArticlesError, match=r"expected a text column.*got columns 'id', 'title', 'prose', 'date'"):
        read(tmp_path)


def test_data_is_a_date_where_the_other_heads_are_of_such_a_language():
    assert "data" in read(FRAME.rename(columns={"date": "data"}), KEEP).frame()
    assert rows_of(read(FRAME.rename(columns={"date": "data", "title": "tytuł"}), KEEP)) == EXPECTED


class Polars:
    """A frame that speaks Arrow's C interface and nothing else."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self._table.__arrow_c_stream__(requested_schema)


class LazyFrame:
    def collect(self):
        return Polars(pa.Table.from_pandas(FRAME))


TABLE = pa.Table.from_pandas(FRAME)
CONTAINERS = {
    "arrow table": lambda: TABLE,
    "arrow batch": lambda: TABLE.to_batches()[0],
    "arrow reader": lambda: TABLE.to_reader(),
    "arrow data set": lambda: pa.dataset.dataset(TABLE),
    "large strings": lambda: TABLE.cast(pa.schema([(name, pa.large_string()) for name in TABLE.column_names])),
    "C interface": lambda: Polars(TABLE),
    "lazy": LazyFrame,
    "arrow strings": lambda: FRAME.convert_dtypes(dtype_backend="pyarrow"),
    "categories": lambda: FRAME.astype("category"),
    "columns": lambda: {name: list(column) for name, column in FRAME.items()},
    "arrays": lambda: {name: column.to_numpy() for name, column in FRAME.items()},
    "series": lambda: dict(FRAME.items()),
    "rows": lambda: iter(ROWS),
    "indexed": lambda: FRAME.set_index("id"),
    "two indices": lambda: FRAME.set_index(["id", "date"]),
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_tables_of_other_libraries_are_read(name):
    assert rows_of(read(CONTAINERS[name](), KEEP)) == EXPECTED


@pytest.mark.parametrize("kind", [list, tuple, iter, pd.Series, np.array, pa.array, lambda t: pa.chunked_array([t])])
def test_plain_texts_are_read(kind):
    texts = [row["text"] for row in ROWS]
    assert set(read(kind(texts), KEEP).frame()["text"]) == set(texts)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ("", ArticlesError, "expected the path of a file or folder, got ''"),
        ("  ", ArticlesError, "expected the path of a file or folder, got '  '"),
        (TEXT, ArticlesError, r"does not exist; a text itself is read as a list of one, \[text\]"),
        (io.StringIO("a"), TypeError, "got an open file: give its path"),
        ([__file__, __file__], ArticlesError, "expected rows or texts, got paths"),
        (np.zeros((2, 2)), TypeError, "an array of 2 dimensions"),
        (
            {"text": ["a"], "id": ["b", "c"]},
            ArticlesError,
            "expected columns of one length, got 'text' of 1, 'id' of 2",
        ),
        ({"train": FRAME}, ArticlesError, "expected one table, got a mapping of 'train'"),
        ({"a": [1], "b": [2]}, ArticlesError, "expected a text column"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(given, error, message):
    with pytest.raises(error, match=message):
        read(given)


def test_links_out_of_the_folder_pipes_and_devices_are_left_out_and_named(tmp_path):
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret.txt").write_text("a secret that is no article")
    (folder / "a.txt").write_text(TEXT)
    (folder / "out.txt").symlink_to(outside / "secret.txt")
    (folder / "lost.txt").symlink_to(outside / "none.txt")
    (folder / "far").symlink_to(outside)
    os.mkfifo(folder / "sub" / "pipe.jsonl")
    (folder / "nothing.json").touch()
    for path in (folder, f"{folder}/**/*"):
        corpus = read(path, KEEP)
        assert corpus.doc_ids == ["a"]
        assert has_note(corpus, "left out as a link that leads out of the folder", "'out.txt'")
        assert has_note(corpus, "left out as a named pipe: 'sub/pipe.jsonl'")
        assert has_note(corpus, "left out as a link to nothing that can be read: 'lost.txt'")
    assert has_note(read(folder, KEEP), "nothing.json is empty") or read(folder, KEEP).n_docs == 1
    with pytest.raises(ArticlesError, match="is a named pipe and no file"):
        read(folder / "sub" / "pipe.jsonl")
    with pytest.raises(ArticlesError, match="is a device and no file"):
        read("/dev/null")


def test_a_link_within_the_folder_is_read(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").symlink_to(tmp_path / "sub" / "a.txt")
    assert read(tmp_path, KEEP).n_rows == 2


def test_a_file_that_must_not_be_read_is_named(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_text(TEXT)
    (tmp_path / "c.csv").write_text(csv_of())
    original = type(tmp_path).open

    def refuse(path, *args, **kwargs):
        if path.name in refused:
            raise PermissionError(13, "Permission denied")
        return original(path, *args, **kwargs)

    monkeypatch.setattr(type(tmp_path), "open", refuse)
    refused = {"b.txt"}
    assert read(tmp_path, KEEP).rejected["reason"].tolist() == ["cannot be read: Permission denied"]
    refused = {"c.csv"}
    with pytest.raises(ArticlesError, match=r"c\.csv cannot be read: Permission denied"):
        read(tmp_path)


@pytest.mark.parametrize("n_columns", [10_000])
def test_many_columns_take_a_time_in_proportion(tmp_path, n_columns):
    texts = [row["text"] for row in ROWS]
    frame = pd.DataFrame({**{f"c{i}": range(4) for i in range(n_columns)}, "text": texts})
    (tmp_path / "a.csv").write_text(csv_of(frame))
    started = time.process_time()
    corpus = read(tmp_path / "a.csv", KEEP)
    assert len(corpus.documents.column_names) > n_columns
    alike = [{"text": text, **{" " * i + "lax": i for i in range(2000)}} for text in texts]
    assert read(alike, KEEP).n_docs == 4
    (tmp_path / "empty.csv").write_text(
        "text" + "," * n_columns + "\n" + "".join(f"{t.replace(',', '')}{',' * n_columns}\n" for t in texts)
    )
    assert read(tmp_path / "empty.csv", KEEP).n_docs == 4
    assert time.process_time() - started < 60  # quadratic: many minutes


def test_parquet_that_unpacks_to_far_more_is_refused(tmp_path):
    packed = pa.DictionaryArray.from_arrays(pa.array(np.zeros(3000, dtype=np.int32)), pa.array(["word " * 4000]))
    pq.write_table(pa.table({"text": packed}), tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").stat().st_size < 50_000
    with pytest.raises(ArticlesError, match=r"a\.parquet unpacks to more than 200 times its size"):
        read(tmp_path / "a.parquet")


def test_vectors_that_unpack_to_far_more_are_refused(tmp_path):
    content = io.BytesIO()
    np.save(content, np.ones((20_000, 300), dtype=np.float32))
    with zipfile.ZipFile(tmp_path / "v.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("vectors.npy", content.getvalue())
    with pytest.raises(ValueError, match=r"v\.npz: unpacks to .* more than 200 times its size"):
        load_vectors(tmp_path / "v.npz")


def test_parquet_of_many_types_is_read_and_its_columns_kept(tmp_path):
    n = len(ROWS)
    moment = dt.datetime(2024, 3, 1, 8, tzinfo=dt.UTC)
    table = pa.table(
        {
            "id": pa.array([row["id"] for row in ROWS]).dictionary_encode(),
            "text": pa.array([row["text"] for row in ROWS], pa.large_string()),
            "title": pa.array([row["title"] for row in ROWS]).dictionary_encode(),
            "date": pa.array([pd.Timestamp(row["date"], tz="Europe/Kyiv") for row in ROWS], pa.timestamp("ns", "Europe/Kyiv")),
            "struct": pa.array([{"a": {"b": i}} for i in range(n)]),
            "lists": pa.array([[[i, 1], []] for i in range(n)]),
            "map": pa.array([[("k", i)] for i in range(n)], pa.map_(pa.string(), pa.int64())),
            "price": pa.array([Decimal("1.50")] * n, pa.decimal128(10, 2)),
            "raw": pa.array([b"\xff\x00"] * n),
            "span": pa.array([dt.timedelta(seconds=5)] * n),
            "nanoseconds": pa.array([moment] * n, pa.timestamp("ns", "UTC")),
            "none": pa.nulls(n),
        }
    )  # fmt: skip
    pq.write_table(table, tmp_path / "a.parquet")
    for what in (tmp_path / "a.parquet", table):
        corpus = read(what, KEEP)
        frame = corpus.frame()
        assert frame["doc_id"].tolist() == [row["id"] for row in ROWS]
        assert str(frame["date"][0]) == "2024-02-29 22:00:00+00:00"
        assert frame["struct"][1] == '{"a": {"b": 1}}'
        assert frame["lists"][1] == "[[1, 1], []]"
        assert frame["map"][1] == '{"k": 1}'
        assert frame["price"][0] == Decimal("1.50")
        pq.write_table(corpus.documents, tmp_path / "kept.parquet")


PROSE = "The harbour council voted on Tuesday to close the old swimming pool, which leaks forty tonnes of water a day."


@pytest.mark.parametrize("odd", ["\f", "\x00", "\uffff", "\ufffe", "\ud800", "\x1b", "&#12;", "&#xFFFF;", "&#0;", "&#55296;", "&#99999999;"])  # fmt: skip
@pytest.mark.parametrize(
    "frame", ["<p>{}</p><p>more words</p>", "<html><body><article><p>{}</p></article></body></html>"]
)
def test_a_character_that_xml_has_no_place_for_goes_and_the_rest_stays(odd, frame):
    html = frame.format(f"{PROSE}{odd} It <br>was{odd} so.")
    corpus = read(pd.DataFrame({"text": pd.Series([html, TEXT], dtype=object)}), KEEP)
    [found] = [text for text in corpus.frame()["text"] if text != TEXT]
    assert " ".join(found.split()).startswith(f"{PROSE} It was so.")


def test_tables_of_a_page_keep_their_lists_and_lose_their_rules():
    cells = (
        "<tr><th>Year</th><th>Leak</th></tr><tr><td>1999</td><td><ul><li>forty tonnes</li><li>fifty</li></ul></td></tr>"
    )
    nested = f"<tr><td>outer cell</td><td><table>{cells}</table></td></tr>"
    for table in (cells, nested):
        page = f"<html><body><article><p>{PROSE}</p><table>{table}</table><p>{PROSE} Again.</p></article></body></html>"
        text = from_html(Article("a", 1, text=page, is_html=True)).text
        assert all(word in text for word in ("Year", "Leak", "1999", "forty tonnes", "fifty"))
        assert not any(mark in text for mark in ("|", "---", "<"))


FRONT_MATTER = {
    "bomb": "a: &a [x,x]\n"
    + "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)),
    "merges": "a: &a {x: 1}\n"
    + "".join(
        f"{b}: &{b} {{<<: [{','.join([f'*{a}'] * 9)}]}}\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    ),
    "self": "a: &a [*a]\n",
    "deep": f"a: {'[' * 400}{']' * 400}\n",
    "deeper": f"a: {'[' * 50_000}\n",
    "python": "a: !!python/object/apply:os.system ['true']\n",
    "long": f"a: {'x' * 200_000}\n",
}


@pytest.mark.parametrize("name", FRONT_MATTER)
def test_front_matter_that_unfolds_or_runs_is_refused_at_once(tmp_path, name):
    (tmp_path / "a.md").write_text(f"---\n{FRONT_MATTER[name]}---\nhospital words\n")
    (tmp_path / "b.md").write_text("---\na: &a [x]\nb: *a\n---\nhospital words\n")
    started = time.process_time()
    corpus = read(tmp_path, KEEP)
    assert time.process_time() - started < 10
    assert corpus.doc_ids == ["b"]
    assert corpus.rejected["reason"].str.startswith("front matter is not YAML").tolist() == [True]


@pytest.mark.parametrize(
    ("text", "kept", "is_cut"),
    [
        ("Infections doubled… [+1563 chars]", "Infections doubled", True),
        ("Infections doubled [+1,563 characters]", "Infections doubled", True),
        ("A teaser of it […]", "A teaser of it", True),
        ("A teaser [...] The post Big thing appeared first on The Site.", "A teaser", True),
        ("The whole of it.\nThe post Big thing appeared first on The Site.", "The whole of it.", False),
        ("A teaser (more...)", "A teaser", True),
        ("A teaser… Continue reading →", "A teaser", True),
        ("Ein Anfang ... Weiterlesen", "Ein Anfang", True),
        ("She likes to read more", "She likes to read more", False),
        ("to be continued...", "to be continued...", False),
        ("It cost 3...more", "It cost 3...more", False),
        ("An array a[+12] of chars", "An array a[+12] of chars", False),
        ("He wrote the post that appeared first on Monday", "He wrote the post that appeared first on Monday", False),
    ],
)
def test_a_provider_s_mark_goes_and_is_counted(text, kept, is_cut):
    assert cut_stub(text)[:2] == (kept, is_cut)


@pytest.mark.parametrize(
    ("foot", "goes"),
    [
        ("The post Big thing appeared first on The Site.", True),
        ("The post “Go now,” mayor says first appeared on example.com.", True),
        ("The post 7 ways to swim appeared first on St. Louis Post.", True),
        ("The post iPhone sales fall appeared first on 9to5Mac", True),
        ("The post office appeared first on the list of closures.", False),
        ("The post office in Tarn appeared first on Radio Lund.", False),
        ("The post Miller held appeared first on his list.", False),
        ("The post Big thing appeared first on The Site. Its author has left it since.", False),
    ],
)
def test_only_what_has_a_plug_in_s_form_is_its_foot(foot, goes):
    text = f"The village of Rosk lost its bank in May. {foot}"
    assert cut_stub(text) == ("The village of Rosk lost its bank in May." if goes else text, False, goes)
    assert has_note(read([{"id": "a", "text": text}], KEEP), "1 article ended with a plug-in's line") == goes


def test_articles_that_are_cut_short_are_counted_by_field():
    corpus = read([{"id": i, "content": f"{TEXT} {i}… [+{i}00 chars]"} for i in range(1, 4)], KEEP)
    assert corpus.frame()["text"].tolist() == [f"{TEXT} {i}" for i in range(1, 4)]
    assert has_note(corpus, "3 articles are cut short by their provider in 'content'")


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("fees&nbsp;rose &ndash; wrongly", "fees rose – wrongly"),
        ("&amp;quot;hi&amp;quot; AT&amp;amp;T", '"hi" AT&T'),
        ("the network&#39;s, &#8217;s &#x2019;s", "the network's, ’s ’s"),
        ("charges &lt;b&gt;fell&lt;/b&gt; abroad", "charges fell abroad"),
        ("AT&T, R&D; &bogus; ?a=1&lt=3&copy=2", "AT&T, R&D; &bogus; ?a=1&lt=3&copy=2"),
        ("put it in a &lt;div&gt; instead", "put it in a <div> instead"),
        ("In HTML, &amp;lt; is a &lt;&nbsp;sign", "In HTML, &amp;lt; is a &lt; sign"),
        ("3 < 5 &amp; 5 > 3", "3 < 5 & 5 > 3"),
    ],
)
def test_entities_are_decoded_but_where_the_text_is_about_markup(text, decoded):
    assert decode_entities(text) == decoded


def test_entities_go_from_texts_and_titles():
    corpus = read([{"text": f"{TEXT}&nbsp;&amp;ndash; so&#12;", "title": "Fish &amp;amp; chips&nbsp;now"}], KEEP)
    assert corpus.frame()[["text", "title"]].values.tolist() == [[f"{TEXT} – so", "Fish & chips now"]]
    escaped = "&lt;p&gt;One paragraph.&lt;/p&gt;&lt;p&gt;Another &lt;b&gt;one&lt;/b&gt;.&lt;/p&gt;"
    assert read([{"text": escaped}], KEEP).frame()["text"].tolist() == ["One paragraph.\nAnother one."]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1709280000.0", "2024-03-01 08:00"),
        ("1709280000000.0", "2024-03-01 08:00"),
        ("1709280000000000", "2024-03-01 08:00"),
        ("1.70928E9", "2024-03-01 08:00"),
        ("/Date(1709280000000)/", "2024-03-01 08:00"),
        ("\\/Date(1709280000000+0200)\\/", "2024-03-01 08:00"),
        ("2024:03:01 08:00:00", "2024-03-01 08:00"),
        ("datetime.datetime(2024, 3, 1, 8, 0)", "2024-03-01 08:00"),
        ("Timestamp('2024-03-01 08:00:00')", "2024-03-01 08:00"),
        ("['2024-03-01T08:00:00']", "2024-03-01 08:00"),
        ("01-MAR-24", "2024-03-01 00:00"),
        ("Friday, 01-Mar-24 08:00:00 GMT", "2024-03-01 08:00"),
        ("1 มีนาคม 2567", "2024-03-01 00:00"),
        ("มี.ค. 1, 2567", "2024-03-01 00:00"),
        ("1 January 1970", "1970-01-01 00:00"),
        (Decimal("1709280000"), "2024-03-01 08:00"),
        *((cell, None) for cell in ("1970-01-01T00:00:00Z", "1970-01-01 00:00:00", "/Date(0)/", "45352", "2567-03-01")),
        *((cell, None) for cell in (45352, 0, "0", "0.0", dt.datetime(1970, 1, 1), "05/06/23", "9999999999999999.0")),
    ],
)
def test_dates_in_other_wrappings(cell, expected):
    stamp = parse_date(cell)
    assert (stamp and f"{stamp.date:%Y-%m-%d %H:%M}") == expected


def test_a_column_tells_whether_its_numbers_are_days_of_a_spreadsheet():
    rows = [{"id": i, "text": f"{TEXT} {i}", "date": str(45352 + i / 2)} for i in range(3)]
    assert read(rows, KEEP).frame()["date"].dt.strftime("%m-%d %H").tolist() == ["03-01 00", "03-01 12", "03-02 00"]
    corpus = read([*rows, {"id": 9, "text": TEXT, "date": "12"}], KEEP)
    assert corpus.frame()["date"].isna().all()
    assert has_note(corpus, "4 dates could not be read for certain")
    order = DayFirst()
    for value in ("2023", 45352, "1684231200000", "2024-03-01"):
        order.add(value, None)
    assert order.serials


def test_years_of_the_buddhist_era_are_read_in_thai_articles():
    rows = [
        {"id": "a", "text": TEXT, "date": "2567-03-01", "lang": "th"},
        {"id": "b", "text": f"{TEXT} b", "date": "2567-03-01"},
    ]
    assert read(rows, KEEP).frame()["date"].dt.strftime("%Y-%m-%d").fillna("").tolist() == ["2024-03-01", ""]


def test_dates_to_come_are_left_empty_and_counted():
    corpus = read([{"text": TEXT, "date": "2099-01-01"}, {"text": f"{TEXT} b", "date": "1970-01-01T00:00:00Z"}], KEEP)
    assert corpus.frame()["date"].isna().all()
    assert has_note(corpus, "1 date lies in the future and was left empty")
    assert has_note(corpus, "1 date could not be read for certain")


WIRE = (
    "{}\nwants its owners to vote in May on whether every ferry that\nit runs to the outer islands is to be sold before "
    "the winter\ntimetable.\n    A price for the boats will be named once the vote is over,\nits chairman said.\n"
)


@pytest.mark.parametrize("head", ["Harrow Lines Ltd", "Selwe Ferries", "Outer Fenwick"])
def test_a_short_line_of_hard_wrapped_text_is_no_navigation(head):
    """On a web page a short line above a paragraph is a menu's or a headline's; a wire breaks lines anywhere."""
    text = WIRE.format(head) + " Reuter\n"
    corpus = read([{"id": "a", "title": f"{head.upper()} TO SELL FERRIES", "text": text, "source": "wire"}])
    assert corpus.documents["text"].to_pylist()[0].startswith(head)
    assert not set(corpus.removed["line"]) - {"Reuter"}
