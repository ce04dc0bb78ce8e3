from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.articles._scratch import Texts, make_table

SCHEMA = pa.schema([("n", pa.int64()), ("text", pa.string())])


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=30), st.sampled_from([1, 10, 1 << 20]))
def test_texts_come_back_from_memory_and_from_disk(given_texts, in_memory):
    texts = Texts(in_memory)
    assert [texts.append(text) for text in given_texts] == list(range(len(given_texts)))
    assert list(texts) == given_texts
    assert texts[::-1] == given_texts[::-1]
    order = sorted(range(len(given_texts)), key=lambda i: given_texts[i])
    assert list(texts.view(order)) == sorted(given_texts)


def test_a_place_that_is_not_there_is_an_error():
    texts = Texts()
    texts.append("a")
    assert texts[-1] == "a"
    with pytest.raises(IndexError, match=r"expected a place in 0\.\.0, got 1"):
        texts[1]


@pytest.mark.parametrize("in_memory", [0, 1 << 30])
@pytest.mark.parametrize("n", [0, 1, 2048, 5000])
def test_a_table_is_the_same_in_memory_and_mapped(n, in_memory):
    rows = [[i, f"text {i}" if i % 3 else None] for i in range(n)]
    table = make_table(iter(rows), SCHEMA, in_memory=in_memory)
    assert table.schema == SCHEMA
    assert [list(row.values()) for row in table.to_pylist()] == rows
