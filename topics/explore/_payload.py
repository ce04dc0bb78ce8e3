"""What the explorer is given at once: a description, and places, topics and columns as one block of bytes.

Texts are not in it, so that a hundred thousand documents open at once; they are asked for as they are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from topics._say import count, percent
from topics.explore._beside import Beside, beside
from topics.explore._columns import Column, columns_of
from topics.explore._topics import describe_topics
from topics.records import NOISE

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from topics.explore._run import Explorable

HEIGHT = 760  # pixels; not tuned: a notebook's cell that fits a screen
_HEADLINE = 160  # characters
_NO_DRAFTS = {"done": 0, "said": [], "saved": False, "drafts": True}


@dataclass(frozen=True, eq=False)
class Payload:
    """A run as the explorer takes it.

    Attributes
    ----------
    meta : Mapping
        JSON-able: ``name, n, parts, levels, columns, edits`` and what is said of the run. A part is an array in
        ``data``: ``dtype, offset, length``.
    data : bytes
        The arrays, little-endian.
    """

    meta: dict[str, Any]
    data: bytes


def payload_of(
    run: Explorable,
    *,
    height: int = HEIGHT,
    editable: bool = False,
    saves: bool = False,
    drafts: bool = False,
    described: Mapping[str, tuple[Mapping[str, Any], NDArray[np.int32]]] | None = None,
    other: Explorable | None = None,
) -> Payload:
    """What the explorer is given of a run.

    Parameters
    ----------
    run : Explorable
        Shown with the names that its topics have.
    height : int
        Of the explorer in pixels.
    editable : bool
        Whether topics can be edited in it.
    saves : bool
        Whether edits are saved at once.
    drafts : bool
        Whether edits can be drafted where there is no run, and saved as a file.
    described : Mapping or None
        Other levels by name, as :meth:`Session.level` gives them, where they are to be at hand from the start.
    other : Explorable or None
        Another run, shown beside this one.
    """
    documents = distinct_documents(run)
    labels = documents["topic"].to_numpy(np.int32)
    points = places_of(documents)
    aside = None if other is None else _beside(other, documents)
    columns = [*([aside.column()] if aside else []), *columns_of(documents)]
    arrays: dict[str, NDArray[Any]] = {
        "x": points[:, 0], "y": points[:, 1], "topic": _compact(labels), "n_copies": _n_copies(run, documents),
    }  # fmt: skip
    arrays |= {f"c{i}": column.values for i, column in enumerate(columns)}
    if aside:
        arrays |= {"bx": aside.points[:, 0], "by": aside.points[:, 1], "btopic": _compact(aside.labels)}
    others = described or {}
    arrays |= {f"l{i}": _compact(codes) for i, (_, codes) in enumerate(others.values())}
    at_hand = {name: {**level, "part": f"l{i}"} for i, (name, (level, _)) in enumerate(others.items())}
    parts, data = _packed(arrays)
    topics = describe_topics(
        run.topics(),
        run.records,
        labels=labels,
        points=points,
        headline=lambda row: headlines_of(documents.iloc[[row]])[0],
    )
    meta = {
        "name": run.name,
        "n": len(documents),
        "height": height,
        "said": _say(run, labels, n_topics=len(topics)),
        "neighbors": has_vectors(run),
        "parts": parts,
        "columns": [_describe(column, f"c{i}") for i, column in enumerate(columns)],
        "levels": [level | at_hand.get(level["name"], {}) for level in _levels(run, topics)],
        "beside": None if aside is None else _said_of(aside),
        "edits": _edits(run, saves=saves) if editable else _NO_DRAFTS if drafts else None,
        "journal": run.journal.to_bytes().decode() if run.journal.edits else None,
    }
    return Payload(meta, data)


def _beside(other: Explorable, documents: pd.DataFrame) -> Beside:
    others = distinct_documents(other)
    return beside(
        other, documents, others=others, points=places_of(others),
        headlines=lambda row: headlines_of(others.iloc[[row]])[0],
    )  # fmt: skip


def _said_of(aside: Beside) -> dict[str, Any]:
    counts = {"n_only_here": aside.n_only_here, "n_only_there": aside.n_only_there}
    return {"name": aside.name, "topics": aside.topics, **counts}


def distinct_documents(run: Explorable) -> pd.DataFrame:
    """One row a document, near-duplicates left out, in the order of the corpus.

    Parameters
    ----------
    run : Explorable
        Whose documents are asked for.
    """
    documents = run.documents()
    distinct: pd.DataFrame = documents[documents["copy_of"].isna()].reset_index(drop=True)
    return distinct


def headlines_of(documents: pd.DataFrame) -> list[str]:
    """The title of each document on one line, or its first words.

    Parameters
    ----------
    documents : pandas.DataFrame
        Rows of ``Run.documents()``.
    """
    pairs = zip(documents["title"].tolist(), documents["text"].tolist(), strict=True)
    return [headline_of(title, text) for title, text in pairs]


def headline_of(title: Any, text: str) -> str:
    """The title on one line, or the first words of the text.

    Parameters
    ----------
    title : str or missing value
        Of a document.
    text : str
        Of the document.
    """
    line = " ".join((title if isinstance(title, str) else text[: 2 * _HEADLINE]).split())
    return line if len(line) <= _HEADLINE else f"{line[:_HEADLINE]}…"


def places_of(documents: pd.DataFrame) -> NDArray[np.float32]:
    """Places on the map, in the middle of a square from -1 to 1; a run without a map has all in one place.

    Parameters
    ----------
    documents : pandas.DataFrame
        With ``x`` and ``y``.
    """
    points = np.nan_to_num(documents[["x", "y"]].to_numpy(np.float64))
    if not len(points):
        return np.zeros((0, 2), dtype=np.float32)
    low, high = points.min(axis=0), points.max(axis=0)
    reach = float((high - low).max()) / 2 or 1.0
    scaled: NDArray[np.float32] = ((points - (low + high) / 2) / reach).astype(np.float32)
    return scaled


def has_vectors(run: Explorable) -> bool:
    """Whether every document has a vector of its own, so that nearest ones can be told.

    Parameters
    ----------
    run : Explorable
        In memory or in its folder.
    """
    return run.path is None or run.kept.has_embeddings


def _levels(run: Explorable, topics: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The levels of detail: that of the run has its topics, the others are described when they are asked for."""
    told: list[dict[str, Any]] = [
        {
            "name": str(row["level"]),
            "chosen": bool(row["chosen"]),
            "n_clusters": int(row["n_clusters"]),
            "part": None,
            "topics": [],
        }
        for row in run.levels().to_dict("records")
    ]
    if not any(level["chosen"] for level in told):
        told.append({"name": "topic", "chosen": True})
    for level in told:
        if level["chosen"]:
            level |= {"n_clusters": len(topics), "part": "topic", "topics": topics}
    return told


def _describe(column: Column, part: str) -> dict[str, Any]:
    low, high = column.bounds()
    return {
        "name": column.name, "label": column.label, "kind": column.kind, "part": part, "values": list(column.names),
        "low": low, "high": high,
    }  # fmt: skip


def _edits(run: Explorable, *, saves: bool) -> dict[str, Any]:
    journal = run.journal
    return {"done": journal.n_done, "said": [edit.say() for edit in journal.edits], "saved": saves}


def _say(run: Explorable, labels: NDArray[np.int32], *, n_topics: int) -> str:
    said = [count(len(labels), "document"), count(n_topics, "topic")]
    if len(labels) and n_topics:
        share = float((labels == NOISE).mean())
        said.append(f"{percent(share, digits=1)} noise" if share else "no noise")
    return " · ".join(said)


def _n_copies(run: Explorable, documents: pd.DataFrame) -> NDArray[Any]:
    counts = run.documents()["copy_of"].dropna().value_counts()
    return _compact(documents["doc_id"].map(counts).fillna(0).to_numpy(np.int32))


def _compact(values: NDArray[Any]) -> NDArray[Any]:
    """The values in the smallest type that holds them."""
    for kind in (np.int8, np.int16):
        if not len(values) or (values.min() >= np.iinfo(kind).min and values.max() <= np.iinfo(kind).max):
            return values.astype(kind)
    return values


def _packed(arrays: dict[str, NDArray[Any]]) -> tuple[dict[str, Any], bytes]:
    """Where each array lies among the bytes of all, and these bytes."""
    parts: dict[str, Any] = {}
    blocks: Sequence[bytes] = [
        np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<")).tobytes() for values in arrays.values()
    ]
    offset = 0
    for (name, values), block in zip(arrays.items(), blocks, strict=True):
        parts[name] = {"dtype": values.dtype.name, "offset": offset, "length": len(values)}
        offset += len(block)
    return parts, b"".join(blocks)
