from __future__ import annotations

import pickle

import numpy as np
import pytest

from topics.config import EmbedParams
from topics.embed import SentenceTransformerEncoder
from topics.embed import _precision as precision
from topics.embed import _transformer as transformer
from topics.embed._precision import fastest_precision, smallest_cosine

TRUNCATE = EmbedParams(long_texts="truncate", precision="float32")


@pytest.fixture(scope="module")
def texts(sample) -> list[str]:
    return [*sample["gold_text"].head(10), "short", "", "Коротке речення українською."]


@pytest.fixture(scope="module")
def encoder() -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder(TRUNCATE)


@pytest.fixture(scope="module")
def whole() -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder(EmbedParams(precision="float32"))


@pytest.fixture(scope="module")
def reference(texts, encoder):
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(encoder.folder), device="cpu").encode(texts)


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_vectors_equal_those_of_sentence_transformers(texts, encoder, reference):
    np.testing.assert_allclose(encoder.encode(texts).vectors, reference, atol=2e-6)


def test_seen_is_the_share_of_tokens_before_the_limit(texts, encoder, whole):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(encoder.folder)
    n_tokens = [len(tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]) for text in texts]
    seen = encoder.encode(texts).seen
    np.testing.assert_allclose(seen, [min(1.0, 254 / max(n, 1)) for n in n_tokens], rtol=1e-6)
    assert seen.min() < 1
    assert seen[-3:].tolist() == [1, 1, 1]
    assert whole.encode(texts).seen.tolist() == [1] * len(texts)


BEFORE = "The dredging of the harbour began on Monday, the port company said. Ships wait at the quay. "
AFTER = "The school board voted for smaller classes. Teachers and pupils had marched through the city. "


def test_a_long_article_is_read_to_its_end(encoder, whole):
    """20,000 words whose subject changes after the first 256 tokens."""
    article = BEFORE * 13 + AFTER * 1320
    assert len(article.split()) > 20_000
    cut = unit(encoder.encode([article, BEFORE * 20]).vectors)
    np.testing.assert_allclose(cut[0], cut[1], atol=1e-6)
    read = whole.encode([article, BEFORE * 13, AFTER * 13])
    vectors = unit(read.vectors)
    assert vectors[0] @ vectors[1] < 0.5 < 0.95 < vectors[0] @ vectors[2]
    assert vectors[0] @ cut[0] < 0.5
    assert read.seen.tolist() == [1, 1, 1]


def test_the_lead_counts_more_where_that_is_asked(whole):
    text = BEFORE * 13 + AFTER * 26
    plain = unit(whole.encode([text, BEFORE]).vectors)
    led = SentenceTransformerEncoder(EmbedParams(precision="float32", lead_weight=5.0))
    weighted = unit(led.encode([text, BEFORE]).vectors)
    assert weighted[0] @ weighted[1] > plain[0] @ plain[1] + 0.05
    assert led.identity["lead_weight"] == 5.0


@pytest.mark.parametrize("kind", ["float32", "auto"])
def test_bits_do_not_depend_on_the_number_of_threads(texts, kind, monkeypatch):
    params = EmbedParams(precision=kind, batch_tokens=600)
    several = SentenceTransformerEncoder(params).encode(texts).vectors.tobytes()
    monkeypatch.setenv("TOPICS_THREADS", "1")
    assert SentenceTransformerEncoder(params).encode(texts).vectors.tobytes() == several


def test_a_prompt_is_put_before_every_text(texts, encoder):
    prompted = SentenceTransformerEncoder(TRUNCATE.model_copy(update={"prompt": "query: "}))
    by_hand = encoder.encode([f"query: {text}" for text in texts]).vectors
    np.testing.assert_allclose(prompted.encode(texts).vectors, by_hand, atol=2e-6)
    assert prompted.identity["prompt"] == "query: "


def test_with_a_prompt_long_texts_are_read_whole_and_counted_without_it(encoder):
    text = "The ship waits in the harbour. " * 80  # 7 tokens a sentence
    whole = SentenceTransformerEncoder(EmbedParams(precision="float32", max_tokens=32, prompt="query: "))
    made = whole.encode([text, "two words"])
    assert made.seen.tolist() == [1, 1]
    assert made.notes == ("the prompt 'query: ' was put before every text",)
    pieces = whole._ready.reader.pieces([text, "two words"], long_texts="pool")
    assert pieces.n_tokens.tolist()[-1] == 2
    assert sum(pieces.n_tokens[:-1]) == 560
    cut = SentenceTransformerEncoder(TRUNCATE.model_copy(update={"max_tokens": 32, "prompt": "query: "})).encode([text])
    np.testing.assert_allclose(cut.seen, [28 / 560], rtol=1e-6)


def test_a_used_encoder_can_be_cloned_and_pickled(encoder, texts):
    from sklearn.base import clone

    from topics import TopicModel

    encoder.encode(["a text"])
    assert clone(TopicModel(encoder=encoder)).encoder.params == encoder.params
    again = pickle.loads(pickle.dumps(encoder))
    np.testing.assert_array_equal(again.encode(texts[:2]).vectors, encoder.encode(texts[:2]).vectors)


@pytest.mark.parametrize(
    ("device", "message"), [("gpu", "expected a torch device such as"), ("cuda", "not available here")]
)
def test_a_device_that_is_not_there_is_refused(device, message):
    with pytest.raises(ValueError, match=f"embed.device: .*{message}"):
        SentenceTransformerEncoder(EmbedParams(device=device)).identity  # noqa: B018


def test_bfloat16_stays_near_float32(texts, encoder, reference):
    lower = SentenceTransformerEncoder(TRUNCATE.model_copy(update={"precision": "bfloat16"})).encode(texts)
    assert smallest_cosine(lower.vectors, reference) > 0.9995
    assert lower.notes == ()
    assert lower.vectors.tobytes() != reference.tobytes()


def test_a_precision_that_is_not_sound_falls_back_and_says_so(texts, monkeypatch, reference):
    monkeypatch.setattr(transformer, "MIN_COSINE", 0.99999999)
    made = SentenceTransformerEncoder(TRUNCATE.model_copy(update={"precision": "bfloat16"})).encode(texts)
    np.testing.assert_allclose(made.vectors, reference, atol=2e-6)
    [note] = made.notes
    assert note.startswith("bfloat16 is not accurate for all-MiniLM-L6-v2 (smallest cosine to float32 0.99")
    assert note.endswith("embedded in float32")


def test_a_precision_that_torch_has_no_kernel_for_falls_back_and_says_so(texts, monkeypatch, reference):
    def cannot(*_):
        raise RuntimeError("pack_vnni2 is only supported when avx512 is supported\nat somewhere")

    monkeypatch.setattr(transformer, "smallest_cosine", cannot)
    made = SentenceTransformerEncoder(TRUNCATE.model_copy(update={"precision": "bfloat16"})).encode(texts)
    np.testing.assert_allclose(made.vectors, reference, atol=2e-6)
    assert made.notes == (
        "bfloat16 is not accurate for all-MiniLM-L6-v2 (pack_vnni2 is only supported when avx512 is supported): embedded "
        "in float32",
    )


def test_attention_text_by_text_is_attention(sample):
    """In float32 the changed attention gives the unchanged one's results, padding or not."""
    from topics.embed._kernels import _attend_text_by_text

    texts = [*sample["gold_text"].head(4), "A text of a few words."]
    usual, changed = (SentenceTransformerEncoder(TRUNCATE) for _ in range(2))
    _attend_text_by_text(changed._ready.model[0].auto_model)
    np.testing.assert_allclose(changed.encode(texts).vectors, usual.encode(texts).vectors, atol=2e-6)


@pytest.mark.parametrize(
    ("device", "has", "kernels", "expected"),
    [
        ("cpu", {"avx512_bf16": True}, "AVX512", "bfloat16"),
        ("cpu", {"amx_bf16": True}, "AVX512", "bfloat16"),
        ("cpu", {"amx_bf16": True}, "AVX2", "float32"),
        ("cpu", {"amx_bf16": True, "avx512_bf16": True}, "DEFAULT", "float32"),
        ("cpu", {"bf16": True}, "DEFAULT", "bfloat16"),
        ("cpu", {"avx512_f": True}, "AVX512", "float32"),
        ("cuda", {}, "AVX2", "float16"),
        ("cuda:1", {}, "AVX2", "float16"),
        ("mps", {}, "DEFAULT", "float16"),
    ],
)
def test_the_fastest_sound_format_depends_on_the_device(device, has, kernels, expected, monkeypatch):
    monkeypatch.setattr(precision, "bfloat16_units", lambda: has)
    monkeypatch.setattr(precision, "_kernels", lambda: kernels)
    assert fastest_precision(device) == expected


def test_vectors_that_are_not_finite_are_like_nothing():
    reference = np.ones((2, 3), np.float32)
    assert smallest_cosine(np.array([[1, 1, 1], [np.inf, 1, 1]], np.float32), reference) == -1
    assert smallest_cosine(reference * 3, reference) == pytest.approx(1)


def test_max_tokens_shortens_the_pieces(texts):
    cut = SentenceTransformerEncoder(TRUNCATE.model_copy(update={"max_tokens": 32})).encode(texts[:2])
    assert cut.seen.max() < 0.3
    whole = SentenceTransformerEncoder(EmbedParams(precision="float32", max_tokens=32)).encode(texts[:2])
    assert whole.seen.tolist() == [1, 1]


def test_a_prompt_that_leaves_no_room_is_refused():
    encoder = SentenceTransformerEncoder(EmbedParams(prompt="word " * 40, max_tokens=16))
    with pytest.raises(ValueError, match="embed.max_tokens: 16 tokens leave no room for a text beside 2 special ones"):
        encoder.encode(["text"])


def test_identity_tells_what_shapes_the_vectors():
    usual = SentenceTransformerEncoder(EmbedParams()).identity
    assert usual == SentenceTransformerEncoder(EmbedParams()).identity
    for change in ({"max_tokens": 64}, {"long_texts": "truncate"}, {"prompt": "x"}, {"batch_tokens": 512}):
        assert usual != SentenceTransformerEncoder(EmbedParams(**change)).identity
    assert set(usual["libraries"]) == {"sentence-transformers", "transformers", "tokenizers", "torch"}


def test_no_texts_are_refused():
    with pytest.raises(ValueError, match="expected at least one text, got none"):
        SentenceTransformerEncoder(EmbedParams()).encode([])
