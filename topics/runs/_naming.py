"""Names of a run's topics, kept beside the runs: given at once, or when the edits of a run are saved.

A run's folder and the names beside it are two places, and a process may be killed between them. So what a save does to
the names is written down in the folder before the save and done after it; till then whoever loads the run sees it done.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from topics._locks import locked
from topics.errors import InputError
from topics.runs._format import MANIFEST, NAMES_FILE, NAMING_FILE
from topics.runs._journal import Journal
from topics.runs._names import Names, TopicName, checked_name
from topics.store import StoreError, read_manifest, read_plain, sealed_bytes, unsealed, write_file

if TYPE_CHECKING:
    from topics.runs._run import Run


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
        names = settled_names(run.folder, run.journal).with_name(entry)
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
    if not (names.entries or names.validated) and not (folder.parent / NAMES_FILE).exists():
        return journal.names()
    change = _pending(folder)
    return names if change is None else change[1].carried_over(names, before=change[0])


def announce_names(folder: Path, before: Journal, *, after: Journal, revision: int) -> None:
    """Write down that the names beside a run are to follow its journal once the run is saved.

    Parameters
    ----------
    folder : Path
        The run's.
    before, after : Journal
        Of the run that is in the folder, and of that which will be.
    revision : int
        Of the latter.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    said = {"revision": revision, "before": before.to_bytes().decode(), "after": after.to_bytes().decode()}
    write_file(folder / NAMING_FILE, sealed_bytes(said))


def settled_names(folder: Path, journal: Journal) -> Names:
    """The names beside a run's folder after what was announced is done; whoever asks holds their lock.

    Parameters
    ----------
    folder, journal
        As for :func:`names_beside`.

    Raises
    ------
    StoreError
        If the names cannot be read or written.
    """
    names = names_beside(folder, journal)
    if _pending(folder) is not None:
        names.keep(folder.parent)
    (folder / NAMING_FILE).unlink(missing_ok=True)
    return names


def _pending(folder: Path) -> tuple[Journal, Journal] | None:
    """The journals before and after a save whose names are not kept yet; None where there is no such save."""
    path = folder / NAMING_FILE
    try:
        said = unsealed(read_plain(path))
        journals = [Journal.from_bytes(said[name].encode(), path=str(path)) for name in ("before", "after")]
        saved = read_manifest(folder / MANIFEST).get("revision") == said["revision"]
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, AttributeError) as error:
        raise StoreError(f"{str(path)!r} says of no names what becomes of them ({error}): remove it") from None
    return (journals[0], journals[1]) if saved else None
