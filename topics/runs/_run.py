"""A run: what was found in one corpus, looked at, edited and kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics._notebook import fragment
from topics._say import count
from topics.config import RunConfig
from topics.errors import InputError
from topics.records import Clusters, Records
from topics.records._bundle import Exemplars
from topics.runs import _frames as frames
from topics.runs._journal import Edit, Journal
from topics.runs._kept import Kept
from topics.runs._meaning import Meaning, meaning_of
from topics.runs._methods import Methods, methods_of
from topics.runs._names import Names
from topics.runs._naming import name_entry, names_beside
from topics.runs._privacy import Privacy, public_manifest
from topics.runs._replaying import merging, moving, on_topic, renaming, validating
from topics.runs._state import State
from topics.runs._write import save_records, write_edits
from topics.store import read_plain

if TYPE_CHECKING:
    import pandas as pd

    from topics.embed import Encoder


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """What was found in one corpus: frames to look at, records to go on from, and edits by hand.

    A run is made of records (:meth:`of`) or read from its folder (:meth:`load`). It never changes: an edit gives
    another run, and :meth:`save` writes that to the folder.

    Attributes
    ----------
    path : Path or None
        Its folder; None of a run that is not saved.
    names : Names
        Those that its topics may have.
    """

    path: Path | None
    names: Names
    _state: State

    @classmethod
    def of(cls, config: RunConfig, records: Records, *, title: str = "run") -> Run:
        """A run of records at hand, which is not saved.

        Parameters
        ----------
        config : RunConfig
            What they were made with.
        records : Records
            Of every stage.
        title : str
            What its map is headed by.
        """
        return cls(None, Names(), State(config, title, Journal(), start=records))

    @classmethod
    def load(cls, path: str | Path) -> Run:
        """The run in a folder, every result file checked against its SHA-256.

        Raises
        ------
        StoreError
            If the folder holds no finished run, or one of another format, a file is missing or changed, or the names
            beside the runs are no names.
        """
        folder = Path(path)
        if folder.name in ("", ".."):  # the folder of runs is the one above, under any spelling
            folder = folder.resolve()
        kept = Kept.read(folder)
        state = State(kept.config, str(kept.manifest["title"]), kept.journal, kept=kept)
        return cls(folder, names_beside(folder, kept.journal), state)

    def __repr__(self) -> str:
        counts = [
            count(self.manifest["corpus"]["n_documents"], "document"),
            count(len(self._state.tables["topics"]), "topic"),
        ]
        if self.journal.n_done:
            counts.append(count(self.journal.n_done, "edit"))
        return f"<Run {self.name!r}: {', '.join(counts)}{'' if self.path else ', not saved'}>"

    def _repr_html_(self) -> str:
        rows = [
            {
                "topic": row["topic"], "name": row["name"], "documents": row["size"],
                "reproducibility": row["reproducibility"], "terms": ", ".join(row["terms"]),
            }
            for row in self.topics().to_dict("records")
        ]  # fmt: skip
        return fragment(repr(self)[1:-1], rows, notes=self.warnings)

    @property
    def folder(self) -> Path:
        """Its folder.

        Raises
        ------
        ValueError
            If it is not saved.
        """
        return self.kept.folder

    @property
    def kept(self) -> Kept:
        """What its folder holds.

        Raises
        ------
        ValueError
            If it is not saved.
        """
        if self._state.kept is None:
            raise InputError("expected a run that is kept in a folder, got one that is not saved: run.save() first")
        return self._state.kept

    @property
    def name(self) -> str:
        """Name of its folder."""
        return self.path.name if self.path else self.title

    @property
    def title(self) -> str:
        """What its map is headed by: the name that its folder was made under."""
        return self._state.title

    @property
    def config(self) -> RunConfig:
        """What it was made with."""
        return self._state.config

    @property
    def journal(self) -> Journal:
        """Its edits."""
        return self._state.journal

    @property
    def manifest(self) -> Mapping[str, Any]:
        """``run.json``: config, corpus fingerprint, stage keys, file hashes, versions, CPU, seconds, warnings."""
        return self._state.manifest

    @property
    def scores(self) -> Mapping[str, Any]:
        """``scores.json``: name to value, definition and direction; empty of records that were not scored."""
        return self._state.scores

    @property
    def warnings(self) -> list[str]:
        """Sentences a reader of the result should know."""
        return list(self.manifest["warnings"])

    @property
    def records(self) -> Records:
        """The records of every stage, after the edits in effect; read from the folder when they are first asked for.

        Of a run that was read from its folder, ``neighbors`` is None, ``trees`` empty and ``layouts`` the first alone.
        """
        return self._state.records

    @property
    def fitted(self) -> Records:
        """The records as they were before any edit."""
        return self._state.fitted

    @property
    def exemplars(self) -> Exemplars:
        """Vectors of the documents that stand for each cluster as it was fitted: what new documents are placed by."""
        return self._state.exemplars

    @property
    def clusters(self) -> Clusters:
        """The clusters after the edits in effect."""
        return self._state.clusters

    def documents(self) -> pd.DataFrame:
        """One row an article (near-duplicates too), by id.

        Columns ``doc_id, title, text, date, date_precision, lang, other_langs, source, author, url, parent_id,
        parent_title, copy_of, topic, strength, x, y``; ``original_topic, method, confidence``: the topic before noise
        was moved (-1 is noise), how the document came to its topic ("cluster", "neighbors", "centroid", "edit",
        "noise"), and how sure that is; ``level_<name>``: its cluster at each other level; then the user's own.
        """
        return frames.documents_frame(self._state.tables)

    def pages(self) -> pd.DataFrame:
        """One row an article as it came, by id: the stories of a round-up joined back.

        Columns ``doc_id`` (of the page), ``n_documents`` (1, or the stories of a round-up), ``topics`` (a list: the
        topic of each, in order), ``topic`` (that of most of its text, ties by number; noise is -1), ``title, text``
        (of the stories, headlines included, joined by an empty line), ``date, lang, source``.
        """
        return frames.pages_frame(self.documents())

    def topics(self) -> pd.DataFrame:
        """One row a topic, largest first; noise is never a row.

        Columns ``topic, name, named_by, name_match, validated, key, label, size, n_copies, reproducibility, terms,
        term_weights, evidence, sentences, sentence_docs, languages, language_shares, language_terms, nearest_topics,
        centroid``.

        ``name`` is one that a person or a model gave to this topic or, in another run, to one that shares
        ``name_match`` of their documents (see :mod:`topics.runs._names`). ``validated`` is missing, or that share of a
        topic that a person marked as validated. ``reproducibility`` in [0, 1] is the chance that two documents of the
        topic are together in a layout of other documents too, and is missing where one layout was made.
        ``sentences`` carry the label, each from the document in ``sentence_docs``. ``language_terms`` are the terms in
        each of ``languages``, empty but in topics that span several.
        """
        return frames.topics_frame(self._state.tables, self.names)

    def members(self) -> dict[int, frozenset[str]]:
        """Ids of the documents of each topic, near-duplicates left out."""
        return frames.members_of(self._state.tables)

    def levels(self) -> pd.DataFrame:
        """One row a level of detail, the finest first.

        Columns ``level, chosen, from`` ("layouts", or "neighbors" for stories), ``cluster_selection_method,
        min_cluster_size, n_clusters, stability, stability_error, agreement, rand, noise_share, nested``, and lists with
        one value a cluster: ``reproducibility`` and ``seed_reproducibility``, the chance that two of its documents are
        together in a layout of other documents, and of all documents from another seed, too (Monti et al. 2003);
        ``jaccard``, how much of it one cluster of a layout of other documents is.
        """
        return frames.frame_of(self._state.tables["levels"])

    def scan(self) -> pd.DataFrame:
        """One row a cut that was tried, the one with the most clusters first.

        Columns ``cluster_selection_method`` ("leaf" or "eom"), ``min_cluster_size``; ``n_clusters, min_clusters,
        max_clusters``: mean and range of the layouts; ``agreement, rand``: mean AMI and ARI of every two layouts of
        other documents; ``noise_share``; ``stability`` (mean of the two) and ``stability_error`` (its standard error);
        ``worth``: what levels are chosen by, the agreement less what few clusters and noise are agreed on too easily;
        ``level``: its name where it is one.
        """
        return frames.frame_of(self._state.tables["scan"])

    def membership(self) -> pd.DataFrame:
        """One row a document and topic that have to do with each other: ``doc_id, topic, membership`` in [0, 1].

        The first of a document is its topic; noise has none.
        """
        return frames.frame_of(self._state.tables["membership"])

    def removed(self) -> pd.DataFrame:
        """One row a line removed from its page: ``doc_id`` (of the page), ``number`` from 1, ``line, reason``."""
        return frames.frame_of(self._state.tables["removed"])

    def explore(self, *, height: int = 760, save: bool = True, beside: Run | None = None) -> Any:
        """A widget that shows the run in a notebook and edits its topics; see :func:`topics.explore.explore`.

        Parameters
        ----------
        height : int
            In pixels.
        save : bool
            Whether edits are saved to the run's folder at once, if it has one.
        beside : Run or None
            Another run, whose map is shown beside this one's, with one lasso for both.

        Raises
        ------
        ImportError
            If anywidget is not installed (extra: explore).
        """
        from topics.explore import explore

        return explore(self, height=height, save=save, beside=beside)

    def meaning(self) -> Meaning:
        """What says how near each document is in meaning to a text: ``run.meaning().similarity("grain exports")``.

        The model that the run was made with is loaded; it must be at hand, and so must the store beside the run, or the
        documents be few enough to be embedded again.

        Raises
        ------
        ValueError
            If the run was made without a model, or with vectors of one's own.
        ModelNotFoundError
            If the model is not available.
        """
        return meaning_of(self)

    def to_jscatter(self, *, height: int = 640) -> Any:
        """Its map as a jupyter-scatter; see :func:`topics.bridges.to_jscatter`.

        Parameters
        ----------
        height : int
            In pixels.

        Raises
        ------
        MissingExtraError
            If jupyter-scatter is not installed (extra: bridges).
        """
        from topics.bridges import to_jscatter

        return to_jscatter(self, height=height)

    def to_atlas(self, path: str | Path | None = None) -> Path:
        """Path of a Parquet file that Embedding Atlas opens; see :func:`topics.bridges.to_atlas`.

        Parameters
        ----------
        path : str, Path or None
            File to write; None takes the run's name, beside its folder.

        Raises
        ------
        StoreError
            If the disk refuses.
        """
        from topics.bridges import to_atlas

        return to_atlas(self, path)

    def to_datamapplot(self, *, interactive: bool = False) -> Any:
        """Its map by DataMapPlot; see :func:`topics.bridges.to_datamapplot`.

        Parameters
        ----------
        interactive : bool
            Whether to make a page, which loads scripts from a network, and no still figure.

        Raises
        ------
        MissingExtraError
            If DataMapPlot is not installed.
        """
        from topics.bridges import to_datamapplot

        return to_datamapplot(self, interactive=interactive)

    def assign(self, articles: Any = None, *, embeddings: Any = None, encoder: Encoder | None = None) -> pd.DataFrame:
        """One row a new document, with its topic: each by itself, whatever else is asked for with it.

        Columns ``doc_id``; ``topic`` (-1: like no topic) and ``label`` (its name, or its label); ``confidence``, the
        chance that a fit with the document gives it this topic, in [0, 1], 0 without a topic; ``known``, whether it is
        one of the run's own documents, which keep their topics; ``level_<name>``, its cluster at each other level.
        ``frame.attrs["rejected"]`` lists rows that hold no article.

        Parameters
        ----------
        articles : str, Path, table, list or Corpus
            Anything that :func:`topics.read` takes, or what it gave. Pages are cleaned as the run's were.
        embeddings : array-like of shape (n_rows, n_dims), mapping or None
            Vectors of the run's encoder; then ``articles`` only gives ids, and may be left out. None encodes them.
        encoder : Encoder or None
            The user's own that the run was made with; None takes that of its config.

        Raises
        ------
        TopicsError
            If the encoder or its weights are not those of the run, or the articles or vectors cannot be used.
        """
        from topics.runs._assign import assign

        return assign(self, articles, embeddings=embeddings, encoder=encoder)

    def merge(self, topics: Collection[int]) -> Run:
        """The run with several topics made one.

        Topics are numbered by size again after every edit of clusters; a note says which number became which.

        Parameters
        ----------
        topics : collection of int
            Two or more.

        Raises
        ------
        ValueError
            If there are fewer than two, or one of them does not exist.
        """
        return self._with(merging(self.clusters, self.fitted.corpus.doc_ids, topics=topics))

    def split(self, topic: int) -> Run:
        """The run with a topic taken apart into those of the next finer level.

        Parameters
        ----------
        topic : int
            Its number.

        Raises
        ------
        ValueError
            If there is no such topic, no finer level, or fewer than two finer clusters in it.
        """
        return self._with(on_topic("split", self.clusters, doc_ids=self.fitted.corpus.doc_ids, topic=topic))

    def move(self, documents: Collection[str], *, to: int) -> Run:
        """The run with documents put into a topic, or into none.

        Parameters
        ----------
        documents : collection of str
            Their ids. A document's near-duplicates go with it, and the id of one stands for its document.
        to : int
            A topic, or ``NOISE`` (-1).

        Raises
        ------
        ValueError
            If there is no such topic, or no such document.
        """
        return self._with(moving(self.clusters, self.fitted.corpus, documents=documents, to=to))

    def drop(self, topic: int) -> Run:
        """The run without a topic, whose documents become noise.

        Parameters
        ----------
        topic : int
            Its number.

        Raises
        ------
        ValueError
            If there is no such topic.
        """
        return self._with(on_topic("drop", self.clusters, doc_ids=self.fitted.corpus.doc_ids, topic=topic))

    def rename(self, topic: int, name: str) -> Run:
        """The run with a topic named; :meth:`save` keeps the name beside the runs, where it goes on to later ones.

        Parameters
        ----------
        topic : int
            Its number.
        name : str
            What to call it; "" takes its name away.

        Raises
        ------
        ValueError
            If there is no such topic, or the name cannot be one; see :func:`topics.runs.name_topic`.
        """
        entry = name_entry(self, topic, name=name)
        return self._with(renaming(entry, topic=topic, names=self.names))

    def validate(self, topic: int, *, validated: bool = True) -> Run:
        """The run with a topic marked as validated; like a name, the mark goes on to the same topic of later runs.

        Parameters
        ----------
        topic : int
            Its number.
        validated : bool
            False takes the mark away.

        Raises
        ------
        ValueError
            If there is no such topic.
        """
        entry = name_entry(self, topic, name="")
        return self._with(validating(entry, topic=topic, names=self.names, validated=validated))

    def undo(self) -> Run:
        """The run without its last edit.

        Raises
        ------
        ValueError
            If there is none.
        """
        return self._at(self.journal.undone())

    def redo(self) -> Run:
        """The run with the edit that was undone last.

        Raises
        ------
        ValueError
            If there is none.
        """
        return self._at(self.journal.redone())

    def with_edits_of(self, path: str | Path) -> Run:
        """The run with the edits of a file, such as one that the explorer saved or another run's ``journal.json``.

        Parameters
        ----------
        path : str or Path
            Of the file.

        Raises
        ------
        ValueError
            If the run has edits of its own, and the file does not go on from them.
        StoreError
            If the file holds no edits, or some that do not fit the run.
        """
        journal = Journal.from_bytes(read_plain(Path(path)), path=str(path))
        if (mine := self.journal.edits) and (mine == journal.edits or mine != journal.edits[: len(mine)]):
            raise InputError(
                f"expected a run without edits, or a file that goes on from those it has, got one with "
                f"{count(len(mine), 'edit')}: make it anew first"
            )
        edited = self._at(journal)
        _ = edited.clusters  # which shows whether they fit
        return edited

    @property
    def parent(self) -> Run | None:
        """The run that the last edit was made on; None of one without edits."""
        return self.undo() if self.journal.n_done else None

    def history(self) -> pd.DataFrame:
        """One row an edit, in order: ``number`` (from 1), ``operation, when, what, undone``."""
        return self.journal.frame()

    def methods(self) -> Methods:
        """How it was made, as a paragraph for a paper (``text``) with what it cites (``bibtex``).

        It is written from the manifest alone, and every sentence is true of this run.
        """
        return methods_of(self.manifest)

    def public_manifest(self, privacy: Privacy = "none") -> dict[str, Any]:
        """What of its manifest may be shared without the articles: no text, title, term, id, address or name of a file.

        Parameters
        ----------
        privacy : {"none", "counts", "hashes"}
            What it may tell of the articles: nothing, how many things there are, or also digests; see
            ``docs/replay.md``.

        Raises
        ------
        ValueError
            If there is no such level.
        """
        return public_manifest(self.manifest, self.scores, privacy=privacy)

    def sizes(self) -> pd.DataFrame:
        """One row a part of its folder: ``part, kind`` ("result", "record", "edited record"), ``bytes``.

        Raises
        ------
        ValueError
            If it is not saved.
        """
        import pandas as pd

        manifest = self.kept.manifest
        rows = [(name, "result", entry["bytes"]) for name, entry in manifest["files"].items()]
        for state, kind in (("fitted", "record"), ("edited", "edited record")):
            rows += [(name, kind, entry["bytes"]) for name, entry in manifest["records"][state].items()]
        return pd.DataFrame(rows, columns=["part", "kind", "bytes"])

    def save(
        self,
        out: str | Path | None = None,
        *,
        name: str | None = None,
        replace: bool = False,
        embeddings: bool | None = None,
    ) -> Run:
        """The run as it is kept: a run with a folder in that folder, another in ``out/name``.

        At every moment the folder holds the run as it was or as it is, whole. Records from before the edits stay in it.

        Parameters
        ----------
        out : str, Path or None
            Folder of runs, for a run that has no folder; None takes ``runs``.
        name : str or None
            Of its folder there; None takes ``run-`` and the first digits of its key.
        replace : bool
            Whether another run of this name may be replaced.
        embeddings : bool or None
            Whether the vectors of all documents are kept in the folder, which edits and predictions are exacter with;
            None leaves them as they are. :meth:`sizes` says what they take.

        Raises
        ------
        StoreError
            If the disk refuses, the run in the folder was changed since this one was loaded, the name is not a plain
            folder name, or another run has it.
        ValueError
            If vectors are to be kept that are not there.
        """
        if self.path is not None:
            if out is not None or name is not None:
                raise InputError(
                    f"the run has a folder, {str(self.path)!r}, and is saved there: leave out and name away"
                )
            return Run.load(self.path) if write_edits(self, embeddings=embeddings) else self
        folder = save_records(
            self.fitted, config=self.config, out="runs" if out is None else out, name=name, replace=replace
        )
        run = Run.load(folder)
        if self.journal.edits:
            names = self.journal.carried_over(run.names, before=run.journal)
            run = Run(run.path, names, self._state.kept_in(run.kept))
        return run.save(embeddings=embeddings)

    def with_names(self, names: Names) -> Run:
        """The run with other names for its topics.

        Parameters
        ----------
        names : Names
            Those that its topics may have.
        """
        return Run(self.path, names, self._state)

    def _with(self, edit: Edit) -> Run:
        state = self._state.with_edit(edit)
        return Run(self.path, state.journal.carried_over(self.names, before=self.journal), state)

    def _at(self, journal: Journal) -> Run:
        names = journal.carried_over(self.names, before=self.journal)
        return Run(self.path, names, self._state.at(journal))
