"""Tables, values and records as bytes: the same bytes for the same content."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from topics.records import Origin

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

REST = "record.json"  # of a record: its fields that are neither arrays nor tables
_SCALARS = frozenset({str, int, float, bool, type(None)})
_DEEP = 32  # levels of nesting
_LONG = 1000  # not tuned: words, from which a list is remembered as it was written


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
            is_words = type(value) is tuple and len(value) >= _LONG and set(map(type, value)) == {str}
            return f"[{inner}{_words_text(cast(Any, value), inner) if is_words else _plain_text(value, inner)}{margin}]"
        return f"[{inner}{f',{inner}'.join([_json_text(one, inner) for one in value])}{margin}]"
    if isinstance(value, dict) and value and all(type(name) is str for name in value):
        if _SCALARS.issuperset(map(type, value.values())):
            return f"{{{inner}{_encoder(inner).encode(value)[1:-1]}{margin}}}"
        name_of = _encoder(inner).encode
        pairs = [f"{name_of(name)}: {_json_text(value[name], inner)}" for name in sorted(value)]
        return f"{{{inner}{f',{inner}'.join(pairs)}{margin}}}"
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False).replace("\n", margin)


def _plain_text(value: Any, margin: str) -> str:
    """What stands between the brackets of a list of scalars."""
    return _encoder(margin).encode(value)[1:-1]


@lru_cache(maxsize=2)
def _words_text(words: tuple[str, ...], margin: str) -> str:
    """As :func:`_plain_text`; every description of the same documents has the same long vocabulary."""
    return _plain_text(words, margin)


@lru_cache(maxsize=_DEEP)
def _encoder(margin: str) -> json.JSONEncoder:
    """Writes what holds no other list or mapping, with each value after a margin."""
    return json.JSONEncoder(sort_keys=True, ensure_ascii=False, allow_nan=False, separators=("," + margin, ": "))


def read_table(content: bytes) -> pa.Table:
    """The table that :func:`table_bytes` wrote, every page's checksum verified."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    # Arrow's threads can outlive the call and abort the process at exit (apache/arrow#34314); read_table starts one
    # even if it is told not to.
    file = pq.ParquetFile(pa.BufferReader(content), pre_buffer=False, page_checksum_verification=True)
    return file.read(use_threads=False)


def _parquet_type(kind: pa.DataType) -> pa.DataType:
    """The type that comes back: Parquet calls the items of a list "element", Arrow "item"."""
    import pyarrow as pa

    return pa.list_(pa.field("element", _parquet_type(kind.value_type))) if pa.types.is_list(kind) else kind


def encode(record: Any) -> dict[str, bytes]:
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
        # Nothing is pickled; older numpy has no parameter that forbids it, and would store it as an array.
        assert not any(array.dtype.hasobject for array in arrays.values()), f"objects in {type(record).__name__}"
        np.savez(sink, **arrays)  # type: ignore[arg-type]  # names of arrays, none of them a parameter
        files["arrays.npz"] = sink.getvalue()
    return {**files, REST: json_bytes(rest)}


def decode(kind: type[Any], files: Mapping[str, bytes], *, origin: Origin) -> Any:
    """The record that :func:`encode` made files of.

    Parameters
    ----------
    kind : type
        The record's class.
    files : Mapping of str to bytes
        Content by name.
    origin : Origin
        Where the record came from.
    """
    from scipy.sparse import csr_array

    values: dict[str, Any] = json.loads(files[REST])
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


def manifest_of(origin: Origin) -> dict[str, Any]:
    """What a manifest says of where its record came from."""
    return {
        "stage": origin.stage,
        "version": origin.version,
        "parameters": origin.parameters,
        "parents": list(origin.parents),
        "libraries": origin.libraries,
        "notes": list(origin.notes),
        "key": origin.key,
    }


def origin_of(manifest: Mapping[str, Any]) -> Origin:
    """Where the record of a manifest came from."""
    parents, notes = tuple(manifest["parents"]), tuple(manifest["notes"])
    return Origin(manifest["stage"], manifest["version"], manifest["parameters"], parents, manifest["libraries"], notes)
