"""Files that are one article each → rows: ``.txt``, ``.md``, ``.html``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from topics.articles._article import Article
from topics.articles.readers._cells import CellError
from topics.articles.readers._columns import pick
from topics.articles.readers._files import File
from topics.articles.readers._front_matter import cut_front_matter
from topics.articles.readers._html import fragment
from topics.articles.readers._html_trees import TooDeepError
from topics.articles.readers._rows import Rejected, Rows
from topics.config import ArticlesParams


def read_txt(file: File, params: ArticlesParams) -> Rows:
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
        else Article(file.name, 0, doc_id=file_id(file, params), text=text)
    )


def read_md(file: File, params: ArticlesParams) -> Rows:
    """The article of a Markdown file, its marks taken off; front matter gives its further columns.

    Parameters
    ----------
    file : File
        ``.md``; YAML or TOML at its top is read as one row of a table.
    params : ArticlesParams
        Names columns of the front matter.
    """
    text = file.text()
    if isinstance(text, UnicodeDecodeError):
        yield _not_utf8(file, text)
        return
    text = text.replace("\r\n", "\n")
    front_matter, text = cut_front_matter(text)
    if isinstance(front_matter, str):
        yield Rejected(file.name, 0, file.stem, f"front matter is {front_matter}")
        return
    try:
        chosen, extra = pick(front_matter, params)
    except CellError as error:
        yield Rejected(file.name, 0, file.stem, f"front matter is {error}")
        return
    if "text" in chosen:  # an entry of the front matter, such as "content: post"
        extra["text"] = chosen.pop("text")
    try:
        heading, body = _plain(text)
    except TooDeepError as error:
        yield Rejected(file.name, 0, file.stem, f"HTML is {error}")
        return
    chosen["doc_id"] = chosen.get("doc_id") or file_id(file, params)
    chosen["title"] = chosen.get("title") or heading
    yield Article(file.name, 0, **chosen, text=body, extra=extra)


def read_html(file: File, params: ArticlesParams) -> Rows:
    """The article of an HTML page, with its title, date, author, site and address where the page states them.

    Parameters
    ----------
    file : File
        ``.html`` or ``.htm``, in any encoding the page declares.
    params : ArticlesParams
        May ask for ids by content.
    """
    content = file.read() if file.encoding == "utf-8" else b"".join(file.lines()).decode("utf-8")
    yield Article(file.name, 0, doc_id=file_id(file, params), text=content, is_html=True)


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
            lines.append(fragment(token.content))
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
