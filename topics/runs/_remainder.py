"""What of a run's records is in no result file and no other record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from topics.records import Origin, Records

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, eq=False)
class Remainder:
    """What of the records is in no result file and no other record.

    Attributes
    ----------
    input_rows : pyarrow.Table
        The corpus's, as the one column ``rows``.
    corpus : Mapping
        The corpus's origin: ``stage, version, parameters, parents, libraries, notes``.
    origins : tuple of Mapping
        Likewise of every stage.
    origin : Origin
        Of this.
    """

    input_rows: pa.Table
    corpus: Mapping[str, Any]
    origins: tuple[Mapping[str, Any], ...]
    origin: Origin


def remainder_of(records: Records) -> Remainder:
    """What of the records is nowhere else.

    Parameters
    ----------
    records : Records
        Of every stage.
    """
    import pyarrow as pa

    return Remainder(
        pa.table({"rows": records.corpus.input_rows}),
        _plain(records.corpus.origin),
        tuple(_plain(origin) for origin in records.origins),
        Origin("remainder", 1, {}, (records.corpus.origin.key, records.clusters.origin.key), {}),
    )


def _plain(origin: Origin) -> dict[str, Any]:
    return {
        "stage": origin.stage,
        "version": origin.version,
        "parameters": dict(origin.parameters),
        "parents": list(origin.parents),
        "libraries": dict(origin.libraries),
        "notes": list(origin.notes),
    }


def origin_of(said: Mapping[str, Any]) -> Origin:
    """The origin that a remainder has as a mapping.

    Parameters
    ----------
    said : Mapping
        Such as ``Remainder.corpus``.
    """
    lists = {name: tuple(said[name]) for name in ("parents", "notes")}
    return Origin(
        said["stage"], said["version"], said["parameters"], lists["parents"], said["libraries"], lists["notes"]
    )
