from __future__ import annotations

import datetime as dt
import email.utils

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from topics.articles.metadata._dates import DayFirst, cut_stamp, parse_date
from topics.articles.metadata._horizon import Horizon

UTC = dt.UTC
MOMENTS = st.datetimes(dt.datetime(1900, 1, 2), dt.datetime(2099, 12, 30)).map(lambda t: t.replace(microsecond=0))
OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda quarters: dt.timezone(dt.timedelta(minutes=15 * quarters)))

WRITTEN = [
    ("2023-05-16T17:17:00+03:00", "2023-05-16 14:17"),
    ("2023-07-03T14:05:00Z", "2023-07-03 14:05"),
    ("2023-07-03 14:05:00.123456 +0000", "2023-07-03 14:05"),
    ("2024-03-01T08:00:00\u221205:00", "2024-03-01 13:00"),
    ("2024-03-01T08:00:00\u201305:00", "2024-03-01 13:00"),
    ("2024-03-01 08:00:00.250 \u22120500", "2024-03-01 13:00"),
    ("2024-03-01T08:00\u221205:00", "2024-03-01 13:00"),
    ("1 March 2024 08:00:00 GMT\u22125", "2024-03-01 13:00"),
    ("2024\u201103\u201101", "2024-03-01"),
    ("2023-07-03", "2023-07-03"),
    ("2023-07-03 / 14:05", "2023-07-03 14:05"),
    ("20230703", "2023-07-03"),
    ("20230703T140500Z", "2023-07-03 14:05"),
    ("2023/07/03", "2023-07-03"),
    ("2023. 07. 03.", "2023-07-03"),
    ("Mon, 03 Jul 2023 14:05:00 +0300", "2023-07-03 11:05"),
    ("Thu Jul 06 14:05:00 +0000 2023", "2023-07-06 14:05"),
    ("May 16, 2023 5:17 PM", "2023-05-16 17:17"),
    ("Jul 3rd, 2023 at 2:05pm EDT", "2023-07-03 18:05"),
    ("Jul 3, 2023 2:05 a.m. ET", "2023-07-03 06:05"),
    ("Jan 3, 2023 2:05 a.m. ET", "2023-01-03 07:05"),
    ("11:26 pm EST, Tuesday, November 19, 2019", "2019-11-20 04:26"),
    ("20:23 31.05.2024", "2024-05-31 20:23"),
    ("31.05.2024 20:23 МСК", "2024-05-31 17:23"),
    ("03-Jul-2023", "2023-07-03"),
    ("31 травня 2024, 20:23", "2024-05-31 20:23"),
    ("31 мая 2024 г.", "2024-05-31"),
    ("Опубліковано: 5 липня 2023 р. о 14:05", "2023-07-05 14:05"),
    ("3. Juli 2023, 14:05 Uhr", "2023-07-03 14:05"),
    ("3. Juli 2023, 14.05 Uhr MESZ", "2023-07-03 12:05"),
    ("el 3 de julio de 2023", "2023-07-03"),
    ("le 3 juillet 2023 à 14h05", "2023-07-03 14:05"),
    ("sexta-feira, 22 de outubro de 2010 às 20:13", "2010-10-22 20:13"),
    ("2023年7月3日 14:05", "2023-07-03 14:05"),
    ("2023년 7월 3일 오후 2:05", "2023-07-03 14:05"),
    ("٣ يوليو 2023", "2023-07-03"),
    ("3 जुलाई 2023", "2023-07-03"),
    ("2023. július 3.", "2023-07-03"),
    ("3 tháng 7, 2023", "2023-07-03"),
    ("31/05/2024", "2024-05-31"),
    ("05/31/2024", "2024-05-31"),
    ("05/05/2024", "2024-05-05"),
    ("Published 3 March 2021 | Updated 4 March 2021", "2021-03-03"),
    ("Updated 4 March 2021 | Published 3 March 2021 9:15", "2021-03-03 09:15"),
    ("Nov 15, 20195:45 AM", "2019-11-15 05:45"),
    ("by Ann Reed May 16, 2023 5:17 PM 2 min read", "2023-05-16 17:17"),
]
NOT_CERTAIN = [
    "7 hours ago", "yesterday", "now", "12:30", "Week of January 21st", "© 2019-2024", "Feb 2023", "2023", "May 2023",
    "12 липня", "Сьогодні, 22 листопада", "+41 41 544 2023", "$1,999.2023", "v1.5.2019", "3:2", "20.23", "31.05.24",
    "3/7/2023", "3-7-2023", "31.02.2023", "2023-13-05", "45.13.2019", "3-5 May 2023", "May 3-5, 2023",
    "2024-03-01/2024-03-05", "2024-03-01..2024-03-05", "2024-03-01 … 2024-03-05", "2024-03-01 - 2024-03-05",
    "2024-03-01T08:00:00Z/2024-03-05T10:00:00Z", "2024-03-01 08:00..2024-03-05 10:00", "2024-03-01/P4D", "2024-03-01/05",
    "2024-03-01T08:00+02:00/2024-03-01T10:00+02:00", "2024-03-01/03-05",
    "28 April – 5 May 2023", "1 May 2023 | 7 May 2023", "3 people 2023", "", "  ", "1685577600 days", "3 May 1899",
    "12 muharrem 1445", "2567-03-01", "In 2019 alone, 5 of them",
    "No 5, 2019", "Tablet Pro 5, 2023", "Sat 12, 2023", "12 no 2023", "Marta 5, 2019", "II 5, 2019", "be 5 2019",
]  # fmt: skip


@pytest.mark.parametrize(("written", "expected"), WRITTEN)
def test_a_date_is_read_in_the_form_it_was_written(written, expected):
    stamp = parse_date(written)
    assert stamp is not None
    assert stamp.date.replace(second=0, microsecond=0) == dt.datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert stamp.precision == ("minute" if ":" in expected else "day")


@pytest.mark.parametrize("written", NOT_CERTAIN)
def test_what_is_not_certain_is_no_date(written):
    assert parse_date(written) is None


def test_whether_a_zone_was_named_is_recorded():
    assert parse_date("2023-07-03 14:05").had_zone is False
    assert parse_date("2023-07-03 14:05 GMT").had_zone is True
    assert parse_date("3 July 2023 14:05 +03:00").had_zone is True
    assert parse_date("3 July 2023").had_zone is False


def test_a_month_of_two_languages_needs_the_language():
    assert parse_date("15 listopada 2023") is None
    assert parse_date("15 listopada 2023", lang="pl").date.month == 11
    assert parse_date("15. listopada 2023.", lang="hr").date.month == 10


def test_a_span_of_hours_is_no_offset():
    stamp = parse_date("3 July 2023, 10:00-12:00")
    assert (stamp.date.hour, stamp.precision) == (0, "day")


def test_nothing_after_the_latest():
    horizon = Horizon(dt.datetime(2023, 7, 3, 12, tzinfo=UTC))
    assert parse_date("2023-07-03", horizon=horizon).date.day == 3
    assert parse_date("3 July 2023 12:01", horizon=horizon) is None
    assert parse_date("2030-01-01", horizon=horizon) is None
    assert parse_date(pd.Timestamp("2030-01-01"), horizon=horizon) is None
    assert (horizon.span.taken, horizon.span.refused) == (
        dt.datetime(2023, 7, 3, tzinfo=UTC),
        dt.datetime(2023, 7, 3, 12, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("value", "expected", "precision"),
    [
        (dt.date(2023, 7, 3), "2023-07-03", "day"),
        (dt.datetime(2023, 7, 3), "2023-07-03", "day"),
        (dt.datetime(2023, 7, 3, 14, 5), "2023-07-03 14:05", "minute"),
        (pd.Timestamp("2023-07-03 14:05:00.123456789", tz="Europe/Kyiv"), "2023-07-03 11:05:00.123456", "minute"),
        (np.datetime64("2023-07-03"), "2023-07-03", "day"),
        (np.datetime64("2023-07-03T14:05"), "2023-07-03 14:05", "minute"),
        (1688393100, "2023-07-03 14:05", "minute"),
        (1688393100.5, "2023-07-03 14:05:00.5", "minute"),
        (np.int64(1688393100_000), "2023-07-03 14:05", "minute"),
        (20230703, "2023-07-03", "day"),
        (20230703.0, "2023-07-03", "day"),
    ],
)
def test_times_and_numbers_of_a_table(value, expected, precision):
    stamp = parse_date(value)
    assert stamp.date == pd.Timestamp(expected, tz="UTC").to_pydatetime()
    assert stamp.precision == precision


@pytest.mark.parametrize(
    "value",
    [
        *(None, pd.NaT, pd.NA, float("nan"), float("inf"), np.datetime64("NaT"), True, [1], {}, b"2023-07-03"),
        *(0, 7, -5, 2023, 20231340, 10**30, 10**400),
        *(dt.date(1850, 1, 1), dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=5)))),
    ],
)
def test_what_is_no_date_of_a_table(value):
    assert parse_date(value) is None


@given(MOMENTS, OFFSETS)
def test_a_moment_comes_back_from_iso_and_mail_forms(moment, zone):
    aware = moment.replace(tzinfo=zone)
    for text in (aware.isoformat(), aware.isoformat(" "), email.utils.format_datetime(aware)):
        stamp = parse_date(text)
        assert stamp.date == aware
        assert stamp.had_zone
    assert parse_date(moment.isoformat()).date == moment.replace(tzinfo=UTC)
    assert parse_date(aware).date == aware


LOCALES = "en en_GB de fr es it pt nl uk ru pl cs tr ja zh ko ar hi el fi sv hu lt lv ro id th vi".split()  # noqa: SIM905


@given(MOMENTS, st.sampled_from(LOCALES))
def test_a_day_and_a_minute_come_back_from_the_forms_of_many_languages(moment, locale):
    babel = pytest.importorskip("babel.dates")
    moment = moment.replace(second=0, tzinfo=UTC)
    for style in ("long", "full"):
        stamp = parse_date(babel.format_date(moment, style, locale=locale), lang=locale[:2])
        assert (stamp.date.date(), stamp.precision) == (moment.date(), "day")
    stamp = parse_date(
        f"{babel.format_date(moment, 'long', locale=locale)}, {babel.format_time(moment, 'short', locale=locale)}",
        lang=locale[:2],
    )
    assert stamp.date == moment
    assert stamp.precision == "minute" or moment.time() == dt.time()


@given(st.text(max_size=60) | st.from_regex(r"[\d ./:,-]{0,20}[A-Za-z]{0,6}[\d ./:,-]{0,12}", fullmatch=True))
def test_nothing_without_a_four_digit_year(text):
    stamp = parse_date(text, day_first=True)
    if stamp is not None:
        years = {str(stamp.date.year + shift) for shift in (-1, 0, 1)}  # an offset may cross New Year
        digits = "".join(str(int(c)) if c.isdecimal() else c for c in text)
        assert any(year in digits for year in years)


@given(MOMENTS)
def test_day_and_month_are_never_swapped_by_guessing(moment):
    assume(moment.day <= 12 and moment.day != moment.month)
    assert parse_date(f"{moment:%d/%m/%Y}") is None
    assert parse_date(f"{moment:%d/%m/%Y}", day_first=True).date.date() == moment.date()
    assert parse_date(f"{moment:%m/%d/%Y}", day_first=False).date.date() == moment.date()
    assert parse_date(f"{moment:%d.%m.%Y}").date.date() == moment.date()


def test_a_source_s_certain_dates_tell_the_order_of_the_others():
    order = DayFirst()
    for value, source in [("13/04/2023", "UK"), ("04/13/2023", "US"), ("13/04/2023", "both"), ("04/13/2023", "both")]:
        order.add(value, source)
    order.add("03/04/2023", "open")
    order.add(None, None)
    order.add(20230413, None)
    assert [order.of(source) for source in ("UK", "US", "both", "open", None)] == [True, False, None, None, None]


def test_a_stamp_before_the_text_is_cut_off():
    text, stamp = cut_stamp(" date 2023-11-29 The harbour council met.\nSecond line")
    assert text == "The harbour council met.\nSecond line"
    assert (stamp.date, stamp.precision) == (dt.datetime(2023, 11, 29, tzinfo=UTC), "day")
    assert cut_stamp(" date 2024-05-31 Facts\n\n20:23")[0] == "Facts\n\n20:23"
    text, stamp = cut_stamp("date 2024-03-01T08:00:00\u221205:00 Facts")
    assert (text, stamp.date) == ("Facts", dt.datetime(2024, 3, 1, 13, tzinfo=UTC))
    ranges = (
        "date 2024-03-01/2024-03-05 x",
        "date 2024-03-01T08:00/2024-03-05T09:00 x",
        "date 2024-03-01..2024-03-05 x",
    )
    for whole in ("date of 2023-11-29", "2023-11-29 was a day", "date 2023-99-29 x", "update 2023-11-29", "", *ranges):
        assert cut_stamp(whole) == (whole, None)
