"""HTML → its tree, as deep as pages go: libxml2 drops, without a word, what is nested deeper than its limit."""

from __future__ import annotations

from typing import Any

_SHALLOW = 240  # levels that libxml2 reads in any case
_IMPLIED = 10  # levels, at most, that the parser puts in without a tag of their own
_DEEPEST = 2000  # a little less than it reads with huge trees allowed


class TooDeepError(ValueError):
    """HTML nested deeper than can be read."""


def page_tree(html: str) -> Any:
    """The tree of a whole page; None where there is none.

    Parameters
    ----------
    html : str
        A page.

    Raises
    ------
    TooDeepError
        If it is nested deeper than can be read.
    """
    from lxml import etree
    from lxml.html import HTMLParser, fromstring
    from trafilatura.utils import load_html

    tree = load_html(html)
    if html.count("<") < _SHALLOW - _IMPLIED or (tree is not None and not _reaches(tree, _SHALLOW, html)):
        return tree
    parser = HTMLParser(
        huge_tree=True,
        encoding="utf-8",
        collect_ids=False,
        default_doctype=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        whole = fromstring(html.encode("utf-8", "surrogatepass"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):  # it is empty
        return tree
    _checked(whole, html)
    return None if tree is None else whole


def fragment_tree(html: str) -> Any:
    """The tree of a piece of HTML.

    Parameters
    ----------
    html : str
        Well-formed or not.

    Raises
    ------
    TooDeepError
        If it is nested deeper than can be read.
    """
    from lxml.html import HTMLParser, fragment_fromstring

    return _checked(fragment_fromstring(html, create_parent="div", parser=HTMLParser(huge_tree=True)), html)


def _checked(tree: Any, html: str) -> Any:
    if _reaches(tree, _DEEPEST, html):
        raise TooDeepError(f"nested too deeply: more than {_DEEPEST} levels")
    return tree


def _reaches(tree: Any, levels: int, html: str) -> bool:
    """Whether elements are nested so deeply; found level by level, so that no stack runs over."""
    return html.count("<") >= levels - _IMPLIED and bool(tree.xpath(f"boolean(.{'/*' * levels})"))


def squeezed(text: str) -> str:
    """The letters and digits of a text alone, in lower case: what is the same but for spaces and marks is equal."""
    return "".join(filter(str.isalnum, text.casefold()))
