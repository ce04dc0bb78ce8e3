"""The report of a run: one offline page beside its folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from topics.report import report_html
from topics.runs._format import REPORT_SUFFIX
from topics.store import write_file

if TYPE_CHECKING:
    from topics.runs._run import Run


def write_report(run: Run, path: str | Path | None = None, *, beside: Run | None = None) -> Path:
    """Path of the run's report, with the names that its topics have now; the run's own files stay as they are.

    Parameters
    ----------
    run : Run
        A finished run.
    path : str, Path or None
        File to write; None takes the run's name and ``.report.html``, beside its folder. A file that is there is
        replaced.
    beside : Run or None
        Another run, whose map is shown beside this one's.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    target = run.folder.parent / f"{run.folder.name}{REPORT_SUFFIX}" if path is None else Path(path)
    write_file(target, report_html(run, beside=beside).encode("utf-8"))
    return target
