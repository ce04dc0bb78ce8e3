"""A run's tables → the frames that people look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from topics.records import NOISE
from topics.runs._names import Names

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def frame_of(table: pa.Table) -> pd.DataFrame:
    """A table as a frame."""
    frame: pd.DataFrame = table.to_pandas(use_threads=False)
    return frame


def documents_frame(tables: Mapping[str, pa.Table]) -> pd.DataFrame:
    """One row an article with its place on the map; see :meth:`Run.documents`.

    Parameters
    ----------
    tables : Mapping
        A run's.
    """
    import pandas as pd

    layout, frame = frame_of(tables["layout2d"]), frame_of(tables["documents"])
    canonical = frame["copy_of"].where(frame["copy_of"].notna(), frame["doc_id"])
    places = layout.set_index("doc_id").loc[canonical, ["x", "y"]].reset_index(drop=True)
    first = [*frame.columns[: list(frame.columns).index("strength") + 1]]
    whole: pd.DataFrame = pd.concat([frame[first], places, frame.drop(columns=first)], axis=1)
    return whole


def topics_frame(tables: Mapping[str, pa.Table], names: Names) -> pd.DataFrame:
    """One row a topic with its name; see :meth:`Run.topics`.

    Parameters
    ----------
    tables : Mapping
        A run's.
    names : Names
        Those there are.
    """
    frame = frame_of(tables["topics"])
    named = names.match(members_of(tables)) if names.entries else {}
    rows = [named.get(topic) for topic in frame["topic"].tolist()]
    frame.insert(1, "name", [row and row[0].name for row in rows])
    frame.insert(2, "named_by", [row and (row[0].by or "hand") for row in rows])
    frame.insert(3, "name_match", [row[1] if row else float("nan") for row in rows])
    validated = names.match_validated(members_of(tables)) if names.validated else {}
    frame.insert(4, "validated", [validated.get(topic, float("nan")) for topic in frame["topic"].tolist()])
    return frame


def members_of(tables: Mapping[str, pa.Table]) -> dict[int, frozenset[str]]:
    """Ids of the documents of each topic, near-duplicates left out.

    Parameters
    ----------
    tables : Mapping
        A run's.
    """
    columns = (tables["documents"][name].to_pylist() for name in ("doc_id", "copy_of", "topic"))
    of_topic: dict[int, set[str]] = {}
    for doc_id, copy_of, topic in zip(*columns, strict=True):
        if copy_of is None and topic != NOISE:
            of_topic.setdefault(topic, set()).add(doc_id)
    return {topic: frozenset(ids) for topic, ids in sorted(of_topic.items())}


def pages_frame(documents: pd.DataFrame) -> pd.DataFrame:
    """One row an article as it came; see :meth:`Run.pages`.

    Parameters
    ----------
    documents : pandas.DataFrame
        ``Run.documents()``.
    """
    import pandas as pd

    page = documents["parent_id"].where(documents["parent_id"].notna(), documents["doc_id"])
    return pd.DataFrame([_page(str(doc_id), group) for doc_id, group in documents.groupby(page, sort=True)])


def _page(doc_id: str, documents: pd.DataFrame) -> dict[str, Any]:
    """One row for the documents of a page."""
    first = documents.iloc[0]
    whole = len(documents) == 1 and not isinstance(first["parent_id"], str)
    n_characters: Counter[int] = Counter()
    for topic, text in zip(documents["topic"], documents["text"], strict=True):
        n_characters[int(topic)] += len(text)
    stories = [
        text if whole or not isinstance(title, str) else f"{title}\n\n{text}"
        for title, text in zip(documents["title"], documents["text"], strict=True)
    ]
    return {
        "doc_id": doc_id,
        "n_documents": len(documents),
        "topics": documents["topic"].tolist(),
        "topic": min(n_characters, key=lambda topic: (-n_characters[topic], topic)),
        "title": first["title"] if whole else first["parent_title"],
        "text": "\n\n".join(stories),
        "date": first["date"],
        "lang": first["lang"],
        "source": first["source"],
    }
