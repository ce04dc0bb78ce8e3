from __future__ import annotations

import pytest

from topics.articles import read
from topics.config import ArticlesParams

KEEP = ArticlesParams(clean="keep-all", duplicates="exact", split_round_ups=False)


def rows_of(path, content, columns=("doc_id", "title", "text")):
    path.write_text(content, newline="")
    corpus = read(path, KEEP)
    assert not len(corpus.rejected)
    return corpus.frame()[list(columns)].fillna("").values.tolist()


@pytest.mark.parametrize(
    "head",
    [
        '"id";"title, short, long";"text"',
        'id;title;"text";"tags (a, b, c, d, e)"',
        '"id, internal";title;text',
        '"id, \\"own\\", internal";title;text',
        'id;"title, one\nof two lines";text',
    ],
)
def test_the_separator_is_counted_outside_quotes(tmp_path, head):
    names = ArticlesParams(
        clean="keep-all", duplicates="exact", split_round_ups=False, title_column=None, text_column="text"
    )
    (tmp_path / "a.csv").write_text(f'{head}\n1;"T";"Words, and more words, are here"{";x" * ("tags" in head)}\n')
    assert read(tmp_path / "a.csv", names).frame()["text"].tolist() == ["Words, and more words, are here"]


def test_a_head_of_one_quoted_column_has_no_separator(tmp_path):
    (tmp_path / "a.csv").write_text('"text, raw"\nOne, two; three words\n"Quoted one, here"\n')
    params = ArticlesParams(clean="keep-all", duplicates="exact", text_column="text, raw")
    texts = read(tmp_path / "a.csv", params).frame()["text"]
    assert sorted(texts) == ["One, two; three words", "Quoted one, here"]


@pytest.mark.parametrize("head", ['"id", "title", "text"', "id, title, text"])
def test_a_quote_behind_a_space_quotes_where_a_space_follows_every_separator(tmp_path, head):
    content = f'{head}\n1, "T one", "Words, are ""here"""\n2, "T two", "Other words,\nare here"\n'
    assert rows_of(tmp_path / "a.csv", content) == [
        ["1", "T one", 'Words, are "here"'],
        ["2", "T two", "Other words,\nare here"],
    ]


def test_a_quote_behind_a_space_is_the_text_s_where_it_closes_no_cell(tmp_path):
    content = 'id, title, text\n1, "Yes" she said, Words are here\n2, "No", Other words are here\n'
    assert rows_of(tmp_path / "a.csv", content)[0] == ["1", '"Yes" she said', "Words are here"]


def test_a_dump_of_a_database_has_escapes_and_no_quotes(tmp_path):
    content = (
        "id\ttitle\ttext\n"
        '1\t"Yes"\tFirst, with\\ta tab.\\n\\nSecond with a \\\\ and C:\\\\new.\n'
        '2\t\\N\t"No," she said.\\r\\nNext line.\n'
    )
    assert rows_of(tmp_path / "a.tsv", content) == [
        ["1", '"Yes"', "First, with\ta tab.\n\nSecond with a \\ and C:\\new."],
        ["2", "", '"No," she said.\nNext line.'],
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_s_end_or_a_tab_behind_a_backslash_is_the_cell_s_where_rows_are_whole_by_it(tmp_path, end):
    rows = ["id\ttext", "1\tFirst of it.\\", "\\", "Second\\\tof it.", "2\tOther words are here.", ""]
    assert rows_of(tmp_path / "a.tsv", end.join(rows), ("doc_id", "text")) == [
        ["1", "First of it.\n\nSecond\tof it."],
        ["2", "Other words are here."],
    ]
    rows[1:3] = ["1\tFirst of it.\r\\", "\r\\"]
    assert rows_of(tmp_path / "a.tsv", "\n".join(rows), ("text",))[0] == ["First of it.\n\nSecond\tof it."]


@pytest.mark.parametrize(
    "text",
    [
        "It lies in C:\\new\\table, said the clerk.",
        "It lies in C:\\Users\\none, said the clerk.",
        "The mass $\\nu$ and the angle $\\theta$ are known, x\\neq y.",
        "The share \\\\server\\new is full.",
        "A backslash stands at its end.\\",
    ],
)
def test_backslashes_of_paths_and_formulas_are_the_text_s(tmp_path, text):
    content = f"id\ttext\tkind\n1\t{text}\tnews\n2\tOther words are here.\tnews\n"
    assert rows_of(tmp_path / "a.tsv", content, ("doc_id", "text"))[0] == ["1", text]


def test_quoted_cells_among_tabs_have_no_escapes(tmp_path):
    content = 'id\ttext\n1\t"First of it.\\n\\nSecond, of it."\n2\tOther words.\\nAre here.\n'
    assert rows_of(tmp_path / "a.tsv", content, ("text",)) == [
        ["First of it.\\n\\nSecond, of it."],
        ["Other words.\\nAre here."],
    ]
