"""A topic of a run named, at once and without an edit: the name is kept beside the runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from topics._locks import locked
from topics.errors import InputError
from topics.runs.format import NAMES_FILE
from topics.runs.names import Names, TopicName, checked_name

if TYPE_CHECKING:
    from topics.runs.journal import Journal
    from topics.runs.run import Run


def name_topic(run: Run, topic: int, *, name: str, by: str | None = None) -> Run:
    """The run with one of its topics named; the name is kept beside the runs.

    Parameters
    ----------
    run : Run
        A run that is kept in a folder; the object stays as it is.
    topic : int
        Number of the topic.
    name : str
        What to call it; "" takes its name away.
    by : str or None
        The model that wrote the name; None is a person.

    Raises
    ------
    ValueError
        If there is no such topic, or the name is longer than 200 characters, not in one line, invisible or holds
        characters that are obeyed and not shown, such as controls.
    StoreError
        If the names cannot be read or written.
    """
    entry = name_entry(run, topic, name=name, by=by)
    beside = run.folder.parent
    with locked(beside / NAMES_FILE):
        names = names_beside(run.folder, run.journal).with_name(entry)
        names.keep(beside)
    return run.with_names(names)


def name_entry(run: Run, topic: int, *, name: str, by: str | None = None) -> TopicName:
    """The name with the documents that it goes with.

    Parameters
    ----------
    run, topic, name, by
        As for :func:`name_topic`.

    Raises
    ------
    ValueError
        Likewise.
    """
    members = run.members()
    if topic not in members:
        known = f"0 to {len(members) - 1}" if members else "which has none"
        raise InputError(f"expected a topic of the run, {known}, got {topic!r}")
    called = checked_name(name, topic)
    row = run.topics().iloc[topic]
    return TopicName(called, by, str(row["key"]), str(row["label"]), tuple(sorted(members[topic])))


def names_beside(folder: Path, journal: Journal) -> Names:
    """The names kept beside a run's folder; where there are none, as beside a copy, those that its edits gave.

    Parameters
    ----------
    folder : Path
        The run's.
    journal : Journal
        Its edits.

    Raises
    ------
    StoreError
        If the file beside it is no file of names.
    """
    names = Names.load(folder.parent)
    if not names.entries and not (folder.parent / NAMES_FILE).exists():
        return journal.names()
    return names
