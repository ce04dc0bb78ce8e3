"""``topics …``: a thin command line over the pipeline and the runs; one file a group of commands."""

from topics.cli import (
    _articles,
    _assign,
    _cite,
    _compare,
    _edit,
    _export,
    _growth,
    _names,
    _replay,
    _report,
    _run,
    _saturation,
    _sheets,
    _sweep,
    _time,
)  # fmt: skip
from topics.cli._app import app
from topics.cli._main import main
from topics.cli._print import print_run
from topics.cli._run import execute

__all__ = ["app", "execute", "main", "print_run"]

# They add themselves when imported.
_COMMANDS = (
    _run,
    _assign,
    _replay,
    _cite,
    _sweep,
    _compare,
    _articles,
    _names,
    _edit,
    _report,
    _sheets,
    _export,
    _growth,
    _time,
    _saturation,
)
