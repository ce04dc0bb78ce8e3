from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from topics.label._inflection import fill_languages, has_lemmas, join_inflections


def joined(counts, terms, languages):
    found, names, _ = join_inflections(csr_array(np.array(counts, dtype=np.int32)), terms, languages=languages)
    return dict(zip(names, found.toarray().T.tolist(), strict=True))


def test_forms_of_a_word_are_one_and_shown_as_met_most_often():
    found = joined([[1, 3, 1, 2], [0, 1, 1, 0]], ["swimmer", "swimmers", "tax", "taxes"], ["en", "en"])
    assert found == {"swimmers": [4, 1], "tax": [3, 1]}


def test_each_word_is_looked_up_in_the_language_it_is_met_in():
    found = joined([[2, 1, 0], [0, 0, 3], [1, 4, 0]], ["команда", "команди", "teams"], ["uk", "en", "uk"])
    assert found == {"команди": [3, 0, 5], "teams": [0, 3, 0]}


def test_unknown_languages_leave_words_as_they_are():
    for languages in ([None], ["xx"]):
        assert joined([[1, 2]], ["swimmer", "swimmers"], languages) == {"swimmer": [1], "swimmers": [2]}
    assert not has_lemmas("xx")
    assert has_lemmas("uk")


def test_terms_of_several_words_are_joined_word_by_word():
    assert joined([[1, 2]], ["power cut", "power cuts"], ["en"]) == {"power cuts": [3]}


@given(st.lists(st.sampled_from(["bank", "banks", "banking", "river", "rivers", "ran", "run", "м'яч"]), unique=True))
def test_nothing_is_lost_and_names_are_sorted_and_distinct(terms):
    terms = sorted(terms)
    counts = csr_array(np.random.default_rng(len(terms)).integers(0, 4, size=(5, len(terms))).astype(np.int32))
    found, names, columns = join_inflections(counts, terms, languages=["en"] * 5)
    for i, column in enumerate(columns):
        assert (found.toarray()[:, column] >= counts.toarray()[:, i]).all()
    assert list(names) == sorted(set(names))
    assert set(names) <= set(terms)
    np.testing.assert_array_equal(found.sum(axis=1), counts.sum(axis=1))
    again, same, _ = join_inflections(found, names, languages=["en"] * 5)
    assert same == names
    assert (again != found).nnz == 0


@pytest.mark.parametrize(("known", "expected"), [(["uk", None], ["uk", None]), ([None, None], ["en", "en"])])
def test_a_sample_s_language_stands_in_where_none_is_known(known, expected):
    assert fill_languages(known, ["en", "de"]) == expected
