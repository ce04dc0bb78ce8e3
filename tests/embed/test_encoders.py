from __future__ import annotations

import numpy as np
import pytest

from topics.config import EmbedParams
from topics.embed import SentenceTransformerEncoder


@pytest.fixture(scope="module")
def texts(sample) -> list[str]:
    return [*sample["gold_text"].head(10), "short", "", "Коротке речення українською."]


@pytest.fixture(scope="module")
def encoded(texts):
    return SentenceTransformerEncoder(EmbedParams(batch_size=4)).encode(texts)


def test_vectors_equal_those_of_sentence_transformers(texts, encoded):
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformerEncoder(EmbedParams())
    reference = SentenceTransformer(str(encoder.folder), device="cpu").encode(texts)
    np.testing.assert_allclose(encoded[0], reference, atol=2e-6)


def test_seen_is_the_share_of_tokens_before_the_limit(texts, encoded):
    from transformers import AutoTokenizer

    encoder = SentenceTransformerEncoder(EmbedParams())
    tokenizer = AutoTokenizer.from_pretrained(encoder.folder)
    n_tokens = [len(tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]) for text in texts]
    np.testing.assert_allclose(encoded[1], [min(1.0, 254 / max(n, 1)) for n in n_tokens], rtol=1e-6)
    assert encoded[1].min() < 1
    assert encoded[1][-3:].tolist() == [1, 1, 1]


def test_bits_do_not_depend_on_the_number_of_threads(texts, encoded, monkeypatch):
    monkeypatch.setenv("TOPICS_THREADS", "1")
    alone, _ = SentenceTransformerEncoder(EmbedParams(batch_size=4)).encode(texts)
    assert alone.tobytes() == encoded[0].tobytes()


def test_max_tokens_shortens_what_is_seen(texts):
    encoder = SentenceTransformerEncoder(EmbedParams(max_tokens=32))
    _, seen = encoder.encode(texts[:2])
    assert seen.max() < 0.3


def test_identity_tells_what_shapes_the_vectors():
    usual = SentenceTransformerEncoder(EmbedParams()).identity
    assert usual["weights"] == SentenceTransformerEncoder(EmbedParams()).identity["weights"]
    assert usual != SentenceTransformerEncoder(EmbedParams(max_tokens=64)).identity
    assert set(usual["libraries"]) == {"sentence-transformers", "transformers", "tokenizers", "torch"}


def test_no_texts_are_refused():
    with pytest.raises(ValueError, match="expected at least one text, got none"):
        SentenceTransformerEncoder(EmbedParams()).encode([])
