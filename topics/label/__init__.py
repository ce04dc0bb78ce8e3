"""Corpus × Clusters → Topics: counted terms, weighting, term selection, evidence."""

from topics.label.counting import count, plan_counts
from topics.label.stage import describe, plan
from topics.label.vocabulary import count_terms, stop_words_for
from topics.label.weighting import WEIGHTINGS, bm25, class_tfidf, log_odds, npmi

__all__ = [
    "WEIGHTINGS", "bm25", "class_tfidf", "count", "count_terms", "describe", "log_odds", "npmi", "plan", "plan_counts",
    "stop_words_for",
]  # fmt: skip
