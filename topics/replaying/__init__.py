"""A finished run → whether it comes out again: each stage computed anew, with a verdict and its reason."""

from topics.replaying._replay import replay
from topics.replaying._replayed import Replay, StageVerdict
from topics.replaying._verdicts import Difference, compare_records

__all__ = ["Difference", "Replay", "StageVerdict", "compare_records", "replay"]
