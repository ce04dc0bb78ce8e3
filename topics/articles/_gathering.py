"""Rows → articles: texts checked and repaired, ids made sure of, evidence gathered that only all rows together give."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import urlsplit

import numpy as np

from topics._say import count, verb
from topics.articles._article import Article, LeftOut
from topics.articles._leftovers import cut_stub, decode_entities, without_emphasis
from topics.articles._repair import Repairs, repair
from topics.articles._scratch import Texts
from topics.articles._workers import Workers
from topics.articles.boilerplate._paragraphs import unwrapped
from topics.articles.boilerplate._recurrence import PageLines, Recurrence
from topics.articles.metadata._dates import DayFirst
from topics.articles.readers._html import from_html, looks_like_html
from topics.articles.readers._html_losses import say_left_out
from topics.articles.readers._missing import is_missing
from topics.articles.readers._rows import ArticlesError, Note, Rejected

_NAMED = ("name", "rendered", "title", "value", "#text")
_OF_HTML = ("title", "date", "author", "source", "url", "left_out")  # what a page's HTML fills in
NO_TEXT = "no text"
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
        checked = _check(row, self.pages != "none")
        if isinstance(checked, Rejected):
            return _Prepared(rejected=checked)
        metadata = None if checked is row else {name: getattr(checked, name) for name in _OF_HTML}
        decoded = decode_entities(checked.text)
        bare, is_cut, has_foot = cut_stub(decoded)
        repairs = Repairs(fix_mojibake=self.fix_mojibake)
        text = repairs.repair(bare)
        had_entities = decoded != checked.text
        if not text:
            empty = Rejected(row.file, row.row, clean_cell(row.doc_id), EMPTY_TEXT)
            return _Prepared("", empty, metadata, had_entities, repairs=repairs or None)
        lines = PageLines.of(unwrapped(text), _source_of(checked)) if is_page(text, self.pages) else None
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
            yield replace(row, extra={}) if row.extra else row

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
            row = replace(row, **prepared.metadata)
        if prepared.is_cut:
            cut_in[row.text_name or "text"] += 1
        n_feet += prepared.has_foot
        n_missing, n_with_missing = n_missing + row.n_missing, n_with_missing + (row.n_missing > 0)
        article = _in_order(row, gathered.texts.append(prepared.text), number=number)
        items.append(article)
        if not article.doc_id:
            contents[article.place] = _content_id(article.title, prepared.text)
        if row.left_out is not None:
            left_out.append((article.doc_id or contents[article.place], row.left_out))
        if prepared.lines is not None:
            gathered.recurrence.count(prepared.lines)
        gathered.day_first.add(article.date, article.source)
    gathered.items.extend(sorted(_with_ids(items, contents), key=lambda article: article.doc_id))
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


def clean_cell(value: Any) -> str | None:
    """A cell as text in one form; None where it holds nothing.

    Parameters
    ----------
    value : Any
        As it came.
    """
    if is_missing(value):
        return None
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return ", ".join(cell for item in value if (cell := clean_cell(item))) or None
    if isinstance(value, Mapping):  # {"name": "BBC News"}, {"rendered": "A title"}
        return next((cell for key in _NAMED if (cell := clean_cell(value.get(key)))), None)
    return repair(str(value)) or None


def _clean_title(value: Any) -> str | None:
    """A title as text: feeds leave entities and emphasis in it."""
    cell = clean_cell(value)
    if cell and ("&" in cell or "<" in cell):
        cell = repair(without_emphasis(decode_entities(cell))) or None
    return cell


def _numbered(doc_id: str, seen: Counter[str]) -> str:
    """The id, or the next free one like it where it was given out before."""
    seen[doc_id] += 1
    return doc_id if seen[doc_id] == 1 else f"{doc_id}-{seen[doc_id]}"


def _check(row: Article | Rejected, pages: bool) -> Article | Rejected:
    """The row with text, not HTML; or why there is none."""
    if isinstance(row, Rejected):
        return row
    given = clean_cell(row.doc_id)
    if is_missing(row.text):
        return Rejected(row.file, row.row, given, NO_TEXT)
    if row.is_html or (pages and isinstance(row.text, str) and looks_like_html(row.text)):
        return from_html(row)
    if pages and isinstance(row.text, str) and "&lt;" in row.text and "<" not in row.text:  # HTML that was escaped
        whole = decode_entities(row.text)
        if whole.count("</") > 1 and looks_like_html(whole):
            return from_html(replace(row, text=whole))
    if not isinstance(row.text, str):
        kind = type(row.text).__name__
        return Rejected(row.file, row.row, given, f"text is not a string: {kind} {row.text!r:.60}")
    return row


def _in_order(row: Article, place: int, *, number: int) -> Article:
    """The article of a row, its cells clean and its text stored."""
    return replace(
        row,
        doc_id=clean_cell(row.doc_id) or "",
        text=None,
        place=place,
        title=_clean_title(row.title),
        source=_source_of(row),
        author=clean_cell(row.author),
        url=clean_cell(row.url),
        lang=clean_cell(row.lang),
        date=None if is_missing(row.date) else row.date,
        extra=dict(row.extra),
        rows=(number,),
    )


def _source_of(row: Article) -> str | None:
    """The outlet of a row: as it says, else the site of its address."""
    return clean_cell(row.source) or _site_of(clean_cell(row.url))


def _site_of(url: str | None) -> str | None:
    """The site of an address."""
    try:
        site = urlsplit(url or "").hostname
    except ValueError:
        return None
    return site.removeprefix("www.") if site else None


def _with_ids(articles: list[Article], contents: Mapping[int, str]) -> Iterator[Article]:
    """The articles, those without an id given one by content; ids that repeat are refused."""
    places: dict[str, list[str]] = {}
    for article in articles:
        if article.doc_id:
            places.setdefault(article.doc_id, []).append(f"{article.file}:{article.row}")
    repeated = [f"{doc_id!r} ({', '.join(at[:3])})" for doc_id, at in places.items() if len(at) > 1]
    if repeated:
        more = f" and {len(repeated) - 10} more" if len(repeated) > 10 else ""
        raise ArticlesError(
            f"expected every id once, got {len(repeated)} ids more than once: {', '.join(repeated[:10])}{more}; "
            'articles.id_column="" numbers the articles by content instead'
        )
    seen = Counter(places.keys())
    # Equal articles are numbered in an order that does not depend on the rows'.
    yield from (article for article in articles if article.doc_id)
    without = [
        ((contents[article.place], *_metadata_of(article)), article) for article in articles if not article.doc_id
    ]
    alike: dict[tuple[str, ...], list[int]] = {}
    for known, article in without:
        alike.setdefault(known, []).extend(article.rows)
    rows = {known: tuple(numbers) for known, numbers in alike.items()}
    for known, article in sorted(without, key=lambda pair: pair[0]):
        yield replace(article, doc_id=_numbered(contents[article.place], seen), rows=rows[known])


def _metadata_of(article: Article) -> tuple[str, ...]:
    return tuple(
        str(value) for value in (article.date, article.lang, article.source, article.author, article.url, article.extra)
    )


def _content_id(title: str | None, text: str) -> str:
    return hashlib.sha256(f"{title or ''}\n\n{text}".encode()).hexdigest()[:16]
