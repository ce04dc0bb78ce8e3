"""Ids for articles that came without one: of their content, so that no order of the rows changes them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping

from topics.articles._article import Article
from topics.articles.readers._rows import ArticlesError


def with_ids(articles: list[Article], contents: Mapping[int, str]) -> Iterator[Article]:
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
        yield article.with_({"doc_id": _numbered(contents[article.place], seen), "rows": rows[known]})


def _numbered(doc_id: str, seen: Counter[str]) -> str:
    """The id, or the next free one like it where it was given out before."""
    seen[doc_id] += 1
    return doc_id if seen[doc_id] == 1 else f"{doc_id}-{seen[doc_id]}"


def _metadata_of(article: Article) -> tuple[str, ...]:
    return tuple(
        str(value) for value in (article.date, article.lang, article.source, article.author, article.url, article.extra)
    )


def content_id(title: str | None, text: str) -> str:
    """The id of an article that came without one."""
    return hashlib.sha256(f"{title or ''}\n\n{text}".encode()).hexdigest()[:16]
