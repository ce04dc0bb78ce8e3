"""``topics …``: a thin command line over the pipeline and the runs; one file a group of commands."""

<<<<<<< HEAD
from topics.cli import _articles, _cite, _edit, _map, _names, _replay, _run, _sheets, _sweep
=======
from topics.cli import _articles, _edit, _map, _names, _report, _run, _sheets, _sweep
>>>>>>> 96b7f1f (The explorer: a run in the notebook and as one offline report, from a point of the map to its article)
from topics.cli._app import app
from topics.cli._main import main
from topics.cli._print import print_run
from topics.cli._run import execute

__all__ = ["app", "execute", "main", "print_run"]

<<<<<<< HEAD
_COMMANDS = (_run, _replay, _cite, _sweep, _articles, _names, _edit, _map, _sheets)  # they add themselves when imported
=======
_COMMANDS = (_run, _sweep, _articles, _names, _edit, _map, _report, _sheets)  # they add themselves when imported
>>>>>>> 96b7f1f (The explorer: a run in the notebook and as one offline report, from a point of the map to its article)
