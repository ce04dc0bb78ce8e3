"""The edits of a run, in the order they were made: what was done, to which documents, and how far it is undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from topics._say import count
from topics.errors import InputError, InputTypeError
from topics.records import NOISE
from topics.runs._names import Names, TopicName, entry_of
from topics.store import StoreError, sealed_bytes, unsealed

if TYPE_CHECKING:
    import pandas as pd

_FORMAT = 1
_OF_NAMES = ("rename", "validate")
KINDS: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "merge": {"topics": list, "keys": list},
    "split": {"topic": int, "key": str},
    "move": {"documents": list, "to": int, "key": (str, type(None))},
    "drop": {"topic": int, "key": str},
    "rename": {"topic": int, "key": str, "entry": dict, "replaced": list},
    "validate": {"topic": int, "key": str, "entry": dict, "replaced": list, "validated": bool},
}
"""What each kind of edit says. A topic is known by the key of its documents; its number is for the reader."""


@dataclass(frozen=True)
class Edit:
    """One edit.

    Attributes
    ----------
    kind : str
        One of :data:`KINDS`.
    what : Mapping
        JSON-able: topics by number and key, documents by id.
    when : str
        UTC, such as ``2026-11-30T14:00:00Z``.
    """

    kind: str
    what: Mapping[str, Any]
    when: str

    @property
    def entry(self) -> TopicName:
        """The name that a renaming gave; of a validation the topic, with its documents."""
        return entry_of(self.what["entry"])

    @property
    def replaced(self) -> tuple[TopicName, ...]:
        """The names, or marks, that this took the place of."""
        return tuple(entry_of(item) for item in self.what["replaced"])

    def say(self) -> str:
        """What was done, in a few words."""
        what = self.what
        if self.kind == "merge":
            return f"topics {', '.join(map(str, what['topics']))} merged"
        if self.kind == "move":
            target = "noise" if what["to"] == NOISE else f"topic {what['to']}"
            return f"{count(len(what['documents']), 'document')} moved to {target}"
        if self.kind == "rename":
            name = what["entry"]["name"]
            return f"topic {what['topic']} named {name}" if name else f"topic {what['topic']}'s name taken away"
        if self.kind == "validate":
            return f"topic {what['topic']} {'validated' if what['validated'] else 'not validated any more'}"
        return f"topic {what['topic']} {'split' if self.kind == 'split' else 'dropped'}"


@dataclass(frozen=True)
class Journal:
    """The edits of a run, of which the first so many are in effect.

    Attributes
    ----------
    edits : tuple of Edit
        In the order they were made.
    n_done : int
        How many are in effect; the others are undone and can be redone.
    """

    edits: tuple[Edit, ...] = ()
    n_done: int = 0

    @property
    def done(self) -> tuple[Edit, ...]:
        """Those in effect."""
        return self.edits[: self.n_done]

    @property
    def of_clusters(self) -> tuple[Edit, ...]:
        """Those in effect that change clusters, not names or marks alone."""
        return tuple(edit for edit in self.done if edit.kind not in _OF_NAMES)

    @property
    def of_names(self) -> tuple[Edit, ...]:
        """Those in effect that change names, or marks of validated topics."""
        return tuple(edit for edit in self.done if edit.kind in _OF_NAMES)

    def with_edit(self, edit: Edit) -> Journal:
        """The journal with another edit, in place of those that were undone.

        Parameters
        ----------
        edit : Edit
            What was done.
        """
        return Journal((*self.done, edit), self.n_done + 1)

    def undone(self) -> Journal:
        """The journal with its last edit undone.

        Raises
        ------
        ValueError
            If there is none.
        """
        if not self.n_done:
            raise InputError("there is no edit to undo: the run is as it was made")
        return replace(self, n_done=self.n_done - 1)

    def redone(self) -> Journal:
        """The journal with the edit that was undone last done again.

        Raises
        ------
        ValueError
            If there is none.
        """
        if self.n_done == len(self.edits):
            raise InputError("there is no edit to redo: none was undone since the last one")
        return replace(self, n_done=self.n_done + 1)

    def names(self) -> Names:
        """The names and marks that the edits in effect gave."""
        names = Names()
        for edit in self.of_names:
            names = _done(edit, names)
        return names

    def carried_over(self, names: Names, *, before: Journal) -> Names:
        """Names with those of this journal's edits in effect in place of those of another's.

        Parameters
        ----------
        names : Names
            As they are kept.
        before : Journal
            Whose edits were in effect when they were kept.
        """
        n_shared = 0
        for mine, theirs in zip(self.done, before.done, strict=False):
            if mine != theirs:
                break
            n_shared += 1
        for edit in reversed(before.done[n_shared:]):
            names = _undone(edit, names)
        for edit in self.done[n_shared:]:
            names = _done(edit, names)
        return names

    def frame(self) -> pd.DataFrame:
        """One row an edit, in order: ``number`` (from 1), ``operation, when, what, undone``."""
        import pandas as pd

        rows = [
            (number, edit.kind, edit.when, edit.say(), number > self.n_done)
            for number, edit in enumerate(self.edits, start=1)
        ]
        return pd.DataFrame(rows, columns=["number", "operation", "when", "what", "undone"])

    def to_bytes(self) -> bytes:
        """The journal as a file, with its own checksum."""
        return sealed_bytes({"format": _FORMAT, "n_done": self.n_done, "edits": [asdict(edit) for edit in self.edits]})

    @classmethod
    def from_bytes(cls, content: bytes, *, path: str) -> Journal:
        """The journal in a file.

        Parameters
        ----------
        content : bytes
            All of it.
        path : str
            Of the file, for messages.

        Raises
        ------
        StoreError
            If it holds none as :meth:`to_bytes` writes it.
        """
        try:
            kept = unsealed(content)
            if kept["format"] != _FORMAT:
                raise InputError(f"format {kept['format']!r}")
            edits = tuple(_edit_of(item) for item in kept["edits"])
            if type(kept["n_done"]) is not int or not 0 <= kept["n_done"] <= len(edits):
                raise InputError(f"{kept['n_done']!r} of {len(edits)} edits in effect")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StoreError(
                f"{path!r} holds no edits as they were kept ({error}): copy the run's folder again, or run it anew"
            ) from None
        return cls(edits, kept["n_done"])


def _done(edit: Edit, names: Names) -> Names:
    if edit.kind == "rename":
        return names.with_name(edit.entry)
    return names.marked(edit.entry, validated=edit.what["validated"]) if edit.kind == "validate" else names


def _undone(edit: Edit, names: Names) -> Names:
    if edit.kind == "rename":
        return names.taken_back(edit.entry, replaced=edit.replaced)
    return names.mark_taken_back(edit.entry, replaced=edit.replaced) if edit.kind == "validate" else names


def _edit_of(item: Mapping[str, Any]) -> Edit:
    edit = Edit(**item)
    said = KINDS[edit.kind]
    if edit.what.keys() != said.keys() or not isinstance(edit.when, str):
        raise InputError(f"an edit {edit.kind!r} that says {sorted(edit.what)}")
    for name, kind in said.items():
        if not isinstance(edit.what[name], kind):
            raise InputTypeError(f"{name} of an edit {edit.kind!r} is {edit.what[name]!r:.80}")
    if edit.kind in _OF_NAMES:
        _ = (edit.entry, edit.replaced)
    return edit
