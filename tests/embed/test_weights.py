from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from topics.embed import ModelNotFoundError, resolve
from topics.embed import _model_folder as weights


@pytest.fixture
def no_hub(monkeypatch, tmp_path):
    """An empty hub cache and a hub that cannot be reached."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(weights, "_in_hub_cache", lambda repo, revision: None)

    def fail(*args, **kwargs):
        raise OSError("no network")

    monkeypatch.setattr("huggingface_hub.snapshot_download", fail)


def make_model(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("[]" if name == "modules.json" else name)
    return folder


def test_a_folder_is_taken_as_it_is(tmp_path):
    folder = make_model(tmp_path / "model", "modules.json", "model.safetensors")
    assert resolve(str(folder)) == folder


def test_a_folder_without_a_model_or_with_pickled_weights_is_refused(tmp_path):
    make_model(tmp_path / "empty", "readme.txt")
    with pytest.raises(ModelNotFoundError, match="contains no sentence-transformers model"):
        resolve(str(tmp_path / "empty"))
    make_model(tmp_path / "pickled", "modules.json", "pytorch_model.bin")
    with pytest.raises(ModelNotFoundError, match="pickled ones are refused"):
        resolve(str(tmp_path / "pickled"))


def test_the_hub_cache_is_looked_at_before_the_offline_package(tmp_path, monkeypatch):
    folder = make_model(tmp_path / "snapshot", "modules.json", "model.safetensors")
    asked = []
    monkeypatch.setattr(
        "huggingface_hub.try_to_load_from_cache",
        lambda repo, name, revision: asked.append((repo, revision)) or str(folder / name),
    )
    assert resolve("all-MiniLM-L6-v2") == folder
    assert resolve("owner/name", "v1") == folder
    assert asked == [("sentence-transformers/all-MiniLM-L6-v2", None), ("owner/name", "v1")]


def test_the_offline_package_is_found_without_importing_it(no_hub):
    import sys

    found = resolve("all-MiniLM-L6-v2")
    assert found == Path(find_spec(weights.OFFLINE_PACKAGE).origin).parent / "model"
    assert weights.OFFLINE_PACKAGE not in sys.modules


def test_other_weights_in_the_offline_package_are_refused(no_hub, monkeypatch):
    monkeypatch.setattr(weights, "OFFLINE_SHA256", "0" * 64)
    with pytest.raises(ModelNotFoundError, match=r"expected SHA-256 0000.*, got 53aa5117.*; reinstall the 'offline'"):
        resolve("all-MiniLM-L6-v2")


def test_the_hub_comes_last(tmp_path, monkeypatch):
    folder = make_model(tmp_path / "snapshot", "modules.json", "model.safetensors")
    monkeypatch.setattr(weights, "_in_hub_cache", lambda repo, revision: None)
    asked = {}
    monkeypatch.setattr(
        "huggingface_hub.snapshot_download", lambda repo, **kwargs: asked.update(repo=repo, **kwargs) or str(folder)
    )
    assert resolve("some/model", "main") == folder
    assert (asked["repo"], asked["revision"]) == ("some/model", "main")
    assert "*.bin" in asked["ignore_patterns"]


@pytest.mark.parametrize("name", ["no/such-model", "no-such-model", "not a name at all/..", "a/b/c"])
def test_failing_all_the_error_names_three_ways_out(no_hub, name):
    with pytest.raises(ModelNotFoundError) as caught:
        resolve(name)
    message = str(caught.value)
    assert repr(name) in message
    for way in ("(1) set embed.model to a folder", "(2) pip install 'topics[offline]'", "(3) download it once"):
        assert way in message


def test_the_fingerprint_depends_on_weights_and_settings_but_not_on_papers(tmp_path):
    folder = make_model(tmp_path / "a", "modules.json", "model.safetensors", "1_Pooling/config.json", "README.md")
    other = tmp_path / "b"
    shutil.copytree(folder, other)
    assert weights.fingerprint_folder(folder) == weights.fingerprint_folder(other)
    (other / "README.md").write_text("changed")
    assert weights.fingerprint_folder(folder) == weights.fingerprint_folder(other)
    (other / "1_Pooling" / "config.json").write_text("changed")
    assert weights.fingerprint_folder(folder) != weights.fingerprint_folder(other)
