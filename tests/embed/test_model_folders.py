"""What is loaded from a model's folder is what was checked and keyed; what is damaged is one sentence."""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest

from topics.config import EmbedParams
from topics.embed import ModelNotFoundError, SentenceTransformerEncoder, resolve
from topics.embed import _model_folder as weights

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz", "the", "law", "goal", "song"]


@pytest.fixture(scope="session")
def whole_model(tmp_path_factory) -> Path:
    """A BERT with random weights and a dense layer."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("model")
    (folder / "bert").mkdir()
    (folder / "bert" / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    with torch.random.fork_rng():
        torch.manual_seed(0)
        BertModel(BertConfig(vocab_size=len(WORDS), max_position_embeddings=64, **sizes)).save_pretrained(
            folder / "bert"
        )
        BertTokenizerFast(str(folder / "bert" / "vocab.txt"), model_max_length=64).save_pretrained(folder / "bert")
        modules = [Transformer(str(folder / "bert")), Pooling(16), Dense(16, 8)]
        SentenceTransformer(modules=modules, device="cpu").save(str(folder / "model"), create_model_card=False)
    return folder / "model"


@pytest.fixture
def model(whole_model, tmp_path) -> Path:
    shutil.copytree(whole_model, tmp_path / "model")
    return tmp_path / "model"


def encoder(model: Path) -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder(EmbedParams(model=str(model), device="cpu", precision="float32"))


def as_pickle(path: Path, name: str = "pytorch_model.bin") -> None:
    """Weights in safetensors are made those of a pickle beside them."""
    import torch
    from safetensors.torch import load_file

    torch.save(load_file(path), path.parent / name)


def test_a_whole_model_encodes(model):
    assert encoder(model).encode(["the law", "goal"]).vectors.shape == (2, 8)


@pytest.mark.parametrize("place", ["", "2_Dense"])
@pytest.mark.parametrize("left", [None, "other.safetensors"])
def test_pickled_weights_that_would_be_loaded_are_refused(model, place, left):
    path = model / place / "model.safetensors"
    as_pickle(path)
    if left:
        shutil.copy(path, path.with_name(left))
    path.unlink()
    with pytest.raises(ModelNotFoundError, match=r"has weights in '.*pytorch_model\.bin'.* pickled ones are refused"):
        resolve(str(model))


@pytest.mark.parametrize("name", ["pytorch_model.bin", "pytorch_model-00001-of-00002.bin", "model.pt", "tf_model.h5"])
def test_pickles_beside_whole_weights_are_not_loaded(model, name):
    before = encoder(model)
    expected = before.encode(["the law"]).vectors
    (model / name).write_bytes(b"\x80\x04 no pickle that could be read")
    after = encoder(model)
    assert after.identity == before.identity
    assert np.array_equal(after.encode(["the law"]).vectors, expected)


def test_settings_cannot_ask_for_pickles_or_code(model):
    expected = encoder(model).encode(["the law"]).vectors
    as_pickle(model / "model.safetensors")
    settings = json.loads((model / "sentence_bert_config.json").read_text())
    settings["model_args"] = {"use_safetensors": False, "trust_remote_code": True}
    (model / "sentence_bert_config.json").write_text(json.dumps(settings))
    (model / "pytorch_model.bin").write_bytes(b"\x80\x04 no pickle")
    assert np.array_equal(encoder(model).encode(["the law"]).vectors, expected)


def files_that_shape_vectors(model: Path) -> list[Path]:
    return sorted(path for path in model.rglob("*") if path.is_file() and path.name != "README.md")


def test_every_file_of_a_model_is_in_its_key(model):
    before = weights.fingerprint_folder(model)
    seen = {before}
    for path in files_that_shape_vectors(model):
        content = path.read_bytes()
        path.write_bytes(content + b" ")
        seen.add(weights.fingerprint_folder(model))
        path.write_bytes(content)
    for name in ("chat_template.jinja", "merges.vocab", "spiece.model", "1_Pooling/new.json", "m.gguf"):
        (model / name).write_bytes(b"x")
        seen.add(weights.fingerprint_folder(model))
        (model / name).unlink()
    assert len(seen) == 1 + len(files_that_shape_vectors(model)) + 5
    assert weights.fingerprint_folder(model) == before


def test_a_module_s_folder_behind_a_link_is_in_the_key(model, tmp_path):
    before = weights.fingerprint_folder(model)
    (model / "1_Pooling").rename(tmp_path / "elsewhere")
    (model / "1_Pooling").symlink_to(tmp_path / "elsewhere")
    assert weights.fingerprint_folder(model) == before
    (tmp_path / "elsewhere" / "config.json").write_text("{}")
    assert weights.fingerprint_folder(model) != before
    (model / "2_Dense" / "loop").symlink_to(model)
    with pytest.raises(ModelNotFoundError, match="or in each other"):
        resolve(str(model))


def test_weights_in_several_files_are_read_and_missing_ones_named(model):
    from transformers import BertModel

    expected = encoder(model).encode(["the law"]).vectors
    whole = BertModel.from_pretrained(model)
    (model / "model.safetensors").unlink()
    whole.save_pretrained(model, max_shard_size="4KB")
    index = model / "model.safetensors.index.json"
    assert index.is_file()
    (model / "pytorch_model-00001-of-00009.bin").write_bytes(b"\x80\x04")
    assert np.array_equal(encoder(model).encode(["the law"]).vectors, expected)
    content = json.loads(index.read_text())
    name = next(iter(content["weight_map"].values()))
    (model / name).rename(model / "taken")
    with pytest.raises(ModelNotFoundError, match=f"expects weights in '{name}', which is missing"):
        resolve(str(model))
    (model / "taken").rename(model / name)
    for wrong in ("../model.safetensors", "weights.bin"):
        index.write_text(json.dumps({"weight_map": dict.fromkeys(content["weight_map"], wrong)}))
        with pytest.raises(ModelNotFoundError, match="which is not a safetensors file beside it"):
            resolve(str(model))


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ({"type": "modeling_mine.Mine", "path": ""}, "needs its own code, 'modeling_mine.Mine'"),
        ({"type": "os.system", "path": ""}, "needs its own code"),
        ({"type": "sentence_transformers.models.Dense", "path": "../2_Dense"}, "has a module outside the folder"),
        ({"type": "sentence_transformers.models.Dense", "path": "/tmp"}, "has a module outside the folder"),
        ({"type": "sentence_transformers.models.Dense", "path": ".git"}, "has a module outside the folder"),
        ({"name": "a"}, "names no modules"),
        ("a", "names no modules"),
    ],
)
def test_modules_of_other_code_or_places_are_refused(model, module, said):
    listed = json.loads((model / "modules.json").read_text())
    (model / "modules.json").write_text(json.dumps([*listed, module]))
    with pytest.raises(ModelNotFoundError, match=said):
        resolve(str(model))


def test_code_inside_a_router_is_found_too(model):
    listed = json.loads((model / "modules.json").read_text())
    row = {"idx": 9, "name": "9", "path": "9_Router", "type": "sentence_transformers.models.Router"}
    (model / "modules.json").write_text(json.dumps([*listed, row]))
    (model / "9_Router").mkdir()
    (model / "9_Router" / "router_config.json").write_text(json.dumps({"types": {"query_0": "evil.Code"}}))
    with pytest.raises(ModelNotFoundError, match="needs its own code, 'evil.Code'"):
        resolve(str(model))


def test_an_adapter_to_other_weights_is_refused(model):
    (model / "adapter_config.json").write_text('{"base_model_name_or_path": "/elsewhere"}')
    with pytest.raises(ModelNotFoundError, match="an adapter to other weights"):
        resolve(str(model))


def test_a_model_that_changes_between_key_and_use_is_refused(model):
    made = encoder(model)
    assert made.identity["weights"]
    settings = json.loads((model / "1_Pooling" / "config.json").read_text())
    (model / "1_Pooling" / "config.json").write_text(json.dumps(settings, indent=7))
    with pytest.raises(ModelNotFoundError, match="was changed while it was loaded"):
        made.encode(["the law"])


def header(size: int, text: bytes = b"") -> bytes:
    return struct.pack("<Q", size) + text


DAMAGE = {
    "cut short": lambda content: content[: len(content) // 2],
    "empty": lambda content: b"",
    "a header without end": lambda content: header(2**62),
    "a large header": lambda content: header(10**8 + 1, b"{" * 100),
    "a nested header": lambda content: header(100_000, b"[" * 100_000),
    "no header": lambda content: b"not safetensors at all",
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("place", ["", "2_Dense"])
def test_damaged_weights_are_one_sentence(model, place, damage):
    path = model / place / "model.safetensors"
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    with pytest.raises(ModelNotFoundError, match="cannot be loaded .*: it is damaged") as caught:
        encoder(model).encode(["the law"])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("change", ["lost", "of another shape"])
@pytest.mark.parametrize("place", ["", "2_Dense"])
def test_weights_that_are_lost_or_misshapen_are_never_made_up(model, place, change):
    from safetensors.torch import load_file, save_file

    path = model / place / "model.safetensors"
    tensors = load_file(path)
    name = next(name for name in sorted(tensors) if "pooler" not in name and tensors[name].ndim == 2)
    tensor = tensors.pop(name)
    if change != "lost":
        tensors[name] = tensor[:-1].clone()
    save_file(tensors, path, metadata={"format": "pt"})
    with pytest.raises(ModelNotFoundError, match="lacks 1 of its weights|cannot be loaded") as caught:
        encoder(model).encode(["the law"])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["tokenizer.json", "config.json", "1_Pooling/config.json", "modules.json"])
@pytest.mark.parametrize("content", [None, b"", b"{", b"[1]", b"\xff\xfe"])
def test_lost_and_damaged_settings_are_one_sentence(model, name, content):
    if content is None:
        (model / name).unlink()
    else:
        (model / name).write_bytes(content)
    try:
        found = encoder(model).encode(["the law"])
    except ModelNotFoundError as error:
        assert "\n" not in str(error)
        assert str(model) in str(error)
    else:  # a tokenizer can be made of its vocabulary again
        assert content is None
        assert found.vectors.shape == (1, 8)
