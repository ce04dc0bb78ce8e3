from __future__ import annotations

import numpy as np
import pytest
from helpers import clusters_of

from topics.articles import from_texts
from topics.config import LabelParams
from topics.embed import from_vectors
from topics.graph import known
from topics.label import count, describe
from topics.records import Origin

ORIGIN = Origin("cut", 1, {}, (), {})
WIND = ["turbine wind offshore said", "wind turbine blade said", "offshore wind permit said", "wind farm turbine said"]
POOL = ["swimmer pool lane said", "pool record swimmer said", "lane swimmer pool said"]


def described(texts, labels, params=None, strengths=None):
    corpus, rows = from_texts(texts)
    ordered = np.empty(corpus.n_docs, dtype=int)
    ordered[rows] = labels
    vectors = np.random.default_rng(0).normal(size=(corpus.n_docs, 8))
    embeddings = from_vectors(corpus, dict(zip(corpus.doc_ids, vectors, strict=True)))
    clusters = clusters_of(corpus.origin.key, ordered, strengths=strengths, origin=ORIGIN)
    params = params or LabelParams(min_df=1, stop_words=())
    counts = count(corpus, params)
    topics = describe(corpus, clusters, counts=counts, embeddings=embeddings, params=params)
    planned = describe(known(corpus), known(clusters), counts=counts, embeddings=embeddings, params=params)
    assert topics.origin.key == planned.origin.key
    return corpus, embeddings, clusters, topics


def test_terms_tell_the_topics_apart():
    *_, topics = described(WIND + POOL, [0] * 4 + [1] * 3)
    frame = topics.frame()
    assert frame["terms"][0][0] == "wind"
    assert set(frame["terms"][1][:2]) == {"pool", "swimmer"}
    assert "said" not in frame["terms"][0][:3]
    assert frame["label"][0].startswith("wind, turbine")
    assert frame["size"].tolist() == [4, 3]
    assert all(np.diff(topics.weights.indptr) > 0)


def test_weights_are_those_of_the_terms():
    *_, topics = described(WIND + POOL, [0] * 4 + [1] * 3)
    for row in topics.frame().to_dict("records"):
        columns = [topics.vocabulary.index(term) for term in row["terms"]]
        np.testing.assert_allclose([topics.weights[row["topic"], c] for c in columns], row["term_weights"], rtol=1e-6)


def test_the_order_of_texts_does_not_matter():
    a = described(WIND + POOL, [0] * 4 + [1] * 3)[-1]
    b = described((WIND + POOL)[::-1], ([0] * 4 + [1] * 3)[::-1])[-1]
    assert a.table.equals(b.table)


def test_noise_is_never_a_row():
    *_, topics = described(WIND + POOL, [0] * 4 + [-1] * 3)
    assert topics.frame()["topic"].tolist() == [0]
    assert described(WIND, [-1] * 4)[-1].n_topics == 0


def test_evidence_is_by_id_and_prefers_firm_members():
    corpus, _, clusters, topics = described(WIND + POOL, [0] * 4 + [1] * 3)
    members = {corpus.doc_ids[i] for i in np.flatnonzero(clusters.labels == 0)}
    evidence = topics.frame()["evidence"][0]
    assert len(evidence) == 3
    assert set(evidence) <= members


def test_copies_are_counted_apart():
    *_, topics = described([*WIND, WIND[0], WIND[0]], [0] * 6)
    assert topics.frame()[["size", "n_copies"]].values.tolist() == [[4, 2]]


@pytest.mark.parametrize("text", ["🙂🙂🙂", "1234", "-- … --"])
def test_a_topic_without_words_says_so(text):
    *_, topics = described([f"{text}{' .' * i}" for i in range(4)], [0] * 4)
    assert topics.frame()["label"].tolist() == ["(no terms)"]
    assert topics.origin.notes == ("1 of 1 topic has no terms: no word occurs in enough of its documents",)


def test_function_words_are_left_out_where_languages_are_not_known():
    texts = [f"The turbine of the wind farm and the permit for it, which they have, is number {i}" for i in range(12)]
    *_, topics = described(texts, [0] * 12, LabelParams(min_df=1))
    assert {"turbine", "wind farm", "permit"} <= set(topics.frame()["terms"][0])
    assert not {"the", "and", "which", "they"} & set(topics.vocabulary)


def test_nearest_topics_are_ordered_and_leave_out_itself():
    *_, topics = described(WIND + POOL + ["cat sat mat", "cat mat"], [0] * 4 + [1] * 3 + [2] * 2)
    for row in topics.frame().to_dict("records"):
        assert sorted([*row["nearest_topics"], row["topic"]]) == [0, 1, 2]


def test_records_of_another_corpus_are_refused():
    corpus, embeddings, clusters, _ = described(WIND, [0] * 4)
    other, _ = from_texts(POOL)
    mine, theirs = (count(one, LabelParams()) for one in (corpus, other))
    with pytest.raises(ValueError, match="expected records of one corpus"):
        describe(other, clusters, counts=mine, embeddings=embeddings, params=LabelParams())
    with pytest.raises(ValueError, match="expected records of one corpus"):
        describe(corpus, clusters, counts=theirs, embeddings=embeddings, params=LabelParams())


def test_a_topic_s_key_is_that_of_its_documents():
    *_, topics = described(WIND + POOL, [0] * 4 + [1] * 3)
    *_, again = described((WIND + POOL)[::-1], ([0] * 4 + [1] * 3)[::-1])
    *_, other = described(WIND + POOL, [0] * 3 + [1] * 4)
    assert topics.frame()["key"].tolist() == again.frame()["key"].tolist()
    assert not set(topics.frame()["key"]) & set(other.frame()["key"])


def test_sentences_are_of_the_topic_s_documents():
    texts = [
        f"{text.capitalize()} number {i} in the north of the country. Short." for i, text in enumerate(WIND + POOL)
    ]
    corpus, _, clusters, topics = described(texts, [0] * 4 + [1] * 3)
    for row in topics.frame().to_dict("records"):
        assert len(row["sentences"]) == len(row["sentence_docs"]) > 0
        for sentence, doc_id in zip(row["sentences"], row["sentence_docs"], strict=True):
            place = corpus.doc_ids.index(doc_id)
            assert clusters.labels[place] == row["topic"]
            assert sentence in corpus.documents["text"][place].as_py()


@pytest.mark.parametrize("weighting", ["class_tfidf", "bm25", "log_odds", "npmi", "centroid"])
def test_every_weighting_labels(weighting):
    params = LabelParams(min_df=1, stop_words=(), weighting=weighting, coherence_weight=0)
    *_, topics = described(WIND + POOL, [0] * 4 + [1] * 3, params)
    wind, pool = topics.frame()["terms"]
    assert set(wind) <= set(" ".join(WIND).split())
    assert "pool" in pool
    assert "pool" not in wind


@pytest.mark.parametrize("given", ["english", "en", ["english", "german"], ("en", "de")])
def test_stop_words_of_a_named_language(given):
    texts = [f"The turbine of the wind farm and the permit for it, which they have, is number {i}" for i in range(12)]
    corpus, *_, topics = described(texts, [0] * 12, LabelParams(min_df=1, stop_words=given))
    assert not {"the", "and", "which", "they"} & set(topics.vocabulary)
    assert "turbine" in topics.vocabulary
    notes = count(corpus, LabelParams(stop_words=given)).origin.notes
    assert len(notes) == (0 if isinstance(given, str) else 1)


def test_a_language_s_name_among_words_is_a_word_and_that_is_said():
    corpus, *_, topics = described(
        WIND + POOL, [0] * 4 + [1] * 3, LabelParams(min_df=1, stop_words=["english", "wind"])
    )
    assert not [term for term in topics.vocabulary if "wind" in term.split()]
    assert "said" in topics.vocabulary
    assert count(corpus, LabelParams(stop_words=["english", "wind"])).origin.notes == (
        "'english' in stop_words was read as a word; stop_words = 'english' uses that language's list",
    )


UKRAINIAN = [
    ["М{0}яса на ринку стало менше.", "Буряк і м{0}ята не вродили.", "Ще п{0}ять тонн м{0}яса продали фермери."],
    [
        "Об{0}єднана лікарня лікує здоров{0}я дітей.",
        "Сім{0}я лікарів дбає про здоров{0}я.",
        "Лікарня прийняла сім{0}ю.",
    ],
]
TURKISH = [
    [
        "İtalya ve İstanbul arasında ticaret arttı.",
        "İTALYA ticaret anlaşması imzaladı.",
        "Istakoz ticareti İtalya ile sürdü.",
    ],
    [
        "ISI YALITIMI yaptıran evler ısındı.",
        "Işık ve ısı yalıtımı kampanyası başladı.",
        "Kışın ISI YALITIMI ışık kadar önemli.",
    ],
]


@pytest.mark.parametrize("apostrophe", "\u0027\u0060\u00b4\u2018\u2019\u02bc\u2032")
def test_terms_are_whole_whatever_stands_for_an_apostrophe(apostrophe):
    texts = [text.format(apostrophe) for topic in UKRAINIAN for text in topic]
    *_, topics = described(texts, [0] * 3 + [1] * 3)
    meat, health = topics.frame()["terms"]
    assert "м'яса" in meat
    assert "здоров'я" in health
    assert not {"яса", "ята", "ять", "я", "єднана"} & set(topics.vocabulary)
    assert all(apostrophe in sentence for sentence in topics.frame()["sentences"][0])


def test_terms_and_sentences_in_turkish():
    texts = [f"{text} Haber {i * 'a' + 'bc'}." for i, text in enumerate(text for topic in TURKISH for text in topic)]
    *_, topics = described(texts, [0] * 3 + [1] * 3)
    trade, heat = topics.frame()["terms"]
    assert trade[0] == "italya"
    assert {"ısı", "yalıtımı"} <= set(" ".join(heat).split())
    assert not [term for term in topics.vocabulary if "\u0307" in term or term in ("isi", "yalitimi", "isik")]
