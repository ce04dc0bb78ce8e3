"""The command line's way in, and what becomes of errors."""

from __future__ import annotations

import os
import sys
from typing import Any

import typer

from topics._terminal import visible
from topics.cli._app import INTERRUPTED, REFUSED, app
from topics.errors import TopicsError


def main() -> None:
    """Run the command line; errors a user can mend are one sentence, a bug shows its traceback."""
    import traceback

    try:
        sys.exit(app(standalone_mode=False))
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # the reader of a pipe has gone, such as head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(REFUSED)
    except OSError as error:
        _say_error(_of_the_system(error))
        sys.exit(REFUSED)
    except TopicsError as error:
        _say_error(str(error))
        sys.exit(REFUSED)
    except Exception as error:
        if not hasattr(error, "format_message"):  # typer's errors of usage, whose class is not public
            print(visible(traceback.format_exc()), end="", file=sys.stderr)
            sys.exit(1)
        _say_usage(error)
        sys.exit(REFUSED)


def _say_usage(error: Any) -> None:
    """What was typed that is no command, option or value; or the help, where nothing was typed."""
    message, context = error.format_message(), getattr(error, "ctx", None)
    if context is None or message.startswith("Usage:"):
        print(visible(message), file=sys.stderr)
        return
    print(visible(f"{context.get_usage()}\nTry {context.command_path} --help\n"), file=sys.stderr)
    _say_error(message)


def _say_error(message: str) -> None:
    print(f"error: {visible(message)}", file=sys.stderr)


def _of_the_system(error: OSError) -> str:
    """What the operating system refused, and on what; an error of ours that says it all is left as it is."""
    if error.errno is None or not error.strerror:
        return str(error) or type(error).__name__
    names = " and ".join(repr(os.fsdecode(name)) for name in (error.filename, error.filename2) if name is not None)
    return f"{names or 'a file'}: {error.strerror.lower()}"
