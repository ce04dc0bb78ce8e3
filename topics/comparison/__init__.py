"""Two runs, configs, corpora or labelings compared, and the topics of a run by groups of its documents."""

from topics.comparison._compare import compare
from topics.comparison._groups import Groups, compare_groups
from topics.comparison._layouts import near_documents, null_pairs
from topics.comparison._metrics import METRICS
from topics.comparison._result import Comparison

__all__ = ["METRICS", "Comparison", "Groups", "compare", "compare_groups", "near_documents", "null_pairs"]
