from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.errors import InputError, InputTypeError
from topics.timeline import Timeline, over_time


def documents(*rows: tuple[str | None, int], precision: str = "day", copies: int = 0) -> pd.DataFrame:
    """Rows of documents with these dates and topics, the last of them near-duplicates of the first."""
    dates = pd.to_datetime(pd.Series([date for date, _ in rows]), utc=True, format="ISO8601")
    ids = [f"d{i}" for i in range(len(rows))]
    return pd.DataFrame(
        {
            "doc_id": ids,
            "text": "",
            "topic": [topic for _, topic in rows],
            "date": dates,
            "date_precision": [None if date is None else precision for date, _ in rows],
            "copy_of": [None] * (len(rows) - copies) + ["d0"] * copies,
        }
    )


def counts_of(timeline: Timeline, topic: int) -> list[int]:
    frame = timeline.frame
    return frame.loc[frame["topic"] == topic, "n_documents"].tolist()


def test_every_period_has_every_topic_also_where_there_is_none():
    timeline = over_time(documents(("2022-01-03", 0), ("2022-01-20", 1), ("2022-04-01", 0), ("2022-04-02", -1)))
    assert counts_of(timeline, 0) == [1, 0, 0, 1]
    assert counts_of(timeline, 1) == [1, 0, 0, 0]
    assert counts_of(timeline, -1) == [0, 0, 0, 1]
    own = timeline.frame[timeline.frame["topic"] == 0]
    assert own["period"].tolist() == list(pd.date_range("2022-01-01", periods=4, freq="MS", tz="UTC"))
    assert own["share"].fillna(9).tolist() == [0.5, 9, 9, 0.5]
    assert own[["low", "high"]].isna().all(axis=1).tolist() == [False, True, True, False]
    assert timeline.notes == []


@pytest.mark.parametrize(
    ("freq", "n"), [("year", 1), ("quarter", 1), ("month", 1), ("week", 6), ("day", 30)]
)  # 2022-01-02 was a Sunday, 2022-01-31 a Monday
def test_periods_are_as_long_as_is_asked_for(freq, n):
    timeline = over_time(documents(("2022-01-02", 0), ("2022-01-31", 0), ("2022-01-31", 0)), freq)
    assert len(counts_of(timeline, 0)) == n
    assert sum(counts_of(timeline, 0)) == 3


def test_weeks_begin_on_mondays():
    frame = over_time(documents(("2022-01-02", 0), ("2022-01-03", 0)), "week").frame
    assert frame["period"].dt.strftime("%Y-%m-%d").tolist() == ["2021-12-27", "2022-01-03"]


def test_undated_and_coarse_dates_are_counted_and_said():
    by_minute = documents(("2022-01-03T08:30", 0), ("2022-01-03T10:00", 0), precision="minute")
    mixed = pd.concat([by_minute, documents(("2022-01-03", 0), (None, 0), (None, 1))])
    timeline = over_time(mixed, "hour")
    assert counts_of(timeline, 0) == [1, 0, 1]
    assert (timeline.n_undated, timeline.n_coarse) == (2, 1)
    assert timeline.notes == [
        "2 documents have no date and are in no period",
        "the dates of 1 document are not known to the hour and are in no period",
    ]
    assert counts_of(over_time(mixed, "day"), 0) == [3]


def test_near_duplicates_count_if_asked():
    rows = documents(("2022-01-03", 0), ("2022-01-04", 0), ("2022-01-05", 0), copies=2)
    assert counts_of(over_time(rows), 0) == [1]
    assert counts_of(over_time(rows, near_duplicates=True), 0) == [3]


def test_what_cannot_be_put_in_periods_is_refused():
    with pytest.raises(InputError, match="expected a period to be one of 'year'"):
        over_time(documents(("2022-01-03", 0)), "fortnight")
    with pytest.raises(InputError, match="dates known to the hour, got 1"):
        over_time(documents(("2022-01-03", 0)), "hour")
    with pytest.raises(InputError, match=r"at most 20,000 periods, got 36,5"):
        over_time(documents(("1922-01-03", 0), ("2022-01-03", 0)), "day")
    with pytest.raises(InputTypeError, match="expected a Run or rows of"):
        over_time(pd.DataFrame({"date": []}))


def test_a_run_s_terms_are_those_of_the_period(dated_run):
    timeline = over_time(dated_run, "week", n_terms=3)
    frame = timeline.frame
    assert timeline.n_undated == 3
    assert frame["n_documents"].sum() == 42
    terms = {term for row in frame["terms"] for term in row}
    assert terms <= set(dated_run.records.counts.terms)
    assert terms
    assert all(len(row) <= 3 for row in frame["terms"])
    assert not any(frame.loc[frame["n_documents"] < 3, "terms"].map(len))
    rows = over_time(dated_run.documents(), "week").frame
    pd.testing.assert_frame_equal(rows.drop(columns="terms"), frame.drop(columns="terms"))
    assert not any(rows["terms"].map(len))


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(-1, 3)), min_size=1, max_size=40),
    st.sampled_from(["week", "month"]),
)
def test_nothing_is_lost_and_shares_are_of_one_whole(rows, freq):
    start = pd.Timestamp("2022-01-01")
    timeline = over_time(documents(*((str(start + pd.Timedelta(days=d))[:10], topic) for d, topic in rows)), freq)
    frame = timeline.frame
    assert frame["n_documents"].sum() == len(rows)
    shares = frame.groupby("period")["share"].sum(min_count=1).dropna()
    assert np.allclose(shares, 1)
    known = frame.dropna()
    assert (known["low"] <= known["share"] + 1e-12).all() and (known["share"] <= known["high"] + 1e-12).all()
    assert not frame.duplicated(["period", "topic"]).any()
