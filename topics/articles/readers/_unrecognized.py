"""Columns of a table that look like an article's text or date and were not taken for it: they are named in a note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from topics.articles.metadata._dates import parse_date
from topics.articles.readers._missing import is_missing

_PARSED, _WAITING = 50, 400  # cells of a column: the smallest distinct ones, so that the order of rows is nothing to it
_MAX_COLUMNS = 200  # a table of more is one of measurements
_MIN_CHARACTERS = 200  # of an average cell that is a text and no teaser, in the articles and feeds at hand
_MAX_SHARE = 0.8  # of the cells that are filled


class Unrecognized:
    """What the further columns of a table hold."""

    def __init__(self) -> None:
        self._n_filled: Counter[str] = Counter()
        self._n_characters: Counter[str] = Counter()
        self._cells: dict[str, list[str]] = {}
        self._n_texts = self._n_text_characters = 0
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
        if len(extra) > _MAX_COLUMNS:
            return
        self._has_date |= not is_missing(chosen.get("date"))
        if isinstance(text := chosen.get("text"), str):
            self._n_texts += 1
            self._n_text_characters += len(text)
        for name, cell in extra.items():
            if isinstance(cell, str) and cell.strip():
                self._n_filled[name] += 1
                self._n_characters[name] += len(cell)
                if not self._has_date and len(cell) < _MIN_CHARACTERS:
                    self._keep(name, cell)

    def _keep(self, name: str, cell: str) -> None:
        cells = self._cells.setdefault(name, [])
        cells.append(cell)
        if len(cells) > _WAITING:
            self._cells[name] = sorted(set(cells))[:_PARSED]

    def notes(self) -> list[str]:
        """Sentences that name columns and the setting that takes them.

        A column of long texts is named if they are longer than those that were taken for the articles.
        """
        notes = []
        text_length = self._n_text_characters / max(1, self._n_texts)
        for name, n in sorted(self._n_filled.items()):
            length = self._n_characters[name] / n
            if length >= _MIN_CHARACTERS and length > text_length:
                notes.append(
                    f"the column {name[:80]!r} holds longer texts than the one that was read and was kept as a further "
                    "column; if it is the article, name it in articles.text_column"
                )
            elif not self._has_date and self._is_date(name):
                notes.append(
                    f"the column {name[:80]!r} looks like dates and was kept as a further column; if it is when the "
                    "articles were published, name it in articles.date_column"
                )
        return notes

    def _is_date(self, name: str) -> bool:
        cells = sorted(set(self._cells.get(name, [])))[:_PARSED]
        return bool(cells) and sum(parse_date(cell) is not None for cell in cells) >= _MAX_SHARE * len(cells)
