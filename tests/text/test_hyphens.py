from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.text import unhyphenated


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["the govern-\nment fell"], "the government fell"),
        (["GOVERN-\nMENT"], "GOVERNMENT"),
        (["пере-\n  мога"], "перемога"),
        (["thou\u2010\nsand"], "thousand"),
        (["thou\u00ad\nsand"], "thousand"),
        (["a well-\nknown fact", "well-known", "well known"], "a well-known fact"),
        (["a semi-\nfinal", "the semi-final", "semifinal semifinal"], "a semifinal"),
        (["Vor-\nund Nachteile", "und das vor uns"], "Vor-\nund Nachteile"),
        (["Haupt-\nund Nebensache", "dies und das und jenes"], "Haupt-\nund Nebensache"),
        (["Nord-\nSüd"], "Nord-Süd"),
        (["covid-\n19"], "covid-19"),
        (["state-of-the-\nart"], "state-of-the-art"),
        (["a three-\nyear-old boy"], "a three-year-old boy"),
        (["a three-\nyear-old boy", "three boys, one year"], "a three-year-old boy"),
        (["a three-year-\nold boy"], "a three-year-old boy"),
        (["the govern-\nment-run pool", "the government"], "the government-run pool"),
        (["govern-\nment - it fell"], "government - it fell"),
        (["thou- sand", "a thousand"], "thousand"),
        (["mid- to late"], "mid- to late"),
        (["a dash -\nand more"], "a dash -\nand more"),
        (["2020-\n21"], "2020-\n21"),
        (["word -- and"], "word -- and"),
    ],
)
def test_words_cut_at_a_line_s_end_are_whole(texts, expected):
    assert next(unhyphenated(texts)) == expected


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="-\u2010\u00ad¬"), max_size=40), max_size=5))
def test_texts_without_hyphens_are_as_they_were(texts):
    assert list(unhyphenated(texts)) == texts


@given(st.lists(st.text("ab- \n", max_size=30), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_texts_does_not_matter(texts, random):
    order = list(range(len(texts)))
    random.shuffle(order)
    whole = list(unhyphenated(texts))
    assert list(unhyphenated([texts[i] for i in order])) == [whole[i] for i in order]
