from __future__ import annotations

import csv
import io
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from subjects import pages

from topics import RunConfig, pipeline
from topics._spreadsheet import from_cell, spreadsheet, to_cell
from topics.articles import read
from topics.config import EmbedParams, ReduceParams
from topics.runs import score_sheets, write_sheets
from topics.store import StoreError


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    config = RunConfig(embed=EmbedParams(encoder="lsa"), reduce=ReduceParams(n_epochs=30, n_layouts=1))
    frame = pages().assign(title="=cmd|'/C calc'!A0 <script>alert(1)</script>")
    return pipeline.run(config, read(frame), out=tmp_path_factory.mktemp("runs"))


def test_sheets_are_written_answered_and_scored(run, tmp_path):
    paths = write_sheets(run, tmp_path, n_documents=8)
    assert [path.name for path in paths] == ["word_intrusion.csv", "topic_intrusion.csv", "sheets.html", "key.csv"]
    key = pd.read_csv(tmp_path / "key.csv").set_index(["sheet", "item"])
    words = pd.read_csv(tmp_path / "word_intrusion.csv")
    documents = pd.read_csv(tmp_path / "topic_intrusion.csv")
    assert len(words) == 4
    assert len(documents) == 8
    for name, table in (("anna", words), ("ben", documents)):
        table["answer"] = [key.loc[at, "intruder"] for at in zip(table["sheet"], table["item"], strict=True)]
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    sheets, items = score_sheets(tmp_path / "key.csv", [tmp_path / "anna.csv", tmp_path / "ben.csv"])
    assert {name: row["found"] for name, row in sheets.items()} == {"word": 1.0, "topic": 1.0}
    assert len(items) == len(key)
    assert write_sheets(run, tmp_path, n_documents=8) == paths  # the same seed, the same sheets
    words.to_csv(tmp_path / "word_intrusion.csv", index=False)
    with pytest.raises(StoreError, match=r"word_intrusion\.csv' is of other sheets, or has been filled in"):
        write_sheets(run, tmp_path, n_documents=8)
    with pytest.raises(ValueError, match=r"anna\.csv more than once"):
        score_sheets(tmp_path / "key.csv", [tmp_path / "anna.csv"] * 2)
    words.to_csv(tmp_path / "semicolons.csv", index=False, sep=";")
    assert score_sheets(tmp_path / "key.csv", [tmp_path / "semicolons.csv"])[0]["word"]["found"] == 1
    with pytest.raises(StoreError, match="is of other sheets, or has been filled in"):
        write_sheets(run, tmp_path, n_documents=8, random_state=1)


def test_what_articles_hold_is_text_in_the_page_and_no_formula_in_a_table(run, tmp_path):
    write_sheets(run, tmp_path)
    page = (tmp_path / "sheets.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    with (tmp_path / "topic_intrusion.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.DictReader(file) for cell in row.values()]
    assert any(cell.startswith("'=cmd") for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert [to_cell(value) for value in ("-1", "a", 3, "\tx", "b\0")] == ["'-1", "a", "3", "x", "b"]


TEXT = st.text(st.sampled_from("=+-@,;|\t\n\r\0\x1b\"' aä1＝"), max_size=12)


@given(st.lists(TEXT, min_size=1, max_size=4), st.sampled_from(",;\t|"))
def test_no_cell_is_a_formula_however_a_spreadsheet_splits_the_lines(texts, separator):
    names = [f"column{i}" for i in range(len(texts))]
    written = spreadsheet([dict(zip(names, texts, strict=True))], names).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(written), delimiter=separator) for cell in row]
    cells += [cell for line in written.splitlines() for cell in line.split(separator)]  # one that knows no quotes
    assert not [cell for cell in cells if cell.strip(' "').startswith(("=", "+", "-", "@", "＝"))]
    row = next(csv.DictReader(io.StringIO(written)))
    assert [from_cell(row[name]) for name in names] == [_one_line(text) for text in texts]


def _one_line(text: str) -> str:
    return re.sub(r"[\x00-\x1f]+", " ", text).strip()


def test_the_key_s_ids_come_back_as_they_are(tmp_path):
    rows = [{"sheet": "topic", "item": 1, "about": "=d;-1", "intruder": 2, "n_options": 4}]
    (tmp_path / "key.csv").write_bytes(spreadsheet(rows, list(rows[0])))
    (tmp_path / "a.csv").write_text("sheet;item;answer\ntopic;1;2\n")
    assert b"'=d;'-1" in (tmp_path / "key.csv").read_bytes()
    assert score_sheets(tmp_path / "key.csv", [tmp_path / "a.csv"])[1][0]["about"] == "=d;-1"


def test_a_file_without_answers_is_refused_by_its_path(run, tmp_path):
    write_sheets(run, tmp_path)
    (tmp_path / "a.csv").write_text("item,answer\n1,2\n")
    with pytest.raises(ValueError, match=r"a\.csv: expected the columns sheet, item, answer, got no sheet"):
        score_sheets(tmp_path / "key.csv", [tmp_path / "a.csv"])
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match=r"b\.csv: no table in UTF-8"):
        score_sheets(tmp_path / "key.csv", [tmp_path / "b.csv"])
    for content in ("", "\ufeff", "\n\n"):
        (tmp_path / "e.csv").write_text(content, encoding="utf-8")
        with pytest.raises(ValueError, match=r"e\.csv is empty: expected the columns sheet, item, answer"):
            score_sheets(tmp_path / "key.csv", [tmp_path / "e.csv"])
