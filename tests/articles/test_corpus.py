from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.articles import ArticlesError, from_texts, read
from topics.config import ArticlesParams

TEXTS = ["alpha beta gamma", "delta epsilon", "alpha beta gamma", "  ", "zeta"]


def test_each_text_is_mapped_to_its_document():
    corpus, rows = from_texts(TEXTS)
    texts = corpus.frame()["text"].tolist()
    assert [texts[row] if row >= 0 else None for row in rows] == [
        "alpha beta gamma", "delta epsilon", "alpha beta gamma", None, "zeta",
    ]  # fmt: skip
    assert rows[0] == rows[2]


@given(st.lists(st.sampled_from(TEXTS) | st.text(min_size=1), min_size=1, max_size=20), st.randoms())
def test_permuting_texts_permutes_the_rows(texts, random):
    order = list(range(len(texts)))
    random.shuffle(order)
    try:
        corpus, rows = from_texts(texts)
    except ArticlesError:
        return
    shuffled, shuffled_rows = from_texts([texts[i] for i in order])
    assert corpus.origin.key == shuffled.origin.key
    assert [rows[i] for i in order] == shuffled_rows


def test_missing_texts_get_no_row():
    _, rows = from_texts(["words here", None, float("nan"), ""])
    assert rows == [0, -1, -1, -1]


def test_what_is_not_a_text_is_refused_by_position():
    with pytest.raises(TypeError, match=r"expected texts\[1\] to be a string, got int: 7"):
        from_texts(["a", 7])
    with pytest.raises(TypeError, match=r"expected texts\[0\] to be a string, got bytes"):
        from_texts([b"a"])
    with pytest.raises(ArticlesError, match="texts holds no article"):
        from_texts([])
    with pytest.raises(ArticlesError, match=r"all 2 rows were rejected \(2 × empty text\)"):
        from_texts([" ", "\u200b"])


def test_numpy_strings_are_texts():
    corpus, _ = from_texts(np.array(["one text", "another text"]).tolist())
    assert corpus.n_docs == 2


def test_texts_may_be_any_iterable_and_wrongly_decoded():
    texts = [
        "It was â€œbadâ€ indeed, said the mayor.",
        "Another text altogether.",
        "It was â€œbadâ€ indeed, said the mayor.",
    ]
    params = ArticlesParams(fix_mojibake=True, clean="keep-all", duplicates="exact")
    corpus, rows = from_texts((text for text in texts), params=params)
    assert rows[0] == rows[2] != rows[1]
    assert corpus.n_docs == 2


def test_how_much_a_near_duplicate_shares_is_a_setting():
    words = [f"word{i}" for i in range(40)]
    rows = [{"id": "a", "text": " ".join(words) + "."}, {"id": "b", "text": " ".join(words[:30]) + "."}]
    assert read(rows).doc_ids == ["a"]
    assert read(rows).frame()["copies"][0].tolist() == ["b"]
    assert read(rows, ArticlesParams(min_shared=0.9)).doc_ids == ["a", "b"]
    assert read(rows, ArticlesParams(duplicates="exact")).doc_ids == ["a", "b"]
