"""Columns of a table that look like an article's text or date and were not taken for it: they are named in a note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from topics.articles.facts.dates import parse_date
from topics.articles.sources.missing import is_missing

_LOOKED_AT = 50  # rows
_MOST_COLUMNS = 200  # a table of more is one of measurements
_FEWEST_CHARACTERS = 200  # of an average cell that is a text and no teaser, in the articles and feeds at hand
_MOST_SHARE = 0.8  # of the cells that are filled


class Unrecognized:
    """What the further columns of a table hold, as far as its first rows show."""

    def __init__(self) -> None:
        self._n_rows = 0
        self._n_filled: Counter[str] = Counter()
        self._n_characters: Counter[str] = Counter()
        self._n_dates: Counter[str] = Counter()
        self._has_date = False

    def add(self, chosen: Mapping[str, Any], extra: Mapping[str, Any]) -> None:
        """Take note of a row.

        Parameters
        ----------
        chosen : mapping
            Its cells by role.
        extra : mapping
            Its further cells by column.
        """
        self._n_rows += 1
        if self._n_rows > _LOOKED_AT or len(extra) > _MOST_COLUMNS:
            return
        self._has_date |= not is_missing(chosen.get("date"))
        for name, cell in extra.items():
            if isinstance(cell, str) and cell.strip():
                self._n_filled[name] += 1
                self._n_characters[name] += len(cell)
                if not self._has_date and len(cell) < _FEWEST_CHARACTERS:
                    self._n_dates[name] += parse_date(cell) is not None

    def notes(self) -> list[str]:
        """Sentences that name columns and the setting that takes them."""
        said = []
        for name, n in self._n_filled.items():
            if self._n_characters[name] >= _FEWEST_CHARACTERS * n:
                said.append(
                    f"the column {name[:80]!r} holds long texts and was kept as a further column; if it is the "
                    "article, name it in articles.text_column"
                )
            elif not self._has_date and self._n_dates[name] >= _MOST_SHARE * n:
                said.append(
                    f"the column {name[:80]!r} looks like dates and was kept as a further column; if it is when the "
                    "articles were published, name it in articles.date_column"
                )
        return said
