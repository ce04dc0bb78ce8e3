"""A run that is being explored: answers to what the explorer asks, and edits in the run's own journal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics._describe import at_level
from topics._spreadsheet import spreadsheet
from topics.errors import InputError
from topics.explore._details import Details
from topics.explore._payload import HEIGHT, Payload, payload_of, places_of
from topics.explore._search import find_words, words_of
from topics.explore._topics import describe_topics

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from topics.explore._run import Explorable, Meaning

Answer = tuple[dict[str, Any], list[bytes]]


class Session:
    """What stands behind an explorer: the run as it is after edits, and which documents are selected.

    Parameters
    ----------
    run : Explorable
        To explore.
    height : int
        Of the explorer in pixels.
    save : bool
        Whether edits are saved to the run's folder at once, if it has one.
    beside : Explorable or None
        Another run, shown beside this one.
    """

    def __init__(
        self, run: Explorable, *, height: int = HEIGHT, save: bool = True, beside: Explorable | None = None
    ) -> None:
        self.run = run
        self._beside = beside
        self._meaning: Meaning | None = None  # documents stay what they are, whatever is edited
        self.revision = 0
        self._height, self._save = height, save and run.path is not None
        self._selected: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self._details = Details(run)

    def payload(self) -> Payload:
        """What the explorer is given of the run as it is."""
        return payload_of(self.run, height=self._height, editable=True, saves=self._save, other=self._beside)

    def selection(self) -> pd.DataFrame:
        """The rows of ``Run.documents()`` that are selected, near-duplicates left out."""
        chosen: pd.DataFrame = self._details.documents.iloc[self._selected].reset_index(drop=True)
        return chosen

    def answer(self, message: Mapping[str, Any], buffers: Sequence[Any] = ()) -> Answer:
        """The reply to a message of the explorer, and the arrays that go with it.

        Parameters
        ----------
        message : Mapping
            With its ``kind``: "rows", "document", "search", "meaning", "ranks", "level", "export", "edit" or "select".
        buffers : sequence of bytes-like
            Rows of documents as int32, of "export" and "select".

        Raises
        ------
        TopicsError
            If the kind is none of these, there is no such row, or an edit cannot be made; the run stays as it was.
        """
        kind = message.get("kind")
        if kind == "rows":
            return {"rows": self._details.rows([self._checked(row) for row in message["rows"]])}, []
        if kind == "document":
            return {"document": self._details.document(self._checked(message["row"]))}, []
        if kind == "search":
            words = words_of(message["query"])
            return {"words": words}, [find_words(self._details.documents, words).astype(np.uint8).tobytes()]
        if kind == "meaning":
            self._meaning = self._meaning or self.run.meaning()
            return {}, [self._meaning.similarity(message["query"]).astype("<f4").tobytes()]
        if kind == "ranks":
            return {}, [self._ranks().tobytes()]
        if kind == "level":
            return self._level(message["level"])
        if kind == "export":
            return {"text": self._export(self._rows(buffers), message["form"])}, []
        if kind == "select":
            self._selected = self._rows(buffers)
            return {}, []
        if kind == "edit":
            return {"said": self.edit(message["edit"])}, []
        raise InputError(f"expected a message of the explorer, got one of kind {kind!r}")

    def edit(self, edit: Mapping[str, Any]) -> str:
        """What was done, after the run was edited and, unless told otherwise, saved.

        Parameters
        ----------
        edit : Mapping
            Its ``kind``: "rename" (``topic``, ``name``), "merge" (``topics``), "split" or "drop" (``topic``),
            "validate" (``topic``, ``validated``), "move" (``rows, to``), "undo" or "redo".

        Raises
        ------
        TopicsError
            As the methods of :class:`topics.Run` do; the run stays as it was.
        """
        run = self._edited(edit)
        run = run.save() if self._save else run
        details = Details(run)  # before anything is changed here
        self.run, self._details = run, details
        self.revision += 1
        journal = run.journal
        n_done = journal.n_done
        said = f"undone: {journal.edits[n_done].say()}" if edit["kind"] == "undo" else journal.edits[n_done - 1].say()
        return f"{said}{'; saved' if self._save else ''}"

    def _edited(self, edit: Mapping[str, Any]) -> Explorable:
        run, kind = self.run, edit.get("kind")
        if kind == "rename":
            return run.rename(edit["topic"], edit["name"])
        if kind == "merge":
            return run.merge(edit["topics"])
        if kind == "validate":
            return run.validate(edit["topic"], validated=edit["validated"])
        if kind == "split":
            return run.split(edit["topic"])
        if kind == "drop":
            return run.drop(edit["topic"])
        if kind == "move":
            return run.move([self._details.ids[self._checked(row)] for row in edit["rows"]], to=edit["to"])
        if kind == "undo":
            return run.undo()
        if kind == "redo":
            return run.redo()
        raise InputError(f"expected an edit of topics, got {kind!r}")

    def level(self, name: str) -> tuple[dict[str, Any], NDArray[np.int32]]:
        """Another level of the run: its clusters described, and the cluster of each document.

        Parameters
        ----------
        name : str
            Of the level.

        Raises
        ------
        ValueError
            If there is none of that name.
        """
        made = at_level(self.run.config, self.run.fitted, level=name)
        labels = made.clusters.labels
        documents = self._details.documents
        topics = describe_topics(
            made.topics.table.to_pandas(),
            made,
            labels=labels,
            points=places_of(documents),
            headline=self._details.headlines.__getitem__,
        )
        return {"name": name, "n_clusters": len(topics), "topics": topics}, labels

    def details(self) -> Details:
        """The documents, one by one."""
        return self._details

    def _level(self, name: str) -> Answer:
        level, labels = self.level(name)
        return {"level": level}, [labels.astype("<i4").tobytes()]

    def _ranks(self) -> NDArray[np.int32]:
        """Place of each document in the order of headlines."""
        headlines = [headline.casefold() for headline in self._details.headlines]
        ranks = np.empty(len(headlines), dtype=np.int32)
        ranks[sorted(range(len(headlines)), key=headlines.__getitem__)] = np.arange(len(headlines))
        return ranks

    def _export(self, numbers: NDArray[np.int32], form: str) -> str:
        """Rows of ``Run.documents()`` as CSV that opens in a spreadsheet, or as lines of JSON."""
        chosen = self._details.documents.iloc[numbers]
        if form == "jsonl":
            return str(chosen.to_json(orient="records", lines=True, force_ascii=False, date_format="iso"))
        if form != "csv":
            raise InputError(f'expected "csv" or "jsonl", got {form!r}')
        records = json.loads(chosen.to_json(orient="records", force_ascii=False, date_format="iso"))
        rows = [{name: "" if value is None else value for name, value in record.items()} for record in records]
        return spreadsheet(rows, list(chosen.columns)).decode("utf-8")

    def _rows(self, buffers: Sequence[Any]) -> NDArray[np.int32]:
        rows = np.frombuffer(buffers[0], dtype="<i4").astype(np.int32) if buffers else np.zeros(0, dtype=np.int32)
        if len(rows):
            self._checked(int(rows.min()))
            self._checked(int(rows.max()))
        return rows

    def _checked(self, row: Any) -> int:
        n = len(self._details.documents)
        if not isinstance(row, int) or not 0 <= row < n:
            raise InputError(f"expected the row of a document, 0 to {n - 1}, got {row!r}")
        return row
