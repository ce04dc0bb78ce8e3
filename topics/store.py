"""The only room that writes results: atomic, checksummed, content-addressed, without pickle.

A stored record is a folder ``<stage>/<key>/`` with its arrays (``arrays.npz``), its tables (``*.parquet``), the rest
(``record.json``) and a manifest that is written last and holds the SHA-256 of every file and of itself. A folder
without a manifest is an interrupted write and counts as absent. Every checksum is verified on read; what does not match
is set aside under ``quarantine/``, reported, and computed again.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from topics._say import room
from topics.errors import InputError, TopicsError
from topics.records import Origin, digest_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MANIFEST = "manifest.json"
_COMMITTED = ".committed"  # a folder of files that take the place of those beside it, whole before it has this name
SEAL = "sealed_sha256"  # of the file that it stands in, without it
_REST = "record.json"
_SCALARS = frozenset({str, int, float, bool, type(None)})
_DEEP = 32  # levels of nesting
_TRIES = 5  # of a reader, where a writer was quicker


class StoreError(TopicsError):
    """A result that cannot be written or read; the message names the file and what to do."""


class CorruptError(StoreError):
    """A stored file whose content is not what its manifest says."""


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
        manifest = {**_manifest_of(origin), "content": digest_of(record)}
        if self.digest(origin) not in (None, manifest["content"]):
            _withdraw(folder / MANIFEST)
        _write_files(folder, _encode(record), manifest_name=MANIFEST, manifest=manifest)

    def keep(self, record: Any) -> dict[str, Any]:
        """Write a record under the SHA-256 of its content, and say where: ``stage, sha256, bytes``.

        Records of one key but other notes lie side by side; what is there already, bit for bit, is not written again.

        Raises
        ------
        StoreError
            If the disk refuses.
        """
        files, manifest = _encode(record), _manifest_of(record.origin)
        content = _with_manifest(files, MANIFEST, manifest)
        digest = hashlib.sha256(content[MANIFEST]).hexdigest()
        folder = self._folder(record.origin.stage, digest)
        self._check_inside(folder)
        try:
            read_folder(folder, MANIFEST)
        except (FileNotFoundError, CorruptError):
            _write_files(folder, files, manifest_name=MANIFEST, manifest=manifest)
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
            return _decode(kind, files, _origin_of(manifest))
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
            return _decode(kind, files, made)
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
            entry = {name: manifest["files"][name] for name in (_REST,)}
            held: dict[str, Any] = json.loads(_read_files(folder, {"files": entry}, MANIFEST)[_REST])
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
            return _decode(kind, files, _origin_of(manifest))
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
        _write_files(folder, files, manifest_name=manifest_name, manifest=manifest)
        return
    aside = None
    try:
        _sweep(folder)
        aside = Path(tempfile.mkdtemp(dir=folder, prefix=f".{os.getpid()}.folder."))
        aside.chmod(0o755)
        for name, content in _with_manifest(files, manifest_name, manifest).items():
            _write_aside(aside / name, content).replace(aside / name)
        _sync(aside)
        aside.replace(folder / _COMMITTED)
        _sync(folder)
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


def _roll_forward(folder: Path) -> None:
    """Move files that are committed to their places."""
    committed = folder / _COMMITTED
    if committed.is_symlink() or not committed.is_dir():
        return
    try:
        for path in sorted(committed.iterdir()):
            path.replace(folder / path.name)
        _sync(folder)
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


def _with_manifest(files: Mapping[str, bytes], manifest_name: str, manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """The files, and last the manifest that has their SHA-256."""
    hashes = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)} for name, content in files.items()
    }
    return {**files, manifest_name: sealed_bytes({**manifest, "files": hashes})}


def _write_files(folder: Path, files: Mapping[str, bytes], *, manifest_name: str, manifest: Mapping[str, Any]) -> None:
    """Write files, the manifest last; processes that write the same at once do not disturb each other.

    Every file is whole on the disk under a temporary name before the first takes its place, so that a full disk leaves
    what was there.
    """
    waiting: list[tuple[Path, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        for name, content in _with_manifest(files, manifest_name, manifest).items():
            waiting.append((_write_aside(folder / name, content), folder / name))
        for temporary, path in waiting:
            temporary.replace(path)
        _sync(folder)
    except OSError as error:
        raise StoreError(
            f"cannot write {error.filename or str(folder)!r}: {error.strerror}; what was finished is kept"
        ) from error
    finally:
        for temporary, _ in waiting:
            temporary.unlink(missing_ok=True)


def write_file(path: Path, content: bytes) -> None:
    """Write one file atomically.

    Parameters
    ----------
    path : Path
        Replaced where it is there.
    content : bytes
        All of it.

    Raises
    ------
    StoreError
        If the disk refuses; what was there is intact.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = _write_aside(path, content)
        temporary.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise StoreError(f"cannot write {str(path)!r}: {error.strerror}; what was there is intact") from error
    finally:
        if temporary is not None:
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
            return manifest, _read_files(folder, manifest, manifest_name)
        except CorruptError as error:
            if read_manifest(folder / manifest_name) == manifest:
                raise
            damaged = error  # another process wrote the folder anew meanwhile
    raise damaged


def _read_files(folder: Path, manifest: Mapping[str, Any], manifest_name: str) -> dict[str, bytes]:
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


def sealed_bytes(value: Mapping[str, Any]) -> bytes:
    """A JSON-able mapping as bytes that hold the SHA-256 of the rest of them; see :func:`unsealed`."""
    plain = json.loads(json_bytes({name: held for name, held in value.items() if name != SEAL}))  # keys as strings
    return json_bytes({**plain, SEAL: hashlib.sha256(json_bytes(plain)).hexdigest()})


def unsealed(content: bytes) -> dict[str, Any]:
    """The mapping that :func:`sealed_bytes` wrote, without its checksum; not one bit may have changed.

    Parameters
    ----------
    content : bytes
        All of the file.

    Raises
    ------
    ValueError
        If it is not JSON, holds no mapping, or is not what its checksum says.
    """
    try:
        held = json.loads(content)
    except RecursionError:
        raise InputError("nested too deep") from None
    if not isinstance(held, dict):
        raise InputError(f"expected a mapping, got a {type(held).__name__}")
    seal = held.pop(SEAL, None)
    if seal is None:
        raise InputError(f"its checksum {SEAL!r} is missing: it is of an older version, or damaged")
    # The bytes are compared too: what changes nothing of the value, such as a space, is a change nevertheless.
    if seal != hashlib.sha256(json_bytes(held)).hexdigest() or content != json_bytes({**held, SEAL: seal}):
        raise InputError("it is not what its own checksum says")
    return held


def user_cache() -> Path:
    """Folder for what all runs of a user share: ``TOPICS_CACHE`` where it is set, else the system's place for it."""
    from platformdirs import user_cache_path

    wanted = os.environ.get("TOPICS_CACHE")
    return Path(wanted) if wanted else user_cache_path("topics")


def check_writable(folder: str | Path, *, n_bytes: int = 0) -> None:
    """Find out before hours of work that a folder cannot be written, or has no room.

    Parameters
    ----------
    folder : str or Path
        Made where it is missing.
    n_bytes : int
        Room that is needed.

    Raises
    ------
    StoreError
        If it cannot, or has less.
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0" * 4096)
            probe.flush()
            os.fsync(probe.fileno())
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise StoreError(f"cannot write into {str(folder)!r}: {error.strerror}; choose another folder") from error
    if free < n_bytes:
        raise StoreError(
            f"{str(folder)!r} has {room(free)} of room and this run may need {room(n_bytes)}: "
            "make room or choose another folder"
        )


def table_bytes(table: pa.Table) -> bytes:
    """A table as Parquet with page checksums; the same bytes for the same table, read back or not."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = [field.with_type(_parquet_type(field.type)) for field in table.schema]
    sink = io.BytesIO()
    pq.write_table(table.cast(pa.schema(columns)), sink, compression="zstd", write_page_checksum=True)
    return sink.getvalue()


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as CSV without its index, the same bytes for the same frame."""
    return bytes(frame.to_csv(index=False, lineterminator="\n").encode("utf-8"))


def json_bytes(value: Any) -> bytes:
    """A JSON-able value with sorted keys, the same bytes for the same value."""
    return (_json_text(value, "\n") + "\n").encode("utf-8")


def _json_text(value: Any, margin: str) -> str:
    """What ``json.dumps(value, indent=1, sort_keys=True)`` gives, in a fifth of the time.

    Python's encoder in C does not indent: a list of words is one call of it, with the indentation as separator.
    """
    inner = margin + " "
    if isinstance(value, (list, tuple)) and value:
        if _SCALARS.issuperset(map(type, value)):
            return f"[{inner}{_encoder(inner).encode(value)[1:-1]}{margin}]"
        return f"[{inner}{f',{inner}'.join([_json_text(one, inner) for one in value])}{margin}]"
    if isinstance(value, dict) and value and all(type(name) is str for name in value):
        if _SCALARS.issuperset(map(type, value.values())):
            return f"{{{inner}{_encoder(inner).encode(value)[1:-1]}{margin}}}"
        name_of = _encoder(inner).encode
        pairs = [f"{name_of(name)}: {_json_text(value[name], inner)}" for name in sorted(value)]
        return f"{{{inner}{f',{inner}'.join(pairs)}{margin}}}"
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False).replace("\n", margin)


@lru_cache(maxsize=_DEEP)
def _encoder(margin: str) -> json.JSONEncoder:
    """Writes what holds no other list or mapping, with each value after a margin."""
    return json.JSONEncoder(sort_keys=True, ensure_ascii=False, allow_nan=False, separators=("," + margin, ": "))


def _parquet_type(kind: pa.DataType) -> pa.DataType:
    """The type that comes back: Parquet calls the items of a list "element", Arrow "item"."""
    import pyarrow as pa

    return pa.list_(pa.field("element", _parquet_type(kind.value_type))) if pa.types.is_list(kind) else kind


def read_table(content: bytes) -> pa.Table:
    """The table that :func:`table_bytes` wrote, every page's checksum verified."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    # Arrow's threads can outlive the call and abort the process at exit (apache/arrow#34314); read_table starts one
    # even if it is told not to.
    file = pq.ParquetFile(pa.BufferReader(content), pre_buffer=False, page_checksum_verification=True)
    return file.read(use_threads=False)


def read_plain(path: Path) -> bytes:
    """The content of a file that is no link and no pipe, device or socket, which could be waited for without end.

    Raises
    ------
    FileNotFoundError
        If there is none.
    CorruptError
        If it is something else than a plain file.
    """
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        raise CorruptError(f"{path} is a link; links are not followed")
    if not stat.S_ISREG(mode):
        raise CorruptError(f"{path} is a folder, pipe or device, not a file: set it aside and run again")
    return path.read_bytes()


def _write_aside(path: Path, content: bytes) -> Path:
    """A temporary file beside the path, whole on the disk."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{os.getpid()}.{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(folder: Path) -> None:
    """Remove the temporary files and folders of writers that were killed."""
    for path in folder.glob(".[0-9]*.*"):
        pid = path.name.split(".")[1]
        if pid.isdigit() and not _alive(int(pid)):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _withdraw(path: Path) -> None:
    """Take a record's manifest off: without it the record is absent, whoever reads it then."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"cannot replace {str(path)!r}: {error.strerror}; what was there is intact") from error


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _manifest_of(origin: Origin) -> dict[str, Any]:
    return {
        "stage": origin.stage,
        "version": origin.version,
        "parameters": origin.parameters,
        "parents": list(origin.parents),
        "libraries": origin.libraries,
        "notes": list(origin.notes),
        "key": origin.key,
    }


def _origin_of(manifest: Mapping[str, Any]) -> Origin:
    parents, notes = tuple(manifest["parents"]), tuple(manifest["notes"])
    return Origin(manifest["stage"], manifest["version"], manifest["parameters"], parents, manifest["libraries"], notes)


def _encode(record: Any) -> dict[str, bytes]:
    """The files of a record, by the type of each field."""
    import pyarrow as pa
    from scipy.sparse import csr_array

    arrays: dict[str, np.ndarray[Any, Any]] = {}
    rest: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name == "origin":
            continue
        if isinstance(value, np.ndarray):
            arrays[field.name] = value
        elif isinstance(value, csr_array):
            arrays |= {
                f"{field.name}.data": value.data,
                f"{field.name}.indices": value.indices.astype(np.int64),
                f"{field.name}.indptr": value.indptr.astype(np.int64),
                f"{field.name}.shape": np.array(value.shape, dtype=np.int64),
            }
        elif isinstance(value, pa.Table):
            files[f"{field.name}.parquet"] = table_bytes(value)
        else:
            rest[field.name] = value
    if arrays:
        sink = io.BytesIO()
        np.savez(sink, allow_pickle=False, **arrays)
        files["arrays.npz"] = sink.getvalue()
    return {**files, _REST: json_bytes(rest)}


def _decode(kind: type[Any], files: Mapping[str, bytes], origin: Origin) -> Any:
    from scipy.sparse import csr_array

    values: dict[str, Any] = json.loads(files[_REST])
    for name, content in files.items():
        if name.endswith(".parquet"):
            values[name.removesuffix(".parquet")] = read_table(content)
    if "arrays.npz" in files:
        with np.load(io.BytesIO(files["arrays.npz"]), allow_pickle=False) as arrays:
            loaded = dict(arrays)
        for name in [name for name in loaded if name.endswith(".shape")]:
            stem = name.removesuffix(".shape")
            parts = (loaded.pop(f"{stem}.{part}") for part in ("data", "indices", "indptr"))
            values[stem] = csr_array(tuple(parts), shape=tuple(loaded.pop(name)))
        values |= loaded
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return kind(**values, origin=origin)
