from __future__ import annotations

from types import SimpleNamespace

import pyarrow as pa
import pytest

from topics.cluster._level_note import _as_good


@pytest.mark.parametrize(
    ("worths", "error", "said"),
    [
        ({40: 0.5, 14: 0.89, 13: 0.90, 12: 0.88, 8: 0.6, 5: 0.895}, 0.02, "12 to 14"),  # five, but not eight
        ({40: 0.5, 14: 0.89, 13: 0.90, 12: 0.88, 8: 0.6, 5: 0.895}, 0.4, "5 to 40"),
        ({14: 0.7, 13: 0.90, 12: 0.7}, 0.02, None),
        ({14: 0.9, 13: 0.90, 12: 0.9}, None, None),
    ],
)
def test_as_good_are_the_numbers_around_the_chosen_one(worths, error, said):
    rows = [{"n_clusters": float(k), "worth": worth, "stability_error": error} for k, worth in worths.items()]
    rows.append({"n_clusters": 13.2, "worth": 0.1, "stability_error": error})  # a poor cut with as many clusters
    levels = SimpleNamespace(scan=pa.Table.from_pylist(rows))
    taken = next(row for row in rows if row["n_clusters"] == 13)
    expected = "" if said is None else f"; within that error {said} clusters are equally good"
    assert _as_good(levels, taken) == expected
