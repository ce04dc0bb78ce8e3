"""Records → scores, each with its definition and its better direction."""

from topics.evaluate._agreement import (
    adjusted_mutual_information,
    adjusted_rand,
    b_cubed,
    completeness,
    homogeneity,
    language_leak,
    normalized_mutual_information,
    purity,
    v_measure,
)
from topics.evaluate._coherence import coherence, coherence_of_counts, diversity, rank_diversity
from topics.evaluate._density import dbcv, silhouette
from topics.evaluate._differences import (
    adjusted_p_values,
    energy_test,
    null_p_value,
    partition_distance,
    partition_distances,
    seed_difference,
)
from topics.evaluate._drift import drift_test
from topics.evaluate._groups import group_cells, group_test
from topics.evaluate._intervals import bootstrap, wilson
from topics.evaluate._intrusion import score_answers, topic_items, word_items
from topics.evaluate._saturation import saturation, say_saturation
from topics.evaluate._scores import DEFINITIONS, score, score_run
from topics.evaluate._seeds import SeedTest, seed_test, smallest_seed_p
from topics.evaluate._stability import stability
from topics.evaluate._transitions import flow_of, match_alike, match_topics
from topics.evaluate._windows import WindowCounts, count_documents, count_windows
from topics.evaluate._word_gain import word_gain

__all__ = [
    "DEFINITIONS", "SeedTest", "WindowCounts", "adjusted_mutual_information", "adjusted_p_values", "adjusted_rand",
    "b_cubed", "bootstrap", "coherence", "coherence_of_counts", "completeness", "count_documents", "count_windows",
    "dbcv", "diversity", "drift_test", "energy_test", "flow_of", "group_cells", "group_test", "homogeneity",
    "language_leak", "match_alike", "match_topics", "normalized_mutual_information", "null_p_value",
    "partition_distance", "partition_distances", "purity", "rank_diversity", "saturation", "say_saturation",
    "score", "score_answers", "score_run",
    "seed_difference", "seed_test", "silhouette", "smallest_seed_p", "stability", "topic_items", "v_measure",
    "wilson", "word_gain", "word_items",
]  # fmt: skip
