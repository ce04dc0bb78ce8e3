"""Dates as people write them, found in a line of text: day, month and four-digit year, or nothing.

The names of months and days are those of dateparser's locales, its table of time zones decides abbreviations. A date
is taken only where all three parts are there: nothing is filled in from today, and a day is never read as a month.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
from dataclasses import dataclass
from typing import Literal

from topics.articles.metadata._calendar_names import DOUBTFUL, month_of
from topics.articles.metadata._horizon import Horizon
from topics.articles.metadata._signs import dashed, plain_signs

Precision = Literal["day", "minute"]

_YYYY = r"(?:19|20)\d\d"
_YEAR = re.compile(_YYYY)
_FIRST_YEAR = 1900
# A year ends at a letter or a mark; scrapers glue a time of day to it ("20195:45 AM").
_Y = _YYYY + r"(?:(?!\d)(?![.,]\d)|(?=\d{1,2}:\d\d(?!\d)))"
_W = r"[^\W\d_][^\s\d,،/|:;()<>·•–—-]{1,17}"
_ORDINAL = r"(?:[^\W\d_]{1,3}(?=[\s,])|-[^\W\d_]{1,2}(?=\s)|[º°ª])?"
_DATE = re.compile(
    rf"""(?<![\w/.,+])(?<!\d:)(?<!(?<!\d\d\d)\d-)(?:
    (?P<y1>{_YYYY})(?P<s1>[-/.])\s?(?P<m1>\d\d?)(?P=s1)\s?(?P<d1>\d\d?)(?:(?!\d)|(?=T\d))
    |(?P<a>\d\d?)\s?(?P<s2>[-/.])\s?(?P<b>\d\d?)\s?(?P=s2)\s?(?P<y2>{_Y})
    |(?P<y3>{_YYYY})\s?[年년]\s?(?P<m3>\d\d?)\s?[月월]\s?(?P<d3>\d\d?)\s?[日일号號]
    |(?P<d4>\d\d?)\s+th(?:án)?g\s+(?P<m4>\d\d?)(?:,|\s|năm)+(?P<y4>{_Y})
    |(?P<d5>\d\d?){_ORDINAL}[.,]?[\s./-]{{0,3}}(?:[^\W\d_]{{1,3}}\s+|d['’])?(?P<w5>{_W})[,،]?[\s/-]{{0,3}}
        (?:[^\W\d_]{{1,4}}\.?\s+|ค\.ศ\.\s*)?(?P<y5>{_Y})
    |(?P<w6>{_W})\s*(?P<d6>\d\d?){_ORDINAL}(?:\s*,\s*|\s+)(?P<y6>{_Y})
    |(?P<y8>{_YYYY})\.?\s(?:gada|[^\W\d_]\.)\s(?P<d8>\d\d?)\.?\s(?P<w8>{_W})
    |(?P<y7>{_YYYY})(?!\d)[.,]?\s*(?:[^\W\d_]{{1,2}}\.\s*)?(?P<w7>{_W})\s+(?P<d7>\d\d?)(?![\d:])
    )""",
    re.VERBOSE,
)
_NUMERIC = re.compile(r"(?<![\w.,/-])(\d{1,2})([./-])(\d{1,2})\2(?:19|20)\d\d(?!\d)")

# A time of day; marks for the two halves of the day in scripts that do not write am and pm.
_HALVES = {
    **{"오전": 0, "上午": 0, "午前": 0, "오후": 12, "下午": 12, "午後": 12, "πμ": 0, "μμ": 12, "ص": 0, "م": 12},
    **{"凌晨": 0, "早上": 0, "中午": 12, "晚上": 12},
    **{"pd": 0, "md": 12, "pg": 0, "ptg": 12, "sa": 0, "ch": 12, "öö": 0, "ös": 12},
}
_CLOCK = (
    r"(?:(?P<half>오[전후]|[上下]午|午[前後]|凌晨|早上|中午|晚上|[AP]M\b)\s?)?(?P<h>\d\d?)(?:\s?(?P<c>[:.]|[hH]|[시時点點])\s?"
    r"(?P<mi>\d\d)(?!\d|\.\d|\s?min|\s?[-–—]\s?\d\d?:\d\d(?!\d))[分분]?(?::(?P<s>\d\d)(?:[.,]\d{1,9})?)?(?!:)"
    r"|(?=\s?[ap]\.?\s?m)|(?P<bare>\s?h)(?![^\W\d_]))"
    r"(?:\s?(?P<ap>[apAPπμ]\s?\.?\s?[mMμ](?![^\W\d_])|[mp]\.\s?d\b|(?:PTG|PG|CH|SA|ÖS|ÖÖ)\b|[صم](?!\w))\.?)?"
)
_ZONE = (
    r"(?:(?:\s[Uu]hr)?\s?\(?(?P<zone>(?:UTC|GMT)\s?[+-]\d\d?(?::?\d\d)?(?!\d)|[+-]\d\d:?\d\d(?!\d)|[A-ZМСК]{1,5}(?![^\W\d_])"
    r"|[A-Z]{3,4}(?=[A-Z][a-z]))\)?)?"
)
_AFTER = re.compile(
    rf"(?:T|\.?[\s,;|·•@/()–—-]{{0,6}}(?:(?!오[전후]|[上下]午|午[前後]|凌晨|[早晚]上|中午|[AP]M\b)[^\W\d_]{{1,5}}\.?[\s:,]+){{0,3}}){_CLOCK}{_ZONE}"
)
_BEFORE = re.compile(
    rf"(?<![\d:.,]){_CLOCK}{_ZONE}(?P<gap>(?:\s[Uu]hr)?[\s,;|·•/()–—-]{{0,6}}(?:[^\W\d_]{{1,12}}\.?[\s,]+){{0,2}})$"
)
_SHORT_WORD = re.compile(r"\W*[^\W\d_]{0,5}\W*")
_RANGE_BEFORE = re.compile(r"(?<![:.\d])\d{1,2}\.?(?:\s+(?P<word>[^\W\d_]+)\.?)?\s*[-–—]\s*$")
_GOES_ON = re.compile(r"(?:/|\.\.)(?:P\d|\d\d(?:-\d\d)?(?![\d:/-]))", re.ASCII)  # "2023-05-03/05", "2023-05-03/P2D"
_DASH = re.compile(r"\s*[-–—]\s*")
# Beginnings of the words for "updated" and "modified", looked for just before a date.
_UPDATED = re.compile(
    r"\b(?:updat|upd\b|(?:last )?modif|edited|revised|оновл|онов\b|змінен|обновл|обн\b|измен|редакт"
    r"|aktuali[sz]|actualiz|geändert|mis[e]? à jour|màj|maj\b|aggiorn|atualiz|bijgewerkt|gewijzigd|zaktualiz|uppdater"
    r"|oppdater|opdater|päivit|ενημερ|güncel|frissít|ažurir|posodob|cập nhật|diperbarui)"
    r"|更新|업데이트|수정|تحديث|עודכן|עדכון",
    re.IGNORECASE,
)
_US_ZONES = {"ET": "New_York", "CT": "Chicago", "MT": "Denver", "PT": "Los_Angeles"}
_HOURS_OF_ZONES = {"МСК": 3.0, "IST": 5.5}  # written by most as India's; the library's is Israel's
_LATEST_OFFSET = dt.timedelta(hours=14)


@dataclass(frozen=True)
class Stamp:
    """When something was published.

    Attributes
    ----------
    date : datetime.datetime
        Aware, in UTC; midnight of the day as written where only the day is known.
    precision : {"day", "minute"}
        Whether the time of day is known. Midnight to the second is how programs write a day, and counts as one.
    had_zone : bool
        Whether a time zone or an offset was named; a time of day without one is taken as UTC.
    """

    date: dt.datetime
    precision: Precision
    had_zone: bool


@dataclass(frozen=True)
class Written:
    """A date in a text.

    Attributes
    ----------
    stamp : Stamp or None
        None where a date is written that cannot be read for certain: 03/04/2023, or one end of a range.
    start, end : int
        Its place, with the time of day and zone that belong to it.
    form : str
        How it is written, digits and letters made alike: dates of one list share it.
    updated : bool
        Whether the words before it say that it is a later change.
    """

    stamp: Stamp | None
    start: int
    end: int
    form: str
    updated: bool


def written_dates(
    text: str, *, day_first: bool | None = None, horizon: Horizon | None = None, lang: str | None = None
) -> list[Written]:
    """The full dates written in a text, in their order; those beyond the horizon are left out.

    Parameters
    ----------
    text : str
        A line, or the cell of a table.
    day_first : bool or None
        What 03/04/2023 begins with; None where it is not known.
    horizon : Horizon or None
        What no article is younger than.
    lang : str or None
        ISO 639-1 code, for names that are different months in two languages (listopada).
    """
    if not _YEAR.search(text := plain_signs(text)):
        return []
    text = dashed(text)
    dates: list[Written] = []
    at = claimed = 0
    while match := _DATE.search(text, at):
        day = _day(match, day_first, lang)
        if day is None:
            at = match.start() + 1
            continue
        start, end, stamp = match.start(), match.end(), None
        if day != "open":
            stamp, start, end = _with_time(text, match, day, claimed)
        if stamp is None or horizon is None or horizon.admits(stamp.date):
            if _is_range(text[claimed:start]) or (match["s1"] == "-" and _GOES_ON.match(text, end)):
                stamp = None
            form = re.sub(r"\d", "0", re.sub(r"[^\W\d_]+", "a", text[start:end]))
            words = text[max(claimed, start - 30) : start]
            dates.append(Written(stamp, start, end, form, bool(_UPDATED.search(words))))
        at = claimed = end
    for i, (one, other) in enumerate(itertools.pairwise(dates)):
        if _DASH.fullmatch(text[one.end : other.start]):
            dates[i : i + 2] = [Written(None, w.start, w.end, w.form, w.updated) for w in (one, other)]
    return dates


def at_start(text: str) -> re.Match[str] | None:
    """A time of day with its zone that a text consists of, its words such as "at" included."""
    return _AFTER.fullmatch(plain_signs(text.strip()))


def numeric_orders(text: str) -> set[bool]:
    """Whether dates such as 31/05/2024 in a text start with the day, as far as they can be read in one way only."""
    return {
        int(match[1]) > 12
        for match in _NUMERIC.finditer(plain_signs(text))
        if max(int(match[1]), int(match[3])) > 12 >= min(int(match[1]), int(match[3]))
    }


def stamp_of(moment: dt.datetime, *, had_zone: bool) -> Stamp | None:
    """Stamp of a moment; one without a zone is UTC. None outside the years from 1900 on."""
    zone = moment.tzinfo
    is_midnight = (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)
    try:
        utc = moment.astimezone(dt.UTC) if zone else moment.replace(tzinfo=dt.UTC)
    except (OverflowError, ValueError):
        return None
    if utc.year < _FIRST_YEAR:
        return None
    return Stamp(utc, "day" if is_midnight and not (zone and moment.utcoffset()) else "minute", had_zone)


def _day(match: re.Match[str], day_first: bool | None, lang: str | None) -> dt.date | Literal["open"] | None:
    """Day of a match; "open" where day and month may stand either way; None where it is no date."""
    group = match.groupdict()
    if group["y2"]:
        a, b, year = int(group["a"]), int(group["b"]), group["y2"]
        if group["s2"] == ".":
            day_first = True
        if max(a, b) > 12 or a == b:
            day_first = a >= b
        if day_first is None:
            return "open" if a and b else None
        day, month = (a, b) if day_first else (b, a)
    else:
        kind = next(k for k in "1345678" if group[f"y{k}"])
        year, day = group[f"y{kind}"], int(group[f"d{kind}"])
        word = group.get(f"w{kind}")
        month = (month_of(word, lang, leads=kind == "6") or 0) if word else int(group[f"m{kind}"])
        if month == DOUBTFUL:
            return "open"
    try:
        return dt.date(int(year), month, day)
    except ValueError:
        return None


def _with_time(text: str, match: re.Match[str], day: dt.date, claimed: int) -> tuple[Stamp | None, int, int]:
    """Stamp of a day with the time that stands beside it, and where the two begin and end."""
    start, end = match.span()
    before, after = _BEFORE.search(text, claimed, start), _AFTER.match(text, end)
    if before and (
        _UPDATED.search(before["gap"]) or (before["c"] == "." and not _SHORT_WORD.fullmatch(text[: before.start()]))
    ):
        before = None
    if after and (
        _UPDATED.search(text[end : after.start("h")])
        or (after["c"] == "." and len(after["h"]) < 2 and text[after.end() :].strip())
    ):
        after = None
    clocks = [(clock, time) for clock in (before, after) if clock and (time := _time(clock))]
    if len(clocks) != 1:  # none, or one on either side: which is its own is not certain
        return stamp_of(dt.datetime.combine(day, dt.time()), had_zone=False), start, end
    clock, time = clocks[0]
    moment = dt.datetime.combine(day, time)
    offset = _offset(clock, moment)
    start, end = min(start, clock.start()), max(end, clock.end() if offset is not None else _end(clock))
    zone = None if offset is None else dt.timezone(offset)
    return stamp_of(moment.replace(tzinfo=zone), had_zone=zone is not None), start, end


def _end(clock: re.Match[str]) -> int:
    """End of the time of day without what turned out to be no zone."""
    return clock.start("zone") if clock["zone"] else clock.end()


def _time(clock: re.Match[str]) -> dt.time | None:
    hour, minute, second = int(clock["h"]), int(clock["mi"] or 0), int(clock["s"] or 0)
    mark = re.sub(r"[\s.]", "", clock["ap"] or clock["half"] or "").lower()
    half = _HALVES.get(mark, {"a": 0, "p": 12}.get(mark[:1]))
    if half is not None and hour <= 12:
        hour = hour % 12 + half
    return dt.time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _offset(clock: re.Match[str], moment: dt.datetime) -> dt.timedelta | None:
    """Offset of the zone named after a time; None where there is none, or none that is known."""
    zone = clock["zone"]
    if not zone:
        return None
    if numeric := re.search(r"([+-])(\d\d?):?(\d\d)?$", zone):
        # "10:00-12:00" is a span of time; "-0500", and anything after seconds or GMT, is an offset.
        if zone[0] == "-" and ":" in zone and not clock["s"]:
            return None
        offset = dt.timedelta(hours=int(numeric[2]), minutes=int(numeric[3] or 0))
        return (-offset if numeric[1] == "-" else offset) if offset <= _LATEST_OFFSET else None
    if zone in _US_ZONES:
        from dateutil import tz

        return moment.replace(tzinfo=tz.gettz(f"America/{_US_ZONES[zone]}")).utcoffset()
    return _named_offset(zone)


@functools.cache
def _named_offset(zone: str) -> dt.timedelta | None:
    from dateparser.timezone_parser import pop_tz_offset_from_string

    if zone in _HOURS_OF_ZONES:
        return dt.timedelta(hours=_HOURS_OF_ZONES[zone])
    rest, parsed = pop_tz_offset_from_string(f"14:05 {zone}")
    return parsed.utcoffset(None) if parsed and not isinstance(parsed, str) and rest.strip() == "14:05" else None


def _is_range(before: str) -> bool:
    """Whether a date is the end of "3-5 May 2023" or "28 April - 5 May 2023"."""
    match = _RANGE_BEFORE.search(before)
    return bool(match and (not match["word"] or month_of(match["word"], None)))
