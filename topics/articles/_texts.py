"""Plain texts → Corpus, and the row of each text's document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from topics.articles._article import Article
from topics.articles._corpus import of_gathered
from topics.articles._gathering import Pages, gather
from topics.articles._repair import Repairs
from topics.articles._workers import Workers
from topics.articles.readers._missing import is_missing
from topics.config import ArticlesParams
from topics.errors import InputError, InputTypeError
from topics.records import Corpus


def from_texts(
    texts: Iterable[str], *, params: ArticlesParams | None = None, dates: Sequence[Any] | None = None
) -> tuple[Corpus, list[int]]:
    """Corpus of plain texts, and for each text the row of its document (-1 for a text without words).

    With ``params``, texts of several lines or of HTML are pages, cleaned as :func:`read` cleans them; a round-up stays
    one document. Texts of one line are kept whole, entities of HTML and a provider's marks at the end apart; their
    language is left open, and the label stage finds out from a sample which function words to leave out.

    Parameters
    ----------
    texts : iterable of str
        One article each.
    params : ArticlesParams or None
        None, as ``clean="keep-all"``, keeps every line and folds equal texts alone.
    dates : sequence or None
        Date of each text in any form that a column of dates may have; None where it is not known.

    Raises
    ------
    TypeError
        If an entry is not a string; the message names its position.
    ValueError
        If there is not one date a text.
    ArticlesError
        If no text holds an article.
    """
    check_texts(texts)
    if hasattr(texts, "to_pylist"):  # pyarrow's cells are no strings
        texts = texts.to_pylist()
    rows = []
    for i, text in enumerate(texts):
        if not isinstance(text, str) and not is_missing(text):
            raise InputTypeError(f"expected texts[{i}] to be a string, got {type(text).__name__}: {text!r:.60}")
        rows.append(Article("texts", i, doc_id=None, text=text))
    if dates is not None:
        if len(dates) != len(rows):
            raise InputError(f"expected dates of {len(rows)} texts, one each, got {len(dates)}")
        rows = [replace(row, date=None if is_missing(date) else date) for row, date in zip(rows, dates, strict=True)]
    settings = params or ArticlesParams(clean="keep-all")
    pages: Pages = "none" if settings.clean == "keep-all" else "lines"
    if pages == "none":
        settings = settings.model_copy(update={"duplicates": "exact"})
    with Workers() as workers:
        gathered = gather(rows, repairs=Repairs(fix_mojibake=settings.fix_mojibake), pages=pages, workers=workers)
        corpus, _ = of_gathered(gathered, settings, source_name="the texts", pages=pages, whole=True, workers=workers)
    place = {doc_id: i for i, doc_id in enumerate(corpus.doc_ids)}
    copy_of = dict(zip(corpus.copies["doc_id"].to_pylist(), corpus.copies["copy_of"].to_pylist(), strict=True))
    doc_of_row = {article.row: copy_of.get(article.doc_id, article.doc_id) for article in gathered.items}
    return corpus, [place[doc_of_row[i]] if i in doc_of_row else -1 for i in range(len(rows))]


def check_texts(texts: Any) -> None:
    """Refuse what is no sequence of texts though it can be gone through: one text, a mapping, a table, a set.

    Parameters
    ----------
    texts : Any
        What was given for texts.

    Raises
    ------
    TypeError
        Saying what to pass instead.
    """
    kind = type(texts).__name__
    expected = "expected a sequence of texts such as a list or one column"
    if isinstance(texts, (str, bytes, bytearray)):
        raise InputTypeError(f"{expected}, got one {kind}: {texts[:40]!r}; pass [text], or a path to topics.read")
    if isinstance(texts, Mapping):
        raise InputTypeError(f"{expected}, got a {kind}; pass list(texts.values())")
    if isinstance(texts, (set, frozenset)):
        raise InputTypeError(f"{expected}, got a {kind}, which has no order; pass sorted(texts)")
    if hasattr(texts, "columns") or hasattr(texts, "column_names"):
        raise InputTypeError(f"{expected}, got a table ({kind}); pass the column of its texts, as table['text']")
    if getattr(texts, "ndim", 1) != 1:
        raise InputTypeError(f"{expected}, got a {kind} of shape {texts.shape}; pass one dimension, as texts.ravel()")
    if not isinstance(texts, Iterable):
        raise InputTypeError(f"{expected}, got {kind}")
