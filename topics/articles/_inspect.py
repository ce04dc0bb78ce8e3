"""One page of many, with what became of each of its lines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from topics.articles._cleaning import Cleaner, CleanPage
from topics.articles._gathering import gather
from topics.articles._read import rows_at
from topics.articles._repair import Repairs
from topics.articles.readers._rows import ArticlesError
from topics.config import ArticlesParams


def inspect(path: str | Path, which: int | str, *, config: ArticlesParams | None = None) -> CleanPage:
    """A page of the articles at a path, cleaned as in a run: every line with the reason for which it goes, if it does.

    All pages are read, since a line that recurs on many of them is boilerplate.

    Parameters
    ----------
    path : str or Path
        As for :func:`topics.articles.read`.
    which : int or str
        Place of the page by id, from 1; or its id, or that place in digits where no page has them for its id.
    config : ArticlesParams or None
        None takes the defaults.

    Raises
    ------
    ArticlesError
        If there is no such page.
    """
    params = config or ArticlesParams()
    with rows_at(path, params, progress=True) as rows:
        gathered = gather(rows, repairs=Repairs(fix_mojibake=params.fix_mojibake), pages="all")
    by_id: Mapping[str, int] = {article.doc_id: i for i, article in enumerate(gathered.items)}
    as_place = int(which) - 1 if isinstance(which, int) or which.isdecimal() else -1
    place = as_place if isinstance(which, int) else by_id.get(which, as_place)
    if not 0 <= place < len(gathered.items):
        raise ArticlesError(f"{path}: expected a page from 1 to {len(gathered.items)}, or an id, got {which!r}")
    article = gathered.items[place]
    return Cleaner(gathered, params).clean(article, gathered.texts[article.place])
