"""A sentence ends at the marks of its script, for every room alike."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.text._sentences import CLOSERS, STOPS, sentences, whole_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. It was late.", ["It rained.", "It was late."]),
        ("“It rained.” He left!", ["“It rained.”", "He left!"]),
        ("下雨了。他走了！", ["下雨了。", "他走了！"]),
        ("雨です｡帰る．明日３．５度です．", ["雨です｡", "帰る．", "明日３．５度です．"]),
        ("वर्षा हुई। वह गया॥ रात थी।", ["वर्षा हुई।", "वह गया॥", "रात थी।"]),
        ("Անձրև եկավ։ Նա գնաց։", ["Անձրև եկավ։", "Նա գնաց։"]),
        ("ዝናብ ዘነበ። ሄደ።", ["ዝናብ ዘነበ።", "ሄደ።"]),
        ("بارش ہوئی۔ وہ چلا گیا۔", ["بارش ہوئی۔", "وہ چلا گیا۔"]),
    ],
)
def test_sentences_of_many_scripts(text, expected):
    assert whole_sentences(text) == expected


def test_every_mark_ends_a_sentence_and_nothing_else_is_one():
    assert all(len(sentences(f"a{mark} b")) == 2 for mark in STOPS)
    assert not any(re.match(f"[{STOPS}{CLOSERS}]", other) for other in "a1,;:-([«")


@given(st.text(alphabet="ab 1\n．。.!?”』३３", max_size=40))
def test_sentences_are_the_whole_text(text):
    assert "".join(text[start:stop] for start, stop in sentences(text)) == text
