"""HTML of a file or a table's cell → the text of its article."""

from __future__ import annotations

import re
from typing import Any

from topics.articles._article import Article
from topics.articles.readers._html_losses import article_prose, left_out
from topics.articles.readers._html_titles import stated_site, whole_title
from topics.articles.readers._html_trees import TooDeepError, fragment_tree, page_tree
from topics.articles.readers._missing import is_missing
from topics.articles.readers._rows import Rejected

_PAGE = re.compile(r"(?i)<(?:!doctype\s+html|html|head|body)\b")
_BLOCK = re.compile(r"(?i)<(?:p|div|article|section|ul|ol|li|h[1-6]|table|blockquote|br|figure)\b[^<>]*>")
_TAG = re.compile(r"(?i)<br\s*/?>|<(?:p|div|img|li)\b[^<>]*>|</(?:a|b|i|em|strong|span|p|div|li)\s*>")
_JUDGED = 20_000  # characters
_MIN_TAGS = 3
_NO_ARTICLE = "no article in the HTML"
# What XML has no place for; one such character in a page makes lxml refuse to set a text. Characters are written as
# entities too.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}));?")
_PIPES = re.compile(r"\|?(?:\s*:?-{3,}:?\s*\|)+(?:\s*:?-{3,}:?\s*)?|\|(?:\s*:?-{3,}:?\s*)")
_BAR = re.compile(r"(?<!\\)\|")  # the extractor escapes those within a cell
_CELLS = re.compile(r"\|(?:[^|]*\|)+")


def looks_like_html(text: str) -> bool:
    """Whether a text is a page or a fragment of HTML and not an article that mentions a tag.

    Parameters
    ----------
    text : str
        Of a table's cell.
    """
    if "<" not in text:
        return False
    start = _after_comments(text)
    if _PAGE.match(start) or _BLOCK.match(start):
        return True
    n_tags = sum(1 for _ in _TAG.finditer(text, 0, _JUDGED))
    return n_tags >= _MIN_TAGS and _BLOCK.search(text, 0, _JUDGED) is not None


def _after_comments(html: str) -> str:
    """The first characters of HTML that stand neither in a comment nor in an XML declaration."""
    at = 0
    while True:
        while at < len(html) and html[at].isspace():
            at += 1
        opened, closed = ("<!--", "-->") if html.startswith("<!--", at) else ("<?xml", ">")
        end = html.find(closed, at) if html.startswith(opened, at) else -1
        if end < 0:
            return html[at : at + _JUDGED]
        at = end + len(closed)


def from_html(row: Article) -> Article | Rejected:
    """The row with the article of its HTML for text; rejected where there is none.

    What the row knows already is kept; the page's own metadata fill what it does not (trafilatura, Barbaresi 2021).

    Parameters
    ----------
    row : Article
        Its text is HTML, as str or bytes.
    """
    html = row.text
    is_page = row.is_html or bool(_PAGE.match(_after_comments(html)))
    given_id = None if row.doc_id is None else str(row.doc_id)
    try:
        extracted = (
            _extracted(html, source=row.source)
            if is_page
            else {"text": fragment(html if isinstance(html, str) else "")}
        )
    except TooDeepError as error:
        return Rejected(row.file, row.row, given_id, f"HTML is {error}")
    if not (extracted.get("text") or "").strip():
        return Rejected(row.file, row.row, given_id, _NO_ARTICLE)
    fields: dict[str, Any] = {"text": extracted["text"], "left_out": extracted.get("left_out")}
    for name in ("title", "date", "author", "source", "url"):
        given = getattr(row, name)
        fields[name] = extracted.get(name) if is_missing(given) else given
    return row.with_({"is_html": False, **fields})


def _extracted(html: str | bytes, *, source: Any) -> dict[str, Any]:
    """Text and metadata of a page; its source may be known already."""
    from trafilatura import bare_extraction

    # Only dates that the page states: no search through its text, which may hold those of other stories.
    dates = {"original_date": True, "extensive_search": False, "outputformat": "%Y-%m-%dT%H:%M:%S%z"}
    try:
        tree = _tree(html)
        prose = [] if tree is None else article_prose(tree)
        page = bare_extraction(tree, with_metadata=True, include_comments=False, date_extraction_params=dates)
    except TooDeepError:
        raise
    except (ValueError, TypeError, RecursionError, AssertionError):
        return {}  # lxml refuses some pages; so is one without text
    if page is None:
        return {}
    metadata = page if isinstance(page, dict) else page.as_dict()
    site, domain = stated_site(metadata.get("sitename"), tree), metadata.get("hostname")
    date = str(metadata.get("date") or "").removesuffix("T00:00:00")
    text = _without_table_marks(metadata.get("text") or "")
    return {
        "text": text,
        "left_out": left_out(prose, text),
        "title": whole_title(metadata.get("title"), tree, sites=(site, domain, source)),
        "date": date or None,
        "author": metadata.get("author"),
        "source": site or domain,
        "url": metadata.get("url"),
    }


def _tree(html: str | bytes) -> Any:
    """The tree of a page in which the lists and tables within a table's cells are plain blocks.

    The extractor reads tables row by row, and leaves out what else stands in their cells.
    """
    from trafilatura.utils import decode_file

    tree = page_tree(without_controls(decode_file(html)))
    if tree is None:
        return None
    for outer in tree.xpath("//table[.//table]"):  # a table around tables is the page's layout
        for part in [outer, *outer.xpath("./*[self::tbody or self::thead] | ./tr | ./*/tr | ./tr/* | ./*/tr/*")]:
            part.tag = "div"
    for listed in tree.xpath("//td//ul | //td//ol | //th//ul | //th//ol"):
        listed.drop_tag()
    for item in tree.xpath("//td//li | //th//li"):
        item.text, item.tail = " " + (item.text or ""), " " + (item.tail or "")
        item.drop_tag()
    return tree


def fragment(html: str) -> str:
    """Visible text of a piece of HTML, one block a line.

    Parameters
    ----------
    html : str
        Well-formed or not.

    Raises
    ------
    TooDeepError
        If it is nested deeper than can be read.
    """
    from lxml import etree

    try:
        tree = fragment_tree(without_controls(html))
    except TooDeepError:
        raise
    except (ValueError, etree.ParserError, etree.XMLSyntaxError, AssertionError, RecursionError):
        return ""
    for cell in tree.iter("td", "th"):
        cell.tail = " " + (cell.tail or "")
    for unseen in tree.xpath("//script | //style | //noscript | //template | //comment()"):
        unseen.drop_tree()
    for block in tree.iter(
        "p", "div", "br", "li", "tr", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption"
    ):
        block.tail = "\n" + (block.tail or "")
        if block.tag != "br":
            block.text = "\n" + (block.text or "")
    lines = (" ".join(line.split()) for line in tree.text_content().split("\n"))
    return "\n".join(line for line in lines if line)


def without_controls(html: str) -> str:
    """HTML without the characters that XML has no place for, as they are or as references.

    Parameters
    ----------
    html : str
        A page or a piece of one.
    """
    if "&#" in html:
        html = _REFERENCE.sub(_kept_reference, html)
    return _CONTROLS.sub("", html)


def _kept_reference(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    return "" if code > 0x10FFFF or _CONTROLS.match(chr(code)) or code == 0 else match[0]


def _without_table_marks(text: str) -> str:
    """Text with the cells of a table parted by blanks instead of bars, and without the rules below its head."""
    if "|" not in text:
        return text
    lines = []
    for line in text.split("\n"):
        bare = line.strip()
        if "|" in bare and _PIPES.fullmatch(bare):
            continue
        lines.append(" ".join(_BAR.sub(" ", bare).replace("\\|", "|").split()) if _CELLS.fullmatch(bare) else line)
    return "\n".join(lines)
