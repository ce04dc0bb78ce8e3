from __future__ import annotations

import numpy as np
import pytest
from helpers import clusters_of
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from topics.articles import from_texts, read
from topics.config import ArticlesParams, LabelParams
from topics.embed import from_vectors
from topics.label import count, describe
from topics.label._evenness import drop_even
from topics.records import Origin

FUNCTION_WORDS = ["bol", "tez", "uri", "kam", "sen", "vlo", "pra", "dus", "hem", "gir", "nal", "fis"]
SUBJECTS = {
    "a": ["goranek", "gorasto", "gilunek", "gilubal", "gemisto", "doranek", "dorabal", "dilusto"],
    "b": ["poranek", "porasto", "pilunek", "pilubal", "pemisto", "koranek", "korabal", "kilusto"],
    "c": ["moranek", "morasto", "milunek", "milubal", "memisto", "roranek", "rorabal", "rilusto"],
}
ENGLISH = "The {} and the {} drew a {} this time, and the {} of the {} said so."
OWN = {
    "football": ["striker", "goalkeeper", "penalty", "midfield", "referee", "defender"],
    "harvest": ["barley", "maize", "irrigation", "tractor", "drought", "livestock"],
}
FILLERS = ["plan", "group", "problem", "result", "question", "place"]
GERMAN = "Der {} und der {} sind seit dieser {} nicht mehr da, sagte man am {}, und auch das {} war hier."
AS_IT_IS = ArticlesParams(clean="keep-all", duplicates="exact", split_round_ups=False)
RAILWAY = ["Zug", "Bahnhof", "Lokführer", "Weiche", "Gleis", "Fahrplan", "Schranke"]


def invented(subject: str, n: int, seed: int = 0) -> list[str]:
    """Texts in a language that is in no list: function words everywhere, and a subject's own."""
    random = np.random.default_rng(seed)

    def sentence() -> str:
        words = [
            f"{random.choice(FUNCTION_WORDS)} {random.choice(FUNCTION_WORDS)} {random.choice(SUBJECTS[subject])}"
            for _ in range(4)
        ]
        return " ".join(words).capitalize() + "."

    return [" ".join(sentence() for _ in range(8)) for _ in range(n)]


def english(subject: str, n: int, seed: int = 0) -> list[str]:
    """Texts whose subjects differ in their own words alone."""
    random = np.random.default_rng(seed)

    def sentence() -> str:
        first, second, third = random.choice(OWN[subject], 3)
        one, other = random.choice(FILLERS, 2)
        return ENGLISH.format(first, second, one, other, third)

    return [" ".join(sentence() for _ in range(8)) for _ in range(n)]


def german(n: int, seed: int = 0) -> list[str]:
    random = np.random.default_rng(seed)
    return [" ".join(GERMAN.format(*random.choice(RAILWAY, 5)) for _ in range(6)) for _ in range(n)]


def terms(*topics: list[str], languages: list[str] | None = None, **settings) -> list[list[str]]:
    """The terms of topics that are known."""
    texts = [text for topic in topics for text in topic]
    labels = np.repeat(np.arange(len(topics)), [len(topic) for topic in topics])
    if languages is None:
        corpus, rows = from_texts(texts)
    else:
        spoken = np.repeat(languages, [len(topic) for topic in topics])
        table = [
            {"id": f"{i:04}", "text": text, "lang": str(lang)}
            for i, (text, lang) in enumerate(zip(texts, spoken, strict=True))
        ]
        corpus, rows = read(table, AS_IT_IS), np.arange(len(texts))
    assert corpus.n_docs == len(texts)
    ordered = np.empty(len(texts), dtype=int)
    ordered[rows] = labels
    clusters = clusters_of(corpus.origin.key, ordered, origin=Origin("cut", 1, {}, (), {}))
    params = LabelParams(**settings)
    vectors = from_vectors(corpus, np.random.default_rng(0).normal(size=(len(texts), 8)))
    found = describe(corpus, clusters, counts=count(corpus, params), embeddings=vectors, params=params)
    return [list(row) for row in found.frame()["terms"]]


@pytest.mark.parametrize("sizes", [(20, 20), (57, 3), (95, 5)])
def test_function_words_of_a_language_without_a_list_are_barred_and_a_topic_keeps_its_own_words(sizes):
    first, second = terms(invented("a", sizes[0], 1), invented("b", sizes[1], 2))
    assert set(first) <= set(SUBJECTS["a"])
    assert set(second) <= set(SUBJECTS["b"])
    assert len(first) >= 5


def test_they_are_beside_topics_in_a_language_that_has_one():
    found = terms(invented("a", 20, 1), invented("b", 20, 2), english("football", 20), english("harvest", 20))
    for own, others in zip(found, [*list(SUBJECTS.values())[:2], *OWN.values()], strict=True):
        assert not set(own) & set(FUNCTION_WORDS)
        assert len(set(own[:4]) & set(others)) == 4
    told = terms(invented("a", 20, 1), invented("b", 20, 2), english("football", 20), languages=["xx", "xx", "en"])
    assert not {term for topic in told for term in topic} & set(FUNCTION_WORDS)


def test_three_languages_of_which_one_is_of_one_subject():
    football, harvest, railway, first, second = terms(
        english("football", 40), english("harvest", 10), german(20), invented("a", 15, 1), invented("b", 15, 2),
        languages=["en", "en", "de", "xx", "xx"],
    )  # fmt: skip
    assert set(football[:4]) <= set(OWN["football"])
    assert set(harvest[:4]) <= set(OWN["harvest"])
    assert set(railway[:4]) <= {word.lower() for word in RAILWAY}
    assert set(first) <= set(SUBJECTS["a"])
    assert set(second) <= set(SUBJECTS["b"])


@pytest.mark.parametrize("sizes", [(95, 5), (20, 20), (60, 20)])
def test_a_topic_of_most_documents_keeps_its_words_and_what_is_even_is_barred(sizes):
    football, harvest = terms(english("football", sizes[0]), english("harvest", sizes[1]), languages=["en", "en"])
    assert set(football[:4]) <= set(OWN["football"])
    assert set(harvest[:4]) <= set(OWN["harvest"])


@pytest.mark.parametrize("languages", [["de"], None])
def test_the_words_of_the_only_topic_stay(languages):
    (railway,) = terms(german(30), languages=languages)
    assert set(railway) == {word.lower() for word in RAILWAY}


def test_topics_that_hardly_differ_are_described_by_what_is_frequent():
    one, other = terms(german(24, 1), german(6, 2), languages=["de", "de"])
    assert set(one) == set(other) == {word.lower() for word in RAILWAY}


@pytest.mark.parametrize("seed", range(6))
def test_so_are_small_topics_that_differ_by_chance(seed):
    places = ["Arden", "Belmont", "Corvale", "Dunmoor", "Eastby", "Fenwick", "Glenhaven", "Ilmen", "Juniper", "Kelso"]
    random = np.random.default_rng(seed)
    texts = [f"{text} Das war in {' und in '.join(random.choice(places, 6))}." for text in german(28, seed)]
    for railway in terms(texts[:13], texts[13:22], texts[22:], languages=["de"] * 3):
        assert set(railway[:4]) <= {word.lower() for word in RAILWAY}


def test_a_list_of_the_user_s_own_stands_instead():
    first, _ = terms(invented("a", 20, 1), invented("b", 20, 2), stop_words=["goranek"])
    assert "goranek" not in first


def test_a_word_is_judged_in_the_language_it_is_met_in():
    labels = np.repeat([0, 1, 2], 20).astype(np.int32)
    table = np.zeros((60, 4), dtype=np.int32)
    table[:40, 0] = 2  # even in one language, which has two topics
    table[40:43, 0] = 1  # strayed into the other
    table[:20, 1], table[20:40, 2], table[40:, 3] = 5, 5, 5
    found, alike = drop_even(csr_array(table), labels, languages=["en"] * 40 + ["de"] * 20)
    assert found.toarray().sum(axis=0).tolist() == [0, 100, 100, 100]
    assert alike == frozenset()


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.tuples(st.sampled_from(["wind turbine", "pool lane", "зерно порт", ""]), st.integers(-1, 2), st.sampled_from([None, "A", "B", "C"])),
        min_size=1, max_size=12,
    )
)  # fmt: skip
def test_any_small_corpus_is_described(rows):
    table = [
        {"id": f"{i:02}", "text": f"{text} number {'abcdefghijkl'[i] * 3}", "source": source}
        for i, (text, _, source) in enumerate(rows)
    ]
    corpus = read(table, AS_IT_IS)
    labels = np.array([label for _, label, _ in rows])[: corpus.n_docs]
    known = np.unique(labels[labels >= 0])
    labels = np.where(labels >= 0, np.searchsorted(known, labels), -1)
    clusters = clusters_of(corpus.origin.key, labels, origin=Origin("cut", 1, {}, (), {}))
    vectors = from_vectors(corpus, np.random.default_rng(0).normal(size=(corpus.n_docs, 4)))
    params = LabelParams()
    topics = describe(corpus, clusters, counts=count(corpus, params), embeddings=vectors, params=params)
    assert topics.n_topics == len(known)
