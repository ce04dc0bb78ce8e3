"""What counts as an empty cell."""

from __future__ import annotations

from typing import Any

import numpy as np


def is_missing(value: Any) -> bool:
    """Whether a cell holds nothing: None, NaN, NaT or pandas' NA."""
    if value is None:
        return True
    if isinstance(value, str | bytes | list | dict | tuple):
        return False
    return type(value).__name__ in ("NAType", "NaTType") or (np.ndim(value) == 0 and bool(value != value))
