from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.articles.metadata._dates import cut_stamp
from topics.articles.metadata._heads import Head, read_head
from topics.articles.metadata._horizon import Horizon

TITLE = "Harbour council closes the old swimming pool"
BODY = "The harbour council voted on Tuesday to close the old swimming pool, which leaks."


def head(page: str, **known) -> Head:
    return read_head(page.split("\n"), BODY, **known)


def minute(found: Head) -> str | None:
    stamp = found.stamp
    return stamp and stamp.date.strftime("%Y-%m-%d %H:%M" if stamp.precision == "minute" else "%Y-%m-%d")


HEADS = [
    (f"Skip to content\n{TITLE}\nby The Harbour Post news desk May 16, 2023 5:17 PM 2 min read\n(Photo: Ann Reed)",
     "2023-05-16 17:17", "The Harbour Post news desk"),
    (f"Home\n{TITLE}\nTuesday 15 March 2022\nBy Neil Abara\nShare  Comments (71)", "2022-03-15", "Neil Abara"),
    (f"{TITLE}\n23 May 2022, 08:15 GMT · Rhys Calloway\nSave article", "2022-05-23 08:15", "Rhys Calloway"),
    (f"{TITLE}\nChris Davies - Nov 19, 2019, 8:15 pm CST\n0", "2019-11-20 02:15", "Chris Davies"),
    (f"{TITLE}\n10 січня 2023, 08:35\nТекст: Остап Лелюк", "2023-01-10 08:35", "Остап Лелюк"),
    (f"{TITLE}\nАвтор: Марія Коваль | 10 января 2023 г.", "2023-01-10", "Марія Коваль"),
    (f"{TITLE}\nVon\nMoritz Bachmann\npubliziert am 25. September 2018", "2018-09-25", "Moritz Bachmann"),
    (f"{TITLE}\nBy\nAnn Reed\n,\nMinh Do\non Monday, November 18th, 2019 at 11:08 a.m.", "2019-11-18 11:08",
     "Ann Reed, Minh Do"),
    (f"{TITLE}\nPor Ana Díaz y Luis Mora\n3 de julio de 2023, 14:05", "2023-07-03 14:05", "Ana Díaz y Luis Mora"),
    (f"{TITLE}\nWritten by Ann Reed, MS, RD on November 14, 2019", "2019-11-14", "Ann Reed, MS, RD"),
    (f"{TITLE}\nNov 18, 2019\nat\n9:24 pm ET\n• 2 min read", "2019-11-19 02:24", None),
    (f"{TITLE}\nNov. 19, 2019\n5:53 PM\nFacebook", "2019-11-19 17:53", None),
    (f"{TITLE}\nUpdated: 18 Nov 2019 9:38 pm\nPosted: 18 Nov 2019 8:11 pm", "2019-11-18 20:11", None),
    (f"{TITLE}\nPublished 3 March 2021 | Updated 4 March 2021", "2021-03-03", None),
    (f"{TITLE}\nПубл. 3 березня 2021\nOther word 4 березня 2021", "2021-03-03", None),
    (f"{TITLE}\n2 days ago\nPublished 22 hours ago", None, None),
    (f"{TITLE}\nUpdated Nov 19, 9:41 AM;Posted Nov 18, 8:19 PM", None, None),
    (f"{TITLE}\nFebruary 2023\n© 2019-2024 Harbour Post\n+41 41 544 2023", None, None),
    ("Roundup - Week of January 21st", None, None),
    (f"{TITLE}\nIn this Dec. 12, 2006, file photo, made available by the harbour, a boat is seen leaving.", None, None),
    (f"{TITLE}\n— Ann Reed on Sunday, October 13th, 2019 in an article in a local newspaper\nBy Topic", None, None),
    (f"{TITLE}\n03/04/2023", None, None),
    (f"27/03/2023\n{TITLE}\n03/04/2023", "2023-04-03", None),
]  # fmt: skip


@pytest.mark.parametrize(("page", "when", "author"), HEADS)
def test_date_and_byline_of_a_head(page, when, author):
    found = head(page, title=TITLE)
    assert minute(found) == when
    assert found.author == author
    if when != "2023-04-03":
        assert minute(head(page)) == when  # and without the title


def test_the_lines_that_hold_only_metadata_are_listed():
    assert head(HEADS[0][0], title=TITLE).lines == {2}
    assert head(HEADS[1][0], title=TITLE).lines == {2, 3}
    assert head(HEADS[6][0], title=TITLE).lines == {1, 2, 3}
    assert head(f" date 2022-02-11 {TITLE}", title=TITLE).lines == frozenset()
    assert head(f"{TITLE}\nДжерело: Reuters").lines == {1}


def test_the_scraper_s_day_and_the_page_s_time_agree():
    page = f" date 2024-05-31 Facts\n\n20:23 31.05.2024\n\n{TITLE}\n\n2 min read"
    assert minute(head(page, title=TITLE)) == "2024-05-31 20:23"
    assert minute(head(page)) == "2024-05-31 20:23"
    assert minute(head(page.replace("20:23 31", "20:23 30"))) == "2024-05-31"


FEED = [
    f"{clock} 31.05.2024\n{item}"
    for clock, item in [("20:40", "Ferry timetable changes again this summer"),
                        ("14:23", "Two boats lost near the bank"), ("13:11", "Pump engineer says rust is to blame")]
]  # fmt: skip


@pytest.mark.parametrize("form", ["{own}\n{title}", "{title}\n{own}"])
def test_a_feed_above_or_beside_does_not_lend_its_dates(form):
    own = form.format(own="20:23 31.05.2024", title=TITLE)
    feed = "\n".join(FEED)
    assert minute(head(f"{feed}\n{own}", title=TITLE)) == "2024-05-31 20:23"
    assert minute(head(f"{own}\n2 min read\n{feed}", title=TITLE)) == "2024-05-31 20:23"
    assert head(f"{feed}\n{own}").stamp is None  # which it is cannot be told
    assert head(f"{feed}\n{TITLE}", title=TITLE).stamp is None
    assert head(f"{TITLE}\n2 min read\n{feed}", title=TITLE).stamp is None
    assert head(feed).stamp is None


def test_a_date_written_otherwise_than_the_feed_s_is_the_article_s():
    feed = "\n".join(FEED)
    assert minute(head(f"{feed}\n{TITLE}\nby Ann Reed May 30, 2024 5:17 PM")) == "2024-05-30 17:17"


def test_the_date_of_the_day_at_the_top_of_the_site_is_not_the_article_s():
    menu = "\n".join(f"Section {i}" for i in range(20))
    page = f"Wednesday, November 20, 2019\n{menu}\n{TITLE}\nNov 18, 2019 9:15 am"
    assert minute(head(page, title=TITLE)) == "2019-11-18 09:15"
    assert minute(head(page)) == "2019-11-18 09:15"
    assert head(f"Wednesday, November 20, 2019\n{menu}\n{menu}\n{TITLE}").stamp is None


def test_a_dateline_is_read_where_the_head_has_no_date():
    for line in ("PORT SELWE, May 31, 2024 (Meridian) - Cholera", "31 May 2024 – The minister", " date 2024-05-31 The"):
        assert read_head(["Menu", TITLE], line).stamp.date.date() == dt.date(2024, 5, 31)
    for line in ("On May 31, 2024 the council met.", "May 31, 2024 was warm", "He said on 31 May 2024 - the day"):
        assert read_head(["Menu", TITLE], line).stamp is None


def test_a_month_of_two_languages_is_read_in_the_article_s():
    polish = "Rada portu zdecydowała we wtorek o zamknięciu starego basenu, który przecieka od jedenastu lat."
    found = read_head(["Rada zamyka basen", "15 listopada 2023"], polish)
    assert found.stamp.date.month == 11


@pytest.mark.parametrize(
    ("line", "source"),
    [("Джерело: Reuters", "Reuters"), ("Source: The Harbour Post", "The Harbour Post"), ("Quelle: dpa", None),
     ("Fuente: EFE", "EFE"), ("来源：新华社", "新华社"),
     ("Last Updated : Nov 20, 2019 01:41 PM IST | Source: Post.com", "Post.com"),
     ("Source: we asked", None), ("Source code", None), ("The source: " + "Word " * 20, None)],
)  # fmt: skip
def test_a_source_credit(line, source):
    assert head(f"{TITLE}\n{line}", title=TITLE).source == source


@pytest.mark.parametrize(
    "line",
    ["By clicking accept you agree", "Stand by", "By the sea, 12 boats", "Posted on Oktober 27, 2015 by Admin",
     "by 2030", "New York, NY", "Harbour, Reuters", "von", "Di più", "Local News - May 16, 2023", "Par"],
)  # fmt: skip
def test_what_is_no_byline(line):
    assert head(f"Local News\n{TITLE}\n{line}", title=TITLE).author is None


def test_a_name_with_an_agency_signs_beside_the_date_only():
    signed = head(f"{TITLE}\nAnn Reed, Reuters\nMay 16, 2023", title=TITLE)
    assert (signed.author, signed.source) == ("Ann Reed", "Reuters")
    caption = f"{TITLE}\nMay 16, 2023\nThe old pool in the rain\nAl Gold, Associated Press"
    assert head(caption, title=TITLE).author is None


LINES = st.lists(
    st.sampled_from([TITLE, "By Ann Reed", "16 May 2023", "20:23 31.05.2024", "Menu", "", "Source: Post", "By", "17:05",
                     "Updated 3/4/2023"]) | st.text(max_size=40),
    max_size=8,
)  # fmt: skip


@given(LINES, st.text(max_size=40))
def test_any_head_is_read_and_only_its_own_lines_are_named(above, body):
    latest = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    found = read_head(above, body, title=TITLE, horizon=Horizon(latest))
    assert all(0 <= i < len(above) and above[i].strip() for i in found.lines)
    assert found.stamp is None or found.stamp.date <= latest


def test_the_dates_of_the_sample_are_right(sample):
    """Every page, to the day or the minute as the outlet gives it."""
    for page in sample.itertuples():
        first = page.gold_text.split("\n")[0].strip()
        lines = page.text.split("\n")
        at = next(i for i, line in enumerate(lines) if first and first in cut_stamp(line)[0])
        found = read_head(lines[:at], lines[at], title=page.gold_title).stamp
        assert found.date == dt.datetime.fromisoformat(page.gold_date).replace(tzinfo=dt.UTC), page.id
        assert found.precision == ("minute" if "T" in page.gold_date else "day"), page.id


def test_bylines_of_the_sample(sample):
    """Every outlet that signs its articles; the others have none."""
    signed = {"Civic Post", "Harbour Ledger", "Tideline Business", "Північний вісник"}
    for page in sample.itertuples():
        first = page.gold_text.split("\n")[0].strip()
        lines = page.text.split("\n")
        at = next(i for i, line in enumerate(lines) if first and first in line)
        assert (read_head(lines[:at], lines[at], title=page.gold_title).author is not None) == (page.source in signed)


def test_dates_of_hand_cleaned_web_pages(data_folder):
    """At least 75 of 91 have a date; where the address tells the month, it is that one."""
    import re

    import pandas as pd

    n_found = 0
    for page in pd.read_parquet(data_folder / "web_pages_90.parquet").itertuples():
        lines = page.text.split("\n")
        cleaned = [line.strip() for line in page.clean_text.split("\n") if line.strip()]
        at = next((i for i, line in enumerate(lines) if line.strip() == cleaned[0]), None)
        found = at and read_head(lines[:at], lines[at]).stamp
        n_found += bool(found)
        told = re.search(r"/(20\d\d)[/-](\d\d)[/-]", page.url)
        if found and told:
            assert (found.date.year, found.date.month) == (int(told[1]), int(told[2])), page.url
    assert n_found >= 70
