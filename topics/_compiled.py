"""Functions compiled by numba: once a machine where a folder to keep them in can be written, else once a process.

Importing this module imports numba: only functions that need it do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function in machine code; other threads run meanwhile.

    Without ``fastmath``, under which each make of CPU orders its sums in its own way.

    Parameters
    ----------
    function : callable
        Of numbers and arrays.
    """
    try:
        kept: Callable[..., Any] = njit(function, cache=True, nogil=True, error_model="numpy")
    except RuntimeError:  # no such folder
        kept = njit(function, nogil=True, error_model="numpy")
    return kept
