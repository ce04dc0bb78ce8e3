"""What a run's folder and the store beside it hold of each stage's result, and what of it is damaged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from topics.graph import Node, Parts
from topics.records import Corpus, Embeddings, Origin, digest_of
from topics.runs._format import STORE_FOLDER
from topics.runs._kept import Kept
from topics.runs._manifest import READ
from topics.store import Store, StoreError

_FOLDER_HAS = {
    "embed": "embeddings", "reduce": "layout", "levels": "levels", "cut": "clusters", "terms": "counts",
    "label": "topics", "map": "map", "scores": "scores",
}  # fmt: skip
_BESIDE = {"read": "remainder", "embed": "exemplars"}  # kept beside what the stage made, and needed as much


class Originals:
    """A run's own records, those that are not as they were written left out and named.

    Parameters
    ----------
    kept : Kept
        What the run's folder holds.

    Attributes
    ----------
    damage : dict of str to list of str
        By stage, what is wrong with its records.
    """

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.damage: dict[str, list[str]] = {}
        self._store = Store(kept.folder.parent / STORE_FOLDER)
        for stage, name in (*_BESIDE.items(), *_FOLDER_HAS.items()):
            self._try(stage, partial(kept.record, name))
        for name in kept.manifest["records"]["edited"]:
            self._try(f"{name} (edited)", partial(kept.record, name, "edited"))

    @property
    def manifest(self) -> Mapping[str, Any]:
        """The run's ``run.json``."""
        return self.kept.manifest

    @property
    def results(self) -> Mapping[str, Any]:
        """What the manifest says of each stage's result; empty of a run that was made before it said so."""
        said: Mapping[str, Any] = self.manifest.get("results", {})
        return said

    @cached_property
    def corpus(self) -> Corpus | None:
        """The documents; None where what the folder holds of them is damaged."""
        corpus: Corpus | None = self._try(READ, lambda: self.kept.corpus)
        return corpus

    def digests(self, stage: str) -> list[str] | None:
        """What the stage's records held when the run was made; None where that is not known.

        Parameters
        ----------
        stage : str
            Its name.
        """
        if stage in self.results:
            return list(self.results[stage]["sha256"])
        record = self.corpus if stage == READ else self._of_folder(stage)
        return None if record is None or stage == "reduce" else [digest_of(record)]

    def records(self, stage: str, kind: type[Any], *, n: int) -> list[Any]:
        """Records of a stage; None for each that is nowhere, or damaged.

        Parameters
        ----------
        stage : str
            Its name.
        kind : type
            Their class.
        n : int
            How many there are.
        """
        if stage == READ:
            return [self.corpus]
        said = self.results.get(stage) or {"keys": [self.manifest["stages"].get(stage, {}).get("key", "")]}
        of_store = [self._of_store(stage, kind, key) for key in said["keys"][:n]]
        found = [*of_store, *[None] * (n - len(of_store))]
        if (first := self._of_folder(stage)) is not None:
            found[0] = first
        return found

    def of_parts(self, stage: str, node: Node) -> Any:
        """The record of a node that is not stored itself, of its stored parts; None where one is not there.

        Parameters
        ----------
        stage : str
            Name of the stage here.
        node : Node
            Whose stage keeps parts.
        """
        if node.stage is None or node.stage.parts is None:
            return None
        known = {name: getattr(value, "record", value) for name, value in node.arguments.items()}
        parts = {part.key: self._of_store(stage, Embeddings, part.key, part.stage) for part in node.stage.parts(known)}
        return None if None in parts.values() else node.stage.make(node.origin, {**known, "parts": _Kept(parts)})

    def look_at_store(self, stage: str, kind: type[Any], *, keys: Sequence[str], stored_as: str) -> None:
        """Note what of the store's records of a stage is damaged.

        Parameters
        ----------
        stage : str
            Its name here.
        kind : type
            Class of the records.
        keys : sequence of str
            Those of the records.
        stored_as : str
            The name of the stage in the store, such as that of its parts.
        """
        for key in keys:
            self._try(stage, partial(self._store.look, kind, stored_as, key=key))

    def _of_folder(self, stage: str) -> Any:
        name = _FOLDER_HAS.get(stage)
        return None if name is None else self._try(stage, lambda: self.kept.record(name))

    def _of_store(self, stage: str, kind: type[Any], key: str, stored_as: str | None = None) -> Any:
        return self._try(stage, partial(self._store.look, kind, stored_as or stage, key=key)) if key else None

    def _try(self, stage: str, get: Callable[[], Any]) -> Any:
        try:
            return get()
        except StoreError as error:
            said = self.damage.setdefault(stage, [])
            if str(error) not in said:
                said.append(str(error))
            return None


class _Kept(Parts):
    """Parts that are all there."""

    def __init__(self, parts: Mapping[str, Any]) -> None:
        super().__init__()
        self._parts = parts

    def get_or_make(self, kind: type[Any], origin: Origin, *, make: Callable[[], Any]) -> Any:
        """The part of this origin.

        Parameters
        ----------
        kind, origin, make
            As for :meth:`topics.graph.Parts.get_or_make`; nothing is made.
        """
        return self._parts[origin.key]
