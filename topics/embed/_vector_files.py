"""The user's own vectors in a file → an array, with the ids of its rows if the file has them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from topics._unpacking import MOST_RATIO, is_bomb
from topics.embed._containers import ID_NAMES, UserVectors, as_matrix, of_table
from topics.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_VECTOR_NAMES = ("vectors", "embeddings")


def load_vectors(path: str | Path, *, id_column: str | None = None) -> UserVectors:
    """Vectors from a file, for ``embeddings=`` of :func:`topics.pipeline.run`.

    ===========  =====================================================================================================
    file         what is read
    ===========  =====================================================================================================
    ``.npy``     One array of shape (n_rows, n_dims), without ids: row i is the vector of row i of the articles in
                 their order.
    ``.npz``     The array ``vectors`` or ``embeddings``, or the only one with two dimensions; ids in ``doc_id`` or
                 ``ids``. Without ids as ``.npy``.
    ``.parquet`` Ids in the column ``doc_id``, ``id`` or another usual name for ids, or in the index that pandas stored
                 unless it only numbers the rows; without ids as ``.npy``. Vectors in the only column of lists, or in
                 all other columns: one per dimension, all of the same numeric type.
    ===========  =====================================================================================================

    Without ids there must be one vector for every row of the articles, including rejected rows and near-duplicates. The
    rows of several files are numbered consecutively, with the files sorted by path. With ids the rows may be in any
    order and may include documents that were not read; ids are compared as strings.

    Parameters
    ----------
    path : str or Path
        File with the vectors.
    id_column : str or None
        The column or array with the ids; None looks for the usual names.

    Raises
    ------
    ValueError
        If the file is missing, of another kind, cut short or contains Python objects (a pickle, which can run any
        code), or if its shape or type is wrong; the message names the file.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in (".npy", ".npz", ".parquet"):
        raise InputError(
            f"{path}: expected vectors in a .npy, .npz or .parquet file, got {path.suffix or 'no suffix'!r}"
        )
    if not path.is_file():
        raise InputError(f"{path}: no such file of vectors")
    if suffix == ".parquet":
        own = _read_parquet(path, id_column)
        return replace(own, values=as_matrix(own.values, what=own.what))
    values, ids = (_read_npy(path), None) if suffix == ".npy" else _read_npz(path, id_column)
    return UserVectors(as_matrix(values, what=str(path)), ids, str(path))


def stream_vectors(path: str | Path, *, n_rows: int, start: int = 0) -> Iterator[UserVectors]:
    """Vectors of a file, some rows at a time; of a ``.npy`` file no more than these are in memory.

    Parameters
    ----------
    path : str or Path
        As for :func:`load_vectors`.
    n_rows : int
        Number of rows at a time.
    start : int
        The first row.

    Raises
    ------
    ValueError
        As :func:`load_vectors` does.
    """
    path = Path(path)
    n = count_vectors(path)
    every = load_vectors(path) if n is None else None  # what is wrong with a file is told by who reads it whole
    for first in range(start, len(every.values) if every is not None else n or 0, n_rows):
        some = slice(first, first + n_rows)
        if every is None:  # mapped anew, so that what was read before leaves the memory
            values = np.array(np.load(path, mmap_mode="r", allow_pickle=False)[some])
            yield UserVectors(as_matrix(values, what=str(path)), None, str(path))
        else:
            yield replace(every, values=every.values[some], ids=None if every.ids is None else every.ids[some])


def count_vectors(path: str | Path) -> int | None:
    """Number of vectors of a ``.npy`` file; None of another, or of one that is not an array of vectors.

    Parameters
    ----------
    path : str or Path
        File with the vectors.
    """
    if Path(path).suffix.lower() != ".npy":
        return None
    try:
        shape = np.load(path, mmap_mode="r", allow_pickle=False).shape
    except (ValueError, OSError, EOFError, AttributeError):
        return None
    return int(shape[0]) if len(shape) == 2 else None


def _read_npy(path: Path) -> NDArray[Any]:
    with path.open("rb") as file:
        array = _load(file, path)
    if not isinstance(array, np.ndarray):
        raise InputError(f"{path}: expected one array, got an archive of several; name it .npz")
    return array


def _read_npz(path: Path, id_column: str | None) -> tuple[NDArray[Any], tuple[str, ...] | None]:
    with path.open("rb") as file:
        _refuse_bomb(file, path)
        archive = _load(file, path)
        if isinstance(archive, np.ndarray):
            raise InputError(f"{path}: expected an archive of arrays, got one array; name it .npy")
        names = list(archive)
        id_name = next((name for name in (id_column, *ID_NAMES) if name in names), None)
        name = next((name for name in _VECTOR_NAMES if name in names), None)
        arrays = {n: _member(archive, n, path) for n in ([name] if name else names) if n != id_name}
        ids = None if id_name is None else _strings(_member(archive, id_name, path), f"{path}, {id_name!r}")
    if name is None:
        flat = [n for n, array in arrays.items() if array.ndim == 2]
        if len(flat) != 1:
            shapes = ", ".join(f"{n} {array.shape}" for n, array in arrays.items())
            raise InputError(
                f"{path}: expected an array called {' or '.join(_VECTOR_NAMES)}, or only one of two dimensions, got "
                f"{shapes or 'none'}"
            )
        name = flat[0]
    return arrays[name], ids


def _refuse_bomb(file: BinaryIO, path: Path) -> None:
    """Refuse an archive with members that declare a size far beyond that of vectors; they unpack to no more."""
    if not zipfile.is_zipfile(file):
        file.seek(0)
        return
    try:
        n_out = sum(member.file_size for member in zipfile.ZipFile(file).infolist())
    except Exception as error:  # as for NumPy below
        raise _unreadable(path, error) from error
    file.seek(0)
    if is_bomb(n_out, path.stat().st_size):
        raise InputError(
            f"{path}: unpacks to {n_out / 1e9:.1f} GB, more than {MOST_RATIO} times its size, which vectors never do; "
            "write it with numpy.savez if you trust it"
        )


def _load(file: BinaryIO, path: Path) -> Any:
    try:
        return np.load(file, allow_pickle=False)
    except Exception as error:  # a foreign file makes NumPy, zipfile and zlib raise errors of many types
        raise _unreadable(path, error) from error


def _member(archive: Mapping[str, Any], name: str, path: Path) -> NDArray[Any]:
    try:
        array = archive[name]
    except Exception as error:
        raise _unreadable(f"{path}, array {name!r}", error) from error
    if not isinstance(array, np.ndarray):
        raise InputError(f"{path}, {name!r}: expected an array, got {type(array).__name__}")
    return array


def _unreadable(what: object, error: Exception) -> ValueError:
    if "allow_pickle" in str(error):
        return ValueError(
            f"{what}: expected plain numbers or strings, got Python objects (a pickle), which are refused because they "
            "can run any code. Write numbers as float32, and ids with numpy.asarray(ids, dtype=str)"
        )
    return ValueError(f"{what}: cut short, damaged or of another kind than its name says ({error})")


def _strings(ids: NDArray[Any], what: str) -> tuple[str, ...]:
    if ids.ndim != 1 or ids.dtype.kind not in "USiu":
        raise InputError(f"{what}: expected ids as a row of strings or integers, got {ids.dtype} of shape {ids.shape}")
    try:
        return tuple(map(str, (np.char.decode(ids, "utf-8") if ids.dtype.kind == "S" else ids).tolist()))
    except ValueError as error:
        raise InputError(f"{what}: expected ids in UTF-8 ({error})") from error


def _read_parquet(path: Path, id_column: str | None) -> UserVectors:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # Arrow's threads can outlive the call and abort the process at exit (apache/arrow#34314), so none is started.
        source = pa.BufferReader(path.read_bytes())
        table = pq.ParquetFile(source, pre_buffer=False, page_checksum_verification=True).read(use_threads=False)
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"{path}: cut short, damaged or no Parquet file ({error})") from error
    return of_table(table, what=str(path), id_column=id_column)
