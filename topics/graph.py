"""Stages, and what runs them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StageTime:
    """How long one stage took.

    Attributes
    ----------
    seconds : float
        Wall time, reading from the store included.
    stored : bool
        Whether the record came from the store.
    """

    seconds: float
    stored: bool
