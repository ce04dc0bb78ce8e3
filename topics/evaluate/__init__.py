"""Records → numbers. Each score says what it is and which direction is better."""

from topics.evaluate.agreement import (
    adjusted_mutual_information,
    adjusted_rand,
    b_cubed,
    normalized_mutual_information,
    purity,
)
from topics.evaluate.coherence import coherence, coherence_of_counts, diversity, rank_diversity
from topics.evaluate.scores import DEFINITIONS, score
from topics.evaluate.windows import WindowCounts, count_documents, count_windows

__all__ = [
    "DEFINITIONS", "WindowCounts", "adjusted_mutual_information", "adjusted_rand", "b_cubed", "coherence",
    "coherence_of_counts", "count_documents", "count_windows", "diversity", "normalized_mutual_information", "purity",
    "rank_diversity", "score",
]  # fmt: skip
