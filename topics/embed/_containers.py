"""The user's own vectors, in any container → one array, with the ids of its rows if there are any."""

from __future__ import annotations

import numbers
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.embed._indices import index_ids, index_of
from topics.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

# The same as in topics.articles; a test compares the two.
ID_NAMES = (
    "doc_id", "doc_ids", "id", "ids", "docid", "article_id", "uuid", "guid", "_id", "document_id", "identifier",
)  # fmt: skip
_N_NAMED = 10  # not tuned: as many as a message can show
_MAX_DENSE_BYTES = 4 << 30  # not tuned: size of a sparse matrix made dense, half the memory of a small machine


@dataclass(frozen=True, eq=False)
class UserVectors:
    """The user's own vectors and their documents.

    Attributes
    ----------
    values : numpy.ndarray of real numbers, shape (n, n_dims)
        One vector per row.
    ids : tuple of str or None
        Document id of each row; None if row i belongs to row i of the articles as they were read.
    what : str
        Name of the vectors, for messages.
    sure : bool
        Whether ``ids`` are certainly ids: a frame's nameless index of ascending numbers may only be left from a
        selection of rows.
    """

    values: NDArray[Any]
    ids: tuple[str, ...] | None
    what: str
    sure: bool = True


def take_vectors(vectors: Any, *, what: str = "embeddings", id_column: str | None = None) -> UserVectors:
    """The vectors of an array, tensor, sparse matrix, frame, table, mapping or sequence.

    Ids are the keys of a mapping, a column of a table with a usual name for ids, or the index of a pandas object unless
    it only numbers the rows from 0.

    Parameters
    ----------
    vectors : array-like
        NumPy, torch, SciPy sparse, pandas, polars or pyarrow, a mapping of id to vector, or a sequence of vectors.
    what : str
        Name of the vectors, for messages.
    id_column : str or None
        The column with the ids; None looks for the usual names.

    Raises
    ------
    ValueError
        If the vectors are not real numbers in two dimensions, or there is not one id per row.
    """
    import pyarrow as pa

    if isinstance(vectors, UserVectors):
        return vectors
    if isinstance(vectors, Mapping) and not hasattr(vectors, "toarray"):  # SciPy's dok_array is a mapping too
        return UserVectors(as_matrix(list(vectors.values()), what=what), tuple(map(str, vectors)), what)
    if hasattr(vectors, "collect") and hasattr(vectors, "collect_schema"):
        raise InputError(f"{what}: expected vectors, got a lazy frame; call its collect()")
    if hasattr(vectors, "iloc"):
        return _of_pandas(vectors, what=what, id_column=id_column)
    if hasattr(vectors, "to_arrow"):  # polars
        vectors = vectors.to_arrow()
    if isinstance(vectors, pa.RecordBatch):
        vectors = pa.Table.from_batches([vectors])
    if isinstance(vectors, pa.Table):
        return of_table(vectors, what=what, id_column=id_column)
    if isinstance(vectors, (pa.Array, pa.ChunkedArray)):
        if _is_text(vectors.type) and len(vectors):
            raise _text(vectors[0].as_py(), what)
        if not _is_list(vectors.type):
            raise InputError(f"{what}: expected a column of lists of numbers, got {vectors.type}")
        return UserVectors(_of_lists(vectors, what=what), None, what)
    return UserVectors(as_matrix(vectors, what=what), None, what)


def _of_pandas(data: Any, *, what: str, id_column: str | None) -> UserVectors:
    import pyarrow as pa

    ids, sure = index_ids(data.index)
    if data.ndim == 1:
        return UserVectors(as_matrix(data.tolist(), what=what), ids, what, sure)
    if len(data.columns) == 1 and data.dtypes.iloc[0].kind == "O":  # rows as arrays of any kind
        return UserVectors(as_matrix(data.iloc[:, 0].tolist(), what=what), ids, what, sure)
    try:
        table = pa.Table.from_pandas(data, preserve_index=False, nthreads=1)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise InputError(f"{what}: expected numbers, or one column of lists of numbers, got {error}") from None
    own = of_table(table, what=what, id_column=id_column)
    return own if own.ids is not None else UserVectors(own.values, ids, what, sure)


def as_matrix(vectors: Any, *, what: str) -> NDArray[Any]:
    """The vectors as an array of real numbers of shape (n, n_dims).

    Parameters
    ----------
    vectors : array-like
        NumPy, torch, SciPy sparse, or a sequence of vectors.
    what : str
        Name of the vectors, for messages.

    Raises
    ------
    ValueError
        If the vectors are not real numbers, or not of one length.
    """
    array = _plain(vectors, what=what)
    if array.dtype.kind == "O" and array.ndim == 1 and len(array):
        rows = [_plain(row, what=what) for row in array]
        if texts := [row.item() for row in rows if row.ndim == 0 and row.dtype.kind in "US"]:
            raise _text(texts[0], what)
        shapes = Counter(row.shape for row in rows)
        if len(shapes) > 1 or rows[0].ndim != 1:
            shown = ", ".join(f"{n} of shape {shape}" for shape, n in shapes.most_common(3))
            raise InputError(f"{what}: expected vectors of one length, one per row, got {shown}")
        array = np.stack(rows)
    if array.dtype.kind == "O":
        array = _numbers(array, what=what)
    if array.dtype.kind in "US" and array.ndim == 1 and len(array):
        raise _text(array[0].item(), what)
    if array.dtype.kind not in "fiu":
        kinds = {"c": "complex numbers", "b": "True and False", "U": "strings", "S": "strings"}
        got = kinds.get(array.dtype.kind, f"values of {array.dtype}")
        raise InputError(f"{what}: expected vectors of real numbers, got {got} (dtype {array.dtype})")
    if array.ndim != 2 or array.shape[1] == 0:
        raise InputError(f"{what}: expected vectors of shape (n, n_dims), got shape {array.shape}")
    return array


def _text(sample: str | bytes, what: str, *, where: str = "") -> InputError:
    return InputError(
        f"{what}: expected vectors of numbers, got text{where} such as {sample!r:.60}; make lists of it first, such as "
        "with [json.loads(text) for text in vectors]"
    )


def _plain(vectors: Any, *, what: str) -> NDArray[Any]:
    """A NumPy array from a tensor, a sparse or masked matrix, or a sequence of these."""
    if hasattr(vectors, "detach") and hasattr(vectors, "cpu"):  # torch; NumPy knows no bfloat16
        tensor = vectors.detach().cpu()
        tensor = tensor if str(tensor.layout) == "torch.strided" else tensor.to_dense()
        vectors = tensor.float() if str(tensor.dtype) == "torch.bfloat16" else tensor
    elif hasattr(vectors, "toarray") and hasattr(vectors, "nnz"):
        n_bytes = int(np.prod(vectors.shape)) * vectors.dtype.itemsize
        if n_bytes > _MAX_DENSE_BYTES:
            raise InputError(
                f"{what}: a sparse matrix of shape {vectors.shape} would take {n_bytes / 1e9:.0f} GB as vectors; "
                "reduce it first, such as with sklearn.decomposition.TruncatedSVD(300)"
            )
        vectors = vectors.toarray()
    elif np.ma.isMaskedArray(vectors) and vectors.dtype.kind in "fiu":
        vectors = np.ma.filled(vectors.astype(np.float64), np.nan)  # masked values are unknown
    elif isinstance(vectors, (set, frozenset)) or hasattr(vectors, "__next__"):
        raise InputError(f"{what}: expected vectors with an order and a length, got {type(vectors).__name__}")
    elif isinstance(vectors, (list, tuple)) and vectors and not isinstance(vectors[0], (list, tuple, numbers.Number)):
        rows = np.empty(len(vectors), dtype=object)
        rows[:] = [_plain(row, what=what) for row in vectors]
        return rows
    try:
        return np.asarray(vectors)
    except Exception as error:  # lists of several lengths; libraries' own arrays raise errors of many types
        raise InputError(f"{what}: expected vectors of one length, one per row: {error}") from None


def _numbers(array: NDArray[Any], *, what: str) -> NDArray[np.float64]:
    """An array of Python numbers; None is unknown and becomes NaN."""
    for value in array.ravel():
        if value is not None and (
            isinstance(value, (bool, np.bool_)) or not isinstance(value, (numbers.Real, Decimal, np.number))
        ):
            raise InputError(f"{what}: expected vectors of real numbers, got {value!r:.60} ({type(value).__name__})")
    try:
        return array.astype(np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"{what}: expected vectors of real numbers: {error}") from None


def of_table(table: pa.Table, *, what: str, id_column: str | None = None) -> UserVectors:
    """The vectors in an Arrow table with their ids, from a column or from the index that pandas stored there.

    Parameters
    ----------
    table : pyarrow.Table
        Either one column of lists, or only the vectors and the ids: one column per dimension, all of one numeric type.
    what : str
        Name of the table, for messages.
    id_column : str or None
        The column with the ids; None looks for the usual names.

    Raises
    ------
    ValueError
        If there are no such columns.
    """
    names = table.column_names
    if len(set(names)) != len(names):
        raise InputError(f"{what}: expected columns of different names, got {listed(names)}")
    folded = {name.strip().casefold(): name for name in reversed(names)}
    usual = (folded[name] for name in ID_NAMES if name in folded)
    id_name = id_column if id_column and id_column in names else next(usual, None)
    index, of_index = index_of(table)
    ids, sure = index_ids(index)
    if id_name is not None:
        ids, sure = _id_column(table.column(id_name), what=f"{what}, column {id_name!r}"), True
    columns = [
        field
        for field in table.schema
        if field.name != id_name and field.name.strip().casefold() not in ID_NAMES and field.name not in of_index
    ]
    lists = [field.name for field in columns if _is_list(field.type)]
    if len(lists) == 1:
        return UserVectors(_of_lists(table.column(lists[0]), what=f"{what}, column {lists[0]!r}"), ids, what, sure)
    types = {str(field.type) for field in columns}
    texts = [field.name for field in columns if _is_text(field.type)]
    samples = {name: next((text for text in table.column(name).to_pylist() if text), "") for name in texts}
    if name := next((name for name, text in samples.items() if not lists and text.lstrip()[:1] in ("[", "(")), None):
        raise _text(samples[name], what, where=f" in {name!r}")
    if lists or len(types) != 1 or not _is_number(columns[0].type):
        beside = f"beside {id_name!r} " if id_name else ""
        raise InputError(
            f"{what}: expected one column of lists of numbers, or {beside}only columns of one numeric type, "
            f"got {listed(f'{field.name} ({field.type})' for field in columns)}; leave the others out"
        )
    values = np.column_stack([table.column(field.name).to_numpy() for field in columns])  # empty cells become NaN
    return UserVectors(values, ids, what, sure)


def _is_text(type_: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_))


def _is_number(type_: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_floating(type_) or pa.types.is_integer(type_))


def _is_list(type_: pa.DataType) -> bool:
    import pyarrow as pa

    is_list = pa.types.is_list(type_) or pa.types.is_large_list(type_) or pa.types.is_fixed_size_list(type_)
    return bool(is_list and _is_number(type_.value_type))


def _id_column(column: pa.ChunkedArray, *, what: str) -> tuple[str, ...]:
    ids = column.to_pylist()
    for row, value in enumerate(ids):
        if not isinstance(value, (str, int)) or isinstance(value, bool):
            raise InputError(f"{what}: expected ids as strings or integers, got {value!r} in row {row}")
    return tuple(map(str, ids))


def _of_lists(column: pa.ChunkedArray | pa.Array, *, what: str) -> NDArray[Any]:
    import pyarrow.compute as pc

    lengths = pc.list_value_length(column)
    if column.null_count or pc.count_distinct(lengths).as_py() > 1:
        counts = Counter(lengths.to_pylist())
        shown = ", ".join(f"{n} of {'no list' if k is None else f'length {k}'}" for k, n in counts.most_common(3))
        raise InputError(f"{what}: expected lists of one length, got {shown}")
    flat = pc.list_flatten(column)
    values: NDArray[Any] = flat.to_numpy(**({} if hasattr(flat, "chunks") else {"zero_copy_only": False}))
    return values.reshape(len(column), -1) if len(column) else values.reshape(0, 0)


def listed(values: Iterable[object]) -> str:
    """The first ten values, and the number of the others.

    Parameters
    ----------
    values : iterable
        Values with a readable ``repr``.
    """
    values = list(values)
    more = f" and {len(values) - _N_NAMED} more" if len(values) > _N_NAMED else ""
    return ", ".join(map(repr, values[:_N_NAMED])) + more
