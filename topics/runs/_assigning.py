"""New documents → their topics in a run: encoded and assigned one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from topics.articles import AloneReader, NewDocument
from topics.articles.readers._rows import Rejected
from topics.embed import Encoder, embed_new
from topics.errors import InputError
from topics.predict import Assigned, Predictor, freeze_assigner, replaced
from topics.records import NOISE, Corpus
from topics.runs._same_encoder import same_encoder

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from topics.runs._run import Run

_CHUNK = 256  # documents that are encoded and assigned at a time; bounds memory, changes no result


@dataclass(frozen=True)
class Chunk:
    """Some new documents, assigned.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a document; see :meth:`topics.runs.Run.assign`.
    rejected : tuple of Rejected
        Rows that hold no article.
    """

    frame: pd.DataFrame
    rejected: tuple[Rejected, ...]


class Assigning:
    """Assigns new documents to the topics of a run.

    Parameters
    ----------
    run : Run
        With its edits.
    encoder : Encoder or None
        The user's own that the run was made with; None takes that of its config.
    """

    def __init__(self, run: Run, *, encoder: Encoder | None = None) -> None:
        self.run = run
        self._encoder = encoder
        self._names = _names_of(run)

    @cached_property
    def predictor(self) -> Predictor:
        """What assigns vectors."""
        fitted, kept = self.run.fitted, self.run.kept if self.run.path is not None else None
        assigner = kept.record("assigner") if kept is not None else fitted.assigner
        if assigner is None and kept is not None and not kept.has_embeddings:
            raise InputError(
                f"expected a run that can assign new articles, got {str(kept.folder)!r}, which was written by an older "
                "version without the vectors of its documents: make it anew"
            )
        if assigner is None:
            assigner = freeze_assigner(fitted.embeddings, fitted.levels, clusters=fitted.clusters)
        novelty = kept.record("novelty") if kept is not None else fitted.novelty
        return Predictor(assigner, fitted.levels, clusters=self.run.clusters, novelty=novelty)

    def vectors(self, vectors: NDArray[np.float32], doc_ids: Sequence[str]) -> pd.DataFrame:
        """The frame of documents with these unit vectors.

        Parameters
        ----------
        vectors : numpy.ndarray of float32, shape (n, n_dims)
            From the run's encoder.
        doc_ids : sequence of str
            One each.
        """
        return self._with_ids(doc_ids, self.predictor.assign(vectors))

    def documents(self, documents: Sequence[NewDocument]) -> pd.DataFrame:
        """The frame of documents with these texts; one of the run's own texts has its topic.

        Parameters
        ----------
        documents : sequence of NewDocument
            In any number.
        """
        return self._with_ids([document.doc_id for document in documents], self.texts([d.text for d in documents]))

    def nothing(self, n: int) -> Assigned:
        """What is said of documents of which nothing is known: noise.

        Parameters
        ----------
        n : int
            How many there are.
        """
        from scipy.sparse import csr_array

        none = np.full(n, NOISE, dtype=np.int32)
        levels = dict.fromkeys(self.predictor.levels, none)
        shares = csr_array((n, self.predictor.n_topics), dtype=np.float32)
        return Assigned(none, np.zeros(n, dtype=np.float32), none.astype(np.int64), levels, shares)

    def texts(self, texts: Sequence[str], *, vectors: NDArray[np.float32] | None = None) -> Assigned:
        """The topics of texts as they are.

        Parameters
        ----------
        texts : sequence of str
            Title and text of each.
        vectors : numpy.ndarray of float32, shape (n_texts, n_dims), or None
            Unit vectors of the run's encoder; None encodes the texts.
        """
        rows = np.array([self._known.get(_digest(text), -1) for text in texts], dtype=np.int64)
        new = np.flatnonzero(rows < 0)
        found = self.predictor.at_known(np.maximum(rows, 0))
        if not len(new):
            return found
        plain = None
        if vectors is None:
            made, plain = embed_new([texts[i] for i in new.tolist()], self.encoder, lexicon=self.lexicon)
        else:
            made = vectors[new]
        return replaced(found, new, by=self.predictor.assign(made, plain=plain))

    def stream(self, rows: Iterable[Any]) -> Iterator[Chunk]:
        """The rows of articles, cleaned, encoded and assigned, some hundred at a time.

        Parameters
        ----------
        rows : iterable of Article, Rejected or Note
            From :func:`topics.articles.rows_of`.
        """
        reader = self.reader()
        waiting: list[NewDocument] = []
        rejected: list[Rejected] = []
        for row in rows:
            made = reader.documents(row)
            if isinstance(made, Rejected):
                rejected.append(made)
            elif made is not None:
                waiting += made
            if len(waiting) + len(rejected) >= _CHUNK:
                yield Chunk(self.documents(waiting), tuple(rejected))
                waiting, rejected = [], []
        yield Chunk(self.documents(waiting), tuple(rejected))

    @cached_property
    def encoder(self) -> Encoder:
        """The run's encoder, refused where it is another."""
        return same_encoder(self.run.fitted, config=self.run.config, encoder=self._encoder)

    @property
    def lexicon(self) -> Any:
        """What new texts get vectors by where the corpus's words count; None elsewhere."""
        return self.run.kept.record("lexicon") if self.run.path is not None else self.run.fitted.lexicon

    @cached_property
    def _known(self) -> dict[bytes, int]:
        """Row of each text of the run, near-duplicates' among them."""
        corpus = self.run.fitted.corpus
        place = {doc_id: i for i, doc_id in enumerate(corpus.doc_ids)}
        copies = Corpus(
            corpus.copies, corpus.copies, corpus.rejected_rows, corpus.removed_lines, corpus.input_rows, corpus.origin
        )
        of_copies = zip(copies.full_texts(), corpus.copies["copy_of"].to_pylist(), strict=True)
        rows = {_digest(text): place[copy_of] for text, copy_of in of_copies}
        return rows | {_digest(text): i for i, text in reversed(list(enumerate(corpus.full_texts())))}

    def reader(self, pages: Literal["all", "lines", "none"] = "all") -> AloneReader:
        """What cleans new articles as the run's were cleaned.

        Parameters
        ----------
        pages : {"all", "lines", "none"}
            Which texts are pages.
        """
        corpus = self.run.fitted.corpus
        sources: dict[str, str | None] = {}
        for table in (corpus.documents, corpus.copies):
            columns = (table[name].to_pylist() for name in ("doc_id", "parent_id", "source"))
            sources |= {parent or doc_id: source for doc_id, parent, source in zip(*columns, strict=True)}
        return AloneReader(self.run.config.articles, removed=corpus.removed_lines, source_of=sources, pages=pages)

    def frame(self, found: Assigned) -> pd.DataFrame:
        """One row a document; see :meth:`topics.runs.Run.assign`.

        Parameters
        ----------
        found : Assigned
            What was found.
        """
        import pandas as pd

        columns = {
            "topic": found.labels.astype(np.int64),
            "label": pd.array([self._names.get(topic, "") for topic in found.labels.tolist()], dtype=object),
            "confidence": found.confidences,
            "known": found.known >= 0,
        }
        return pd.DataFrame(columns | {f"level_{name}": labels for name, labels in found.levels.items()})

    def own_frame(self, rows: NDArray[np.int64]) -> pd.DataFrame:
        """The frame of documents of the run itself; nothing has to be frozen for it.

        Parameters
        ----------
        rows : numpy.ndarray of int64, shape (n,)
            Their rows; -1 of a text without words.
        """
        own, levels = self.run.clusters, self.run.fitted.levels
        there = rows >= 0
        of_levels = {
            name: np.where(there, levels.labels[i][rows], NOISE).astype(np.int32)
            for i, name in enumerate(levels.names)
            if name != own.level
        }
        labels, strengths = np.where(there, own.labels[rows], NOISE), np.where(there, own.strengths[rows], 0)
        return self.frame(Assigned(labels, strengths.astype(np.float32), rows, of_levels))

    def _with_ids(self, doc_ids: Sequence[str], found: Assigned) -> pd.DataFrame:
        import pandas as pd

        ids = pd.Series(list(doc_ids), name="doc_id", dtype=object)
        return pd.concat([ids, self.frame(found)], axis=1)

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: not the encoder of the config, which is loaded again, nor what is made when asked for."""
        return {"run": self.run, "_encoder": self._encoder, "_names": self._names}


def _names_of(run: Run) -> dict[int, str]:
    topics = run.topics()
    named = topics["name"].where(topics["name"].notna(), topics["label"]) if len(topics) else topics["label"]
    return dict(zip(topics["topic"].tolist(), named.tolist(), strict=True)) | {NOISE: ""}


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
