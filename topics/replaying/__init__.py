"""A finished run → whether it comes out again: each stage computed anew, with a verdict and its reason."""

from topics.replaying._replay import replay
from topics.replaying._replayed import Replay, StageVerdict

__all__ = ["Replay", "StageVerdict", "replay"]
