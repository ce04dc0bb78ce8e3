"""Many configs and seeds over one corpus: a plan, worked through, and one tidy frame of what came of it."""

from topics.sweeps._beside import LostProcessError
from topics.sweeps._plan import Plan
from topics.sweeps._settings import Setting, settings_of, study_of
from topics.sweeps._study import Study
from topics.sweeps._sweep import explain_sweep, sweep
from topics.sweeps._tuning import FRONT, Trial, Tuning, tuning_of

__all__ = [
    "FRONT", "LostProcessError", "Plan", "Setting", "Study", "Trial", "Tuning", "explain_sweep", "settings_of",
    "study_of", "sweep", "tuning_of",
]  # fmt: skip
