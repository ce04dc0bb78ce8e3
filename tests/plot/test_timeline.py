from __future__ import annotations

from itertools import pairwise

import pytest

from topics.errors import InputError
from topics.plot import draw_over_time
from topics.timeline import over_time


def test_a_panel_a_topic_with_interval_and_share(dated_run):
    timeline = over_time(dated_run, "week").frame
    topics = dated_run.rename(0, "Money <b>").topics()
    figure = draw_over_time(timeline, topics)
    assert len(figure.data) == 9
    titles = [annotation.text for annotation in figure.layout.annotations]
    assert titles[0] == "0 · Money &lt;b&gt;"
    assert all(len(title) < 50 for title in titles)
    high, low, share = figure.data[:3]
    assert all(a <= b <= c for a, b, c in zip(low.y, share.y, high.y, strict=True))
    assert share.text[0].endswith("documents") or "<br>" in share.text[0]
    domains = [figure.layout[f"xaxis{axis}"].domain for axis in ("", "2", "3")]
    assert all(one[1] < other[0] for one, other in pairwise(domains))
    assert len(draw_over_time(timeline, topics, max_topics=2).data) == 6


def test_a_smoothed_share_is_the_line_and_shares_are_points(dated_run):
    frame = over_time(dated_run, "week").frame
    frame = frame.assign(smoothed=0.3, smoothed_low=0.2, smoothed_high=0.4)
    high, low, share, smoothed = draw_over_time(frame, dated_run).data[:4]
    assert {*high.y} == {0.4} and {*low.y} == {0.2} and {*smoothed.y} == {0.3}
    assert (share.mode, smoothed.mode) == ("markers", "lines")


def test_without_topics_there_is_nothing_to_draw(dated_run):
    timeline = over_time(dated_run, "week").frame
    with pytest.raises(InputError, match="a timeline with topics"):
        draw_over_time(timeline[timeline["topic"] == -1], dated_run.topics())
