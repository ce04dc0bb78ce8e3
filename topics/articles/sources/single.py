"""Files that are one article each → rows: ``.txt``, ``.md``, ``.html``; and HTML that stands in a table's cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from topics.articles.sources.columns import pick
from topics.articles.sources.files import File
from topics.articles.sources.missing import is_missing
from topics.articles.sources.rows import Found, Rejected, Row
from topics.config import ArticlesParams

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_PAGE = re.compile(r"(?i)<(?:!doctype\s+html|html|head|body)\b")
_BLOCK = re.compile(r"(?i)<(?:p|div|article|section|ul|ol|li|h[1-6]|table|blockquote|br|figure)\b[^<>]*>")
_TAG = re.compile(r"(?i)<br\s*/?>|<(?:p|div|img|li)\b[^<>]*>|</(?:a|b|i|em|strong|span|p|div|li)\s*>")
_JUDGED = 20_000  # characters
_FEWEST_TAGS = 3
_NO_ARTICLE = "no article in the HTML"


def read_txt(file: File, params: ArticlesParams) -> Found:
    """The article of a text file; its id is the file's name.

    Parameters
    ----------
    file : File
        ``.txt``.
    params : ArticlesParams
        May ask for ids by content.
    """
    text = file.text()
    yield (
        _not_utf8(file, text)
        if isinstance(text, UnicodeDecodeError)
        else Row(file.name, 0, doc_id=file_id(file, params), text=text)
    )


def read_md(file: File, params: ArticlesParams) -> Found:
    """The article of a Markdown file, its marks taken off; front matter gives its further columns.

    Parameters
    ----------
    file : File
        ``.md``; YAML between two lines of ``---`` at its top is read as one row of a table.
    params : ArticlesParams
        Names columns of the front matter.
    """
    text = file.text()
    if isinstance(text, UnicodeDecodeError):
        yield _not_utf8(file, text)
        return
    text = text.replace("\r\n", "\n")
    facts: Mapping[Any, Any] = {}
    if found := _FRONT_MATTER.match(text):
        loaded = _yaml(found[1])
        if isinstance(loaded, str):
            yield Rejected(file.name, 0, file.stem, f"front matter is not YAML: {loaded}")
            return
        facts, text = loaded, text[found.end() :]
    chosen, extra, _ = pick(facts, params)
    if "text" in chosen:  # an entry of the front matter, such as "content: post"
        extra["text"] = chosen.pop("text")
    heading, body = _plain(text)
    chosen["doc_id"] = chosen.get("doc_id") or file_id(file, params)
    chosen["title"] = chosen.get("title") or heading
    yield Row(file.name, 0, **chosen, text=body, extra=extra)


def read_html(file: File, params: ArticlesParams) -> Found:
    """The article of an HTML page, with its title, date, author, site and address where the page states them.

    Parameters
    ----------
    file : File
        ``.html`` or ``.htm``, in any encoding the page declares.
    params : ArticlesParams
        May ask for ids by content.
    """
    content = file.read() if file.encoding == "utf-8" else b"".join(file.lines()).decode("utf-8")
    yield Row(file.name, 0, doc_id=file_id(file, params), text=content, is_html=True)


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
    return n_tags >= _FEWEST_TAGS and _BLOCK.search(text, 0, _JUDGED) is not None


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


def file_id(file: File, params: ArticlesParams) -> str | None:
    """Id of the article of a file: its name, or None where ids are to be given by content.

    Parameters
    ----------
    file : File
        One article.
    params : ArticlesParams
        ``id_column=""`` asks for ids by content.
    """
    return None if params.id_column == "" else file.stem


def from_html(row: Row) -> Row | Rejected:
    """The row with the article of its HTML for text; rejected where there is none.

    What the row knows already is kept; the page's own metadata fill what it does not (trafilatura, Barbaresi 2021).

    Parameters
    ----------
    row : Row
        Its text is HTML, as str or bytes.
    """
    html = row.text
    is_page = row.is_html or bool(_PAGE.match(_after_comments(html)))
    found = _extracted(html) if is_page else {"text": _fragment(html)}
    if not (found.get("text") or "").strip():
        return Rejected(row.file, row.row, None if row.doc_id is None else str(row.doc_id), _NO_ARTICLE)
    facts: dict[str, Any] = {"text": found["text"]}
    for name in ("title", "date", "author", "source", "url"):
        given = getattr(row, name)
        facts[name] = found.get(name) if is_missing(given) else given
    return replace(row, is_html=False, **facts)


def _extracted(html: str | bytes) -> dict[str, Any]:
    """Text and metadata of a page."""
    from trafilatura import bare_extraction

    # Only dates that the page states: no search through its text, which may hold those of other stories.
    dates = {"original_date": True, "extensive_search": False, "outputformat": "%Y-%m-%dT%H:%M:%S%z"}
    try:
        page = bare_extraction(html, with_metadata=True, include_comments=False, date_extraction_params=dates)
    except (ValueError, TypeError, RecursionError, AssertionError):
        return {}  # lxml refuses some pages; so is one without text
    if page is None:
        return {}
    facts = page if isinstance(page, dict) else page.as_dict()
    date = str(facts.get("date") or "").removesuffix("T00:00:00")
    return {
        "text": facts.get("text"),
        "title": facts.get("title"),
        "date": date or None,
        "author": facts.get("author"),
        "source": facts.get("sitename") or facts.get("hostname"),
        "url": facts.get("url"),
    }


def _fragment(html: str) -> str:
    """Visible text of a piece of HTML, one block a line."""
    from lxml import etree
    from lxml.html import fragment_fromstring

    try:
        tree = fragment_fromstring(html.replace("\0", ""), create_parent="div")
    except (ValueError, etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return ""
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


def _yaml(text: str) -> Mapping[Any, Any] | str:
    """A mapping in YAML, or why there is none."""
    import yaml

    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return " ".join(str(error).split())[:200]
    if value is None:
        return {}
    return value if isinstance(value, Mapping) else f"expected a mapping, got {type(value).__name__}"


def _plain(markdown: str) -> tuple[str | None, str]:
    """First heading of the first level, and the text without marks, one block a line."""
    from markdown_it import MarkdownIt

    title: str | None = None
    lines: list[str] = []
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type in ("fence", "code_block"):
            lines.append(token.content.strip())
        elif token.type == "html_block":
            lines.append(_fragment(token.content))
        elif token.type == "inline":
            text = "".join(_inline(token.children or []))
            if before is not None and before.type == "heading_open" and before.tag == "h1" and not (title or lines):
                title = " ".join(text.split())
            else:
                lines.append(text)
    return title, "\n\n".join(line for line in lines if line.strip())


def _inline(children: list[Any]) -> Iterator[str]:
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            yield " " if child.type == "softbreak" else "\n"
        elif child.type in ("text", "code_inline"):
            yield child.content


def _not_utf8(file: File, error: UnicodeDecodeError) -> Rejected:
    return Rejected(file.name, 0, file.stem, f"not UTF-8: byte {error.start} is 0x{error.object[error.start]:02x}")
