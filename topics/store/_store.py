"""Stored records, each a folder under its stage and key."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from topics.records import Origin, digest_of
from topics.store._files import CorruptError, StoreError, read_plain
from topics.store._folders import read_files, read_folder, read_manifest, with_manifest, withdraw, write_files
from topics.store._formats import REST, decode, encode, manifest_of, origin_of

MANIFEST = "manifest.json"


class Store:
    """A folder of stored records.

    Parameters
    ----------
    root : str or Path
        Made when first written to.

    Attributes
    ----------
    reports : list of str
        One sentence for each artefact that was set aside.
    """

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)
        self.reports: list[str] = []

    def put(self, record: Any) -> None:
        """Write a record under the key of its origin; a record already there is replaced by equal content.

        One that lapsed (see :func:`topics.graph.stage`) has other content, and goes first.

        Raises
        ------
        StoreError
            If the disk refuses; what was there before is intact.
        """
        origin: Origin = record.origin
        folder = self._folder(origin.stage, origin.key)
        manifest = {**manifest_of(origin), "content": digest_of(record)}
        if self.digest(origin) not in (None, manifest["content"]):
            withdraw(folder / MANIFEST)
        write_files(folder, encode(record), manifest_name=MANIFEST, manifest=manifest)

    def keep(self, record: Any) -> dict[str, Any]:
        """Write a record under the SHA-256 of its content, and say where: ``stage, sha256, bytes``.

        Records of one key but other notes lie side by side; what is there already, bit for bit, is not written again.

        Raises
        ------
        StoreError
            If the disk refuses.
        """
        files, manifest = encode(record), manifest_of(record.origin)
        content = with_manifest(files, manifest_name=MANIFEST, manifest=manifest)
        digest = hashlib.sha256(content[MANIFEST]).hexdigest()
        folder = self._folder(record.origin.stage, digest)
        self._check_inside(folder)
        try:
            read_folder(folder, MANIFEST)
        except (FileNotFoundError, CorruptError):
            write_files(folder, files, manifest_name=MANIFEST, manifest=manifest)
        return {"stage": record.origin.stage, "sha256": digest, "bytes": sum(map(len, content.values()))}

    def kept(self, kind: type[Any], stage: str, *, sha256: str) -> Any:
        """The record that :meth:`keep` wrote; nothing is set aside or computed again.

        Parameters
        ----------
        kind : type
            The record's class.
        stage, sha256 : str
            As :meth:`keep` gave them.

        Raises
        ------
        StoreError
            If it is missing, or not bit for bit what was written; the message names the file.
        """
        folder = self._folder(stage, sha256)
        self._check_inside(folder)
        try:
            digest = hashlib.sha256(read_plain(folder / MANIFEST)).hexdigest()
            if digest != sha256:
                raise CorruptError(f"{folder / MANIFEST}: expected SHA-256 {sha256[:12]}…, got {digest[:12]}…")
            manifest, files = read_folder(folder, MANIFEST)
            return decode(kind, files, origin=origin_of(manifest))
        except FileNotFoundError as error:
            raise StoreError(
                f"{str(error.filename)!r} is missing: load the run again if it was saved meanwhile, else copy its "
                "whole folder again"
            ) from None
        except (KeyError, ValueError, TypeError) as error:
            raise CorruptError(f"{str(folder)!r} holds no {kind.__name__} as it was written ({error})") from None

    def keep_only(self, wanted: Collection[tuple[str, str]]) -> None:
        """Remove every record but those of these stages and names.

        Parameters
        ----------
        wanted : collection of tuple of (str, str)
            Stage of each, and its key, or the SHA-256 under which it was kept.
        """
        kept = {self._folder(stage, name) for stage, name in wanted}
        for stage in _folders_in(self.root):
            for folder in _folders_in(stage):
                if folder not in kept:
                    shutil.rmtree(folder, ignore_errors=True)  # what cannot be removed now is removed another time

    def get(self, kind: type[Any], origin: Origin) -> Any | None:
        """The stored record of this kind and origin, or None where there is none that can be trusted.

        Parameters
        ----------
        kind : type
            The record's class.
        origin : Origin
            Where the record comes from; its key finds it.
        """
        folder = self._folder(origin.stage, origin.key)
        try:
            manifest, files = read_folder(folder, MANIFEST)
            if manifest.get("key") != origin.key:
                raise CorruptError(f"{folder / MANIFEST}: expected key {origin.key}, got {manifest.get('key')!r}")
            made = Origin(
                origin.stage,
                origin.version,
                origin.parameters,
                origin.parents,
                origin.libraries,
                tuple(manifest["notes"]),
            )
            return decode(kind, files, origin=made)
        except FileNotFoundError:
            return None
        except (CorruptError, KeyError, ValueError, TypeError, OSError) as error:
            self._set_aside(folder, error)
            return None

    def has(self, origin: Origin) -> bool:
        """Whether a record of this origin is stored; its content is not looked at.

        Parameters
        ----------
        origin : Origin
            Where the record comes from.
        """
        return (self._folder(origin.stage, origin.key) / MANIFEST).is_file()

    def origin(self, origin: Origin) -> Origin | None:
        """The origin with the notes of the stored record, whose content is not looked at; None where there is none.

        Parameters
        ----------
        origin : Origin
            Where the record comes from.
        """
        try:
            manifest = read_manifest(self._folder(origin.stage, origin.key) / MANIFEST)
            return replace(origin, notes=tuple(manifest["notes"]))
        except (FileNotFoundError, CorruptError, KeyError):
            return None

    def digest(self, origin: Origin) -> str | None:
        """What the stored record holds, as :func:`topics.records.digest_of` gave it when it was written; else None.

        Parameters
        ----------
        origin : Origin
            Where the record comes from.
        """
        try:
            digest: str | None = read_manifest(self._folder(origin.stage, origin.key) / MANIFEST).get("content")
            return digest
        except (FileNotFoundError, CorruptError):
            return None

    def plain(self, origin: Origin) -> dict[str, Any] | None:
        """The stored record's fields that are neither arrays nor tables, read alone; None where they cannot be.

        Parameters
        ----------
        origin : Origin
            Where the record comes from.
        """
        folder = self._folder(origin.stage, origin.key)
        try:
            manifest = read_manifest(folder / MANIFEST)
            entry = {name: manifest["files"][name] for name in (REST,)}
            held: dict[str, Any] = json.loads(read_files(folder, {"files": entry}, manifest_name=MANIFEST)[REST])
            return held
        except (FileNotFoundError, CorruptError, KeyError, ValueError):
            return None

    def look(self, kind: type[Any], stage: str, *, key: str) -> Any | None:
        """The stored record of this key as it is, or None where there is none; nothing is set aside.

        Parameters
        ----------
        kind : type
            The record's class.
        stage, key : str
            Of the record.

        Raises
        ------
        CorruptError
            If it is not what was written; the message names the file.
        """
        folder = self._folder(stage, key)
        try:
            manifest, files = read_folder(folder, MANIFEST)
            return decode(kind, files, origin=origin_of(manifest))
        except FileNotFoundError:
            return None
        except (KeyError, ValueError, TypeError) as error:
            raise CorruptError(f"{str(folder)!r} holds no {kind.__name__} as it was written ({error})") from None

    def latest(self, stage: str) -> Origin | None:
        """Where the record of a stage that was stored last came from; None where there is none.

        Parameters
        ----------
        stage : str
            Name of the stage.
        """
        paths = sorted((self.root / stage).glob(f"*/{MANIFEST}"), key=lambda path: path.stat().st_mtime)
        for path in reversed(paths):
            try:
                held = read_manifest(path)
                parameters, libraries, parents = held["parameters"], held["libraries"], tuple(held["parents"])
                return Origin(stage, held["version"], parameters, parents, libraries, tuple(held["notes"]))
            except (FileNotFoundError, CorruptError, KeyError):
                continue
        return None

    def _folder(self, stage: str, key: str) -> Path:
        return self.root / stage / key

    def _check_inside(self, folder: Path) -> None:
        """Refuse a record's folder that is not in the store's own: what is read and removed may come from others."""
        if folder.parent.parent != self.root or ".." in (folder.name, folder.parent.name):
            raise CorruptError(f"{str(folder)!r} is not in {str(self.root)!r}")
        for path in (self.root, folder.parent, folder):
            if path.is_symlink():
                raise CorruptError(f"{path} is a link; links are not followed")

    def _set_aside(self, folder: Path, error: Exception) -> None:
        quarantine = self.root / "quarantine"
        target = quarantine / f"{folder.parent.name}-{folder.name[:16]}-{secrets.token_hex(4)}"
        try:
            quarantine.mkdir(parents=True, exist_ok=True)
            folder.replace(target)
        except FileNotFoundError:
            return  # another process has set it aside
        except OSError as refused:
            raise StoreError(
                f"stored {str(folder)!r} cannot be trusted ({error}) nor set aside ({refused.strerror}); remove it"
            ) from refused
        self.reports.append(
            f"stored {folder.parent.name} {folder.name[:12]} could not be trusted ({error}); set aside in "
            f"{target} and computed again"
        )


def _folders_in(folder: Path) -> list[Path]:
    """Folders in a folder, links left out."""
    if folder.is_symlink() or not folder.is_dir():
        return []
    return [path for path in sorted(folder.iterdir()) if path.is_dir() and not path.is_symlink()]
