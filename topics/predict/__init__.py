"""New documents assigned to the topics of a fit: row by row, the same in any batch and on any machine."""

from topics.predict._assign import Assigned, Predictor, joined, replaced
from topics.predict._freeze import freeze_assigner, freeze_novelty

__all__ = ["Assigned", "Predictor", "freeze_assigner", "freeze_novelty", "joined", "replaced"]
