"""Names tied to the documents of their topics.

A folder of runs has one ``names.json``. A name holds the ids of the documents that its topic had, so that it goes on to
the topic of a later run that has most of the same documents, and to none if there is no such topic.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from topics._terminal import unsafe_in, visible
from topics.errors import InputError, InputTypeError
from topics.runs._format import NAMES_FILE
from topics.store import SEAL, StoreError, read_plain, sealed_bytes, unsealed, write_file

_FORMAT = 2
_UNSEALED = 1  # as above without a checksum, for files changed by hand
_MIN_SHARED = 0.5
_MAX_CHARACTERS = 200


@dataclass(frozen=True)
class TopicName:
    """A name, and the topic that it was given to.

    Attributes
    ----------
    name : str
        What the topic is called.
    by : str or None
        The model that wrote it; None is a person.
    key : str
        Key of the topic.
    label : str
        Its label, for a reader of the file.
    documents : tuple of str
        Ids of its documents, sorted.
    """

    name: str
    by: str | None
    key: str
    label: str
    documents: tuple[str, ...]


@dataclass(frozen=True)
class Names:
    """The names of the topics of all runs in a folder.

    Attributes
    ----------
    entries : tuple of TopicName
        In the order they were given.
    validated : tuple of TopicName
        Topics that a person marked as validated, without a name, in the order they were marked.
    """

    entries: tuple[TopicName, ...] = ()
    validated: tuple[TopicName, ...] = ()

    @classmethod
    def load(cls, folder: str | Path) -> Names:
        """The names kept in a folder of runs; none where there is no file.

        Parameters
        ----------
        folder : str or Path
            That holds the runs.

        Raises
        ------
        StoreError
            If the file is no file of names.
        """
        path = Path(folder) / NAMES_FILE
        try:
            entries, validated = ([entry_of(item) for item in items] for items in _items(read_plain(path)))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise StoreError(
                f"{str(path)!r} holds no names of topics as they were kept ({error}): set it aside and name them anew, "
                f"or, if you changed it by hand, take out its {SEAL!r} and set its format to {_UNSEALED}"
            ) from None
        return cls(tuple(entries), tuple(validated))

    def keep(self, folder: str | Path) -> None:
        """Keep the names in a folder of runs, in place of those that were there.

        Parameters
        ----------
        folder : str or Path
            That holds the runs.

        Raises
        ------
        StoreError
            If the disk refuses; what was there before is intact.
        """
        said: dict[str, Any] = {"format": _FORMAT, "names": [asdict(entry) for entry in self.entries]}
        if self.validated:
            said["validated"] = [asdict(entry) for entry in self.validated]
        write_file(Path(folder) / NAMES_FILE, sealed_bytes(said))

    def match(self, documents: Mapping[int, frozenset[str]]) -> dict[int, tuple[TopicName, float]]:
        """The name of each topic that has one, and the Jaccard index of its documents now and then, in (0.5, 1].

        More than half of all documents that are in the topic now or were then must be in both: so each name has one
        topic at most. Of several names a person's comes first, then the one that shares more, then the later one.

        Parameters
        ----------
        documents : Mapping[int, frozenset[str]]
            Ids of each topic's documents.
        """
        topic_of = {doc_id: topic for topic, ids in documents.items() for doc_id in ids}
        matched: dict[int, tuple[TopicName, float]] = {}
        rank: dict[int, tuple[bool, float, int]] = {}
        for place, entry in enumerate(self.entries):
            then = frozenset(entry.documents)
            counts: dict[int, int] = {}
            for doc_id in then & topic_of.keys():
                counts[topic_of[doc_id]] = counts.get(topic_of[doc_id], 0) + 1
            for topic, n_shared in counts.items():
                shared = n_shared / len(then | documents[topic])
                mine = (entry.by is None, shared, place)
                if shared > _MIN_SHARED and mine > rank.get(topic, (False, 0.0, -1)):
                    matched[topic], rank[topic] = (entry, shared), mine
        return matched

    def with_name(self, entry: TopicName) -> Names:
        """The names with another, in place of those the same giver gave to a topic that shares most documents.

        Parameters
        ----------
        entry : TopicName
            An empty name takes away the topic's names, a model's too.
        """
        ids = {0: frozenset(entry.documents)}
        stay = tuple(
            other
            for other in self.entries
            if not Names((other,)).match(ids) or (entry.name and (other.by is None) != (entry.by is None))
        )
        return replace(self, entries=(*stay, entry) if entry.name else stay)

    def replaced_by(self, entry: TopicName) -> tuple[TopicName, ...]:
        """The names that :meth:`with_name` takes away for another.

        Parameters
        ----------
        entry : TopicName
            The other.
        """
        stay = self.with_name(entry).entries
        return tuple(other for other in self.entries if other not in stay)

    def match_validated(self, documents: Mapping[int, frozenset[str]]) -> dict[int, float]:
        """The topics that are validated, and the Jaccard index of their documents now and then, in (0.5, 1].

        Parameters
        ----------
        documents : Mapping[int, frozenset[str]]
            Ids of each topic's documents.
        """
        return {topic: shared for topic, (_, shared) in Names(self.validated).match(documents).items()}

    def marks_replaced_by(self, entry: TopicName) -> tuple[TopicName, ...]:
        """The marks of validated topics that :meth:`marked` takes away for another.

        Parameters
        ----------
        entry : TopicName
            The topic that is marked.
        """
        return Names(self.validated).replaced_by(entry)

    def marked(self, entry: TopicName, *, validated: bool) -> Names:
        """The names with a topic validated, or not any more.

        Parameters
        ----------
        entry : TopicName
            The topic with its documents; its name does not matter.
        validated : bool
            Whether it is.
        """
        replaced = self.marks_replaced_by(entry)
        stay = tuple(other for other in self.validated if other not in replaced)
        return replace(self, validated=(*stay, entry) if validated else stay)

    def mark_taken_back(self, entry: TopicName, *, replaced: Collection[TopicName]) -> Names:
        """The names as they were before :meth:`marked`.

        Parameters
        ----------
        entry : TopicName
            What was marked.
        replaced : collection of TopicName
            What it took the place of.
        """
        stay = tuple(other for other in self.validated if other != entry)
        return replace(self, validated=(*stay, *(other for other in replaced if other not in stay)))

    def taken_back(self, entry: TopicName, *, replaced: Collection[TopicName]) -> Names:
        """The names as they were before one was given, if nobody has named the topic anew since.

        Parameters
        ----------
        entry : TopicName
            What was given.
        replaced : collection of TopicName
            What it took the place of.
        """
        stay = tuple(other for other in self.entries if other != entry)
        if entry.name and len(stay) == len(self.entries):
            return self
        return replace(self, entries=(*stay, *(other for other in replaced if other not in stay)))


def _items(content: bytes) -> tuple[list[Any], list[Any]]:
    """The names in a file of names, and the marks of validated topics."""
    try:
        kept = json.loads(content)
    except RecursionError:
        raise InputError("nested too deep") from None
    if "names" in kept and kept.keys() <= {"format", "names", "validated"} and kept["format"] == _UNSEALED:
        return list(kept["names"]), list(kept.get("validated", []))
    kept = unsealed(content)
    if kept["format"] != _FORMAT:
        raise InputError(f"format {kept['format']!r}")
    return list(kept["names"]), list(kept.get("validated", []))


def entry_of(item: Mapping[str, Any]) -> TopicName:
    """A name as it stands in a file.

    Raises
    ------
    TypeError
        If it is none.
    """
    entry = TopicName(**{**item, "documents": tuple(item["documents"])})
    texts = (entry.name, entry.key, entry.label, *entry.documents, *([entry.by] if entry.by is not None else []))
    if not all(isinstance(text, str) for text in texts):
        raise InputTypeError(f"expected texts in {item!r:.80}")
    return replace(entry, name=visible(entry.name))


def checked_name(name: str, topic: int) -> str:
    """The name as it is kept, without spaces around it; "" is none.

    Parameters
    ----------
    name : str
        As it was given.
    topic : int
        Number of the topic, for messages.

    Raises
    ------
    ValueError
        If it is longer than 200 characters, not in one line, invisible, or holds characters that are obeyed and not
        shown, such as controls.
    """
    called = name.strip()
    if len(called) > _MAX_CHARACTERS or "\n" in called:
        raise InputError(f"expected a name of one line and at most {_MAX_CHARACTERS} characters, got {name!r:.80}")
    if bad := unsafe_in(called):
        raise InputError(
            f"expected a name for topic {topic} that can be shown as it is, got {name!r:.80} with {', '.join(bad)}: "
            "leave out what is no letter, such as controls, marks that turn writing round and bytes that are not UTF-8"
        )
    if called and not any(c.isprintable() and not c.isspace() for c in called):
        raise InputError(
            f'expected a name for topic {topic} that can be seen, got {name!r:.80}; "" takes its name away'
        )
    return called
