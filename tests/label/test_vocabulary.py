from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer
from spellings import respelled

from topics.label import Reader, count_terms, stop_words_for

SETTINGS = {"stop_words": frozenset(), "function_words": frozenset(), "ngram_range": (1, 1), "min_df": 1}
NEWS = [
    "New York won the cup in the rain.",
    "The mayor of New York was late",
    "In New York it rained, and the cup was new",
    "Rain fell on New York and on York",
    "A storm left New York without light",
]


def counted(texts, **changes):
    counts, terms = count_terms(texts, **{**SETTINGS, **changes})
    return dict(zip(terms, counts.toarray().T.tolist(), strict=True))


@given(st.lists(st.text(alphabet="ab cé.,й", max_size=40), max_size=8), st.integers(1, 3))
def test_words_are_counted_as_scikit_learn_counts_them(texts, min_df):
    theirs = CountVectorizer(token_pattern=r"(?u)\b\w\w+\b", min_df=1, dtype=np.int32)
    try:
        table = theirs.fit_transform(texts).toarray()
    except ValueError:  # no word at all
        assert counted(texts) == {}
        return
    often = (table > 0).sum(axis=0) >= min_df
    expected = {term: table[:, i].tolist() for i, term in enumerate(theirs.get_feature_names_out()) if often[i]}
    assert counted(texts, min_df=min_df) == expected


@pytest.mark.parametrize("text", ["", "🙂🙂", "1 2 3", "the", "— … —"])
def test_a_text_without_terms_gives_none(text):
    counts, terms = count_terms([text], **{**SETTINGS, "stop_words": frozenset(["the"])})
    assert terms == ()
    assert counts.shape == (1, 0)


def test_min_df_leaves_rare_terms_out():
    assert counted(["apple pear", "apple plum"], min_df=2) == {"apple": [1, 1]}


def test_a_collocation_is_one_term_and_its_words_are_counted_only_elsewhere():
    stop = stop_words_for(["en"])
    found = counted(NEWS * 2, stop_words=stop, function_words=stop - {"new"}, ngram_range=(1, 2))
    assert found["new york"] == [1, 1, 1, 1, 1] * 2
    assert found["york"] == [0, 0, 0, 1, 0] * 2
    assert "new" not in found
    only = counted(NEWS * 2, stop_words=stop, function_words=stop - {"new"}, ngram_range=(2, 2))
    assert list(only) == ["new york"]


def test_words_across_a_comma_are_no_collocation():
    texts = [f"{c * 3} Kyiv, Ukraine fell {c * 2} silent" for c in "abcdefgh"]
    assert "kyiv ukraine" not in counted(texts, ngram_range=(1, 3))


def test_the_longest_collocation_is_taken_and_fragments_are_none():
    texts = [f"{c * 2} the hong kong dollar fell {c * 3}" for c in "abcdefghij"]
    found = counted(
        texts, stop_words=frozenset(["the", "fell"]), function_words=frozenset(["the", "fell"]), ngram_range=(1, 3)
    )
    assert [term for term in found if " " in term] == ["hong kong dollar"]


def test_counts_do_not_depend_on_the_order_of_texts():
    one = counted(NEWS * 2, ngram_range=(1, 3))
    other = counted((NEWS * 2)[::-1], ngram_range=(1, 3))
    assert {term: values[::-1] for term, values in other.items()} == one


def test_a_reader_reads_the_same_terms_from_other_texts():
    reader = Reader(stop_words={"in"}, collocations=[("hong", "kong"), ("hong", "kong", "dollar"), ("dollar", "fell")])
    assert reader.read("In Hong Kong the Hong Kong dollar fell; the dollar fell in Hong.") == [
        "hong kong", "the", "hong kong dollar", "fell", "the", "dollar fell", "hong",
    ]  # fmt: skip


def test_a_collocation_does_not_run_from_one_text_into_the_next():
    texts = [f"in new york times wrote {c * 2}" for c in "abcdef"] + ["he left new york", "times are hard now"]
    found = counted(texts, stop_words=frozenset(["in"]), function_words=frozenset(["in"]), ngram_range=(1, 3))
    assert found["new york times"] == [1] * 6 + [0, 0]
    assert found["times"] == [0] * 7 + [1]


def test_stop_words_are_those_of_the_language_a_word_is_met_in():
    listed = {"de": frozenset(["war", "die"]), "en": frozenset(["the"])}
    texts = ["the war goes on", "war and peace", "the long war", "es war die zeit", "die zeit"]
    languages = ["en", "en", "en", "de", "de"]
    found = counted(texts, stop_words=listed, function_words=listed, languages=languages)
    assert found["war"] == [1, 1, 1, 1, 0]
    assert not {"the", "die"} & found.keys()
    assert "war" not in counted(texts[3:], stop_words=listed, function_words=listed, languages=languages[3:])


TEXT = (
    "The chief's office-first fix affects flats: м'яса і п'ять. The staff's flow is fine, محمد, and Lehrerinnen waited."
)


@given(st.lists(respelled(TEXT), min_size=1, max_size=3))
def test_texts_that_differ_in_spelling_alone_have_the_same_terms(texts):
    assert counted(texts) == counted([TEXT] * len(texts))


def test_words_that_a_line_s_end_cuts_are_whole():
    texts = [
        "The govern-\nment of the ﬁelds",
        "a thou-\nsand gov-\nernment men in ﬁelds",
        "the government und Vor-\nund Nachteile und",
    ]
    found = counted(texts)
    assert found["government"] == [1, 1, 1]
    assert found["fields"] == [1, 1, 0]
    assert not {"govern", "ment", "ernment", "thou", "sand", "vorund"} & found.keys()


def test_each_text_s_language_says_what_is_the_lower_case_of_an_i():
    texts = ["ISI YALITIMI ve ışık", "ISI IS IT", "ISI"]
    found = counted(texts, languages=["tr", "en", None])
    assert found["ısı"] == [1, 0, 0]
    assert found["isi"] == [0, 1, 1]


def test_many_texts_are_read_as_one_by_one():
    reader = Reader(stop_words={"in"}, collocations=[("hong", "kong")])
    texts = ["In Hong Kong", "", "it IS in Hong", "ISI", "a b"]
    languages = [None, None, "en", "tr", None]
    expected = [reader.read(text, language=language) for text, language in zip(texts, languages, strict=True)]
    assert reader.read_all(texts, languages=languages) == expected
    assert reader.read_all([], languages=[]) == []
