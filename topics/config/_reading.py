"""Parameters of reading: how files become documents."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator

from topics.config._base import Params


class ArticlesParams(Params):
    """How files become documents.

    Attributes
    ----------
    id_column, text_column, title_column, date_column, source_column, lang_column, author_column, url_column
        Column of the user's table (str or None); None looks for the usual names, "" uses none.
    encodings : Mapping[str, str]
        Encodings of files by file name pattern, such as ``{"old/*.csv" = "cp1251"}``; all other files are UTF-8.
    clean : {"keep-all", "light", "standard", "strict"}
        How much boilerplate is removed: none; lines that are almost certainly boilerplate; lines that are more likely
        boilerplate than not; or all lines but those that are almost certainly the article.
    duplicates : {"near", "exact"}
        Whether near-duplicates (wire copies, re-posts) are folded into their canonical document, or only equal texts.
    min_shared : float in (0, 1]
        Minimum share of the longer text's words that a near-duplicate has in the same order.
    split_round_ups : bool
        Whether a page with several stories becomes several documents.
    fix_mojibake : bool
        Whether wrongly decoded text ("Ð¼Ñ–ÑÑ‚Ð¾") is repaired if possible; it is counted in any case.
    max_bad_share : float in [0, 1]
        Maximum share of unreadable rows; a file with more is rejected as a whole.
    max_unpacked_gigabytes : float
        Maximum size that one gzipped file may unpack to.
    """

    renamed_keys: ClassVar[Mapping[str, str]] = {"copies": "duplicates"}

    id_column: str | None = None
    text_column: str | None = None
    title_column: str | None = None
    date_column: str | None = None
    source_column: str | None = None
    lang_column: str | None = None
    author_column: str | None = None
    url_column: str | None = None
    encodings: Mapping[str, str] = {}
    clean: Literal["keep-all", "light", "standard", "strict"] = "standard"
    duplicates: Literal["near", "exact"] = "near"
    min_shared: Annotated[float, Field(gt=0, le=1)] = 0.6
    split_round_ups: bool = True
    fix_mojibake: bool = False
    max_bad_share: Annotated[float, Field(ge=0, le=1)] = 0.5
    max_unpacked_gigabytes: Annotated[float, Field(gt=0)] = 100.0

    @field_validator("encodings")
    @classmethod
    def _encodings_are_known(cls, encodings: Mapping[str, str]) -> Mapping[str, str]:
        known = {}
        for pattern, encoding in encodings.items():
            try:
                known[pattern] = codecs.lookup(encoding).name
            except LookupError:
                raise ValueError(f"unknown encoding {encoding!r} for {pattern!r}") from None
        return known
