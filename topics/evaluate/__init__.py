"""Records → numbers. Each score says what it is and which direction is better."""

from topics.evaluate.agreement import adjusted_mutual_information, adjusted_rand
from topics.evaluate.scores import DEFINITIONS, score

__all__ = ["DEFINITIONS", "adjusted_mutual_information", "adjusted_rand", "score"]
