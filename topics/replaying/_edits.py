"""The edits of a run done again on what a replay has fitted, and the result files that come of both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from topics.records import Clusters, Records, digest_of
from topics.replaying._originals import Originals
from topics.replaying._verdicts import BYTES, DIFFERENT, NEAR, NOT_COMPARED, Difference, compare_records
from topics.runs._aside import find_exemplars, stand_ins
from topics.runs._format import SCORES_FILE
from topics.runs._kept import Kept
from topics.runs._replaying import replay as done_again
from topics.runs._write import run_files
from topics.store import StoreError, read_table

FILES = "files"
EDITED_FROM = ("embed", "levels", "cut", "terms", "reduce")
_EDITED = ("clusters", "topics", "scores")
_STAND_INS = "stand_ins"


def replay_edits(
    kept: Kept, records: Records, *, originals: Originals, corpus_is_same: bool
) -> Iterator[tuple[str, Difference]]:
    """How far the edited clusters, topics and scores, and then the result files, are what the run's folder holds.

    Parameters
    ----------
    kept : Kept
        What the folder holds, its journal among it.
    records : Records
        As the replay fitted them.
    originals : Originals
        The run's own records.
    corpus_is_same : bool
        Whether the documents are those of the run, whose notes, which name its files, then stand in its page.
    """
    edits = kept.journal.of_clusters
    if edits:
        try:
            start = _with_stand_ins(kept, records) if _stands_in(kept) else records
            clusters = done_again(edits, start.clusters, doc_ids=start.corpus.doc_ids, levels=start.levels)
        except StoreError as error:
            yield "clusters (edited)", Difference(DIFFERENT, str(error))
            yield from ((f"{name} (edited)", Difference(NOT_COMPARED, "an edit does not fit")) for name in _EDITED[1:])
            yield FILES, Difference(NOT_COMPARED, "an edit does not fit")
            return
        records = _edited(kept, start, clusters)
        for name in _EDITED:
            yield f"{name} (edited)", _compared(originals, name, getattr(records, name))
    yield FILES, _files(kept, records, originals=originals, corpus_is_same=corpus_is_same)


def _edited(kept: Kept, start: Records, clusters: Clusters) -> Records:
    from topics import pipeline

    made = pipeline.edit(kept.config, start, clusters=clusters)
    if _stands_in(kept) and made.scores is not None:
        values = {name: value for name, value in made.scores.values.items() if name != "silhouette"}
        made = replace(made, scores=replace(made.scores, values=values))
    return made


def _stands_in(kept: Kept) -> bool:
    """Whether the edits were described by vectors of exemplars alone."""
    remainder = kept.record("remainder", "edited")
    return remainder is not None and any(origin["stage"] == _STAND_INS for origin in remainder.origins)


def _with_stand_ins(kept: Kept, records: Records) -> Records:
    exemplars = find_exemplars(records.embeddings, records.levels, clusters=records.clusters)
    vectors = stand_ins(exemplars, records.levels, clusters=records.clusters)
    return replace(records, embeddings=vectors, origins=(*records.origins, vectors.origin))


def _compared(originals: Originals, name: str, made: Any) -> Difference:
    if originals.damage.get(f"{name} (edited)"):
        return Difference(NOT_COMPARED, "the run's own record is damaged")
    own = originals.kept.record(name, "edited")
    return Difference(BYTES) if digest_of(own) == digest_of(made) else compare_records(own, made)


def _files(kept: Kept, records: Records, *, originals: Originals, corpus_is_same: bool) -> Difference:
    """How far the result files are those in the folder, byte for byte; a page's notes name the run's own files."""
    own = originals.corpus
    if corpus_is_same and own is not None:
        origin = replace(records.corpus.origin, notes=own.origin.notes)
        records = replace(records, corpus=replace(records.corpus, origin=origin))
    made = run_files(records)
    said = kept.manifest["files"]
    other = [name for name, content in made.items() if hashlib.sha256(content).hexdigest() != said[name]["sha256"]]
    if not other:
        return Difference(BYTES)
    content = [name for name in other if not _same_content(kept, name, made[name])]
    if not content:
        return Difference(NEAR, f"the same content in other bytes: {', '.join(other)}")
    return Difference(DIFFERENT, f"{len(content)} of {len(made)}: {', '.join(content)}")


def _same_content(kept: Kept, name: str, made: bytes) -> bool:
    if name == SCORES_FILE:
        return bool(json.loads(made) == kept.scores)
    return bool(read_table(made).equals(kept.tables[name.removesuffix(".parquet")]))
