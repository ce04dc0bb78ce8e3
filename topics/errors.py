"""Errors that a user can mend, in one family.

The message says what was expected, what came, and what to do. The command line shows it as one sentence; any other
error is a bug of ours and shows its traceback.
"""

from __future__ import annotations


class TopicsError(Exception):
    """What the caller gave, or what lies on the disk, cannot be used as it is; the message says what to do."""


class InputError(TopicsError, ValueError):
    """A value that cannot be used."""


class InputTypeError(TopicsError, TypeError):
    """Something of a kind that cannot be used."""


class MissingExtraError(TopicsError, ImportError):
    """What an extra of the package installs is asked for and not there; the message has the command."""
