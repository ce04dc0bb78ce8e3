"""The topics of a run by groups of its documents: outlets, languages, periods, or any column."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics._notebook import fragment
from topics._say import count, percent, verb
from topics.comparison._topics import LEVEL, TERMS_SHOWN
from topics.errors import InputError
from topics.evaluate import group_cells, group_test
from topics.records import NOISE
from topics.runs import Run
from topics.store import check_writable, csv_bytes, json_bytes, write_file
from topics.timeline import check_frequency, periods_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

COLUMNS = {"outlet": "source", "language": "lang", "period": "date"}
"""Names of the field, and the columns that hold them."""

OTHER = "(other)"
_SAID_CELLS = 3  # of the summary
_SHOWN = 8  # groups that a notebook shows


@dataclass(frozen=True, eq=False, repr=False)
class Groups:
    """Topics by group.

    Attributes
    ----------
    by : str
        The column.
    cells : pandas.DataFrame
        One row a topic and group, noise among the topics: ``topic, terms, group, n, share`` of the group's documents
        with ``low, high`` (95 %), ``share_elsewhere, share_of_topic, expected, residual, odds_ratio, p, test, q``; see
        :func:`topics.evaluate.group_cells`.
    groups : pandas.DataFrame
        One row a group: ``group, n, share`` of all counted documents, ``noise_share``.
    test : Mapping
        Of the whole table: ``statistic, df, p, cramers_v, method``; see :func:`topics.evaluate.group_test`.
    n_missing : int
        Documents without a value, which are left out.
    notes : tuple of str
        What a reader should know.
    """

    by: str
    cells: pd.DataFrame
    groups: pd.DataFrame
    test: Mapping[str, Any]
    n_missing: int
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Groups by {self.by!r}: {count(len(self.groups), 'group')}>"

    def _repr_html_(self) -> str:
        terms = dict(zip(self.cells["topic"], self.cells["terms"], strict=True))
        shares = self.table().iloc[:, :_SHOWN]
        rows = [{"topic": topic, "terms": terms[topic], **row.to_dict()} for topic, row in shares.iterrows()]
        return fragment(repr(self)[1:-1], rows, notes=self.summary().split("\n"))

    def table(self, value: str = "share") -> pd.DataFrame:
        """One row a topic, one column a group.

        Parameters
        ----------
        value : str
            A column of ``cells``.
        """
        wide: pd.DataFrame = self.cells.pivot_table(index="topic", columns="group", values=value)
        return wide[list(self.groups["group"])].rename_axis(columns=None)

    def summary(self) -> str:
        """What was found, in sentences, a line each."""
        n = int(self.groups["n"].sum())
        lines = [f"{count(n, 'document')} in {count(len(self.groups), 'group')} by {self.by}."]
        p, v = self.test["p"], self.test["cramers_v"]
        if p == p:
            said = "differ" if p <= LEVEL else "do not differ by more than chance"
            lines.append(f"Groups {said} in their topics (p {p:.3f}, {self.test['method']}; Cramér's V {v:.2f} of 1).")
        beyond = self.cells[self.cells["q"] <= LEVEL]
        beyond = beyond.reindex(beyond["residual"].abs().sort_values(ascending=False).index)
        for row in beyond.head(_SAID_CELLS).to_dict("records"):
            name = "noise" if row["topic"] == NOISE else f"topic {row['topic']} ({row['terms']})"
            lines.append(
                f"{name}: {percent(row['share'])} of {row['group']}, {percent(row['share_elsewhere'])} elsewhere (odds "
                f"ratio {row['odds_ratio']:.2g}, corrected p {row['q']:.2g})."
            )
        return "\n".join([*lines, *self.notes])

    def write(self, folder: str | Path) -> list[Path]:
        """Paths of the files written: ``cells.csv``, ``groups.csv`` and ``groups.json``.

        Parameters
        ----------
        folder : str or Path
            Made where it is missing.

        Raises
        ------
        StoreError
            If the disk refuses.
        """
        check_writable(folder)
        test = {name: None if value != value else value for name, value in self.test.items()}
        said = {
            "by": self.by, "test": test, "n_missing": self.n_missing, "notes": list(self.notes),
            "summary": self.summary().split("\n"),
        }  # fmt: skip
        contents = {
            "cells.csv": csv_bytes(self.cells), "groups.csv": csv_bytes(self.groups), "groups.json": json_bytes(said),
        }  # fmt: skip
        paths = [Path(folder) / name for name in contents]
        for path, content in zip(paths, contents.values(), strict=True):
            write_file(path, content)
        return paths


def compare_groups(
    run: Run | str | Path,
    by: str = "outlet",
    *,
    every: str = "month",
    copies: bool = False,
    min_documents: int = 5,
) -> Groups:
    """The topics of a run by groups of its documents: counts, shares with intervals, and tests.

    Tests take documents as independent. Near-duplicates are not, so that each distinct document counts once, for the
    group of its canonical document; with ``copies`` every article counts for its own group and p-values are too small.

    Parameters
    ----------
    run : Run, str or Path
        A finished run, or its folder.
    by : str
        "outlet", "language", "period", or a column of ``run.documents()``.
    every : str
        Of dates: the length of a period, as for :func:`topics.timeline.over_time`: "month" or "2 weeks".
        A date that says less, such as a year alone by month, counts as missing.
    copies : bool
        Whether near-duplicates count as documents of their own.
    min_documents : int
        Groups with fewer are joined into one, ``(other)``; periods stay.

    Raises
    ------
    ValueError
        If there is no such column, it holds lists, or fewer than two groups have documents.

    Examples
    --------
    >>> import topics
    >>> topics.compare_groups("runs/mine", by="period", every="week").table("n")  # doctest: +SKIP
    """
    found = run if isinstance(run, Run) else Run.load(run)
    documents = found.documents()
    n_copies = int(documents["copy_of"].notna().sum())
    if not copies:
        documents = documents[documents["copy_of"].isna()]
    is_period = COLUMNS.get(by, by) == "date"
    values = _periods(documents, every) if is_period else _values(documents, by)
    is_missing = values.isna()
    known, labels = values[~is_missing].astype(str), documents.loc[~is_missing, "topic"]
    notes = _notes(int(is_missing.sum()), len(documents), n_copies=n_copies, copies=copies, by=by)
    if not is_period:
        sizes = known.value_counts()
        small = sizes.index[sizes < min_documents]
        if len(small):
            known = known.where(~known.isin(small), OTHER)
            notes.append(f"{count(len(small), 'group')} of fewer than {min_documents} documents joined as {OTHER}.")
    if known.nunique() < 2:
        raise InputError(
            f"expected at least two groups by {by!r}, got {known.nunique()}: {', '.join(map(repr, known.unique()[:3]))}"
        )
    return _groups(
        found, by, known=known, labels=labels, n_missing=int(is_missing.sum()), notes=notes, in_time=is_period
    )


def _groups(
    run: Run, by: str, *, known: pd.Series, labels: pd.Series, n_missing: int, notes: list[str], in_time: bool
) -> Groups:
    import pandas as pd

    counts = pd.crosstab(labels.rename("topic"), known.rename("group"))
    order = sorted(counts.columns) if in_time else counts.sum().sort_values(ascending=False, kind="stable").index
    topics = [*sorted(topic for topic in counts.index if topic != NOISE), *([NOISE] if NOISE in counts.index else [])]
    counts = counts.loc[topics, list(order)]
    cells = group_cells(counts.to_numpy())
    of_topic = {row["topic"]: ", ".join(row["terms"][:TERMS_SHOWN]) for row in run.topics().to_dict("records")}
    cells.insert(0, "topic", [topics[i] for i in cells.pop("row")])
    cells.insert(1, "terms", [of_topic.get(topic, "") for topic in cells["topic"]])
    cells.insert(2, "group", [counts.columns[j] for j in cells.pop("column")])
    sizes = counts.sum()
    noise = counts.loc[NOISE] if NOISE in counts.index else 0 * sizes
    groups = pd.DataFrame(
        {
            "group": list(counts.columns), "n": sizes.to_numpy(), "share": (sizes / sizes.sum()).to_numpy(),
            "noise_share": (noise / sizes).to_numpy(),
        }
    )  # fmt: skip
    return Groups(by, cells, groups, group_test(counts.to_numpy()), n_missing, tuple(notes))


def _notes(n_missing: int, n: int, *, n_copies: int, copies: bool, by: str) -> list[str]:
    notes = []
    if n_missing:
        notes.append(f"{count(n_missing, 'document')} of {n:,} without {by} {verb(n_missing, 'is', 'are')} left out.")
    if n_copies:
        notes.append(
            f"{count(n_copies, 'near-duplicate')} {verb(n_copies, 'counts', 'count')} as a document each, so that "
            "p-values are too small."
            if copies
            else f"{count(n_copies, 'near-duplicate')} {verb(n_copies, 'is', 'are')} not counted (copies=True or "
            "--copies counts them)."
        )
    return notes


def _values(documents: pd.DataFrame, by: str) -> pd.Series:
    column = COLUMNS.get(by, by)
    if column not in documents.columns:
        near = difflib.get_close_matches(by, [*COLUMNS, *documents.columns], n=1)
        meant = f"; did you mean {near[0]!r}?" if near else ""
        raise InputError(f"expected a column to group by, got {by!r}; there are {', '.join(documents.columns)}{meant}")
    values = documents[column]
    if values.map(lambda value: isinstance(value, (list, tuple, dict, set)) or hasattr(value, "__array__")).any():
        raise InputError(f"expected one value a document to group by, got lists in {by!r}")
    return values


def _periods(documents: pd.DataFrame, every: str) -> pd.Series:
    """The name of each date's period, a week by its Monday; missing where the date does not say it."""
    check_frequency(every)
    periods = periods_of(documents, every)
    named = (
        periods.dt.start_time.dt.strftime("%Y-%m-%d")
        if every.removesuffix("s").endswith("week")
        else periods.astype(str)
    )
    return named.astype("object").where(periods.notna())
