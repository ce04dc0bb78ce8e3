"""Functions compiled by numba: once per machine if its cache folder can be written, otherwise once per process.

Importing this module imports numba, so only functions that need it do so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function in machine code; it lets other threads run.

    Compiled without ``fastmath``, which lets each type of CPU order its sums differently.

    Parameters
    ----------
    function : callable
        A function of numbers and arrays.
    """
    try:
        kept: Callable[..., Any] = njit(function, cache=True, nogil=True, error_model="numpy")
    except RuntimeError:  # no such folder
        kept = njit(function, nogil=True, error_model="numpy")
    return kept
