from __future__ import annotations

from itertools import pairwise

import hypothesis
import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st

from topics.articles import from_texts, read
from topics.config import ArticlesParams, EmbedParams
from topics.embed import Encoded, Hybrid, LsaEncoder, embed, from_vectors, shards
from topics.graph import known

CORPUS, _ = from_texts([f"text number {i}" for i in range(12)])


class Fixed:
    shard_rows = None

    def __init__(self, vectors, seen=None):
        self.vectors, self.seen = vectors, np.ones(len(vectors)) if seen is None else seen
        self.identity = {"kind": "fixed"}

    def encode(self, texts):
        return Encoded(self.vectors, self.seen)


class Lengths:
    """Vectors that tell the text; remembers what it was asked."""

    languages = frozenset({"en"})
    model_name = "lengths"

    def __init__(self, shard_rows=4):
        self.shard_rows, self.identity, self.asked = shard_rows, {"kind": "lengths"}, []

    def encode(self, texts):
        self.asked.append(list(texts))
        rows = [[len(text), sum(map(ord, text)), 1.0] for text in texts]
        return Encoded(np.array(rows), np.ones(len(texts)), ("noted",))


def test_vectors_come_out_with_unit_length():
    made = embed(CORPUS, Fixed(np.random.default_rng(0).normal(size=(12, 4)) * 9))
    np.testing.assert_allclose(np.linalg.norm(made.vectors, axis=1), 1, rtol=1e-6)
    assert made.origin.key == embed(known(CORPUS), Fixed(np.ones((12, 4)))).origin.key
    assert made.origin.notes == ()


def test_a_run_that_truncates_says_so():
    made = embed(CORPUS, Fixed(np.ones((12, 4)), np.array([0.5, 0.3] + [1] * 10)))
    [note] = made.origin.notes
    assert note.startswith(
        "2 of 12 documents are longer than the encoder reads: it saw the first 40% of their tokens on average"
    )


BAD = [
    (np.ones((11, 4)), "expected 12 vectors, one per row of the articles .*, got 11"),
    (np.ones(12), r"expected vectors of shape \(n, n_dims\), got shape \(12,\)"),
    (np.ones((12, 0)), r"expected vectors of shape \(n, n_dims\), got shape \(12, 0\)"),
    ([["a"] * 4] * 12, r"expected vectors of real numbers, got strings"),
    (np.where(np.arange(48).reshape(12, 4) == 9, np.nan, 1), "NaN, infinity or more than float32 holds in 1: row 2$"),
    (np.where(np.arange(48).reshape(12, 4) > 43, np.inf, 1), "NaN, infinity or more than float32 holds in 1: row 11$"),
    (np.repeat(np.arange(12) > 1, 4).reshape(12, 4).astype(float), "got nothing but zeros in 2: rows 0, 1$"),
    (np.zeros((12, 4)), "got nothing but zeros in 12: rows 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more$"),
]


@pytest.mark.parametrize(("vectors", "message"), BAD)
def test_unusable_vectors_are_refused_by_row(vectors, message):
    with pytest.raises(ValueError, match=message):
        from_vectors(CORPUS, vectors)


def test_an_encoder_is_held_to_the_same():
    with pytest.raises(ValueError, match="the encoder's vectors: expected finite vectors"):
        embed(CORPUS, Fixed(np.full((12, 4), np.nan)))


def test_given_vectors_are_known_by_content():
    vectors = np.random.default_rng(0).normal(size=(12, 4))
    assert from_vectors(CORPUS, vectors).origin.key == from_vectors(CORPUS, vectors.tolist()).origin.key
    assert from_vectors(CORPUS, vectors).origin.key != from_vectors(CORPUS, vectors[::-1]).origin.key


WORDS = st.lists(st.text(alphabet="ab ", min_size=1, max_size=12), min_size=1, max_size=30)


@hypothesis.given(WORDS, st.integers(1, 9))
def test_every_document_gets_the_vector_of_its_text_whatever_the_shards(words, shard_rows):
    corpus, _ = from_texts([f"text {word}" for word in words])
    encoder = Lengths(shard_rows)
    made = embed(corpus, encoder)
    alone = embed(corpus, Lengths(10**6))
    assert made.vectors.tobytes() == alone.vectors.tobytes()
    asked = [text for texts in encoder.asked for text in texts]
    assert sorted(asked) == sorted(set(corpus.full_texts()))
    assert all(len(texts) <= shard_rows for texts in encoder.asked)


def test_texts_of_like_length_are_together_the_longest_first():
    corpus, _ = from_texts([f"text {'a' * (i % 20)} {i}" for i in range(40)])
    encoder = Lengths(8)
    embed(corpus, encoder)
    lengths = sorted((max(map(len, texts)), min(map(len, texts))) for texts in encoder.asked)
    assert all(longest <= shortest for (longest, _), (_, shortest) in pairwise(lengths))
    assert max(map(len, encoder.asked[0])) == max(map(len, corpus.full_texts()))


def test_equal_texts_of_several_documents_are_embedded_once():
    frame = pd.DataFrame({"id": list("abc"), "title": ["", "One", "One"], "text": ["One\n\ntwo", "two", "two three"]})
    corpus = read(frame, ArticlesParams(duplicates="exact", clean="keep-all", split_round_ups=False))
    encoder = Lengths()
    embed(corpus, encoder)
    asked = [text for texts in encoder.asked for text in texts]
    assert len(asked) == len(set(asked))


def test_shards_of_the_same_texts_are_known_again_in_another_corpus():
    one, _ = from_texts([f"text {i}" for i in range(8)])
    other, _ = from_texts([f"text {i}" for i in reversed(range(8))])
    assert {s.origin.key for s in shards(one, Lengths())} == {s.origin.key for s in shards(other, Lengths())}


def test_what_encoders_note_and_languages_they_do_not_know_are_said():
    texts = [f"Парламент ухвалив закон номер {i} про державний бюджет країни на цей рік" for i in range(12)]
    corpus = read(pd.DataFrame({"text": texts}), ArticlesParams(duplicates="exact"))
    noted, unknown = embed(corpus, Lengths()).origin.notes
    assert noted == "noted"
    assert "12 of 12 documents are in a language that lengths does not know (uk 12)" in unknown


def test_a_hybrid_joins_its_parts_and_says_how():
    corpus, _ = from_texts(
        [f"{word} {word}s {i % 4} story of the {word}" for i in range(20) for word in ("port", "vote")]
    )
    meaning = Lengths()
    chosen = embed(corpus, Hybrid(meaning, LsaEncoder(EmbedParams())))
    assert 0 <= chosen.lexical_weight <= 1
    assert any(note.startswith("lexical weight 0.") for note in chosen.origin.notes)
    np.testing.assert_allclose(np.linalg.norm(chosen.vectors, axis=1), 1, rtol=1e-5)
    fixed = embed(corpus, Hybrid(meaning, LsaEncoder(EmbedParams()), weight=0.25))
    assert fixed.lexical_weight == 0.25
    assert "lexical weight 0.25" in fixed.origin.notes
    assert fixed.origin.key != chosen.origin.key


@pytest.mark.parametrize("n_texts", [1, 2, 3, 20])
def test_few_documents_have_hybrid_vectors_too(n_texts):
    corpus, _ = from_texts([f"a text about number {i}" for i in range(n_texts)])
    made = embed(corpus, Hybrid(Lengths(), LsaEncoder(EmbedParams())))
    assert np.isfinite(made.vectors).all()
    np.testing.assert_allclose(np.linalg.norm(made.vectors, axis=1), 1, rtol=1e-5)


def test_documents_without_words_make_no_cluster_of_their_own():
    random = np.random.default_rng(0)
    stories = [["harbour", "quay", "dredging", "ship"], ["school", "teacher", "pupil", "board"]]
    texts = [" ".join(random.choice(stories[i % 2], 12)) + f" {i}" for i in range(60)]
    corpus = read(
        pd.DataFrame({"text": [*texts, *(f"12{i} 34{i} 5{i}" for i in range(12))]}), ArticlesParams(duplicates="exact")
    )
    meaning = Fixed(random.normal(size=(corpus.n_docs, 16)))
    made = embed(corpus, Hybrid(meaning, LsaEncoder(EmbedParams()), weight=0.5))
    wordless = np.array([text[0].isdigit() for text in corpus.full_texts()])
    assert wordless.sum() == 12
    similarity = made.vectors @ made.vectors.T
    np.fill_diagonal(similarity, -1)
    nearest = similarity[wordless].argmax(axis=1)
    assert wordless[nearest].mean() < 0.6
    assert similarity[np.ix_(wordless, wordless)].max() < 0.9
    assert any(note.startswith("12 of 72 documents have no words in common with others") for note in made.origin.notes)


def test_unusable_vectors_are_told_by_their_texts():
    class Broken(Lengths):
        def encode(self, texts):
            made = super().encode(texts)
            made.vectors[["7" in text for text in texts]] = np.nan
            return made

    with pytest.raises(ValueError, match=r"NaN, infinity .* in 1: row \d; the texts begin with 'text number 7'"):
        embed(CORPUS, Broken())


def test_the_weight_of_a_hybrid_is_checked():
    with pytest.raises(ValueError, match=r"expected a lexical weight in \[0, 1\] or 'auto', got 2.0"):
        Hybrid(Lengths(), LsaEncoder(EmbedParams()), weight=2.0)
