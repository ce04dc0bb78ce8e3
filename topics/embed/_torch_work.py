"""Running torch: batches side by side, and without progress bars."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from topics._blocks import map_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray


def side_by_side(
    compute: Callable[[slice], NDArray[np.float32]], batches: Sequence[slice], *, on_cpu: bool
) -> Iterable[NDArray[np.float32]]:
    """Results of the batches, in order. On a CPU every batch has one thread; elsewhere the next one is read meanwhile.

    Parameters
    ----------
    compute : callable
        Called with each batch.
    batches : sequence of slice
        Ranges of rows.
    on_cpu : bool
        Whether torch computes on the CPU.
    """
    import torch

    threads = torch.get_num_threads()
    alone = (lambda: torch.set_num_threads(1)) if on_cpu else None
    try:
        # elsewhere one batch is computed while the next is read; more would only fill the device's memory
        yield from map_blocks(
            lambda start, stop: compute(batches[start]),
            len(batches),
            1,
            initializer=alone,
            max_threads=None if on_cpu else 2,
        )
    finally:
        torch.set_num_threads(threads)


@contextmanager
def without_loading_bar() -> Iterator[None]:
    """A context without transformers' progress bar for loading weights; restores the setting."""
    from transformers.utils import logging

    bars: Any = logging
    shown = bars.is_progress_bar_enabled()
    bars.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            bars.enable_progress_bar()
