from __future__ import annotations

from collections import Counter

import pytest

from topics.articles.metadata._languages import foreign_languages, language_code, language_name, say_shares

ENGLISH = (
    "The council voted on Tuesday to close the old swimming pool, and the people of the town were not pleased at all."
)
UKRAINIAN = (
    "Міська рада проголосувала у вівторок за закриття старого басейну, і мешканці міста були цим дуже незадоволені."
)
GERMAN = (
    "Der Rat der Stadt hat am Dienstag beschlossen, das alte Schwimmbad zu schließen, was den Bürgern nicht gefiel."
)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("en", "en"), ("EN-us", "en"), ("eng", "en"), ("English", "en"), ("ukr", "uk"), ("Українська", "uk"),
        ("zh_Hans", "zh"), ("ger", "de"), ("Deutsch", "de"), ("klingon?", None), ("", None),
    ],
)  # fmt: skip
def test_a_language_is_known_by_code_and_by_name(given, code):
    assert language_code(given) == code


def test_foreign_paragraphs_are_found():
    assert foreign_languages(f"{ENGLISH}\n{UKRAINIAN}\n{ENGLISH}\n{GERMAN}", "en") == ["de", "uk"]
    assert foreign_languages(f"{UKRAINIAN}\n{ENGLISH}", "uk") == ["en"]
    assert foreign_languages(f"{ENGLISH}\n{ENGLISH}", "en") == []


def test_a_short_foreign_line_is_not_judged():
    assert foreign_languages(f"{ENGLISH}\nDanke schön", "en") == []
    assert foreign_languages(ENGLISH, None) == []


def test_shares_are_said_by_name():
    assert language_name("uk") == "Ukrainian"
    languages = Counter({"en": 150, "uk": 49, None: 1})
    assert say_shares(languages, 3) == [
        "languages: 75% English, 24% Ukrainian, under 1% unknown",
        "3 documents hold paragraphs in another language",
    ]
    assert say_shares(Counter({"en": 5}), 0) == []
    assert say_shares(Counter({"en": 999, "uk": 1}), 0) == ["languages: over 99% English, 1 document in 1 other"]
