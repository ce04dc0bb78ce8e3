"""Rows → articles: texts checked and repaired, ids made sure of, evidence gathered that only all rows together give."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from topics._say import count, verb
from topics.articles._article import Article, LeftOut
from topics.articles._cells import checked, clean_cell, cleaned, source_of
from topics.articles._ids import content_id, with_ids
from topics.articles._leftovers import cut_stub, decode_entities
from topics.articles._repair import Repairs
from topics.articles._scratch import Texts
from topics.articles._workers import Workers
from topics.articles.boilerplate._paragraphs import unwrapped
from topics.articles.boilerplate._recurrence import PageLines, Recurrence
from topics.articles.metadata._dates import DayFirst
from topics.articles.readers._html_losses import say_left_out
from topics.articles.readers._rows import Note, Rejected

_OF_HTML = ("title", "date", "author", "source", "url", "left_out")  # what a page's HTML fills in
EMPTY_TEXT = "empty text"
Pages = Literal["all", "lines", "none"]
"""Which texts are pages, to be cleaned: every text, those of several lines or of HTML, or none."""


@dataclass(frozen=True)
class Gathered:
    """All articles, by id, and what they show together.

    Attributes
    ----------
    items : list of Article
        By id.
    texts : Texts
        Their texts.
    rejected : list of Rejected
        Rows that hold no article.
    recurrence : Recurrence
        Which lines stand on many pages.
    day_first : DayFirst
        How each source writes its dates.
    notes : list of str
        What was repaired.
    """

    items: list[Article] = field(default_factory=list)
    texts: Texts = field(default_factory=Texts)
    rejected: list[Rejected] = field(default_factory=list)
    recurrence: Recurrence = field(default_factory=Recurrence)
    day_first: DayFirst = field(default_factory=DayFirst)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What a row's text became.

    Attributes
    ----------
    text : str
        Repaired; "" where nothing is left.
    rejected : Rejected or None
        Why there is none.
    metadata : dict or None
        What its HTML said; None where it was not HTML.
    had_entities, is_cut, has_foot : bool
        Whether entities were decoded, a provider's mark and a plug-in's line taken off.
    repairs : Repairs or None
        What was repaired, if anything was.
    lines : PageLines or None
        What is counted of a page.
    """

    text: str = ""
    rejected: Rejected | None = None
    metadata: dict[str, Any] | None = None
    had_entities: bool = False
    is_cut: bool = False
    has_foot: bool = False
    repairs: Repairs | None = None
    lines: PageLines | None = None


@dataclass(frozen=True)
class _Preparer:
    """Article → what its text became."""

    pages: Pages
    fix_mojibake: bool

    def __call__(self, row: Article) -> _Prepared:
        held = checked(row, self.pages != "none")
        if isinstance(held, Rejected):
            return _Prepared(rejected=held)
        metadata = None if held is row else {name: getattr(held, name) for name in _OF_HTML}
        decoded = decode_entities(held.text)
        bare, is_cut, has_foot = cut_stub(decoded)
        repairs = Repairs(fix_mojibake=self.fix_mojibake)
        text = repairs.repair(bare)
        had_entities = decoded != held.text
        if not text:
            empty = Rejected(row.file, row.row, clean_cell(row.doc_id), EMPTY_TEXT)
            return _Prepared("", empty, metadata, had_entities, repairs=repairs or None)
        lines = PageLines.of(unwrapped(text), source_of(held)) if is_page(text, self.pages) else None
        return _Prepared(text, None, metadata, had_entities, is_cut, has_foot, repairs or None, lines)

    def weigh(self, row: Article) -> int:
        """How much work a row is, in characters; a plain text is none."""
        text = row.text
        if not isinstance(text, (str, bytes)):
            return 0
        is_plain = self.pages != "all" and isinstance(text, str) and "\n" not in text and "<" not in text
        return 0 if is_plain else len(text)


def _name_of(row: Article) -> str:
    return f"{row.file}, row {row.row}"


def gather(
    rows: Iterable[Article | Rejected | Note], *, repairs: Repairs, pages: Pages, workers: Workers | None = None
) -> Gathered:
    """The articles of rows, streamed: no text is held longer than it takes to repair it.

    Parameters
    ----------
    rows : iterable of Article, Rejected or Note
        In any order; the articles do not depend on it.
    repairs : Repairs
        Repairs the texts.
    pages : {"all", "lines", "none"}
        Which texts may be pages: HTML, with boilerplate that recurs.
    workers : Workers or None
        Processes that share the work; None keeps to this one.

    Raises
    ------
    ArticlesError
        If ids repeat.
    """
    gathered = Gathered()
    n_html = 0
    contents: dict[int, str] = {}
    items: list[Article] = []
    reader_notes: dict[str, None] = {}
    n_missing = n_with_missing = n_entities = n_feet = 0
    cut_in: Counter[str] = Counter()
    left_out: list[tuple[str, LeftOut]] = []
    in_work: deque[tuple[int, Article]] = deque()  # their texts are with the workers

    def stream() -> Iterator[Article]:
        number = -1
        for row in rows:
            if isinstance(row, Note):
                reader_notes[row.text] = None
                continue
            number += 1
            if isinstance(row, Rejected):
                gathered.rejected.append(row)
                continue
            in_work.append((number, row))
            yield row.with_({"extra": {}}) if row.extra else row

    prepare = _Preparer(pages, repairs.fix_mojibake)
    for prepared in (workers or Workers(1)).map(prepare, stream(), weigh=prepare.weigh, name=_name_of):
        number, row = in_work.popleft()
        if prepared.repairs is not None:
            repairs.add(prepared.repairs)
        n_html += prepared.metadata is not None
        n_entities += prepared.had_entities
        if prepared.rejected is not None:
            gathered.rejected.append(prepared.rejected)
            continue
        if prepared.metadata is not None:
            row = row.with_(prepared.metadata)
        if prepared.is_cut:
            cut_in[row.text_name or "text"] += 1
        n_feet += prepared.has_foot
        n_missing, n_with_missing = n_missing + row.n_missing, n_with_missing + (row.n_missing > 0)
        article = cleaned(row, gathered.texts.append(prepared.text), number=number)
        items.append(article)
        if not article.doc_id:
            contents[article.place] = content_id(article.title, prepared.text)
        if row.left_out is not None:
            left_out.append((article.doc_id or contents[article.place], row.left_out))
        if prepared.lines is not None:
            gathered.recurrence.count(prepared.lines)
        gathered.day_first.add(article.date, article.source)
    gathered.items.extend(sorted(with_ids(items, contents), key=lambda article: article.doc_id))
    gathered.rejected.sort(key=lambda r: (r.file, r.row, r.doc_id or "", r.reason))
    if left_out:
        gathered.notes.append(say_left_out(left_out))
    gathered.notes.extend(repairs.notes())
    if n_html:
        gathered.notes.append(
            f"{count(n_html, 'article')} {verb(n_html, 'was', 'were')} HTML and "
            f"{verb(n_html, 'its', 'their')} text was extracted"
        )
    if n_entities:
        gathered.notes.append(
            f"{count(n_entities, 'article')} held entities of HTML such as &nbsp;, which were decoded"
        )
    for name, n in sorted(cut_in.items()):
        gathered.notes.append(
            f"{count(n, 'article')} {verb(n, 'is', 'are')} cut short by their provider in {name[:80]!r}: the mark at "
            'the end, such as "[+123 chars]", was removed, and the rest of the text is missing'
        )
    if n_feet:
        gathered.notes.append(
            f'{count(n_feet, "article")} ended with a plug-in\'s line, "The post … appeared first on …", which was '
            "removed"
        )
    if n_missing:
        gathered.notes.append(
            f"{count(n_missing, 'cell')} of {count(n_with_missing, 'article')} held NaN, Infinity or \\N, or a time "
            f"out of the calendar's range, and {verb(n_missing, 'was', 'were')} treated as missing"
        )
    gathered.notes.extend(reader_notes)
    return gathered


def is_page(text: str, pages: Pages) -> bool:
    """Whether a text is a page, to be cleaned.

    Parameters
    ----------
    text : str
        Repaired.
    pages : {"all", "lines", "none"}
        Which texts are.
    """
    return pages == "all" or (pages == "lines" and "\n" in text)
