"""What the other lines of the page say of a line: neighbors, the main block, repeats, time stamps, shared words.

The main block is the contiguous run of lines with the greatest sum of prose scores (Kadane's maximum subarray). A
line that shares few words with the block before it, and a block whose end does so, tell of another story.
"""

from __future__ import annotations

import numpy as np

from topics.articles.boilerplate._line_shapes import LOCAL, Flags, Floats, Ints, Shapes

_NEIGHBORS = (-2, -1, 1, 2)
_OF_NEIGHBORS = ("words", "lower", "ends_stop", "ends_cut", "starts_mark")
_BEYOND = -2.0  # what stands where there is no neighbor
_FAR = 50
_NEAR_STAMP = 6
_MIN_FEED_STAMPS = 2
_NO_WORDS = 0.5  # cohesion of a line without longer words
_MAX_STAMP_WORDS = 9
_MAX_DATE_WORDS = 7
_MIN_DATE_DIGITS = 0.15

_OF_LINE = (
    *("prose", "prose_3", "prose_8", "prose_before", "prose_after", "place", "lines_before", "lines_after", "in_block"),
    *("from_start", "from_end", "words_from_start", "words_from_end", "since_prose", "until_prose", "copies"),
    *("shared", "shared_before", "shared_to_end", "shared_relative", "shared_above", "shared_drop"),
    *("stamp", "stamps_6", "stamps_in_block", "since_stamp", "next_shared", "copied_before"),
)
_OF_PAGE = (
    *("page_prose", "page_prose_share", "page_short", "page_lines", "page_block", "page_copies", "page_prose_lines"),
    *("page_clocks", "page_stops"),
)
FEATURES = (
    *LOCAL,
    *(f"{name}{step:+d}" for step in _NEIGHBORS for name in (*_OF_NEIGHBORS, "stamp")),
    *_OF_LINE,
    *_OF_PAGE,
)
_COLUMN = {name: i for i, name in enumerate(LOCAL)}


def stamps(page: Shapes) -> Flags:
    """Which lines are a time of day or a date with little else, of shape (n_lines,).

    Parameters
    ----------
    page : Shapes
        The lines.
    """
    clock = (page.local[:, _COLUMN["clocks"]] > 0) & (page.words < _MAX_STAMP_WORDS)
    return clock | ((page.local[:, _COLUMN["digits"]] > _MIN_DATE_DIGITS) & (page.words < _MAX_DATE_WORDS))


def feed(page: Shapes) -> Flags:
    """Which lines are a feed of time-stamped items below an article, of shape (n_lines,).

    At least two stamps, and more sentences before the first than after; a live report has most of them after it.

    Parameters
    ----------
    page : Shapes
        The lines.
    """
    start, _ = main_block(page)
    stamp = stamps(page) & (page.local[:, _COLUMN["clocks"]] > 0)
    stamp[:start] = False
    places = np.flatnonzero(stamp)
    below = np.zeros(len(stamp), bool)
    if len(places) >= _MIN_FEED_STAMPS:
        words = np.where(page.prose > 0, page.words, 0.0)
        if words[start : places[0]].sum() > words[places[0] :].sum():
            below[places[0] :] = True
    return below


def main_block(page: Shapes) -> tuple[int, int]:
    """First and last line of the main block, from 0; the earliest of equals.

    Parameters
    ----------
    page : Shapes
        The lines.
    """
    total = np.concatenate([[0.0], np.cumsum(page.prose)])
    low = np.minimum.accumulate(total[:-1])
    last = int(np.argmax(total[1:] - low))
    return int(np.argmax(total[: last + 1] == low[last])), last


def features(page: Shapes) -> Floats:
    """Features of lines, by themselves and in their page, of shape (n_lines, len(FEATURES)).

    Parameters
    ----------
    page : Shapes
        The lines, at least one.
    """
    n = len(page.words)
    i = np.arange(n)
    first, last = main_block(page)
    in_block = (i >= first) & (i <= last)
    prose = page.prose > 0
    stamp = stamps(page)
    shared = _shared(page, in_block & prose, first)
    prose_words = np.where(prose, page.words, 0.0)
    all_prose = max(prose_words.sum(), 1.0)
    so_far = np.cumsum(prose_words)
    words = np.concatenate([[0.0], np.cumsum(page.words)])
    since, until = _distances(prose)
    copies = np.bincount(page.copies)[page.copies]
    earliest = np.full(int(page.copies.max()) + 1, n)
    np.minimum.at(earliest, page.copies, i)
    n_stamps = np.concatenate([[0], np.cumsum(stamp)])
    since_stamp = i - np.maximum.accumulate(np.where(stamp, i, -_FAR))
    of_line = (
        *(page.prose, _mean(page.prose, 3), _mean(page.prose, 8)),
        *((so_far - prose_words) / all_prose, (all_prose - so_far) / all_prose, (i + 0.5) / n),
        *(np.log1p(i), np.log1p(n - 1 - i), in_block, _signed_log(i - first), _signed_log(i - last)),
        *(_signed_log((words[:-1] - words[first]) / 10), _signed_log((words[1:] - words[last + 1]) / 10)),
        *(since, until, np.minimum(copies, 5), *shared),
        *(
            stamp,
            _mean(stamp.astype(np.float64), _NEAR_STAMP),
            np.log1p(np.maximum(n_stamps[:-1] - n_stamps[first], 0)),
        ),
        *(np.minimum(since_stamp, _NEAR_STAMP), np.append(shared[1][1:], _NO_WORDS), earliest[page.copies] < i),
    )
    of_page = (
        *(np.log1p(prose_words.sum()), prose_words.sum() / max(page.words.sum(), 1.0), (page.words < 6).mean()),
        *(np.log1p(n), prose_words[in_block].sum() / all_prose, (copies > 1).mean(), prose.mean()),
        *((page.local[:, _COLUMN["clocks"]] > 0).mean(), page.local[:, _COLUMN["ends_stop"]].mean()),
    )
    near = np.column_stack([*(page.local[:, _COLUMN[name]] for name in _OF_NEIGHBORS), stamp])
    edge = np.full((2, near.shape[1]), _BEYOND)
    padded = np.vstack([edge, near, edge])
    around = [padded[2 + step : 2 + step + n] for step in _NEIGHBORS]
    return np.hstack([page.local, *around, np.column_stack(of_line), np.tile(of_page, (n, 1))])


def _mean(values: Floats, reach: int) -> Floats:
    """Mean over the lines up to ``reach`` before and after, as far as the page goes."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    i = np.arange(len(values))
    low, high = np.maximum(i - reach, 0), np.minimum(i + reach + 1, len(values))
    return np.asarray((total[high] - total[low]) / (high - low))


def _signed_log(values: Floats | Ints) -> Floats:
    return np.asarray(np.sign(values) * np.log1p(np.abs(values)))


def _distances(prose: Flags) -> tuple[Floats, Floats]:
    """Logarithm of the number of lines since the last line of prose and until the next."""
    n = len(prose)
    i = np.arange(n)
    before = np.concatenate([[-1], np.maximum.accumulate(np.where(prose, i, -1))[:-1]])
    after = np.concatenate([np.minimum.accumulate(np.where(prose, i, n)[::-1])[::-1][1:], [n]])
    since = np.where(before < 0, _FAR, i - before)
    until = np.where(after >= n, _FAR, after - i)
    return np.log1p(since), np.log1p(until)


def _shared(page: Shapes, block: Flags, first: int) -> tuple[Floats, ...]:
    """Shares of each line's longer words, by weight, that stand elsewhere.

    In other lines of the block; in the block before the line; the same of the block from the line to its end; against
    the block's median; in the lines up to the block's first; the end of the block against what stands before it.
    """
    n = len(block)
    line, number, weight = page.token_line, page.token_id, page.token_weight
    n_tokens = int(number.max()) + 1 if number.size else 1
    once = np.unique(line * n_tokens + number, return_index=True)[1]
    line, number, weight = line[once], number[once], weight[once]
    of_line = np.bincount(line, weight, minlength=n)

    def share(flags: Flags) -> Floats:
        shared_weight = np.bincount(line, weight * flags, minlength=n)
        return np.where(of_line > 0, shared_weight / np.maximum(of_line, 1e-9), _NO_WORDS)

    in_block = block[line]
    in_lines = np.bincount(number[in_block], minlength=n_tokens)
    earliest = np.full(n_tokens, n)
    np.minimum.at(earliest, number[in_block], line[in_block])
    above = np.zeros(n_tokens, bool)
    above[number[line <= first]] = True
    before = share(earliest[number] < line)
    size = np.where(block, of_line, 0.0)
    to_end = _ratio(np.cumsum((size * before)[::-1])[::-1], np.cumsum(size[::-1])[::-1])
    from_start = _ratio(np.cumsum(size * before) - size * before, np.cumsum(size) - size)
    middle = float(np.median(before[block])) if block.any() else _NO_WORDS
    in_others = share(in_lines[number] > in_block)
    return in_others, before, to_end, before - middle, share(above[number] & (line > first)), to_end - from_start


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.where(whole > 1e-9, part / np.maximum(whole, 1e-9), _NO_WORDS)
