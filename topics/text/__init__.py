"""What several rooms need to know of text: how words are spelled, and languages named."""

from topics.text._characters import caseless, fold, lower, plain
from topics.text._gender import without_gender_marks
from topics.text._hyphens import unhyphenated
from topics.text._languages import has_stop_words, language_code, named_languages
from topics.text._turkic import lower_i

__all__ = [
    "caseless", "fold", "has_stop_words", "language_code", "lower", "lower_i", "named_languages", "plain",
    "unhyphenated", "without_gender_marks",
]  # fmt: skip
