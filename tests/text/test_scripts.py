"""Ranges of scripts stand for letters of these scripts and for no others."""

from __future__ import annotations

import re

import pytest

from topics.text._function_words import function_words
from topics.text._scripts import UNSPACED, ranges


@pytest.mark.parametrize("letter", "ไທမកあカ漢ーｶ々〇𠮷豈")
def test_scripts_without_spaces(letter):
    assert re.fullmatch(f"[{UNSPACED}]", letter)


@pytest.mark.parametrize("letter", "aäжעبह가བ 、。・")
def test_other_scripts_and_marks(letter):
    assert not re.fullmatch(f"[{UNSPACED}]", letter)


def test_ranges_are_those_of_the_class():
    letters = [chr(code) for first, last in ranges(UNSPACED) for code in (first, last)]
    assert re.fullmatch(f"[{UNSPACED}]+", "".join(letters))
    assert not any(re.match(f"[{UNSPACED}]", chr(first - 1)) for first, _ in ranges(UNSPACED))


def test_function_words_of_a_language_and_of_none():
    assert {"the", "of"} <= function_words("en")
    assert function_words("xx") == function_words(None) == frozenset()
