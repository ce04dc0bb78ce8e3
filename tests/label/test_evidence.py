from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from topics.label import Reader
from topics.label._evidence import distinct, evidence_order, evidence_sentences

READER = Reader(stop_words=())


def test_typical_documents_that_hold_the_terms_come_first():
    counts = csr_array(np.array([[0, 0], [1, 1], [5, 0], [1, 1]]))
    order = evidence_order(np.array([0, 1, 2, 3]), [0, 1], closeness=np.array([0.9, 0.8, 0.8, 0.8]), counts=counts)
    assert order.tolist() == [1, 3, 2, 0]


def test_evidence_does_not_say_the_same_twice_unless_there_is_no_other():
    vectors = np.array([[1, 0], [1, 0], [0, 1], [1, 0]], dtype=np.float32)
    assert distinct(np.array([0, 1, 2, 3]), vectors, n=2) == [0, 2]
    assert distinct(np.array([0, 1, 3]), vectors, n=2) == [0, 1]
    assert distinct(np.array([0]), vectors, n=3) == [0]


def test_sentences_hold_the_terms_and_are_of_different_documents():
    texts = {
        7: "Nobody was hurt by what happened there. The turbine of the wind farm broke in a storm on Sunday.",
        2: "The turbine of the wind farm broke in a storm on Sunday. A permit for another wind farm was refused by court.",
        5: "Too short. Wind!",
    }
    found = evidence_sentences(texts, {"turbine": 1.0, "wind": 0.7, "farm": 0.5, "permit": 0.4}, reader=READER, n=3)
    assert found == [
        (7, "The turbine of the wind farm broke in a storm on Sunday."),
        (2, "A permit for another wind farm was refused by court."),
    ]


def test_no_sentence_where_none_holds_a_term():
    assert (
        evidence_sentences({0: "Nobody was hurt by what happened there at all."}, {"wind": 1.0}, reader=READER, n=3)
        == []
    )
