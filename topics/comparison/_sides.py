"""What is compared: runs, labelings of any tool, and what both sides have in common."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from topics import label
from topics._describe import human_labels
from topics.config import RunConfig
from topics.errors import InputError
from topics.evaluate._differences import partition_distances
from topics.evaluate._stability import topics_by_id
from topics.records import HeldOutTerms, TermCounts
from topics.runs import Run

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

CONFIG_SUFFIX = ".toml"


@dataclass(frozen=True, eq=False)
class Member:
    """One labeling of a side.

    Attributes
    ----------
    labels : pandas.Series of int
        Topic by document id, or by place where there are no ids.
    scores : Mapping
        Score by name, those that are known.
    terms : Mapping
        Terms by topic; empty of a labeling without any.
    seed : int or None
        What it was made with.
    held_out : HeldOutTerms or None
        Terms chosen on half of the documents.
    counts : TermCounts or None
        Those of the documents, in the order of the labels.
    truth : Sequence or None
        Human label of each document, in the order of the labels.
    """

    labels: pd.Series
    scores: Mapping[str, float]
    terms: Mapping[int, Sequence[str]]
    seed: int | None = None
    held_out: HeldOutTerms | None = None
    counts: TermCounts | None = None
    truth: Sequence[Any] | None = None


@dataclass(frozen=True, eq=False)
class Side:
    """One side of a comparison.

    Attributes
    ----------
    title : str
        What it is called.
    members : tuple of Member
        One or more labelings of the same documents.
    run : Run or None
        The run, where the side is a single one.
    """

    title: str
    members: tuple[Member, ...]
    run: Run | None = None

    @property
    def has_ids(self) -> bool:
        """Whether documents have ids, and not only places."""
        return not self.members[0].labels.attrs["ordered"]


def is_config(value: Any) -> bool:
    """Whether a value says how to make runs, and is none.

    Parameters
    ----------
    value : object
        What :func:`topics.compare` was given.
    """
    if isinstance(value, (str, os.PathLike)):
        return Path(value).suffix == CONFIG_SUFFIX
    is_sections = isinstance(value, Mapping) and set(value) <= set(RunConfig.model_fields)
    return isinstance(value, RunConfig) or is_sections


def config_of(value: Any) -> RunConfig:
    """The config that a value says.

    Parameters
    ----------
    value : RunConfig, mapping, str or Path
        One for which :func:`is_config` is true.

    Raises
    ------
    ConfigError
        If it is no usable config.
    """
    if isinstance(value, RunConfig):
        return value
    return RunConfig.from_dict(value) if isinstance(value, Mapping) else RunConfig.from_toml(Path(value))


def side_of(value: Any, title: str) -> Side:
    """The side of a run, a run's folder, a labeling, or a list of such.

    Parameters
    ----------
    value : object
        See :func:`topics.compare`.
    title : str
        What a side without a name is called.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    if isinstance(value, (str, os.PathLike)):
        value = Run.load(Path(value))
    if isinstance(value, Run):
        return Side(value.name if value.path else title, (member_of_run(value),), value)
    if _is_several(value):
        parts = [side_of(one, title) for one in value]
        return Side(title, tuple(member for part in parts for member in part.members))
    labels = topics_by_id(value, place=0 if title == "A" else 1)
    try:
        numbers = labels.astype("int64")
    except (ValueError, TypeError):
        raise InputError(f"{title}: expected topics as numbers (-1 for noise), got {labels.iloc[0]!r}") from None
    numbers.attrs = labels.attrs
    return Side(title, (Member(numbers, {}, {}),))


def member_of_run(run: Run) -> Member:
    """A run's topics, its scores and terms.

    Parameters
    ----------
    run : Run
        After its edits.
    """
    import pandas as pd

    records, config = run.records, run.config
    labels = pd.Series(records.clusters.labels.astype("int64"), index=list(records.corpus.doc_ids))
    labels.attrs = {"ordered": False}
    held_out = None
    if run.path is None or run.kept.has_embeddings:
        held_out = label.choose_on_half(
            records.corpus, records.clusters, counts=records.counts, embeddings=records.embeddings, params=config.label
        )
    column = config.evaluate.label_column
    truth = None if column is None else human_labels(records.corpus, column)
    table = records.topics.table
    return Member(
        labels,
        {name: entry["value"] for name, entry in run.scores.items() if entry["value"] is not None},
        dict(zip(table.column("topic").to_pylist(), table.column("terms").to_pylist(), strict=True)),
        config.random_state,
        held_out,
        records.counts,
        None if truth is None else truth.values,
    )


def shared_ids(a: Side, b: Side) -> pd.Index:
    """The documents that all labelings of both sides have, in the order of the first.

    Parameters
    ----------
    a, b : Side
        Both with ids or both without.

    Raises
    ------
    ValueError
        If one side has ids and the other has none, or sides without ids differ in length.
    """
    if a.has_ids != b.has_ids:
        without = a.title if b.has_ids else b.title
        raise InputError(f"{without} has topics without ids and cannot be matched to one that has them")
    series = [member.labels for side in (a, b) for member in side.members]
    if not a.has_ids and len({len(one) for one in series}) > 1:
        raise InputError(
            f"labelings without ids are of one length, got {', '.join(str(len(one)) for one in series)}: give tables "
            "or Series with ids"
        )
    shared = series[0].index
    for one in series[1:]:
        shared = shared[shared.isin(one.index)]
    return shared


def labels_on(side: Side, ids: pd.Index) -> list[NDArray[np.int64]]:
    """The labels of each labeling of a side, of some documents.

    Parameters
    ----------
    side : Side
        Of either side.
    ids : pandas.Index
        Documents that it has.
    """
    return [member.labels.loc[ids].to_numpy(dtype=np.int64) for member in side.members]


def typical(labelings: Sequence[NDArray[np.int64]]) -> int:
    """Which labeling of a side is closest to the others, the first of equal ones.

    Parameters
    ----------
    labelings : sequence of numpy.ndarray
        Of the same documents.
    """
    return int(partition_distances(labelings).sum(axis=1).argmin())


def _is_several(value: Any) -> bool:
    """Whether a list is one of labelings, and not of numbers."""
    if isinstance(value, np.ndarray):
        return value.ndim == 2
    return isinstance(value, (list, tuple)) and len(value) > 0 and not np.isscalar(value[0])
