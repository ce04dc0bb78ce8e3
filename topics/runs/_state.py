"""What a run is behind its frames: records as they were fitted, edits, and what comes of both, made when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from topics._describe import edit as edit_records
from topics.config import RunConfig
from topics.records import Clusters, Records
from topics.records._bundle import Exemplars
from topics.runs._aside import find_exemplars
from topics.runs._found import edited_of, found_of
from topics.runs._journal import Edit, Journal
from topics.runs._kept import Kept
from topics.runs._manifest import run_manifest
from topics.runs._replaying import apply, replay
from topics.runs._tables import tables_of

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, eq=False)
class State:
    """A run at one place of its journal.

    Attributes
    ----------
    config : RunConfig
        What it was made with.
    title : str
        What its map is headed by: the name that its folder was made under.
    journal : Journal
        Its edits.
    kept : Kept or None
        What its folder holds, which may be of another place of the journal; None of a run that is not saved.
    start : Records or None
        As they were fitted, of a run that was made of records.
    edited : Clusters or None
        After the edits, where they are known.
    """

    config: RunConfig
    title: str
    journal: Journal
    kept: Kept | None = None
    start: Records | None = None
    edited: Clusters | None = None

    def with_edit(self, edit: Edit) -> State:
        """The state after another edit.

        Parameters
        ----------
        edit : Edit
            What is done.

        Raises
        ------
        ValueError
            If it cannot be done.
        """
        doc_ids, levels = self.fitted.corpus.doc_ids, self.fitted.levels
        clusters = apply(edit, self.clusters, doc_ids=doc_ids, levels=levels)
        return replace(self, journal=self.journal.with_edit(edit), edited=clusters)

    def at(self, journal: Journal) -> State:
        """The state at another place of the journal.

        Parameters
        ----------
        journal : Journal
            With the same edits, more of them in effect or fewer.
        """
        same = journal.of_clusters == self.journal.of_clusters
        return replace(self, journal=journal, edited=self.edited if same else None)

    def kept_in(self, kept: Kept) -> State:
        """The state, of a run that was saved as it was before its edits.

        Parameters
        ----------
        kept : Kept
            What the folder holds.
        """
        return replace(self, kept=kept, start=None, title=str(kept.manifest["title"]))

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """``run.json``: config, corpus fingerprint, stage keys, file hashes, versions, CPU, seconds, warnings."""
        if self.kept is None:
            kept = run_manifest(self.records, config=self.config, title=self.title)
        elif self.kept.journal == self.journal:
            return self.kept.manifest
        elif self._as_kept:
            kept = dict(self.kept.manifest)
        else:
            warnings = [*self.records.notes(), *self.kept.manifest["reports"]]
            kept = {**self.kept.manifest, "warnings": warnings, "found": found_of(self.records, self.config)}
        return {**kept, "edited": edited_of(self.journal, self.records if self.journal.of_clusters else None)}

    @cached_property
    def scores(self) -> Mapping[str, Any]:
        """``scores.json``: name to value, definition and direction; empty of records that were not scored."""
        if self.kept is not None and self._as_kept:
            return self.kept.scores
        return self.records.scores.values if self.records.scores else {}

    @cached_property
    def records(self) -> Records:
        """The records of every stage, after the edits in effect; read from the folder when they are first asked for.

        Of a run that was read from its folder, ``neighbors`` is None, ``trees`` empty and ``layouts`` the first alone.
        """
        if self.kept is not None and self._as_kept:
            return self.kept.records
        if not self.journal.of_clusters:
            return self.fitted
        start = self.fitted
        if self._stands_in:
            start = replace(start, origins=(*start.origins, start.embeddings.origin))
        made = edit_records(self.config, start, clusters=self.clusters)
        if self._stands_in and made.scores is not None:  # distances between means say nothing of the documents
            values = {name: value for name, value in made.scores.values.items() if name != "silhouette"}
            made = replace(made, scores=replace(made.scores, values=values))
        return made

    @property
    def fitted(self) -> Records:
        """The records as they were before any edit."""
        if self.kept is not None:
            return self.kept.fitted
        assert self.start is not None
        return self.start

    @property
    def exemplars(self) -> Exemplars:
        """Vectors of the documents that stand for each cluster as it was fitted: what new documents are placed by."""
        if self.kept is not None:
            return self.kept.exemplars
        return find_exemplars(self.fitted.embeddings, self.fitted.levels, clusters=self.fitted.clusters)

    @cached_property
    def clusters(self) -> Clusters:
        """The clusters after the edits in effect."""
        if self.edited is not None:
            return self.edited
        if self.kept is not None and self._as_kept:
            return self.kept.records.clusters
        start = self.fitted
        return replay(self.journal.of_clusters, start.clusters, doc_ids=start.corpus.doc_ids, levels=start.levels)

    @cached_property
    def tables(self) -> Mapping[str, pa.Table]:
        """Every table by name, after the edits in effect."""
        if self.kept is not None and self._as_kept:
            return self.kept.tables
        return tables_of(self.records)

    @property
    def _as_kept(self) -> bool:
        """Whether its clusters are those in its folder."""
        return self.kept is not None and self.kept.journal.of_clusters == self.journal.of_clusters

    @property
    def _stands_in(self) -> bool:
        """Whether some of its documents have no vectors of their own."""
        return self.kept is not None and not self.kept.has_embeddings and bool(self.fitted.embeddings.origin.notes)
