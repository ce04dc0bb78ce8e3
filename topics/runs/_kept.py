"""A run's folder as it lies on the disk: result files at once, the records behind them when they are asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics.config import RunConfig
from topics.errors import InputError
from topics.predict import freeze_assigner
from topics.records import (
    Assigner,
    Clusters,
    Corpus,
    Embeddings,
    Layout,
    Levels,
    Lexicon,
    Records,
    Scores,
    TermCounts,
    Topics,
)
from topics.records._bundle import Exemplars
from topics.runs._aside import Remainder, find_exemplars, origin_of, remainder_of, stand_ins
from topics.runs._format import JOURNAL_FILE, MANIFEST, RECORDS_FOLDER, SCORES_FILE, TABLES, TABLES_ASIDE
from topics.runs._journal import Journal
from topics.runs._other_formats import check_format
from topics.runs._tables import corpus_of
from topics.store import Store, StoreError, read_folder, read_table

if TYPE_CHECKING:
    import pyarrow as pa


_KINDS: dict[str, type[Any]] = {
    "assigner": Assigner, "clusters": Clusters, "counts": TermCounts, "embeddings": Embeddings, "exemplars": Exemplars,
    "layout": Layout, "levels": Levels, "lexicon": Lexicon, "map": Layout, "novelty": Assigner, "remainder": Remainder,
    "scores": Scores, "topics": Topics,
}  # fmt: skip
_SAID = {"corpus", "finished", "reports", "revision", "title", "warnings"}  # of the manifest, beside what is checked
# A folder from before there were assigners has none; what tells new subjects came later.
_OPTIONAL = ("assigner", "embeddings", "layout", "lexicon", "map", "novelty")


def keep_fitted(folder: Path, records: Records) -> dict[str, dict[str, Any]]:
    """Write the records of a run into its folder; where each lies, and its bytes.

    Parameters
    ----------
    folder : Path
        The run's.
    records : Records
        As they were fitted, with scores.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    assigner = records.assigner or freeze_assigner(records.embeddings, records.levels, clusters=records.clusters)
    parts: dict[str, Any] = {
        "assigner": assigner,
        "embeddings": records.embeddings,
        "levels": records.levels,
        "clusters": records.clusters,
        "counts": records.counts,
        "topics": records.topics,
        "scores": records.scores,
        "remainder": remainder_of(records),
        "exemplars": find_exemplars(records.embeddings, records.levels, clusters=records.clusters),
    }
    if records.lexicon is not None:
        parts["lexicon"] = records.lexicon
    if records.novelty is not None:
        parts["novelty"] = records.novelty
    if records.map is not None:
        parts["map"] = records.map
    if records.layouts:
        parts["layout"] = records.layouts[0]
    store = Store(folder / RECORDS_FOLDER)
    return {name: store.keep(record) for name, record in sorted(parts.items())}


def keep_edited(folder: Path, records: Records) -> dict[str, dict[str, Any]]:
    """Write the records that edits made into a run's folder; where each lies, and its bytes.

    Parameters
    ----------
    folder : Path
        The run's.
    records : Records
        After the edits, with scores.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    store = Store(folder / RECORDS_FOLDER)
    parts = {
        "clusters": records.clusters,
        "topics": records.topics,
        "scores": records.scores,
        "remainder": remainder_of(records),
    }
    return {name: store.keep(record) for name, record in sorted(parts.items())}


@dataclass(frozen=True, eq=False)
class Kept:
    """What a run's folder holds, every result file checked against its SHA-256.

    Attributes
    ----------
    folder : Path
        The run's.
    manifest : Mapping
        ``run.json``.
    tables : Mapping
        Every table by name.
    scores : Mapping
        ``scores.json``.
    journal : Journal
        The run's edits.
    """

    folder: Path
    manifest: Mapping[str, Any]
    tables: Mapping[str, pa.Table]
    scores: Mapping[str, Any]
    journal: Journal

    @classmethod
    def read(cls, folder: Path) -> Kept:
        """What is in a folder.

        Parameters
        ----------
        folder : Path
            A run's.

        Raises
        ------
        StoreError
            If it holds no finished run of this format, or a file is missing or changed.
        """
        try:
            manifest, files = read_folder(folder, MANIFEST)
        except FileNotFoundError as error:
            raise StoreError(
                f"{str(folder)!r} holds no finished run: {error.filename} is missing; run it again"
            ) from None
        check_format(folder, manifest)
        missing = sorted({SCORES_FILE, *(f"{name}.parquet" for name in (*TABLES, *TABLES_ASIDE))} - files.keys())
        if missing:
            raise StoreError(f"{folder / MANIFEST}: expected a run's files, it names no {missing[0]!r}; run it again")
        try:
            parts = manifest["records"]
            entries = [entry for state in ("fitted", "edited") for entry in parts[state].values()]
            known = parts["fitted"].keys() >= _KINDS.keys() - set(_OPTIONAL) and parts["edited"].keys() <= _KINDS.keys()
            whole = all({"stage", "sha256", "bytes"} <= entry.keys() for entry in entries)
            if not known or not whole or not manifest.keys() >= _SAID:
                raise InputError("some are missing")
            RunConfig.from_dict(manifest["config"])
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise StoreError(
                f"{folder / MANIFEST}: expected a run's records and config ({error}); run it again"
            ) from None
        journal = Journal()
        if JOURNAL_FILE in files:
            journal = Journal.from_bytes(files[JOURNAL_FILE], path=str(folder / JOURNAL_FILE))
        tables = {name: read_table(files[f"{name}.parquet"]) for name in (*TABLES, *TABLES_ASIDE)}
        return cls(folder, manifest, tables, json.loads(files[SCORES_FILE]), journal)

    @cached_property
    def config(self) -> RunConfig:
        """The run's config."""
        return RunConfig.from_dict(self.manifest["config"])

    @property
    def has_embeddings(self) -> bool:
        """Whether the vectors of all documents are in the folder."""
        return "embeddings" in self.manifest["records"]["fitted"]

    @cached_property
    def exemplars(self) -> Exemplars:
        """Vectors of the documents that stand for each cluster as it was fitted."""
        exemplars: Exemplars = self.record("exemplars")
        return exemplars

    @cached_property
    def corpus(self) -> Corpus:
        """The documents, with what was rejected and removed."""
        remainder = self.record("remainder")
        rest = Corpus(
            self.tables["documents"],
            self.tables["documents"],
            self.tables["rejected"],
            self.tables["removed"],
            remainder.input_rows.column("rows").combine_chunks(),
            origin_of(remainder.corpus),
        )
        return corpus_of(self.tables["documents"], rest)

    @cached_property
    def fitted(self) -> Records:
        """The records as they were before any edit."""
        remainder = self.record("remainder")
        levels, clusters = self.record("levels"), self.record("clusters")
        vectors = (
            self.record("embeddings") if self.has_embeddings else stand_ins(self.exemplars, levels, clusters=clusters)
        )
        layout = self.record("layout")
        return Records(
            self.corpus,
            vectors,
            levels,
            clusters,
            self.record("counts"),
            self.record("topics"),
            tuple(origin_of(origin) for origin in remainder.origins),
            map=self.record("map"),
            scores=self.record("scores"),
            layouts=() if layout is None else (layout,),
        )

    @cached_property
    def records(self) -> Records:
        """The records after the edits that are in effect in the folder."""
        if not self.manifest["records"]["edited"]:
            return self.fitted
        remainder = self.record("remainder", "edited")
        return replace(
            self.fitted,
            clusters=self.record("clusters", "edited"),
            topics=self.record("topics", "edited"),
            scores=self.record("scores", "edited"),
            origins=tuple(origin_of(origin) for origin in remainder.origins),
        )

    def record(self, name: str, state: str = "fitted") -> Any:
        """One record of the folder; None where it is not there.

        Parameters
        ----------
        name : str
            As the manifest calls it, such as "levels".
        state : {"fitted", "edited"}
            Whether the one from before the edits, or after them.

        Raises
        ------
        StoreError
            If it is not bit for bit what was written.
        """
        entry = self.manifest["records"][state].get(name)
        if entry is None:
            return None
        return Store(self.folder / RECORDS_FOLDER).kept(_KINDS[name], entry["stage"], sha256=entry["sha256"])
