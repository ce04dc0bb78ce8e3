"""New documents assigned to the topics of a fit: row by row, the same in any batch and on any machine."""

from topics.predict._assign import Assigned, Predictor, joined, replaced
from topics.predict._freeze import freeze_assigner

__all__ = ["Assigned", "Predictor", "freeze_assigner", "joined", "replaced"]
