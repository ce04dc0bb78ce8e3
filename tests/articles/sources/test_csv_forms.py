from __future__ import annotations

import pytest

from topics.articles import read
from topics.config import ArticlesParams

KEEP = ArticlesParams(clean="keep-all", copies="exact", split_round_ups=False)


def rows_of(path, content, columns=("doc_id", "title", "text")):
    path.write_text(content, newline="")
    corpus = read(path, KEEP)
    assert not len(corpus.rejected)
    return corpus.frame()[list(columns)].values.tolist()


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
        clean="keep-all", copies="exact", split_round_ups=False, title_column=None, text_column="text"
    )
    (tmp_path / "a.csv").write_text(f'{head}\n1;"T";"Words, and more words, are here"{";x" * ("tags" in head)}\n')
    assert read(tmp_path / "a.csv", names).frame()["text"].tolist() == ["Words, and more words, are here"]


def test_a_head_of_one_quoted_column_has_no_separator(tmp_path):
    (tmp_path / "a.csv").write_text('"text, raw"\nOne, two; three words\n"Quoted one, here"\n')
    params = ArticlesParams(clean="keep-all", copies="exact", text_column="text, raw")
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
