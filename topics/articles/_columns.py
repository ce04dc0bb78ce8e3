"""The columns of a corpus: ours, and the user's own beside them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from topics.articles._article import Article
from topics.articles._repair import repair
from topics.articles.readers._missing import is_missing
from topics.records import DOCUMENT_COLUMNS

_STRINGS = pa.list_(pa.string())
_TYPES = {"date": pa.timestamp("us", tz="UTC"), "other_langs": _STRINGS, "copies": _STRINGS}
SCHEMA = pa.schema([(name, _TYPES.get(name, pa.string())) for name in DOCUMENT_COLUMNS])
OUR_COLUMNS = frozenset(
    {
        *SCHEMA.names, "copy_of", "topic", "strength", "original_topic", "method", "confidence", "x", "y",
    }
)  # fmt: skip
LEVEL_PREFIX = "level_"  # of the columns with a document's cluster at other levels


def further_columns(documents: Sequence[Article]) -> dict[str, tuple[pa.Field, bool]]:
    """For each further column of the user's its Arrow field, and whether its values are kept as JSON text.

    They are where there is no single type for them. A name of ours, or one that stands already, is set apart.

    Parameters
    ----------
    documents : sequence of Article
        All of them.
    """
    columns: dict[str, tuple[pa.Field, bool]] = {}
    names_in_use = set(OUR_COLUMNS)
    n_alike: Counter[str] = Counter()
    for given in sorted({name for document in documents for name in document.extra}):
        name = repair(given) or "unnamed"
        name = f"{name}_given" if name in OUR_COLUMNS or name.startswith(LEVEL_PREFIX) else name
        plain = name
        while name in names_in_use:
            n_alike[plain] += 1
            name = f"{plain}_" if n_alike[plain] == 1 else f"{plain}_{n_alike[plain]}"
        names_in_use.add(name)
        values = [document.extra.get(given) for document in documents]
        try:
            kind = pa.array(values, from_pandas=True).type
            mixed = pa.types.is_date(kind) and len({type(value) for value in values if value}) > 1
            as_text = mixed or not _is_plain(kind)
        except (pa.ArrowException, OverflowError, UnicodeError, TypeError, ValueError):
            as_text = True
        columns[given] = (pa.field(name, pa.string() if as_text else kind), as_text)
    return columns


def cells(
    document: Article, text: str, *, copies: Sequence[str], further: Mapping[str, tuple[pa.Field, bool]]
) -> list[Any]:
    """The row of a document: our columns, then the user's.

    Parameters
    ----------
    document : Article
        Whose row it is.
    text : str
        Its text.
    copies : sequence of str
        Ids of the documents folded into it.
    further : Mapping
        As :func:`further_columns` gives them.
    """
    set_apart = {"text": text, "copies": copies}
    ours = [set_apart[name] if name in set_apart else getattr(document, name) for name in DOCUMENT_COLUMNS]
    theirs = [(document.extra.get(name), as_text) for name, (_, as_text) in further.items()]
    return [*ours, *(_as_text(value) if as_text else value for value, as_text in theirs)]


def _is_plain(kind: pa.DataType) -> bool:
    """Whether values of a type are kept as they are: single ones, and lists of them."""
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return not pa.types.is_nested(kind.value_type) and _is_plain(kind.value_type)
    return not (pa.types.is_nested(kind) or pa.types.is_interval(kind))


def _as_text(value: Any) -> str | None:
    if is_missing(value):
        return None
    if not isinstance(value, str):
        try:
            value = json.dumps(value, ensure_ascii=False, default=str)
        except (TypeError, ValueError, RecursionError):  # keys that are no strings, for one
            value = str(value)
    return repair(value)
