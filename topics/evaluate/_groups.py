"""Whether groups of documents differ in their topics: shares with intervals, tests and effect sizes of counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics.errors import InputError
from topics.evaluate._differences import adjusted_p_values, null_p_value
from topics.evaluate._intervals import wilson

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

_MIN_EXPECTED, _MAX_SMALL = 5, 0.2  # Cochran 1954: at most a fifth of the cells expect fewer than 5
_DRAWS = 1_999  # not tuned: tables of the null where the approximation does not hold
_CORRECTION = 0.5  # Haldane 1956 and Anscombe 1956


def group_test(counts: ArrayLike) -> dict[str, Any]:
    """Whether the rows of a table of counts hang on its columns: Pearson's chi-square, with Cramér's V.

    Where more than a fifth of the cells expect fewer than 5, the p-value is the share of 1,999 random tables of the
    same margins (Patefield 1981) with as large a statistic; else that of the chi-square distribution (Cochran 1954).

    Parameters
    ----------
    counts : array-like of int, shape (n_topics, n_groups)
        Documents of each topic in each group.

    Returns
    -------
    dict
        ``statistic, df, p``; ``cramers_v`` in [0, 1], higher is a stronger link, corrected for bias (Bergsma 2013);
        ``method``: "chi-square" or "random tables". NaN with fewer than two rows or columns that are not empty.

    Examples
    --------
    >>> group_test([[30, 10], [10, 30]])["method"]
    'chi-square'
    """
    from scipy.stats import chi2_contingency, random_table

    table = _table(counts)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    if min(table.shape) < 2:
        nothing = float("nan")
        return {"statistic": nothing, "df": 0, "p": nothing, "cramers_v": nothing, "method": "none"}
    statistic, p, df, expected = chi2_contingency(table, correction=False)
    method = "chi-square"
    if (expected < _MIN_EXPECTED).mean() > _MAX_SMALL:
        draws = random_table(table.sum(axis=1), table.sum(axis=0)).rvs(_DRAWS, random_state=0)
        p = null_p_value(statistic, ((draws - expected) ** 2 / expected).sum(axis=(1, 2)))
        method = "random tables"
    n, (r, c) = table.sum(), table.shape
    squared = max(0.0, statistic / n - df / (n - 1))
    smaller = min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
    v = float(np.sqrt(squared / smaller)) if smaller > 0 else 0.0
    return {"statistic": float(statistic), "df": int(df), "p": float(p), "cramers_v": min(v, 1.0), "method": method}


def group_cells(counts: ArrayLike) -> pd.DataFrame:
    """One row a cell: how the share of a topic in a group compares with its share in all other groups.

    Parameters
    ----------
    counts : array-like of int, shape (n_topics, n_groups)
        Documents of each topic in each group.

    Returns
    -------
    pandas.DataFrame
        ``row, column, n``; ``share`` of the group's documents, with ``low, high``: its 95 % interval (Wilson 1927);
        ``share_elsewhere``: of all other groups' documents; ``share_of_topic``: of the topic's documents; ``expected``:
        documents if groups did not differ; ``residual``: adjusted standardized residual, about normal (Haberman 1973);
        ``odds_ratio``: against all other groups, 1/2 added to each count where one is 0; ``p, test``: of Fisher's exact
        test where a cell of the table of four expects fewer than 5, else of chi-square; ``q``: corrected for the number
        of cells by Benjamini and Hochberg.
    """
    import pandas as pd

    table = _table(counts)
    of_rows, of_columns, n = table.sum(axis=1), table.sum(axis=0), int(table.sum())
    low, high = wilson(table, np.broadcast_to(of_columns, table.shape))
    rows = []
    for i, j in np.ndindex(*table.shape):
        count, group, topic = int(table[i, j]), int(of_columns[j]), int(of_rows[i])
        four = np.array([[count, group - count], [topic - count, n - group - topic + count]])
        expected = group * topic / n if n else 0.0
        spread = expected * (1 - group / n) * (1 - topic / n) if n else 0.0
        p, test = _of_four(four)
        rows.append(
            {
                "row": i, "column": j, "n": count, "share": count / group if group else np.nan,
                "low": low[i, j], "high": high[i, j],
                "share_elsewhere": (topic - count) / (n - group) if n > group else np.nan,
                "share_of_topic": count / topic if topic else np.nan, "expected": expected,
                "residual": (count - expected) / np.sqrt(spread) if spread > 0 else np.nan,
                "odds_ratio": _odds_ratio(four), "p": p, "test": test,
            }
        )  # fmt: skip
    frame = pd.DataFrame(rows)
    if len(frame):
        frame["q"] = adjusted_p_values(frame["p"].to_numpy(dtype=float))
    return frame


def _of_four(four: NDArray[np.int64]) -> tuple[float, str]:
    from scipy.stats import chi2_contingency, fisher_exact

    if (four.sum(axis=0) == 0).any() or (four.sum(axis=1) == 0).any():
        return float("nan"), "none"
    result = chi2_contingency(four, correction=False)
    if result.expected_freq.min() < _MIN_EXPECTED:
        return float(fisher_exact(four)[1]), "Fisher"
    return float(result.pvalue), "chi-square"


def _odds_ratio(four: NDArray[np.int64]) -> float:
    if (four.sum(axis=0) == 0).any() or (four.sum(axis=1) == 0).any():
        return float("nan")
    cells = four + (_CORRECTION if (four == 0).any() else 0.0)
    return float(cells[0, 0] * cells[1, 1] / (cells[0, 1] * cells[1, 0]))


def _table(counts: ArrayLike) -> NDArray[np.int64]:
    table = np.asarray(counts)
    if table.ndim != 2 or (table < 0).any():
        raise InputError(f"expected counts ≥ 0 of shape (n_topics, n_groups), got shape {table.shape}")
    return table.astype(np.int64)
