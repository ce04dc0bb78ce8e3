from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics._say import count, percent


def test_one_is_in_the_singular():
    assert [count(n, "article") for n in (0, 1, 2, 1200)] == ["0 articles", "1 article", "2 articles", "1,200 articles"]
    assert count(2, "story", "stories") == "2 stories"


@given(st.floats(0, 1), st.integers(0, 3))
def test_none_and_all_are_said_of_none_and_all_only(share, digits):
    said = percent(share, digits=digits)
    bare = said.removeprefix("under ").removeprefix("over ").removesuffix("%")
    assert (float(bare) == 0) == (share == 0)
    assert (float(bare) == 100) == (share == 1)
    assert float(bare) / 100 == pytest.approx(share, abs=10.0 ** -(digits + 2))


def test_shares_too_small_and_too_large_to_be_told_are_said_so():
    assert [percent(share) for share in (0.004, 0.996, 0.5)] == ["under 1%", "over 99%", "50%"]
    assert percent(0.00004, digits=2) == "under 0.01%"
