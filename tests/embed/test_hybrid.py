from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.embed._lexical_weight import GRID, choose_weight, join_parts, sharpen

random = np.random.default_rng(0)


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def test_sharpening_is_the_second_power_of_the_singular_values():
    vectors = unit(random.normal(size=(60, 12)) + 1)
    left, strengths, right = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(sharpen(vectors), unit(left * strengths**2 @ right), atol=1e-5)


def test_power_one_takes_the_mean_off_and_no_more():
    vectors = unit(random.normal(size=(30, 5)) + 1)
    np.testing.assert_allclose(sharpen(vectors, power=1), unit(vectors - vectors.mean(axis=0)), atol=1e-5)


def test_the_inner_products_are_those_of_the_rows_of_the_similarity_matrix():
    vectors = unit(random.normal(size=(40, 12)) + 1)
    centred = vectors - vectors.mean(axis=0)
    rows = centred @ centred.T
    np.testing.assert_allclose(sharpen(vectors) @ sharpen(vectors).T, unit(rows) @ unit(rows).T, atol=1e-4)


@given(st.floats(0.01, 0.99), st.permutations(range(20)))
def test_the_cosine_is_the_weighted_mean_of_the_parts_in_any_order(weight, order):
    one, other = unit(random.normal(size=(20, 6))), unit(random.normal(size=(20, 4)))
    joined = join_parts(one, other, weight=weight)
    sharp = [sharpen(part, power=min(2, 1 + 2 * weight)) for part in (one, other)]
    expected = (1 - weight) * sharp[0] @ sharp[0].T + weight * sharp[1] @ sharp[1].T
    np.testing.assert_allclose(joined @ joined.T, expected, atol=1e-5)
    np.testing.assert_allclose(join_parts(one[order], other[order], weight=weight), joined[order], atol=2e-5)


@pytest.mark.parametrize(("weight", "n_dims"), [(0.0, 6), (1.0, 4), (0.5, 10)])
def test_a_part_without_weight_is_left_out(weight, n_dims):
    assert join_parts(unit(random.normal(size=(9, 6))), unit(random.normal(size=(9, 4))), weight=weight).shape == (
        9,
        n_dims,
    )


def test_a_document_without_words_keeps_its_meaning_and_one_without_either_is_no_nan():
    meaning = unit(random.normal(size=(9, 6)))
    words = unit(random.normal(size=(9, 4)))
    words[3] = words[[0, 1, 2, 4, 5, 6, 7, 8]].mean(axis=0)
    joined = join_parts(meaning, words, weight=0.5)
    assert np.isfinite(joined).all()
    np.testing.assert_allclose(np.linalg.norm(joined, axis=1), 1, rtol=1e-5)
    assert np.isfinite(join_parts(np.ones((3, 2), np.float32), np.ones((3, 2), np.float32), weight=0.5)).all()


TOPICS = [[f"{name}{i}" for i in range(40)] for name in ("harbour", "school", "ballot", "vaccine")]


def corpus(n_words: int, seed: int = 0) -> tuple[list[str], np.ndarray]:
    """Texts of so many words of their topic's forty, and vectors that know the topics."""
    draw = np.random.default_rng(seed)
    labels = np.repeat(np.arange(4), 40)
    texts = [" ".join(draw.permutation(stretch(TOPICS[label]))[:n_words]) for label in labels]
    return texts, labels


def stretch(words: list[str]) -> list[str]:
    return [f"{word[-1]}{word}" for word in words]


def test_words_count_much_where_the_meaning_is_unknown():
    texts, _ = corpus(20)
    weight, tried, scores = choose_weight(unit(random.normal(size=(160, 16))), texts, n_components=16)
    assert weight >= 0.3
    assert tried == GRID
    assert len(scores) == len(GRID)
    assert scores[-1] > scores[0]


def test_words_never_count_alone_where_texts_share_few():
    draw, labels = np.random.default_rng(0), np.repeat(np.arange(4), 60)
    texts = [
        " ".join(f"{chr(97 + w % 26)}{chr(97 + w // 26)}{label}x" for w in draw.integers(0, 200, 4)) for label in labels
    ]
    meaning = unit(np.eye(4)[labels] + draw.normal(scale=0.2, size=(240, 4)))
    weight, _, scores = choose_weight(meaning, texts, n_components=16)
    assert weight <= 0.5
    assert scores[-1] < scores[0] / 1.5
    assert scores[GRID.index(weight)] >= 0.99 * max(scores)


def test_too_few_documents_to_choose_by_get_a_fixed_weight():
    texts, _ = corpus(20)
    assert choose_weight(unit(random.normal(size=(20, 4))), texts[:20], n_components=4) == (0.3, (), ())


def test_no_words_at_all_leave_the_meaning_alone():
    assert choose_weight(unit(random.normal(size=(40, 4))), ["!"] * 40, n_components=4) == (0.0, (), ())
