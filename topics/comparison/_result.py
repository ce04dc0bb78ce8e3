"""A comparison: its tables, what they come to in sentences, and its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from topics._notebook import fragment
from topics._say import count, verb
from topics.comparison._topics import LEVEL
from topics.comparison._verdict import verdict_of
from topics.store import check_writable, csv_bytes, json_bytes, write_file

if TYPE_CHECKING:
    import pandas as pd

_KINDS_SAID = {
    "kept": "kept", "drifted": "drifted", "split": "split", "merged": "merged", "gone": "gone", "born": "new",
}  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """Two sides compared.

    Attributes
    ----------
    titles : tuple of two str
        What the sides are called.
    n_runs : tuple of two int
        Labelings of each side.
    n_documents : tuple of three int
        Of the first side, of the second, and of both.
    metrics : pandas.DataFrame
        One row a score: ``metric, better, a, b, difference, low, high, over, effect, seeds_alone, p, q``.
    topics : pandas.DataFrame
        One row an event: ``kind, topics_a, topics_b, n_a, n_b, n_shared, jaccard, share_a, share_b, nearest, terms_a,
        terms_b, shared_terms, together, usual, beyond_seeds``; of other documents ``similarity, by, drift, drift_null,
        drift_q`` in place of what needs shared ones.
    flow : pandas.DataFrame
        ``topic_a, topic_b, n_documents``: the documents that both have, by their topic on both sides.
    test : Mapping
        Whether the sides differ by more than seeds do: ``kind`` ("layouts", "runs", "none"), ``distance``,
        ``within``: the median between two runs of one config, ``within_high``: what 95 % of them stay below, ``p``,
        ``why`` where there is none.
    notes : tuple of str
        What a reader should know.
    """

    titles: tuple[str, str]
    n_runs: tuple[int, int]
    n_documents: tuple[int, int, int]
    metrics: pd.DataFrame
    topics: pd.DataFrame
    flow: pd.DataFrame
    test: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Comparison of {self.titles[0]!r} and {self.titles[1]!r}: {self.verdict}>"

    def _repr_html_(self) -> str:
        columns = ["metric", "better", "a", "b", "difference", "low", "high", "p"]
        kept = self.metrics[[name for name in columns if name in self.metrics.columns]]
        return fragment(" and ".join(self.titles), kept.to_dict("records"), notes=self.summary().split("\n"))

    @property
    def is_different(self) -> bool | None:
        """Whether the topics differ by more than seeds do, at 5 %; None where that could not be tested."""
        p = self.test.get("p")
        return None if p is None or p != p else bool(p <= LEVEL)

    @property
    def winner(self) -> Literal["a", "b"] | None:
        """The better side; None where no side can be called so, which :attr:`verdict` gives the reason of."""
        return verdict_of(self.metrics, self.is_different, titles=self.titles, n_runs=self.n_runs)[0]

    @property
    def verdict(self) -> str:
        """Which side is better, or why none is called so, in a sentence."""
        return verdict_of(self.metrics, self.is_different, titles=self.titles, n_runs=self.n_runs)[1]

    def summary(self) -> str:
        """What was found, in sentences, a line each."""
        return "\n".join(
            [self._said_of_sides(), self._said_of_test(), self._said_of_topics(), *self.notes, self.verdict]
        )

    def write(self, folder: str | Path) -> list[Path]:
        """Paths of the files written: ``metrics.csv``, ``topics.csv``, ``flow.csv`` and ``comparison.json``.

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
        lists = {name: self.topics[name].map(lambda ids: " ".join(map(str, ids))) for name in ("topics_a", "topics_b")}
        said = {
            "titles": list(self.titles), "n_runs": list(self.n_runs), "n_documents": list(self.n_documents),
            "test": {name: _plain(value) for name, value in self.test.items()}, "notes": list(self.notes),
            "winner": self.winner, "summary": self.summary().split("\n"),
        }  # fmt: skip
        contents = {
            "metrics.csv": csv_bytes(self.metrics),
            "topics.csv": csv_bytes(self.topics.assign(**lists)),
            "flow.csv": csv_bytes(self.flow),
            "comparison.json": json_bytes(said),
        }
        paths = [Path(folder) / name for name in contents]
        for path, content in zip(paths, contents.values(), strict=True):
            write_file(path, content)
        return paths

    def _said_of_sides(self) -> str:
        sides = [title if n == 1 else f"{title} ({n} runs)" for title, n in zip(self.titles, self.n_runs, strict=True)]
        of_a, of_b, both = self.n_documents
        shared = (
            count(both, "document")
            if of_a == of_b == both
            else (f"{count(of_a, 'document')} and {of_b:,}, of which both have {both:,}")
        )
        return f"A: {sides[0]}; B: {sides[1]}; {shared}."

    def _said_of_test(self) -> str:
        test = self.test
        if self.is_different is None:
            far = f"A and B are {test['distance']:.3f} apart. " if "distance" in test else ""
            return f"{far}Whether that is more than seeds do was not tested: {test['why']}."
        seeds = f"two runs of one config {test['within']:.3f}"
        seeds += f" (95 % of them up to {test['within_high']:.3f})" if "within_high" in test else ""
        said = "more than seeds do" if self.is_different else "within what seeds do"
        where = ""
        if self.is_different and test["distance"] <= test.get("within_high", test["within"]):
            where = ", in single topics"
        return (
            f"A and B are {test['distance']:.3f} apart (1 minus the mean of AMI and ARI), {seeds}: {said}{where} "
            f"(p {_p(test['p'])})."
        )

    def _said_of_topics(self) -> str:
        kinds = self.topics["kind"].value_counts()
        parts = [f"{kinds[kind]} {said}" for kind, said in _KINDS_SAID.items() if kind in kinds]
        if not parts:
            return "Topics: none on either side."
        beyond = int((self.topics.get("beyond_seeds", self.topics["kind"] == "") == True).sum())  # noqa: E712
        more = (
            f"; {count(beyond, 'of these', 'of these')} {verb(beyond, 'changes', 'change')} more than seeds do"
            if beyond
            else ""
        )
        return f"Topics of A and B: {', '.join(parts)}{more}."


def _p(value: float) -> str:
    return f"{value:.3f}".lstrip("0") if value < 1 else "1"


def _plain(value: Any) -> Any:
    """A value as JSON has it; what is not a number is null."""
    if isinstance(value, float):
        return None if value != value else float(value)
    return value
