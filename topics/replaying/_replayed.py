"""What a replay found: a verdict a stage, and what has changed since the run was made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from topics.replaying._reasons import Changes
from topics.replaying._verdicts import BYTES, NOT_COMPARED, RANKED, Difference, Same

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class StageVerdict:
    """How far one stage of a replay gave what it gave in the run.

    Attributes
    ----------
    stage : str
        Its name; "… (edited)" of what the run's edits made, "files" of the result files.
    determinism : str or None
        What the stage declares of itself; see :func:`topics.graph.stage`.
    difference : Difference
        The verdict, and how much is other.
    reasons : tuple of str
        Why, the likeliest first; empty where nothing is other.
    damage : tuple of str
        What is wrong with the run's own records of it.
    """

    stage: str
    determinism: str | None
    difference: Difference
    reasons: tuple[str, ...] = ()
    damage: tuple[str, ...] = ()

    @property
    def verdict(self) -> Same:
        """One of "same bytes", "same within a tolerance", "same partition up to names", "different", "not compared"."""
        return self.difference.verdict

    @property
    def diverged(self) -> bool:
        """Whether it is compared and not the same bytes, or a record of it is damaged."""
        return bool(self.damage) or self.verdict not in (BYTES, NOT_COMPARED)


@dataclass(frozen=True)
class Replay:
    """What a replay found, stage by stage.

    Attributes
    ----------
    path : Path
        The run's folder.
    stages : tuple of StageVerdict
        In the order of the stages.
    changes : Changes
        All that is seen to have changed since the run was made, with an effect or without.
    notes : tuple of str
        What a reader should know of the comparison.
    """

    path: Path
    stages: tuple[StageVerdict, ...]
    changes: Changes
    notes: tuple[str, ...] = ()

    @property
    def first(self) -> StageVerdict | None:
        """The first stage that diverged; None if none did."""
        return next((stage for stage in self.stages if stage.diverged), None)

    @property
    def verdict(self) -> Same:
        """The worst of the stages' verdicts; those that were not compared do not count."""
        known = [stage.verdict for stage in self.stages if stage.verdict != NOT_COMPARED]
        return max(known, key=RANKED.index) if known else NOT_COMPARED

    @property
    def is_damaged(self) -> bool:
        """Whether a record of the run, or of the store beside it, is not as it was written."""
        return any(stage.damage for stage in self.stages)

    def holds(self, least: Same = BYTES) -> bool:
        """Whether every stage that was compared has at least this verdict, some were, and no record is damaged.

        Parameters
        ----------
        least : {"same bytes", "same within a tolerance", "same partition up to names"}
            The worst that counts as the same.
        """
        known = self.verdict != NOT_COMPARED and RANKED.index(self.verdict) <= RANKED.index(least)
        return known and not self.is_damaged

    def frame(self) -> pd.DataFrame:
        """One row a stage: ``stage, determinism, verdict, largest, ari, how_much, reason, damage``."""
        import pandas as pd

        rows = [
            (
                one.stage, one.determinism, one.verdict, one.difference.largest, one.difference.ari,
                one.difference.how_much, "; ".join(one.reasons), "; ".join(one.damage),
            )
            for one in self.stages
        ]  # fmt: skip
        columns = ["stage", "determinism", "verdict", "largest", "ari", "how_much", "reason", "damage"]
        return pd.DataFrame(rows, columns=columns)
