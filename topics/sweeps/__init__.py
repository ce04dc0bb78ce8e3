"""Many configs and seeds over one corpus: a plan, worked through, and one tidy frame of what came of it."""

from topics.sweeps._plan import Plan
from topics.sweeps._settings import Setting, settings_of, study_of
from topics.sweeps._study import FRONT, Study, explain_sweep, sweep

__all__ = ["FRONT", "Plan", "Setting", "Study", "explain_sweep", "settings_of", "study_of", "sweep"]
