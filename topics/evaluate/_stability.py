"""Agreement of several runs on the same documents, whichever tool made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.errors import InputError
from topics.evaluate._agreement import adjusted_mutual_information, adjusted_rand

if TYPE_CHECKING:
    import pandas as pd

_ID_COLUMNS = ("doc_id", "id", "Document")
_TOPIC_COLUMNS = ("topic", "label", "Topic")


def stability(runs: Sequence[Any], *, noise: bool = True) -> pd.DataFrame:
    """Agreement of every two runs on the documents that both have, without a human label (Lange et al. 2004).

    Parameters
    ----------
    runs : sequence
        At least two. Each is a run or anything with ``documents()``; a mapping or Series of topics by document id; a
        table with a column ``doc_id`` (or ``id``, ``Document``) and a column ``topic`` (or ``label``, ``Topic``), as
        from ``BERTopic.get_document_info``; or the topics of all documents in one order.
    noise : bool
        Whether topic -1 counts, as one cluster; otherwise documents with -1 in either run are left out.

    Returns
    -------
    pandas.DataFrame
        One row per pair: ``run, other, n_shared`` (documents in both), ``ami, ari`` (1 for equal topics, about 0 by
        chance; NaN without a shared document). Their means are the stability of the method.

    Raises
    ------
    ValueError
        If there are fewer than two runs, two runs without ids differ in length, or a table lacks a column.

    Examples
    --------
    >>> stability([[0, 0, 1, 1], [1, 1, 0, 0]])["ari"].tolist()
    [1.0]
    """
    import pandas as pd

    if len(runs) < 2:
        raise InputError(f"expected at least two runs to compare, got {len(runs)}")
    labels = [topics_by_id(run, place=i) for i, run in enumerate(runs)]
    rows = []
    for i, j in combinations(range(len(labels)), 2):
        one, other = labels[i], labels[j]
        if one.attrs["ordered"] != other.attrs["ordered"]:
            which = i if one.attrs["ordered"] else j
            raise InputError(f"run {which} has topics without ids and cannot be matched to one that has them")
        if one.attrs["ordered"] and len(one) != len(other):
            raise InputError(f"runs {i} and {j} have no ids and differ in length: {len(one)} and {len(other)}")
        shared = one.index.intersection(other.index)
        first, second = one.loc[shared].to_numpy(), other.loc[shared].to_numpy()
        kept = np.ones(len(shared), dtype=bool) if noise else (first != -1) & (second != -1)
        first, second = first[kept], second[kept]
        rows.append(
            {
                "run": i,
                "other": j,
                "n_shared": len(first),
                "ami": adjusted_mutual_information(first, second) if len(first) else float("nan"),
                "ari": adjusted_rand(first, second) if len(first) else float("nan"),
            }
        )
    return pd.DataFrame(rows)


def topics_by_id(run: Any, *, place: int) -> pd.Series:
    """Topics by document id, or by place if there are no ids, as ``attrs["ordered"]`` says.

    Parameters
    ----------
    run : object
        As for :func:`stability`.
    place : int
        Its number, for messages.

    Raises
    ------
    ValueError
        If a document is there twice, or a table lacks a column.
    """
    import pandas as pd

    table = run.documents() if callable(getattr(run, "documents", None)) else run
    ordered = False
    if isinstance(table, pd.DataFrame):
        topics = table.set_index(_column(table, _ID_COLUMNS, place))[_column(table, _TOPIC_COLUMNS, place)]
    elif isinstance(table, Mapping):
        topics = pd.Series(dict(table))
    elif isinstance(table, pd.Series):
        topics = table
    else:
        topics, ordered = pd.Series(np.asarray(table)), True
    if topics.index.has_duplicates:
        twice = topics.index[topics.index.duplicated()][0]
        raise InputError(f"run {place} has document {twice!r} more than once")
    topics = topics.rename(None).copy()
    topics.attrs = {"ordered": ordered}
    return topics


def _column(table: pd.DataFrame, names: Sequence[str], place: int) -> str:
    for name in names:
        if name in table.columns:
            return name
    raise InputError(f"run {place}: expected a column {' or '.join(names)}, got {', '.join(map(str, table.columns))}")
