"""Topics over time: counts, shares and terms by period, bursts, and how strong a signal each topic is."""

from topics.timeline._bursts import find_bursts
from topics.timeline._counts import Timeline, over_time
from topics.timeline._periods import Frequency as Frequency
from topics.timeline._periods import check_frequency, periods_of
from topics.timeline._signals import find_signals

__all__ = ["Timeline", "check_frequency", "find_bursts", "find_signals", "over_time", "periods_of"]
