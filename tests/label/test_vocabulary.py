from __future__ import annotations

import pytest

from topics.label import count_terms, stop_words_for


def terms_of(*texts: str, **changes) -> tuple[str, ...]:
    settings = {"stop_words": (), "ngram_range": (1, 1), "min_df": 1, **changes}
    return count_terms(texts, **settings)[1]


def test_terms_of_several_languages():
    assert terms_of("AI and the NATO's 2nd covid-19 drill: м'яч у п'ятницю, ой-ой!") == (
        "ai", "and", "covid-19", "drill", "nato", "the", "м'яч", "ой-ой", "п'ятницю",
    )  # fmt: skip


def test_words_of_scripts_that_write_vowels_as_marks_are_whole():
    assert terms_of("नई सरकार की योजना") == ("की", "नई", "योजना", "सरकार")
    assert terms_of("தமிழ் மக்கள்") == ("தமிழ்", "மக்கள்")


def test_apostrophes_are_one():
    assert terms_of("п’ять п'ять пʼять") == ("п'ять",)


@pytest.mark.parametrize("text", ["", "🙂🙂", "1 2 3", "the", "— … —"])
def test_a_text_without_terms_gives_none(text):
    counts, terms = count_terms([text], stop_words=["the"], ngram_range=(1, 1), min_df=1)
    assert terms == ()
    assert counts.shape == (1, 0)


def test_min_df_leaves_rare_terms_out():
    assert terms_of("apple pear", "apple plum", min_df=2) == ("apple",)


def test_function_words_of_the_named_languages():
    english, ukrainian = stop_words_for(["en"]), stop_words_for(["uk"])
    assert {"the", "don't", "which"} <= english
    assert {"із", "та", "який"} <= ukrainian
    assert not {"ai", "fire", "bill", "system", "world"} & english
    assert stop_words_for(["en", "uk"]) == english | ukrainian
    assert stop_words_for(["xx"]) == frozenset()


def test_no_warning_for_stop_words_that_are_no_terms(recwarn):
    terms_of("don't let's go", stop_words=stop_words_for(["en", "uk", "fr"]))
    assert [str(w.message) for w in recwarn] == []
