from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy.sparse import csr_array

from topics.label._evidence import distinct, evidence_order, evidence_sentences
from topics.label._sentences import Sentences


def of(texts: dict[int, str]) -> Sentences:
    return Sentences(texts.__getitem__, forms=(), languages=dict.fromkeys(texts))


def test_typical_documents_that_hold_the_terms_come_first():
    counts = csr_array(np.array([[0, 0], [1, 1], [5, 0], [1, 1]]))
    order = evidence_order(
        np.array([0, 1, 2, 3]), [0, 1], closeness=np.array([0.9, 0.8, 0.8, 0.8]), by_term=counts.tocsc()
    )
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
    found = evidence_sentences(
        [7, 2, 5], {"turbine": 1.0, "wind": 0.7, "farm": 0.5, "permit": 0.4}, sentences=of(texts), n=3
    )
    assert found == [
        (7, "The turbine of the wind farm broke in a storm on Sunday."),
        (2, "A permit for another wind farm was refused by court."),
    ]


def test_no_sentence_where_none_holds_a_term():
    sentences = of({0: "Nobody was hurt by what happened there at all."})
    assert evidence_sentences([0], {"wind": 1.0}, sentences=sentences, n=3) == []


def test_what_others_asked_for_before_changes_nothing(sample_corpus):
    texts = dict(enumerate(sample_corpus.documents.column("text").to_pylist()))
    rows = list(texts)[:40]
    asked = [{"court": 1.0, "ukraine": 0.6}, {"police": 1.0, "court": 0.6}, {"government": 1.0, "minister": 0.6}]
    shared = of(texts)
    found = [evidence_sentences(rows, terms, sentences=shared, n=5) for terms in (*asked, *asked)]
    assert found == [evidence_sentences(rows, terms, sentences=of(texts), n=5) for terms in (*asked, *asked)]
    assert any(found)


def test_threads_find_what_one_does(sample_corpus):
    texts = dict(enumerate(sample_corpus.documents.column("text").to_pylist()))
    asked = [{word: 1.0} for word in ("court", "police", "government", "people", "year", "war")] * 2
    shared = of(texts)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda terms: evidence_sentences(list(texts), terms, sentences=shared, n=5), asked))
    assert found == [evidence_sentences(list(texts), terms, sentences=of(texts), n=5) for terms in asked]
