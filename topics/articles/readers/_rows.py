"""What the readers hand on: one article as it came, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from topics.articles._article import Article
from topics.errors import InputError


@dataclass(frozen=True)
class Rejected:
    """One row that was not taken in, and why."""

    file: str
    row: int
    doc_id: str | None
    reason: str


@dataclass(frozen=True)
class Note:
    """What a reader of the corpus should know of how a table was read."""

    text: str


class ArticlesError(InputError):
    """Articles that cannot be read; the message names the file, row, id or column."""


Rows = Iterator[Article | Rejected | Note]
