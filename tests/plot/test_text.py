from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.plot._text import fit, one_line, plain, width_of


@given(st.text(max_size=120), st.floats(30, 400))
def test_a_text_that_is_cut_fits_and_says_so(text, width):
    cut = fit(text, width)
    assert width_of(cut, 12) <= width
    assert cut == one_line(text) or cut.endswith("…")


@given(st.text(max_size=60))
def test_no_text_is_markup_or_tex(text):
    shown = plain(text)
    assert not set(shown) & set("<>$\n\r\x07")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wind & <farms>", "wind &amp; &lt;farms&gt;"),
        ('said "no"', 'said "no"'),
        ("$5 to $10", "&#36;5 to &#36;10"),
        ("bell\x07and\u202etail", "bell andtail"),
        ("3 · النفط", "3 · \u2068النفط\u2069"),
    ],
)
def test_how_texts_are_written(text, expected):
    assert plain(text) == expected


def test_letters_of_several_signs_stay_whole():
    assert fit("e\u0301" * 40, 100).removesuffix("…").endswith("\u0301")
    assert not fit("👩‍👩‍👧‍👦" * 9, 60).removesuffix("…").endswith("\u200d")
    assert width_of("e\u0301", 10) == width_of("e", 10)
