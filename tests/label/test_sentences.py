from __future__ import annotations

import pytest

from topics.label import Reader
from topics.label import _sentences as module
from topics.label._sentences import Sentences

FORMS = ("new york", "new york city", "city council", "prime minister", "ukraine", "the government", "of the")


def of(texts: dict[int, str], languages: dict[int, str | None]) -> Sentences:
    return Sentences(texts.__getitem__, forms=FORMS, languages=languages)


def named(sentences: Sentences, numbers: frozenset[int]) -> set[str]:
    """Forms of numbers."""
    words = {sentences.number(word): word for word in (*sentences._words, *FORMS)}
    return {words[number] for number in numbers}


def test_a_sentence_has_the_terms_that_a_reader_finds_in_it(sample_corpus):
    documents = sample_corpus.documents
    texts = dict(enumerate(documents.column("text").to_pylist()))
    languages = dict(enumerate(documents.column("lang").to_pylist()))
    texts[len(texts)] = (
        "The New York City Council of the City of New York\u2019s \ufb01nest met the Prime Minister. " * 3
    )
    languages[len(languages)] = "en"
    sentences = of(texts, languages)
    reader = Reader(stop_words=(), collocations=[tuple(form.split(" ")) for form in FORMS])
    rows = list(texts)[-200:]
    n_several = 0
    for row, document in zip(rows, sentences.of(rows), strict=True):
        read = reader.read_all(document.texts, languages=[languages[row]] * len(document.texts))
        for i, forms in enumerate(read):
            assert named(sentences, document.forms_of(i)) == set(forms)
            assert document.roots[i] == (10 + len(set(forms))) ** 0.5
            n_several += any(" " in form for form in forms)
    assert n_several > 5


@pytest.mark.parametrize("kept", [1, 3, 100])
def test_documents_are_the_same_however_many_are_kept_and_whatever_came_before(monkeypatch, sample_corpus, kept):
    monkeypatch.setattr(module, "_KEPT_TEXTS", kept)
    texts = dict(enumerate(sample_corpus.documents.column("text").to_pylist()))
    one, other = (of(texts, dict.fromkeys(texts)) for _ in range(2))
    expected = {row: one.of([row])[0] for row in range(12)}
    for rows in ([3, 4, 5, 6], [0, 4, 11], [4, 4], []):
        for row, document in zip(rows, other.of(rows), strict=True):
            assert document.texts == expected[row].texts
            for i in range(len(document.texts)):
                assert named(other, document.forms_of(i)) == named(one, expected[row].forms_of(i))


def test_a_document_without_sentences_has_no_terms():
    (document,) = of({0: "Too short. Wind!"}, {0: None}).of([0])
    assert (document.texts, document.forms.tolist(), document.roots.tolist()) == ([], [], [])
