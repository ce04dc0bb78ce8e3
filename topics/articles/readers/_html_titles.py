"""The title of a page, without the name of its site: what ``<title>`` says holds both."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from topics.articles.readers._html_trees import squeezed

_SEPARATOR = re.compile(r"\s+[–•·—|⁄*⋆~‹«<›»>:-]\s+")
_SHORT = 4  # words; what follows the last separator is then a site's name or a section's
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}")
_MIN_SHARE = 0.5  # of the longer of two names that mean one site
_MIN_LETTERS = 4  # letters of a name that may be part of another


def whole_title(extracted: str | None, tree: Any, *, sites: Iterable[object]) -> str | None:
    """The title of a page, whole where the extractor cut its ``<title>`` at a dash.

    Parameters
    ----------
    extracted : str or None
        What the extractor took for the title.
    tree : lxml element
        The page.
    sites : iterable
        Names and domain of the site or outlet, as far as they are known.
    """
    element = tree.find(".//head//title")
    whole = "" if element is None else " ".join(element.text_content().split())
    if not extracted or not whole or extracted == whole or _is_stated(extracted, tree):
        return extracted
    names = [name for site in sites if isinstance(site, str) for name in _names(site)]
    first = _SEPARATOR.split(whole, maxsplit=1)[0]
    if whole.endswith(extracted) and (_DOMAIN.fullmatch(first) or _is_site(first, names)):
        return extracted
    if not whole.startswith(extracted) and not whole.endswith(extracted):
        return extracted
    title = whole
    while separators := list(_SEPARATOR.finditer(title)):
        last = separators[-1]
        behind = title[last.end() :]
        if not last.start() or not (len(behind.split()) <= _SHORT or _is_site(behind, names)):
            break
        title = title[: last.start()]
        if title == extracted:
            break
    return title


def stated_site(site: str | None, tree: Any) -> str | None:
    """The name of a page's site, unless the extractor took a part of the title with a full stop for one.

    Parameters
    ----------
    site : str or None
        What the extractor took for the name.
    tree : lxml element
        The page.
    """
    element = tree.find(".//head//title")
    parts = [] if element is None else _SEPARATOR.split(" ".join(element.text_content().split()))
    guessed = site is not None and site in parts and not _DOMAIN.fullmatch(site) and len(site.split()) > 1
    return None if site is not None and guessed and not _is_stated(site, tree) else site


def _is_stated(title: str, tree: Any) -> bool:
    """Whether the page states a title, or a site, elsewhere than in its ``<title>``."""
    if any(" ".join(heading.text_content().split()) == title for heading in tree.iter("h1")):
        return True
    if any(" ".join(content.split()) == title for content in tree.xpath("//meta/@content")):
        return True
    return any(title in (script.text or "") for script in tree.xpath('//script[@type="application/ld+json"]'))


def _names(site: str) -> list[str]:
    """A site's name as it is compared; of a domain also the part before its ending."""
    bare = site.strip().removeprefix("www.")
    names = [bare, bare.rsplit(".", 1)[0]] if _DOMAIN.fullmatch(bare) else [bare]
    return [name for name in map(squeezed, names) if name]


def _is_site(words: str, names: Iterable[str]) -> bool:
    plain = squeezed(words)
    for name in names:
        short, long = sorted((plain, name), key=len)
        if short == long or (len(short) >= max(_MIN_LETTERS, _MIN_SHARE * len(long)) and short in long):
            return True
    return False
