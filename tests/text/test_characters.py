from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.text import caseless, fold, lower_i, plain

APOSTROPHES = "\u0027\u0060\u00b4\u2018\u2019\u02bc\u2032\uff07"
ODD = APOSTROPHES + "\u2010\u2011\u00ad\u0640ﬁﬂﬀﬄＡｚ５İıIiŉĳ²₂·*:_/()-.@ém\u0301\u0307न้ำﷺÅ"


@pytest.mark.parametrize("apostrophe", APOSTROPHES)
def test_every_apostrophe_is_one(apostrophe):
    assert [fold(word.replace("'", apostrophe)) for word in ("М'яса", "п'ять", "O'Brien")] == [
        "м'яса",
        "п'ять",
        "o'brien",
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("of\ufb01cial", "official"), ("ﬂuﬀy", "fluffy"), ("ＢＢＣ　Ｎｅｗｓ", "bbc\u3000news"), ("مـــحمد", "محمد"), ("ﻣﺤﻤﺪ", "محمد"),
        ("F\u201116", "f-16"), ("semi\u2010final", "semi-final"), ("co\u00adoperate", "cooperate"), ("Cafe\u0301", "café"),
        ("\u0439", "й"), ("\u0438\u0306", "й"), ("CO₂", "co2"), ("word²", "word"), ("𝐛𝐨𝐥𝐝", "bold"), ("ｶﾞｽ", "ガス"), ("ĳs", "ijs"),
        ("น้ำ", "น้ำ"), ("Երևան", "երևան"), ("ㅋㅋ", "ㅋㅋ"), ("½", "½"),
    ],
)  # fmt: skip
def test_one_spelling(written, expected):
    assert fold(written) == expected


def test_a_capital_i_is_that_of_the_text_s_language():
    assert fold("İtalya ISI YALITIMI İSTANBUL Işık", language="tr") == "italya ısı yalıtımı istanbul ışık"
    assert fold("I\u0307zmir İran", language="az") == "izmir iran"
    assert fold("The ferry from İzmir to Istanbul: IT IS LATE") == "the ferry from izmir to istanbul: it is late"
    assert fold("ISI YALITIMI yaptıran evlere ışık") == "ısı yalıtımı yaptıran evlere ışık"
    assert lower_i("IN İZMIR", language="en") == "IN İZMIR"


@given(st.text(max_size=60) | st.text(st.sampled_from(ODD), max_size=30), st.sampled_from([None, "en", "tr"]))
def test_folding_twice_is_folding_once(text, language):
    folded = fold(text, language=language)
    assert fold(folded, language="en") == folded
    assert plain(plain(text)) == plain(text)
    compared = caseless(plain(text))
    assert caseless(plain(compared)) == compared
    assert "i\u0307" not in folded


@given(st.text(st.sampled_from("abcéйїñकमあ가 "), max_size=40))
def test_composed_and_decomposed_texts_are_one(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text(st.characters(codec="ascii", exclude_characters="`*:_/.(@-"), max_size=60))
def test_plain_ascii_is_lowered_and_no_more(text):
    assert fold(text) == caseless(text) == text.lower()


def test_what_differs_by_case_in_some_language_is_equal_where_words_are_compared():
    assert len({caseless(word) for word in ("ISI", "ısı", "isi", "İSİ", "I\u0307SI\u0307")}) == 1
    assert caseless("STRASSE") == caseless("Straße")
