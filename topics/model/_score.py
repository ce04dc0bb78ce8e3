"""How good the topics of new texts are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.errors import InputError
from topics.evaluate import adjusted_mutual_information, word_gain
from topics.label import count_again
from topics.records import Records

if TYPE_CHECKING:
    from numpy.typing import NDArray


def score_of(records: Records, labels: NDArray[np.int32], *, texts: Sequence[Any], y: Any) -> float:
    """A model's score; see :meth:`topics.model.TopicModel.score`.

    Parameters
    ----------
    records : Records
        Of the fit.
    labels : numpy.ndarray of int32, shape (n_texts,)
        Topics of the texts.
    texts : sequence of str
        Without a text: None.
    y : array-like of shape (n_texts,) or None
        Labels that people gave.

    Raises
    ------
    InputError
        If there is not one label a text.
    """
    import pandas as pd

    if y is None:
        counts = count_again([text if isinstance(text, str) else "" for text in texts], records.counts)
        return word_gain(records.counts.counts, records.clusters.labels, new_counts=counts, new_labels=labels)
    truth = pd.Series(np.asarray(y, dtype=object))
    if truth.shape != labels.shape:
        raise InputError(f"expected y with one label a text, {len(labels)} in all, got shape {truth.shape}")
    known = truth.notna().to_numpy()
    codes, _ = pd.factorize(truth[known].astype(str))
    return adjusted_mutual_information(codes, labels[known])
