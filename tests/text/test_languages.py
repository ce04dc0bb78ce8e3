from __future__ import annotations

import pytest

from topics.text import language_code, named_languages


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("english", ["en"]), ("English", ["en"]), ("en", ["en"]), ("eng", ["en"]), ("deutsch", ["de"]), ("en, uk", ["en", "uk"]),
        (("english", "german"), ["de", "en"]), (("en", "de"), ["de", "en"]), (("the", "war"), None), (("english", "said"), None), ((), None),
    ],
)  # fmt: skip
def test_languages_that_stop_words_name(given, expected):
    assert named_languages(given) == expected


@pytest.mark.parametrize("given", ["said", "", "klingon", "en, said"])
def test_one_string_that_names_no_language_says_what_to_do(given):
    with pytest.raises(ValueError, match=r"expected \"auto\", languages .* or a list of words, and .* is no such"):
        named_languages(given)


def test_codes_of_names_of_all_kinds():
    assert [language_code(name) for name in ("eng", "en-US", "Ukrainian", "українська", "xyzzy")] == [
        "en", "en", "uk", "uk", None,
    ]  # fmt: skip
