"""How torch is put to work: batches side by side, and quietly."""

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
    """Results in order. On a CPU every batch has one thread; elsewhere texts are cut into tokens meanwhile.

    Parameters
    ----------
    compute : callable
        Called with each batch.
    batches : sequence of slice
        Of rows.
    on_cpu : bool
        Whether torch computes on the processor.
    """
    import torch

    threads = torch.get_num_threads()
    alone = (lambda: torch.set_num_threads(1)) if on_cpu else None
    try:
        # elsewhere one batch computes while the next is read: more would only fill the device's memory
        yield from map_blocks(
            lambda start, stop: compute(batches[start]),
            len(batches),
            1,
            initializer=alone,
            most_threads=None if on_cpu else 2,
        )
    finally:
        torch.set_num_threads(threads)


@contextmanager
def without_loading_bar() -> Iterator[None]:
    """Keep transformers from drawing a bar for loading weights, and leave its setting as it was."""
    from transformers.utils import logging

    bars: Any = logging
    shown = bars.is_progress_bar_enabled()
    bars.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            bars.enable_progress_bar()
