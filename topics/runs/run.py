"""A finished run, read from its folder.

A run is a folder of result files and ``run.json``, its manifest, written last. Timings live in ``run.json`` alone, so
every other file of a repeated run is equal byte for byte.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics.runs.format import FORMAT, MANIFEST, SCORES_FILE, TABLES
from topics.runs.names import Names
from topics.store import StoreError, read_folder, read_table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True, eq=False)
class Run:
    """A finished run: what was found, and all that is needed to find it again.

    Attributes
    ----------
    path : Path
        Its folder.
    manifest : Mapping
        ``run.json``: config, corpus fingerprint, stage keys, file hashes, versions, CPU, seconds, warnings.
    scores : Mapping
        ``scores.json``: name to value, definition and direction.
    """

    path: Path
    manifest: Mapping[str, Any]
    scores: Mapping[str, Any]
    _tables: Mapping[str, pa.Table]
    _names: Names = field(default_factory=Names)

    @classmethod
    def load(cls, path: str | Path) -> Run:
        """The run in a folder, every file checked against its SHA-256.

        Raises
        ------
        StoreError
            If the folder holds no finished run, or a file is missing or changed, or the names beside the runs are no
            names.
        """
        folder = Path(path)
        if folder.name in ("", ".."):  # the folder of runs is the one above, under any spelling
            folder = folder.resolve()
        try:
            manifest, files = read_folder(folder, MANIFEST)
        except FileNotFoundError as error:
            raise StoreError(
                f"{str(folder)!r} holds no finished run: {error.filename} is missing; run it again"
            ) from None
        if manifest.get("format") != FORMAT:
            raise StoreError(f"{folder / MANIFEST}: expected format {FORMAT}, got {manifest.get('format')!r}")
        missing = sorted({SCORES_FILE, *(f"{name}.parquet" for name in TABLES)} - files.keys())
        if missing:
            raise StoreError(f"{folder / MANIFEST}: expected a run's files, it names no {missing[0]!r}; run it again")
        return cls(
            folder,
            manifest,
            json.loads(files[SCORES_FILE]),
            {name: read_table(files[f"{name}.parquet"]) for name in TABLES},
            Names.load(folder.parent),
        )

    @property
    def name(self) -> str:
        """Name of its folder."""
        return self.path.name

    @property
    def warnings(self) -> list[str]:
        """Sentences a reader of the result should know."""
        return list(self.manifest["warnings"])

    def documents(self) -> pd.DataFrame:
        """One row an article (copies too), by id.

        Columns ``doc_id, title, text, date, date_precision, lang, other_langs, source, author, url, parent_id,
        parent_title, copy_of, topic, strength, x, y``; ``original_topic, method, confidence``: the topic before noise
        was moved (-1 is noise), how the document came to its topic ("cluster", "neighbors", "centroid", "edit",
        "noise"), and how sure that is; ``level_<name>``: its cluster at each other level; then the user's own.
        """
        import pandas as pd

        layout = self._frame("layout2d")
        frame = self._frame("documents")
        host = frame["copy_of"].where(frame["copy_of"].notna(), frame["doc_id"])
        places = layout.set_index("doc_id").loc[host, ["x", "y"]].reset_index(drop=True)
        first = [*frame.columns[: list(frame.columns).index("strength") + 1]]
        whole: pd.DataFrame = pd.concat([frame[first], places, frame.drop(columns=first)], axis=1)
        return whole

    def pages(self) -> pd.DataFrame:
        """One row an article as it came, by id: the stories of a round-up joined back.

        Columns ``doc_id`` (of the page), ``n_documents`` (1, or the stories of a round-up), ``topics`` (a list: the
        topic of each, in order), ``topic`` (that of most of its text, ties by number; noise is -1), ``title, text``
        (of the stories, headlines included, joined by an empty line), ``date, lang, source``.
        """
        import pandas as pd

        documents = self.documents()
        page = documents["parent_id"].where(documents["parent_id"].notna(), documents["doc_id"])
        rows = [_join(str(doc_id), group) for doc_id, group in documents.groupby(page, sort=True)]
        return pd.DataFrame(rows)

    def topics(self) -> pd.DataFrame:
        """One row a topic, largest first; noise is never a row.

        Columns ``topic, name, named_by, name_match, key, label, size, n_copies, reproducibility, terms, term_weights,
        evidence, sentences, sentence_docs, languages, language_shares, language_terms, nearest_topics, centroid``.

        ``name`` is one that a person or a model gave to this topic or, in another run, to one that shares
        ``name_match`` of their documents (see :mod:`topics.names`). ``reproducibility`` in [0, 1] is the chance that
        two documents of the topic are together in a layout of other documents too, and is missing where one layout was
        made. ``sentences`` carry the label, each from the document in ``sentence_docs``. ``language_terms`` are the
        terms in each of ``languages``, empty but in topics that span several.
        """
        frame = self._frame("topics")
        named = self._names.match(self.members()) if self._names.entries else {}
        rows = [named.get(topic) for topic in frame["topic"].tolist()]
        frame.insert(1, "name", [row and row[0].name for row in rows])
        frame.insert(2, "named_by", [row and (row[0].by or "hand") for row in rows])
        frame.insert(3, "name_match", [row[1] if row else float("nan") for row in rows])
        return frame

    def members(self) -> dict[int, frozenset[str]]:
        """Ids of the documents of each topic, copies left out."""
        frame = self._frame("documents")
        hosts = frame[frame["copy_of"].isna() & (frame["topic"] >= 0)]
        of_topic: dict[int, set[str]] = {}
        for topic, doc_id in zip(hosts["topic"].tolist(), hosts["doc_id"].tolist(), strict=True):
            of_topic.setdefault(topic, set()).add(doc_id)
        return {topic: frozenset(ids) for topic, ids in sorted(of_topic.items())}

    def levels(self) -> pd.DataFrame:
        """One row a level of detail, the finest first.

        Columns ``level, chosen, from`` ("layouts", or "neighbors" for stories), ``cluster_selection_method,
        min_cluster_size, n_clusters, stability, stability_error, agreement, rand, noise_share, nested``, and lists with
        one value a cluster: ``reproducibility`` and ``seed_reproducibility``, the chance that two of its documents are
        together in a layout of other documents, and of all documents from another seed, too (Monti et al. 2003);
        ``jaccard``, how much of it one cluster of a layout of other documents is.
        """
        return self._frame("levels")

    def scan(self) -> pd.DataFrame:
        """One row a cut that was tried, the one with the most clusters first.

        Columns ``cluster_selection_method`` ("leaf" or "eom"), ``min_cluster_size``; ``n_clusters, fewest, most``: mean
        and range of the layouts; ``agreement, rand``: mean AMI and ARI of every two layouts of other documents;
        ``noise_share``; ``stability`` (mean of the two) and ``stability_error`` (its standard error); ``worth``: what
        levels are chosen by, the agreement less what few clusters and noise are agreed on too easily; ``level``: its
        name where it is one.
        """
        return self._frame("scan")

    def membership(self) -> pd.DataFrame:
        """One row a document and topic that have to do with each other: ``doc_id, topic, membership`` in [0, 1].

        The first of a document is its topic; noise has none.
        """
        return self._frame("membership")

    def _frame(self, name: str) -> pd.DataFrame:
        frame: pd.DataFrame = self._tables[name].to_pandas(use_threads=False)
        return frame


def _join(doc_id: str, documents: pd.DataFrame) -> dict[str, Any]:
    """One row for the documents of a page."""
    first = documents.iloc[0]
    whole = len(documents) == 1 and not isinstance(first["parent_id"], str)
    words: Counter[int] = Counter()
    for topic, text in zip(documents["topic"], documents["text"], strict=True):
        words[int(topic)] += len(text)
    stories = [
        text if whole or not isinstance(title, str) else f"{title}\n\n{text}"
        for title, text in zip(documents["title"], documents["text"], strict=True)
    ]
    return {
        "doc_id": doc_id,
        "n_documents": len(documents),
        "topics": documents["topic"].tolist(),
        "topic": min(words, key=lambda topic: (-words[topic], topic)),
        "title": first["title"] if whole else first["parent_title"],
        "text": "\n\n".join(stories),
        "date": first["date"],
        "lang": first["lang"],
        "source": first["source"],
    }
