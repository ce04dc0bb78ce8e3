"""What is still to come when articles are read: a date that lies there is none of theirs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

_MARGIN = dt.timedelta(days=2)  # it is tomorrow already in the far east, and a day has to end


@dataclass(frozen=True)
class Span:
    """The dates that hang on the day: what was read holds on every day that takes the one and refuses the other.

    Attributes
    ----------
    taken : datetime or None
        The latest date, aware, that was early enough; None where there was none.
    refused : datetime or None
        The earliest that was not.
    """

    taken: dt.datetime | None = None
    refused: dt.datetime | None = None

    def joined(self, other: Span) -> Span:
        """The span of both together.

        Parameters
        ----------
        other : Span
            Such as that of another page.
        """
        taken = max((one for one in (self.taken, other.taken) if one), default=None)
        refused = min((one for one in (self.refused, other.refused) if one), default=None)
        return Span(taken, refused)

    def lapsed(self) -> str:
        """Why what was read may be another today; empty where it is the same."""
        latest = latest_today()
        if self.refused is not None and self.refused <= latest:
            return f"{self.refused:%Y-%m-%d}, refused as a date in the future, has come"
        if self.taken is not None and self.taken > latest:
            return f"{self.taken:%Y-%m-%d}, taken for a date, lies in the future: the clock was set back"
        return ""


class Horizon:
    """The latest moment that an article may be of, and the dates that were held against it.

    Parameters
    ----------
    latest : datetime
        Aware; the same all day long, see :func:`latest_today`.

    Attributes
    ----------
    span : Span
        What was held against it so far.
    """

    def __init__(self, latest: dt.datetime) -> None:
        self._latest = latest
        self.span = Span()

    def admits(self, date: dt.datetime) -> bool:
        """Whether a date is early enough.

        Parameters
        ----------
        date : datetime
            Aware.
        """
        is_early = date <= self._latest
        self.span = self.span.joined(Span(taken=date) if is_early else Span(refused=date))
        return is_early


def today() -> dt.datetime:
    """Midnight (UTC) with which this day began: the only look at the clock that decides a result."""
    return dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def latest_today() -> dt.datetime:
    """The latest moment that an article may be of, all day long."""
    return today() + _MARGIN
