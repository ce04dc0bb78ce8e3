"""A run as one offline page: what was found in sentences, the explorer with its data, topics, levels, scores."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from topics._say import count
from topics.explore import Details, Session, explorer_script, payload_of
from topics.explore._payload import has_vectors
from topics.report._page import render_page
from topics.report._summary import (
    cards_of,
    cleaned_of,
    edits_of,
    ledger_of,
    levels_of,
    methods_of,
    noise_of,
    scores_of,
    summary_of,
)
from topics.report._time import courses_of, time_of

if TYPE_CHECKING:
    from topics.explore._run import Explorable
    from topics.records import Neighbors

_MAX_BYTES = 15_000_000  # of a page: what can be sent by mail and opens in seconds
# Characters that texts are shortened to, until they fit.
_LENGTHS = (16_000, 12_000, 8_000, 6_000, 4_000, 3_000, 2_000, 1_500, 1_000, 800, 650, 500, 400, 300, 200, 120)
_SHORT = 2_000  # characters below which a shortened text goes without the lines that were removed from its page
_SAMPLE = 1_000  # documents by which it is guessed what all take
_HEIGHT = 820  # pixels of the explorer


@dataclass(frozen=True)
class _Texts:
    """The documents of a page, and what is said of their length."""

    held: str
    note: str


def report_html(run: Explorable, *, max_bytes: int = _MAX_BYTES, beside: Explorable | None = None) -> str:
    """One page that opens from a disk, loads nothing and runs its own script alone.

    Parameters
    ----------
    run : Explorable
        Shown with the names that its topics have.
    max_bytes : int
        What the page may take; texts are shortened until they fit, which the page says.
    beside : Explorable or None
        Another run, whose map is shown beside that of this one.
    """
    session = Session(run, save=False)
    others = [str(row["level"]) for row in run.levels().to_dict("records") if not row["chosen"]]
    described = {name: session.level(name) for name in others}
    payload = payload_of(run, height=_HEIGHT, described=described, other=beside, drafts=True)
    details = Details(run, neighbors=_neighbors(run))
    held = {
        "meta": _held(payload.meta),
        "data": _base64(payload.data),
        "rows": _held({"rows": details.rows(range(payload.meta["n"]))}),
    }
    spent = len(explorer_script().encode()) + sum(map(len, held.values()))
    texts = _texts(details, payload.meta["n"], room=max_bytes - spent)
    topics = payload.meta["levels"]
    chosen = next(level["topics"] for level in topics if level["chosen"])
    values = {
        "summary": summary_of(run),
        "cards": cards_of(chosen, n_documents=payload.meta["n"], courses=courses_of(run)),
        "time": time_of(run),
        "edits": edits_of(run),
        "ledger": ledger_of(run),
        "methods": methods_of(run),
        "levels": levels_of(run),
        "noise": noise_of(run),
        "cleaned": cleaned_of(run),
        "scores": scores_of(run),
        "notes": [*run.warnings, *([texts.note] if texts.note else [])],
        "held": {**held, "texts": texts.held},
    }
    return render_page("report_page.html.j2", values, title=run.name, scripts={"explorer": explorer_script()})


def _texts(details: Details, n: int, *, room: int) -> _Texts:
    """The documents in full, or as long as there is room for."""
    documents = [_without_listed(details.document(row)) for row in range(n)]
    sample = documents[:: max(1, n // _SAMPLE)]
    if len(_held({"documents": sample})) * n <= room * max(1, len(sample)):
        held = _held({"documents": documents})
        if len(held) <= room:
            return _Texts(held, "")
    for length in _LENGTHS:
        few = [_shortened(document, length) for document in sample]
        if len(_held({"documents": few})) * n > room * max(1, len(sample)) and length != _LENGTHS[-1]:
            continue
        short = [_shortened(document, length) for document in documents]
        held = _held({"documents": short})
        if len(held) <= room:
            break
    n_cut = sum(document["cut"] for document in short)
    note = (
        f"so that this page stays small, the texts of {count(n_cut, 'document')} are shortened to {length:,} "
        "characters on it, and words are searched in what is left; the run has all of them"
    )
    return _Texts(held, note)


def _without_listed(document: dict[str, Any]) -> dict[str, Any]:
    """A document without what the list of all has: headlines of its neighbors, its id and date."""
    near = document["neighbors"]
    kept = {name: value for name, value in document.items() if name not in ("doc_id", "date")}
    return kept | {"neighbors": None if near is None else [pair[:2] for pair in near]}


def _shortened(document: dict[str, Any], length: int) -> dict[str, Any]:
    if len(document["text"]) <= length:
        return document
    removed = document["removed"] if length >= _SHORT else []
    return document | {"text": f"{document['text'][:length]} …", "cut": True, "removed": removed}


def _neighbors(run: Explorable) -> Neighbors | None:
    """The nearest of each document; None where not every one has a vector."""
    from topics.neighbors import find_neighbors

    if run.fitted.neighbors is not None or not has_vectors(run):
        return run.fitted.neighbors
    return find_neighbors(run.fitted.embeddings, run.config.neighbors)


def _held(value: Mapping[str, Any]) -> str:
    return _base64(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8"))


def _base64(content: bytes) -> str:
    """Compressed, in letters that mean nothing in HTML; the same content gives the same letters."""
    return base64.b64encode(gzip.compress(content, compresslevel=6, mtime=0)).decode("ascii")
