"""The map of a run as one page: as it is written with the run, and drawn anew with the names that topics have since."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from topics.plot import draw_map, draw_scan
from topics.report import map_page
from topics.runs._format import MAP_SUFFIX
from topics.store import write_file

if TYPE_CHECKING:
    import pandas as pd

    from topics.runs._run import Run


def map_html(
    documents: pd.DataFrame,
    topics: pd.DataFrame,
    *,
    levels: pd.DataFrame,
    scan: pd.DataFrame,
    title: str,
    notes: Sequence[str],
) -> str:
    """One offline page with the map, the topics, the notes and how the level was chosen.

    Parameters
    ----------
    documents, topics, levels, scan : pandas.DataFrame
        A run's; names among its topics are shown.
    title : str
        Heading, which is the run's name.
    notes : sequence of str
        What a reader should know.
    """
    named = bool(topics["name"].notna().any())
    later = "" if named else f"Names given to topics later are not on this page: “topics map {title}” draws it anew."
    return map_page(
        draw_map(documents, topics),
        topics,
        title=title,
        notes=notes,
        levels=draw_scan(scan, levels) if len(scan) > 1 else None,
        hint=later if len(topics) else "",
    )


def write_map(run: Run, path: str | Path | None = None) -> Path:
    """Path of the run's map, drawn with the names that its topics have now; the run's own files stay as they are.

    Parameters
    ----------
    run : Run
        A finished run.
    path : str, Path or None
        File to write; None takes the run's name, beside its folder. A file that is there is replaced.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    target = run.folder.parent / f"{run.folder.name}{MAP_SUFFIX}" if path is None else Path(path)
    page = map_html(
        run.documents(), run.topics(), levels=run.levels(), scan=run.scan(), title=run.name, notes=run.warnings
    )
    write_file(target, page.encode("utf-8"))
    return target
