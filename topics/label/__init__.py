"""Corpus × Clusters → Topics: vocabulary, weighting, term selection, evidence."""

from topics.label.stage import describe, plan
from topics.label.vocabulary import count_terms, stop_words_for
from topics.label.weighting import class_tfidf

__all__ = ["class_tfidf", "count_terms", "describe", "plan", "stop_words_for"]
