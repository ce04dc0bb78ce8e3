"""Vectors that the user has, in a file → rows in the corpus's order."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from topics._unpacking import MOST_RATIO, is_bomb

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

_ID_NAMES = ("doc_id", "doc_ids", "id", "ids")
_VECTOR_NAMES = ("vectors", "embeddings")
_PANDAS_INDEX = "__index_level_"
_N_NAMED = 10
_BLOCK_ROWS = 8192


def load_vectors(path: str | Path, *, doc_ids: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of shape (n_docs, n_dims), row by row those of ``doc_ids``, from a file.

    ===========  =====================================================================================================
    file         what is read
    ===========  =====================================================================================================
    ``.npy``     One array of shape (n_docs, n_dims). It has no ids: its rows are the documents in **ascending order of
                 id**, as in ``corpus.doc_ids``.
    ``.npz``     The array ``vectors`` or ``embeddings``, or the only one of two dimensions; the ids are in ``doc_id``
                 or ``ids``. Without ids as ``.npy``.
    ``.parquet`` The ids are in the column ``doc_id`` or ``id``. The vectors are in the only column of lists, or there
                 are no columns but theirs: one a dimension, all of the same numeric type.
    ===========  =====================================================================================================

    Rows with ids may come in any order, and of more documents than are asked for; ids are compared as strings.

    Parameters
    ----------
    path : str or Path
        The file.
    doc_ids : sequence of str
        Ids of the documents whose vectors are wanted; without ids in the file, of all its rows.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is of another kind, cut short, or holds Python objects (those are pickled, and a pickle can run
        any code); if ids miss or come twice; if the shape or type is wrong; if wanted rows are zero or not finite. The
        message names the file and the first ids or rows.
    """
    path = Path(path)
    readers = {".npy": _read_npy, ".npz": _read_npz, ".parquet": _read_parquet}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise ValueError(
            f"{path}: expected vectors in a .npy, .npz or .parquet file, got {path.suffix or 'no suffix'!r}"
        )
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such file of vectors")
    vectors, ids = reader(path)
    if vectors.ndim != 2 or vectors.shape[1] == 0:
        raise ValueError(f"{path}: expected vectors of shape (n_docs, n_dims), got shape {vectors.shape}")
    if vectors.dtype.kind not in "fiu":
        raise ValueError(f"{path}: expected vectors of real numbers, got dtype {vectors.dtype}")
    if ids is not None:
        vectors = vectors[_match(ids, doc_ids, path=path, n_rows=len(vectors))]
    elif len(vectors) != len(doc_ids):
        raise ValueError(
            f"{path}: expected {len(doc_ids)} rows, one a document in ascending order of id, got {len(vectors)} "
            "(near-copies are folded and round-ups split; articles.copies = 'exact' and "
            "articles.split_round_ups = false leave them); a .npz or .parquet file may bring the ids and rows in any "
            "order"
        )
    with np.errstate(over="ignore", invalid="ignore"):  # what float32 cannot hold is refused below
        found: NDArray[np.float32] = np.ascontiguousarray(vectors, dtype=np.float32)
    _check_rows(found, None if ids is None else doc_ids, path=path)
    return found


def _say_stories(missing: Sequence[str]) -> str:
    if not any("#" in doc_id for doc_id in missing):
        return ""
    return "; ids with '#' are the stories of round-ups: articles.split_round_ups = false leaves pages whole"


def _read_npy(path: Path) -> tuple[NDArray[Any], None]:
    with path.open("rb") as file:
        found = _load(file, path)
    if not isinstance(found, np.ndarray):
        raise ValueError(f"{path}: expected one array, got an archive of several; name it .npz")
    return found, None


def _read_npz(path: Path) -> tuple[NDArray[Any], list[str] | None]:
    with path.open("rb") as file:
        _refuse_bomb(file, path)
        archive = _load(file, path)
        if isinstance(archive, np.ndarray):
            raise ValueError(f"{path}: expected an archive of arrays, got one array; name it .npy")
        names = list(archive)
        id_name = next((name for name in _ID_NAMES if name in names), None)
        name = next((name for name in _VECTOR_NAMES if name in names), None)
        arrays = {n: _member(archive, n, path) for n in ([name] if name else names) if n != id_name}
        ids = None if id_name is None else _strings(_member(archive, id_name, path), f"{path}, {id_name!r}")
    if name is None:
        flat = [n for n, array in arrays.items() if array.ndim == 2]
        if len(flat) != 1:
            shapes = ", ".join(f"{n} {array.shape}" for n, array in arrays.items())
            raise ValueError(
                f"{path}: expected an array called {' or '.join(_VECTOR_NAMES)}, or only one of two dimensions, got "
                f"{shapes or 'none'}"
            )
        name = flat[0]
    return arrays[name], ids


def _refuse_bomb(file: BinaryIO, path: Path) -> None:
    """Refuse an archive whose members say that they unpack to far more than vectors do; no more comes out of them."""
    if not zipfile.is_zipfile(file):
        file.seek(0)
        return
    try:
        n_out = sum(member.file_size for member in zipfile.ZipFile(file).infolist())
    except Exception as error:  # as for NumPy below
        raise _unreadable(path, error) from error
    file.seek(0)
    if is_bomb(n_out, path.stat().st_size):
        raise ValueError(
            f"{path}: unpacks to {n_out / 1e9:.1f} GB, more than {MOST_RATIO} times its size, as no vectors do; write "
            "it with numpy.savez if you trust it"
        )


def _load(file: BinaryIO, path: Path) -> Any:
    try:
        return np.load(file, allow_pickle=False)
    except Exception as error:  # a foreign file makes NumPy, zipfile and zlib raise errors of many types
        raise _unreadable(path, error) from error


def _member(archive: Mapping[str, Any], name: str, path: Path) -> NDArray[Any]:
    try:
        found = archive[name]
    except Exception as error:
        raise _unreadable(f"{path}, array {name!r}", error) from error
    if not isinstance(found, np.ndarray):
        raise ValueError(f"{path}, {name!r}: expected an array, got {type(found).__name__}")
    return found


def _unreadable(what: object, error: Exception) -> ValueError:
    if "allow_pickle" in str(error):
        return ValueError(
            f"{what}: expected plain numbers or strings, got Python objects (a pickle), which are refused: they can "
            "run any code. Write numbers as float32, and ids with numpy.asarray(ids, dtype=str)"
        )
    return ValueError(f"{what}: cut short, damaged or of another kind than its name says ({error})")


def _strings(ids: NDArray[Any], what: str) -> list[str]:
    if ids.ndim != 1 or ids.dtype.kind not in "USiu":
        raise ValueError(f"{what}: expected ids as a row of strings or integers, got {ids.dtype} of shape {ids.shape}")
    try:
        return list(map(str, (np.char.decode(ids, "utf-8") if ids.dtype.kind == "S" else ids).tolist()))
    except ValueError as error:
        raise ValueError(f"{what}: expected ids in UTF-8 ({error})") from error


def _read_parquet(path: Path) -> tuple[NDArray[Any], list[str]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # Arrow's threads can outlive the call and abort the process at exit (apache/arrow#34314): none is started.
        source = pa.BufferReader(path.read_bytes())
        table = pq.ParquetFile(source, pre_buffer=False, page_checksum_verification=True).read(use_threads=False)
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise ValueError(f"{path}: cut short, damaged or no Parquet file ({error})") from error
    id_name = next((name for name in _ID_NAMES if name in table.column_names), None)
    if id_name is None:
        raise ValueError(
            f"{path}: expected a column doc_id or id beside the vectors, got {_listed(table.column_names)}"
        )
    if len(set(table.column_names)) != table.num_columns:
        raise ValueError(f"{path}: expected columns of different names, got {_listed(table.column_names)}")
    ids = _id_column(table.column(id_name), what=f"{path}, column {id_name!r}")
    columns = [
        field for field in table.schema if field.name not in _ID_NAMES and not field.name.startswith(_PANDAS_INDEX)
    ]
    lists = [field.name for field in columns if _is_list(field.type)]
    if len(lists) == 1:
        return _of_lists(table.column(lists[0]), what=f"{path}, column {lists[0]!r}"), ids
    types = {str(field.type) for field in columns}
    if lists or len(types) != 1 or not _is_number(columns[0].type):
        raise ValueError(
            f"{path}: expected one column of lists of numbers, or beside {id_name!r} only columns of one numeric type, "
            f"got {_listed(f'{field.name} ({field.type})' for field in columns)}; leave the others out"
        )
    return np.column_stack([table.column(field.name).to_numpy() for field in columns]), ids  # empty cells become NaN


def _is_number(type_: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_floating(type_) or pa.types.is_integer(type_))


def _is_list(type_: pa.DataType) -> bool:
    import pyarrow as pa

    of_some_kind = pa.types.is_list(type_) or pa.types.is_large_list(type_) or pa.types.is_fixed_size_list(type_)
    return bool(of_some_kind and _is_number(type_.value_type))


def _id_column(column: pa.ChunkedArray, *, what: str) -> list[str]:
    ids = column.to_pylist()
    for row, value in enumerate(ids):
        if not isinstance(value, (str, int)) or isinstance(value, bool):
            raise ValueError(f"{what}: expected ids as strings or integers, got {value!r} in row {row}")
    return list(map(str, ids))


def _of_lists(column: pa.ChunkedArray, *, what: str) -> NDArray[Any]:
    import pyarrow.compute as pc

    lengths = pc.list_value_length(column)
    if column.null_count or pc.count_distinct(lengths).as_py() > 1:
        found = Counter(lengths.to_pylist())
        shown = ", ".join(f"{n} of {'no list' if k is None else f'length {k}'}" for k, n in found.most_common(3))
        raise ValueError(f"{what}: expected lists of one length, got {shown}")
    values: NDArray[Any] = pc.list_flatten(column).to_numpy()
    return values.reshape(len(column), -1) if len(column) else values.reshape(0, 0)


def _match(ids: Sequence[str], doc_ids: Sequence[str], *, path: Path, n_rows: int) -> NDArray[np.int64]:
    """The row of each wanted document."""
    if len(ids) != n_rows:
        raise ValueError(f"{path}: expected an id a row, got {len(ids)} ids of {n_rows} rows")
    rows = {doc_id: row for row, doc_id in enumerate(ids)}
    if len(rows) != len(ids):
        twice = [doc_id for doc_id, count in Counter(ids).items() if count > 1]
        raise ValueError(f"{path}: expected every id once, got {len(twice)} of them more than once: {_listed(twice)}")
    missing = [doc_id for doc_id in doc_ids if doc_id not in rows]
    if missing:
        raise ValueError(
            f"{path}: {len(missing)} of {len(doc_ids)} documents have no vector: {_listed(missing)}; ids in the file "
            f"are such as {_listed(ids[:3])}{_say_stories(missing)}"
        )
    return np.fromiter((rows[doc_id] for doc_id in doc_ids), dtype=np.int64, count=len(doc_ids))


def _check_rows(vectors: NDArray[np.float32], doc_ids: Sequence[str] | None, *, path: Path) -> None:
    starts = range(0, len(vectors), _BLOCK_ROWS)
    blocks = [vectors[start : start + _BLOCK_ROWS] for start in starts]
    nothing = [np.ones(0, dtype=bool)]
    finite = np.concatenate([np.isfinite(block).all(axis=1) for block in blocks] or nothing)
    with np.errstate(invalid="ignore"):  # NaN is told of below
        zero = np.concatenate([(block == 0).all(axis=1) for block in blocks] or nothing)
    for bad, got in ((~finite, "NaN, infinity or more than float32 holds"), (zero, "nothing but zeros")):
        if bad.any():
            rows = np.flatnonzero(bad).tolist()
            where = (
                f"rows {_listed(rows)}" if doc_ids is None else f"the rows of {_listed(doc_ids[row] for row in rows)}"
            )
            raise ValueError(f"{path}: expected finite vectors that are not zero, got {got} in {len(rows)}: {where}")


def _listed(values: Iterable[object]) -> str:
    """The first values, and how many more there are."""
    values = list(values)
    more = f" and {len(values) - _N_NAMED} more" if len(values) > _N_NAMED else ""
    return ", ".join(map(repr, values[:_N_NAMED])) + more
