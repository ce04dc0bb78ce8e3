"""Corpus × Clusters → Topics: term counts, weightings, selection of terms, evidence."""

from topics.label.choosing import choose_on_half
from topics.label.counting import count, read_terms
from topics.label.inflection import lemma
from topics.label.stage import describe
from topics.label.stop_words import stop_words_for
from topics.label.vocabulary import Reader, count_terms
from topics.label.weighting import WEIGHTINGS, bm25, class_tfidf, log_odds, npmi

__all__ = [
    "WEIGHTINGS", "Reader", "bm25", "choose_on_half", "class_tfidf", "count", "count_terms", "describe", "lemma",
    "log_odds", "npmi", "read_terms", "stop_words_for",
]  # fmt: skip
