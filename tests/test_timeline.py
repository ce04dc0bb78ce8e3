from __future__ import annotations

import re
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.errors import InputError, InputTypeError
from topics.timeline import Timeline, find_bursts, find_signals, over_time, periods_of
from topics.timeline._bursts import _states
from topics.timeline._periods import after, grain_of


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
    periods = timeline.periods()
    assert periods["n_documents"].sum() == 42
    assert periods["terms"].map(len).max() == 8
    assert not any(over_time(dated_run.documents(), "week").periods()["terms"].map(len))
    own = find_bursts(timeline)
    assert set(own["topic"]) == {0, 1, 2}  # a subject a month
    assert {term for row in own["terms"] for term in row} <= set(dated_run.records.counts.terms)


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


@pytest.mark.parametrize("freq", ["2 weeks", "10 years", "6 months", "5 days"])
def test_several_units_are_counted_from_1970(freq):
    rows = documents(("2021-11-05", 0), ("2022-01-05", 0), ("2022-01-22", 0))
    timeline, alone = over_time(rows, freq), over_time(rows.tail(1), freq)
    assert timeline.frame["n_documents"].sum() == 3
    assert alone.starts[-1] == timeline.starts[-1]  # whatever other documents there are
    lengths = {"10 years": ["2020-01-01"], "6 months": ["2021-07-01", "2022-01-01"]}
    if freq in lengths:
        assert timeline.starts.strftime("%Y-%m-%d").tolist() == lengths[freq]
    else:
        days = {"2 weeks": 14, "5 days": 5}[freq]
        assert set(timeline.starts.diff()[1:].days) == {days}


def test_minutes_are_periods_too():
    rows = documents(("2022-01-03T08:30", 0), ("2022-01-03T08:44", 0), ("2022-01-03T08:46", 0), precision="minute")
    assert counts_of(over_time(rows, "15 minutes"), 0) == [2, 1]
    assert len(counts_of(over_time(rows, "minute"), 0)) == 17


def test_a_period_s_end_is_the_next_one_s_start():
    month, pair = grain_of("month"), grain_of("2 weeks")
    assert after(pd.Timestamp("2022-02-01", tz="UTC"), month) == pd.Timestamp("2022-03-01", tz="UTC")
    assert after(pd.Timestamp("2022-01-03", tz="UTC"), pair) == pd.Timestamp("2022-01-17", tz="UTC")
    assert periods_of(documents(("2022-02-03", 0)), "month").astype(str).tolist() == ["2022-02"]


def weekly(table: list[list[int]], topics: list[int] | None = None) -> pd.DataFrame:
    """Documents with these counts by topic (a row) and week (a column), a day a week."""
    start = pd.Timestamp("2022-01-03")
    rows = [
        (str(start + pd.Timedelta(weeks=week))[:10], topic)
        for topic, counts in zip(topics or range(len(table)), table, strict=True)
        for week, n in enumerate(counts)
        for _ in range(n)
    ]
    return documents(*rows)


def test_a_planted_burst_is_found_with_its_weeks_and_a_flat_topic_in_a_growing_corpus_has_none():
    flat = [1 + week for week in range(12)]
    planted = [n + (30 if 4 <= week < 7 else 0) for week, n in enumerate(flat)]
    found = find_bursts(over_time(weekly([[40 * n for n in flat], planted, [5 * n for n in flat]]), "week"))
    assert found["topic"].tolist() == [1]
    burst = found.iloc[0]
    assert (burst["start"], burst["end"]) == (
        pd.Timestamp("2022-01-31", tz="UTC"),
        pd.Timestamp("2022-02-21", tz="UTC"),
    )
    assert (burst["n_periods"], burst["n_documents"]) == (3, 108)
    assert burst["share"] > 3 * burst["share_elsewhere"]
    assert burst["strength"] > 20
    assert burst["p"] == 1 / 200


def test_noise_has_no_burst_and_two_bursts_are_two():
    twice = [40 if week in (2, 9) else 1 for week in range(12)]
    found = find_bursts(over_time(weekly([[200] * 12, twice, twice[::-1]], [0, 1, -1]), "week"))
    assert sorted(found["start"].dt.strftime("%m-%d")) == ["01-17", "03-07"]
    assert set(found["topic"]) == {1}
    assert find_bursts(over_time(weekly([[5, 0, 5]]), "week")).empty  # a topic that is all there is, with an empty week


def test_flat_topics_burst_by_chance_in_one_corpus_of_twenty():
    """The rate over many corpora; 30 of them say only that it is not large (400: see docs/time.md)."""
    n_found = 0
    for seed in range(30):
        random = np.random.default_rng(seed)
        weights = np.exp(np.linspace(0, 3, 20))
        table = [random.multinomial(n, weights / weights.sum()).tolist() for n in random.integers(20, 300, size=8)]
        n_found += len(find_bursts(over_time(weekly(table), "week"), n_draws=99)) > 0
    assert n_found <= 6  # 1.5 are expected, more than 6 in one of 10,000


tables = st.lists(st.lists(st.integers(0, 12), min_size=6, max_size=6), min_size=1, max_size=4).filter(
    lambda table: sum(map(sum, table)) > 0
)


@settings(max_examples=15)
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_documents_changes_nothing(table, random):
    rows = weekly(table)
    order = list(range(len(rows)))
    random.shuffle(order)
    one, other = (over_time(some, "week", smooth=2) for some in (rows, rows.iloc[order]))
    pd.testing.assert_frame_equal(one.frame, other.frame)
    for find in (lambda timeline: find_bursts(timeline, n_draws=19), find_signals):
        pd.testing.assert_frame_equal(find(one), find(other))


@settings(max_examples=30)
@given(tables)
def test_bursts_lie_in_the_timeline_and_do_not_overlap(table):
    timeline = over_time(weekly(table), "week")
    found = find_bursts(timeline, gamma=0.5, max_p=1, n_draws=0)
    for topic, own in found.sort_values("start").groupby("topic"):
        counts = timeline.frame[timeline.frame["topic"] == topic].set_index("period")["n_documents"]
        assert (own["start"].iloc[1:].to_numpy() >= own["end"].iloc[:-1].to_numpy()).all()
        for burst in own.to_dict("records"):
            inside = (counts.index >= burst["start"]) & (counts.index < burst["end"])
            assert (inside.sum(), counts[inside].sum()) == (burst["n_periods"], burst["n_documents"])
            assert burst["strength"] > 0


def brute_force(gains: np.ndarray, cost: float) -> float:
    """The best sum of gains less costs over every sequence of states."""
    best = 0.0
    for states in product([False, True], repeat=len(gains)):
        begun = sum(now and not before for before, now in zip((False, *states), states, strict=False))
        best = max(best, float(gains[list(states)].sum()) - cost * begun)
    return best


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=7), st.floats(0, 3))
def test_the_sequence_of_states_is_the_best_there_is(gains, cost):
    gains = np.array(gains)
    states = _states(gains, cost)
    begun = (np.diff(np.concatenate([[0], states.astype(int)])) > 0).sum()
    assert np.isclose(gains[states].sum() - cost * begun, brute_force(gains, cost))


def test_bursts_refuse_what_means_nothing():
    timeline = over_time(weekly([[3, 4]]), "week")
    for wrong, message in (
        ({"scale": 1.0}, "a scale above 1, got 1.0"),
        ({"gamma": -1.0}, "a gamma of at least 0"),
        ({"max_p": 0.0}, r"max_p in \(0, 1\]"),
        ({"n_draws": 0}, "n_draws of at least 1, got 0"),
    ):
        with pytest.raises(InputError, match=message):
            find_bursts(timeline, **wrong)


def signals_of(table: list[list[int]], **options: float) -> list[list[str]]:
    found = find_signals(over_time(weekly(table), "week"), **options)
    return [own["signal"].tolist() for _, own in found.groupby("topic")]


def test_a_signal_is_strong_where_it_is_large_weak_where_it_grows_and_noise_where_it_is_forgotten():
    found = signals_of([[50, 50, 50, 50, 50, 50], [0, 0, 0, 0, 3, 6], [9, 0, 0, 0, 0, 0]], decay=0.05)
    assert found[0] == ["strong"] * 6
    assert found[1] == ["none"] * 4 + ["weak", "weak"]
    assert found[2][-1] == "noise"


@settings(max_examples=30)
@given(tables)
def test_popularity_is_of_all_documents_so_far_or_less(table):
    timeline = over_time(weekly(table), "week")
    found = find_signals(timeline)
    so_far = found.groupby("topic")["n_documents"].cumsum()
    assert (found["popularity"] <= so_far + 1e-9).all()
    assert ((found["signal"] == "none") == (so_far == 0)).all()
    assert np.allclose(find_signals(timeline, decay=0)["popularity"], so_far)


def test_signals_refuse_what_means_nothing():
    timeline = over_time(weekly([[3, 4]]), "week")
    for wrong, message in (
        ({"decay": -0.1}, "a decay of at least 0"),
        ({"window": 1}, "a window of at least 2"),
        ({"lower": 60, "upper": 50}, "got 60 and 50"),
    ):
        with pytest.raises(InputError, match=message):
            find_signals(timeline, **wrong)


@settings(max_examples=30)
@given(tables, st.integers(1, 4))
def test_smoothed_shares_are_of_one_whole_and_surer_than_single_ones(table, smooth):
    frame = over_time(weekly(table), "week", smooth=smooth).frame
    known = frame.dropna(subset=["smoothed"])
    assert np.allclose(known.groupby("period")["smoothed"].sum(), 1)
    assert (known["smoothed_low"] <= known["smoothed"] + 1e-9).all()
    assert (known["smoothed"] <= known["smoothed_high"] + 1e-9).all()
    assert (known["smoothed_high"] - known["smoothed_low"] < 1).all()


def test_a_smoothed_interval_holds_what_is_smoothed():
    """Of shares that swing, the interval of the smoothed one holds the same average of the true ones."""
    random = np.random.default_rng(0)
    true = 0.2 + 0.1 * np.sin(np.arange(30) / 4)
    totals = random.integers(5, 60, size=30)
    weights = 1 - np.abs(np.arange(-3, 4)) / 4
    mean = np.convolve(true * totals, weights, "same") / np.convolve(totals, weights, "same")
    held = []
    for _ in range(40):
        counts = random.binomial(totals, true)
        frame = over_time(weekly([counts.tolist(), (totals - counts).tolist()]), "week", smooth=3).frame
        own = frame[frame["topic"] == 0]
        held.append(((own["smoothed_low"] <= mean) & (mean <= own["smoothed_high"])).mean())
    assert np.mean(held) > 0.92
    one = over_time(weekly([[3], [5]]), "week", smooth=2).frame
    assert np.allclose(one[["low", "high"]], one[["smoothed_low", "smoothed_high"]])  # nothing lies around it
    with pytest.raises(InputError, match="smooth to be a number of periods"):
        over_time(weekly([[3]]), "week", smooth=-1)


def test_the_command_shows_shares_bursts_and_signals(dated_run, tmp_path, capsys):
    from topics.cli import app

    folder = tmp_path / "tables"
    app(["time", str(dated_run.path), "--every", "week", "--terms", "--write", str(folder)], standalone_mode=False)
    said = capsys.readouterr().out
    assert "share by week" in said
    assert re.search(r"▁*█", said)
    assert "burst" in said
    assert "3 documents have no date" in said
    assert sorted(path.name for path in folder.iterdir()) == ["bursts.csv", "signals.csv", "timeline.csv"]
    app(["time", str(dated_run.path), "--every", "year"], standalone_mode=False)
    assert "No topic has a burst" in capsys.readouterr().out
