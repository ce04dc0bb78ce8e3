"""What a record holds, as one digest: the same on every machine and under every library's version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

_NOT_CONTENT = frozenset({"origin", "corpus_key", "content", "input_rows"})
_ROWS = 4096  # of a table at a time: bounds memory
_LONG = 1000  # not tuned: words, from which a list is remembered as it was written


def digest_of(record: Any) -> str:
    """SHA-256 (64 hexadecimal digits) of what a record holds, whatever it came from.

    Arrays count with their type, shape and bytes, tables with the names and values of their columns, and the rest as
    JSON. The origin, keys and the order of the input's rows do not: they say what a record was made of. So two records
    with one digest are the same bit by bit, though a library's version or a file's name was another.

    Parameters
    ----------
    record : dataclass instance
        Such as :class:`topics.records.Clusters` or :class:`topics.records.Corpus`.

    Examples
    --------
    >>> from topics.records import Layout, Origin
    >>> one = Layout("a", np.zeros((2, 2)), "pca", 2, np.arange(2), Origin("reduce", 1, {}, (), {}))
    >>> other = Layout("b", np.zeros((2, 2)), "pca", 2, np.arange(2), Origin("reduce", 2, {}, (), {}))
    >>> digest_of(one) == digest_of(other)
    True
    """
    digest = hashlib.sha256()
    for field in sorted(fields(record), key=lambda field: field.name):
        if field.name not in _NOT_CONTENT:
            digest.update(f"{field.name}\n".encode())
            for piece in _pieces(getattr(record, field.name)):
                digest.update(piece)
    return digest.hexdigest()


def _pieces(value: Any) -> Iterator[bytes | memoryview]:
    if isinstance(value, np.ndarray):
        plain = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("<"))
        yield f"{plain.dtype.str} {plain.shape}\n".encode()
        yield plain.tobytes()
    elif hasattr(value, "tocsr"):
        rows = value.tocsr()
        for part in (rows.data, rows.indices.astype(np.int64), rows.indptr.astype(np.int64)):
            yield from _pieces(part)
        yield repr(tuple(map(int, rows.shape))).encode()
    elif hasattr(value, "column_names"):
        for name in value.column_names:
            yield f"{name}\n".encode("utf-8", "surrogatepass")
            yield from _values(value.column(name))
    elif type(value) is tuple and len(value) >= _LONG and set(map(type, value)) == {str}:
        yield _words(value)
    else:
        yield json.dumps(value, sort_keys=True, default=_plain).encode()


@lru_cache(maxsize=2)
def _words(words: tuple[str, ...]) -> bytes:
    """Words as JSON; every description of the same documents has the same long vocabulary."""
    return json.dumps(words).encode()


def _values(column: Any) -> Iterator[bytes]:
    """The values of a column; moments as numbers, since how they are written depends on what else is installed."""
    import pyarrow as pa

    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    for start in range(0, len(column), _ROWS):
        yield repr(_plain_values(column.slice(start, _ROWS)))[1:-1].encode("utf-8", "surrogatepass")


def _plain_values(column: Any) -> list[Any]:
    """The values of a column as Python's own; lists of numbers by way of numpy, in a tenth of the time."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_list(kind) and (pa.types.is_float32(kind.value_type) or pa.types.is_float64(kind.value_type)):
        values: list[Any] = []
        for chunk in column.chunks:
            if chunk.null_count or chunk.values.null_count:
                return list(column.to_pylist())
            flat, ends = chunk.values.to_numpy().tolist(), chunk.offsets.to_pylist()
            values += [flat[start:stop] for start, stop in pairwise(ends)]
        return values
    return list(column.to_pylist())


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else repr(value)
