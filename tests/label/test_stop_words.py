from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from topics.label._stop_words import function_words_for, stop_words_for, widespread


def test_function_words_of_the_named_languages():
    english, ukrainian = stop_words_for(["en"]), stop_words_for(["uk"])
    assert {"the", "don't", "which", "said", "just", "did", "mr"} <= english
    assert {"із", "та", "який"} <= ukrainian
    assert not {"ai", "fire", "bill", "system", "world", "work", "research"} & english
    assert stop_words_for(["en", "uk"]) == english | ukrainian
    assert stop_words_for(["xx"]) == frozenset()


def test_months_and_weekdays_are_none_but_those_that_are_other_words():
    english, ukrainian = stop_words_for(["en"]), stop_words_for(["uk"])
    assert {"monday", "october", "day", "weeks"} <= english
    assert {"понеділок", "жовтня", "днів", "тиждень", "року"} <= ukrainian
    assert not {"march", "sun"} & english


def test_adjectives_that_names_are_made_of_may_stand_in_collocations():
    assert {"new", "high"} <= stop_words_for(["en"])
    assert not {"new", "high"} & function_words_for(["en"])
    assert "the" in function_words_for(["en"])


def test_a_word_scattered_over_most_documents_is_widespread_and_one_of_a_large_subject_is_not():
    random = np.random.default_rng(0)
    table = np.zeros((200, 3), dtype=np.int32)
    table[:, 0] = random.poisson(3, 200)  # everywhere
    table[:120, 1] = random.poisson(5, 120)  # in most documents, but those of one subject
    table[:, 2] = random.poisson(0.1, 200)  # scattered and rare
    assert widespread(csr_array(table), np.full(200, 300)).tolist() == [0]
    assert widespread(csr_array(table[:5]), np.full(5, 300)).tolist() == []
    assert widespread(csr_array((30, 0), dtype=np.int32), np.zeros(30, dtype=np.int64)).tolist() == []
