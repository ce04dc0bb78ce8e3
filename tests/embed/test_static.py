from __future__ import annotations

import io
import json
import socket
import sys
from pathlib import Path

import numpy as np
import pytest

from topics.config import EmbedParams
from topics.embed import ModelNotFoundError, StaticEncoder, StaticTable, distill
from topics.embed import _static as static
from topics.embed import _static_tokens as static_tokens
from topics.records import Origin

SPECIAL = ["[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[unused1]"]
WORDS = [
    "the",
    "of",
    "and",
    "vote",
    "party",
    "minister",
    "law",
    "court",
    "judge",
    "goal",
    "match",
    "team",
    "player",
    "coach",
    "film",
    "actor",
    "stage",
    "song",
    "music",
    "score",
]
LETTERS = [chr(c) for c in range(ord("a"), ord("z") + 1)]
VOCABULARY = [
    *SPECIAL,
    *WORDS,
    *LETTERS,
    *(f"##{letter}" for letter in LETTERS),
    *(f"{w}{s}" for w in WORDS for s in ("s", "er", "ing", "ly")),
]
TEXTS = ["The minister of law and the party vote.", "Goal! The match, the team, the players.", "xylophone music " * 600]


def make_model(folder: Path, *, prefix: str = "") -> Path:
    """A BERT with random weights, as sentence-transformers keeps it."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    (folder / "bert").mkdir(parents=True)
    (folder / "bert" / "vocab.txt").write_text("\n".join(VOCABULARY), encoding="utf-8")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = BertModel(
            BertConfig(
                vocab_size=len(VOCABULARY),
                hidden_size=32,
                num_hidden_layers=2,
                num_attention_heads=2,
                intermediate_size=64,
                max_position_embeddings=64,
            )
        )
    network.save_pretrained(folder / "bert")
    BertTokenizerFast(str(folder / "bert" / "vocab.txt"), model_max_length=64).save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"))
    SentenceTransformer(modules=[transformer, Pooling(32)], device="cpu", prompts={"query": prefix}).save(
        str(folder / "model"), create_model_card=False
    )
    return folder / "model"


@pytest.fixture(scope="module")
def params(tmp_path_factory) -> EmbedParams:
    return EmbedParams(encoder="static", model=str(make_model(tmp_path_factory.mktemp("tiny"))), device="cpu")


@pytest.fixture(scope="module")
def table(params) -> StaticTable:
    return distill(params)


def encoder(params, table) -> StaticEncoder:
    return StaticEncoder(params, lambda asked: table)


def mean(table: StaticTable, tokens: list[str]) -> np.ndarray:
    ids = json.loads(table.tokenizer)["model"]["vocab"]
    return table.vectors[[ids[token] for token in tokens]].mean(axis=0)


# The table


def test_a_table_has_a_vector_for_each_token_of_its_tokenizer(table):
    vocabulary = json.loads(table.tokenizer)["model"]["vocab"]
    assert table.vectors.dtype == np.float32
    assert table.vectors.shape == (len(vocabulary), 32)
    assert not table.vectors.flags.writeable
    assert np.isfinite(table.vectors).all()
    assert set(WORDS) < set(vocabulary)
    assert not any(token.startswith("[unused") for token in vocabulary)
    assert table.frame().shape == table.vectors.shape


def test_the_table_is_the_one_that_model2vec_makes(params, table):
    from model2vec.distill import distill_from_model
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(params.model, device="cpu", local_files_only=True)
    theirs = distill_from_model(model[0].auto_model, model.tokenizer, pca_dims=32, quantize_to="float32", device="cpu")
    assert json.loads(table.tokenizer)["model"] == json.loads(theirs.tokenizer.to_str())["model"]
    np.testing.assert_allclose(table.vectors, theirs.embedding, atol=2e-5)
    ours = encoder(params, table).encode(TEXTS).vectors
    np.testing.assert_allclose(ours, theirs.encode(TEXTS, max_length=None, normalize=False), atol=2e-5)


def test_the_same_model_gives_the_same_bytes_on_any_number_of_threads(params, monkeypatch):
    import torch

    monkeypatch.setattr(static, "_TOKENS_AT_ONCE", 16)
    monkeypatch.setenv("TOPICS_THREADS", "3")
    table = distill(params)
    monkeypatch.setenv("TOPICS_THREADS", "1")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        again = distill(params)
    finally:
        torch.set_num_threads(threads)
    assert again.vectors.tobytes() == table.vectors.tobytes()
    assert again.tokenizer == table.tokenizer


def test_a_table_is_distilled_to_the_same_bytes_again(params, table):
    again = distill(params)
    assert again.vectors.tobytes() == table.vectors.tobytes()
    assert again.tokenizer == table.tokenizer


def test_torchs_threads_are_left_as_they_were(params):
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        distill(params)
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(threads)


def test_distilling_draws_nothing_and_asks_no_one(params, monkeypatch, capfd):
    asked = []

    def refuse(*args, **kwargs):
        asked.append(args)
        raise OSError("no network")

    for name in ("getaddrinfo", "create_connection", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    distill(params)
    assert asked == []
    assert capfd.readouterr() == ("", "")


def test_the_key_is_known_before_and_tells_the_weights(params, table, tmp_path):
    assert distill.node(params).origin.key == table.origin.key
    assert distill.node(params).origin.stage == "static-table"
    assert set(table.origin.libraries) >= {"model2vec", "skeletoken", "transformers", "tokenizers", "torch"}
    assert "absent" not in table.origin.libraries.values()
    assert (
        distill.node(params.model_copy(update={"prompt": "query: ", "max_tokens": 16})).origin.key == table.origin.key
    )
    assert distill.node(params.model_copy(update={"device": "cuda:1"})).origin.key == table.origin.key
    other = tmp_path / "model"
    other.mkdir()
    (other / "modules.json").write_text("[]")
    (other / "model.safetensors").write_bytes(b"other weights")
    assert distill.node(params.model_copy(update={"model": str(other)})).origin.key != table.origin.key


def test_a_model_that_is_a_table_already_is_refused(tmp_path, table):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    embedding = StaticEmbedding(Tokenizer.from_str(table.tokenizer), embedding_weights=np.array(table.vectors))
    SentenceTransformer(modules=[embedding], device="cpu").save(str(tmp_path / "model"), create_model_card=False)
    message = "expected a transformer with a fast tokenizer to distill, got a StaticEmbedding .* set embed.encoder .* to 'sentence-transformer'"
    with pytest.raises(ValueError, match=message):
        distill(EmbedParams(model=str(tmp_path / "model"), device="cpu"))


@pytest.mark.parametrize("package", ["model2vec", "skeletoken"])
def test_a_missing_extra_is_said_at_once(params, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    for call in (StaticEncoder, distill.node, distill):
        with pytest.raises(
            ValueError, match=r"the static encoder needs the 'static' extra: pip install 'topics\[static\]'"
        ):
            call(params)


def test_a_missing_model_is_said_at_once(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelNotFoundError, match="no sentence-transformers model"):
        StaticEncoder(EmbedParams(model=str(tmp_path / "empty")))


# Texts


def test_a_vector_is_the_mean_of_the_tokens_of_the_whole_text(params, table):
    encoded = encoder(params, table).encode([*TEXTS, "Judges ☃ judge the courts", "law " * 5000 + "goal"])
    assert encoded.vectors.dtype == np.float32
    np.testing.assert_allclose(encoded.vectors[3], mean(table, ["judges", "judge", "the", "courts"]), atol=1e-6)
    np.testing.assert_allclose(encoded.vectors[4], mean(table, ["law"] * 5000 + ["goal"]), atol=1e-4)
    assert encoded.vectors[4].tolist() != encoder(params, table).encode(["law " * 5000]).vectors[0].tolist()
    assert encoded.seen.tolist() == [1.0] * 5
    assert encoded.notes == ()


def test_texts_without_a_known_token_get_the_tables_mean_and_a_note(params, table):
    encoded = encoder(params, table).encode(["☃ ☃", "", "the law", "\n\u200b"])
    assert encoded.notes == ("texts without a token in the static table have the table's mean as their vector",)
    for row in (0, 1, 3):
        np.testing.assert_array_equal(encoded.vectors[row], table.vectors.mean(axis=0))
    np.testing.assert_allclose(encoded.vectors[2], mean(table, ["the", "law"]), atol=1e-6)


def test_a_vector_does_not_depend_on_the_texts_beside_it(params, table, monkeypatch):
    texts = [*TEXTS, "", "☃", *(" ".join(VOCABULARY[i : i + 9]) for i in range(60))]
    whole = encoder(params, table).encode(texts).vectors
    monkeypatch.setattr(static_tokens, "_BLOCK_CHARACTERS", 100)
    assert encoder(params, table).encode(texts).vectors.tobytes() == whole.tobytes()
    order = np.random.default_rng(0).permutation(len(texts))
    assert encoder(params, table).encode([texts[i] for i in order]).vectors.tobytes() == whole[order].tobytes()


def test_a_prompt_is_not_used(params, table):
    with_prompt = encoder(params.model_copy(update={"prompt": "minister "}), table)
    assert with_prompt.encode(TEXTS).vectors.tobytes() == encoder(params, table).encode(TEXTS).vectors.tobytes()


def test_the_table_is_asked_for_once_and_only_when_texts_come(params, table):
    asked = []
    lazy = StaticEncoder(params, lambda wanted: asked.append(wanted) or table)
    assert lazy.identity["table"] == table.origin.key
    assert lazy.identity == StaticEncoder(params).identity
    assert json.loads(json.dumps(lazy.identity)) == lazy.identity
    assert asked == []
    lazy.encode(TEXTS)
    lazy.encode(TEXTS)
    assert asked == [params]


def test_without_a_table_it_is_distilled(params, table):
    assert (
        StaticEncoder(params).encode(TEXTS).vectors.tobytes() == encoder(params, table).encode(TEXTS).vectors.tobytes()
    )


def test_it_tells_of_its_model(params):
    assert StaticEncoder(params).model_name == params.model
    assert StaticEncoder(params).languages is None
    assert StaticEncoder(params).shard_rows == 4096


def test_no_texts_are_refused(params, table):
    with pytest.raises(ValueError, match="expected at least one text, got none"):
        encoder(params, table).encode([])


def test_a_table_of_another_tokenizer_is_refused(params, table):
    short = StaticTable(table.vectors[:-2], table.tokenizer, table.origin)
    n = len(table.vectors)
    with pytest.raises(ValueError, match=f"expected a vector for each of the tokenizer's {n} tokens, got {n - 2}"):
        encoder(params, short).encode(TEXTS)


def made(tokenizer) -> StaticTable:
    """A table with a direction of its own for each token, whatever the tokenizer."""
    n = tokenizer.get_vocab_size()
    return StaticTable(np.eye(n, 64), tokenizer.to_str(), Origin("static-table", 1, {}, (), {}))


def test_unknown_pieces_of_a_unigram_tokenizer_do_not_count(params):
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(
        models.Unigram([("<unk>", 0.0), ("▁law", -1.0), ("▁goal", -2.0)], unk_id=0, byte_fallback=False)
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.enable_truncation(2)
    tokenizer.enable_padding()
    encoded = encoder(params, made(tokenizer)).encode(["law goal ☃", "☃", "law law law goal"])
    np.testing.assert_allclose(
        encoded.vectors[:, :3], [[0, 0.5, 0.5], [1 / 3, 1 / 3, 1 / 3], [0, 0.75, 0.25]], rtol=1e-6
    )
    assert len(encoded.notes) == 1


def test_a_tokenizer_of_bytes_knows_everything(params):
    from tokenizers import Tokenizer, models, pre_tokenizers

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())[:60]
    tokenizer = Tokenizer(models.BPE({letter: i for i, letter in enumerate(letters)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    encoded = encoder(params, made(tokenizer)).encode(["!!", letters[3]])
    assert encoded.vectors[0, 0] == 1
    assert encoded.notes == ()


def test_a_table_whose_mean_is_nothing_still_gives_a_direction(params):
    from tokenizers import Tokenizer, models

    tokenizer = Tokenizer(models.WordLevel({"law": 0, "goal": 1}, unk_token="?"))
    balanced = StaticTable(np.array([[1.0, 0], [-1.0, 0]]), tokenizer.to_str(), Origin("static-table", 1, {}, (), {}))
    assert encoder(params, balanced).encode(["law", ""]).vectors.tolist() == [[1, 0], [1, 1]]


def test_nothing_is_drawn_by_encoding(params, table, monkeypatch):
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stderr", shown)
    encoder(params, table).encode(TEXTS * 50)
    assert shown.getvalue() == ""
