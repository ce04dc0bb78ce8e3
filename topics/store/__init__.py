"""The only room that writes results: atomic, checksummed, content-addressed, without pickle.

A stored record is a folder ``<stage>/<key>/`` with its arrays (``arrays.npz``), its tables (``*.parquet``), the rest
(``record.json``) and a manifest that is written last and holds the SHA-256 of every file and of itself. A folder
without a manifest is an interrupted write and counts as absent. Every checksum is verified on read; what does not match
is set aside under ``quarantine/``, reported, and computed again.
"""

from topics.store._files import CorruptError, StoreError, check_writable, read_plain, user_cache, write_file
from topics.store._folders import read_folder, read_manifest, write_folder
from topics.store._formats import csv_bytes, json_bytes, read_table, table_bytes
from topics.store._parts import Parts
from topics.store._seals import SEAL, sealed_bytes, unsealed
from topics.store._store import Store
from topics.store._streams import check_stream, write_tables

__all__ = [
    "SEAL", "CorruptError", "Parts", "Store", "StoreError", "check_stream", "check_writable", "csv_bytes", "json_bytes",
    "read_folder", "read_manifest", "read_plain", "read_table", "sealed_bytes", "table_bytes", "unsealed", "user_cache",
    "write_file", "write_folder", "write_tables",
]  # fmt: skip
