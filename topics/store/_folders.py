"""Folders of files with a manifest: all of them as they were written, or none."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from topics.store._files import CorruptError, StoreError, read_plain, sweep, sync, write_aside
from topics.store._seals import sealed_bytes, unsealed

_COMMITTED = ".committed"  # a folder of files that take the place of those beside it, whole before it has this name
_TRIES = 5  # of a reader, where a writer was quicker


def write_folder(folder: Path, files: Mapping[str, bytes], *, manifest_name: str, manifest: Mapping[str, Any]) -> None:
    """Write files and the manifest with their SHA-256: all of them or, for whoever reads the folder then, none.

    Where a manifest is there already, the new files are made whole in a folder beside the old ones; a rename makes that
    the one that is read, and they are moved into their places then, or by the next write where this one is killed.
    Files that the old manifest names and the new one does not are removed. One process at a time may write a folder.

    Raises
    ------
    StoreError
        If the disk refuses; what was there is intact, or what was written is there.
    """
    _roll_forward(folder)
    try:
        before = read_manifest(folder / manifest_name)["files"].keys()
    except (FileNotFoundError, CorruptError):
        write_files(folder, files, manifest_name=manifest_name, manifest=manifest)
        return
    aside = None
    try:
        sweep(folder)
        aside = Path(tempfile.mkdtemp(dir=folder, prefix=f".{os.getpid()}.folder."))
        aside.chmod(0o755)
        whole = with_manifest(files, manifest_name=manifest_name, manifest=manifest)
        contents = {aside / name: content for name, content in whole.items()}
        for temporary, path in zip(write_aside(contents), contents, strict=True):
            temporary.replace(path)
        sync(aside)
        aside.replace(folder / _COMMITTED)
        sync(folder)
    except OSError as error:
        raise StoreError(
            f"cannot write {error.filename or str(folder)!r}: {error.strerror}; what was finished is kept"
        ) from error
    finally:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)
    _roll_forward(folder)
    for name in before - files.keys():
        if Path(name).name == name:
            (folder / name).unlink(missing_ok=True)


def write_files(folder: Path, files: Mapping[str, bytes], *, manifest_name: str, manifest: Mapping[str, Any]) -> None:
    """Write files, the manifest last; processes that write the same at once do not disturb each other.

    Every file is whole on the disk under a temporary name before the first takes its place, so that a full disk leaves
    what was there.
    """
    waiting: list[tuple[Path, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        whole = with_manifest(files, manifest_name=manifest_name, manifest=manifest)
        contents = {folder / name: content for name, content in whole.items()}
        waiting = list(zip(write_aside(contents), contents, strict=True))
        for temporary, path in waiting:
            temporary.replace(path)
        sync(folder)
    except OSError as error:
        raise StoreError(
            f"cannot write {error.filename or str(folder)!r}: {error.strerror}; what was finished is kept"
        ) from error
    finally:
        for temporary, _ in waiting:
            temporary.unlink(missing_ok=True)


def read_folder(folder: Path, manifest_name: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The manifest and the content of every file it names, checked.

    Raises
    ------
    FileNotFoundError
        If there is no manifest.
    CorruptError
        If a file is missing, is a link, or does not have the SHA-256 that the manifest gives.
    """
    for _ in range(_TRIES):
        manifest = read_manifest(folder / manifest_name)
        try:
            return manifest, read_files(folder, manifest, manifest_name=manifest_name)
        except CorruptError as error:
            if read_manifest(folder / manifest_name) == manifest:
                raise
            damaged = error  # another process wrote the folder anew meanwhile
    raise damaged


def read_files(folder: Path, manifest: Mapping[str, Any], *, manifest_name: str) -> dict[str, bytes]:
    """The content of the files that a manifest names, each checked.

    Parameters
    ----------
    folder : Path
        Where they are.
    manifest : Mapping
        With the SHA-256 of each by its name, under ``files``.
    manifest_name : str
        For messages.

    Raises
    ------
    CorruptError
        As :func:`read_folder` does.
    """
    files = {}
    for name, entry in manifest["files"].items():
        if Path(name).name != name:
            raise CorruptError(f"{folder / manifest_name} names a file outside its folder: {name!r}")
        try:
            content = _read_current(folder, name)
        except FileNotFoundError:
            raise CorruptError(f"{folder / name} is missing") from None
        digest = hashlib.sha256(content).hexdigest()
        if digest != entry["sha256"]:
            raise CorruptError(f"{folder / name}: expected SHA-256 {entry['sha256'][:12]}…, got {digest[:12]}…")
        files[name] = content
    return files


def read_manifest(path: Path) -> dict[str, Any]:
    """A manifest, whose files are not looked at.

    Raises
    ------
    FileNotFoundError
        If there is none.
    CorruptError
        If it is not a manifest, or has been changed since it was written.
    """
    try:
        manifest = unsealed(_read_current(path.parent, path.name))
        if all(isinstance(entry["sha256"], str) for entry in manifest["files"].values()):
            return manifest
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorruptError(f"{path} is not a manifest ({error}): set it aside and run again") from None
    raise CorruptError(f"{path} is not a manifest: set it aside and run again")


def withdraw(path: Path) -> None:
    """Take a record's manifest off: without it the record is absent, whoever reads it then."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"cannot replace {str(path)!r}: {error.strerror}; what was there is intact") from error


def _roll_forward(folder: Path) -> None:
    """Move files that are committed to their places."""
    committed = folder / _COMMITTED
    if committed.is_symlink() or not committed.is_dir():
        return
    try:
        for path in sorted(committed.iterdir()):
            path.replace(folder / path.name)
        sync(folder)
        committed.rmdir()
    except OSError as error:
        raise StoreError(
            f"cannot move {error.filename or str(committed)!r} into {str(folder)!r}: {error.strerror}; what was "
            "written is kept there, and the next write moves it"
        ) from error


def _read_current(folder: Path, name: str) -> bytes:
    """Content of a file of a folder: the committed one where it is not in its place yet."""
    if not (folder / _COMMITTED).is_symlink():
        try:
            return read_plain(folder / _COMMITTED / name)
        except (FileNotFoundError, NotADirectoryError):
            pass
    return read_plain(folder / name)


def with_manifest(files: Mapping[str, bytes], *, manifest_name: str, manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """The files, and last the manifest that has their SHA-256."""
    hashes = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)} for name, content in files.items()
    }
    return {**files, manifest_name: sealed_bytes({**manifest, "files": hashes})}
