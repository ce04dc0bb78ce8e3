"""Corpus × Clusters → Topics: term counts, weightings, selection of terms, evidence."""

from topics.label._choosing import choose_on_half
from topics.label._counting import count, read_terms
from topics.label._describe import describe
from topics.label._inflection import lemma
from topics.label._new_texts import count_again
from topics.label._stop_words import stop_words_for
from topics.label._vocabulary import Reader, count_terms
from topics.label._weighting import WEIGHTINGS, bm25, centroid, class_tfidf, log_odds, npmi

__all__ = [
    "WEIGHTINGS", "Reader", "bm25", "centroid", "choose_on_half", "class_tfidf", "count", "count_again", "count_terms",
    "describe", "lemma", "log_odds", "npmi", "read_terms", "stop_words_for",
]  # fmt: skip
