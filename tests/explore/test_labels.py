from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from topics.explore._labels import with_places

places = st.tuples(st.integers(-40, 40), st.integers(-40, 40)).map(lambda at: [at[0] / 40, at[1] / 40])
texts = st.text(st.sampled_from("abmWM ж字"), min_size=1, max_size=40)


def topic_of(number, anchor, text):
    return {"topic": number, "size": 100 - number, "anchor": anchor, "name": text, "terms": [], "label": "x"}


@given(st.lists(st.tuples(places, texts), max_size=14), st.floats(20, 20_000))
def test_labels_that_are_shown_at_a_scale_never_overlap(anchors, scale):
    told = with_places([topic_of(number, *one) for number, one in enumerate(anchors)])
    shown = [topic for topic in told if topic["place"]["from"] <= scale]
    assert not told or told[0] in shown
    for i, one in enumerate(shown):
        for other in shown[:i]:
            line, half = one["place"]["font"] + 8, one["place"]["half"] + other["place"]["half"]
            (x, y), (to_x, to_y) = one["anchor"], other["anchor"]
            step = one["place"]["step"] - other["place"]["step"]
            apart = abs(x - to_x) * scale >= half - 0.1 or abs(step * line - (y - to_y) * scale) >= line - 0.1
            assert apart, (one, other)


def test_the_largest_are_placed_first_whatever_their_order_and_long_names_are_cut():
    topics = [topic_of(number, [number / 10, 0.0], "many words " * 20) for number in range(4)]
    told = with_places(topics)
    assert sorted(with_places(topics[::-1]), key=lambda topic: topic["topic"]) == told
    assert told[0]["short"].endswith("…")
    assert all(topic["place"]["half"] < 160 for topic in told)
    assert told[0]["place"]["from"] == 0


def test_many_topics_in_one_place_still_get_places_that_are_numbers():
    told = with_places([topic_of(number, [0.0, 0.0], "same") for number in range(300)])
    assert np.isfinite([topic["place"]["from"] for topic in told]).all()
    assert sum(topic["place"]["from"] < 1e9 for topic in told) == 7
