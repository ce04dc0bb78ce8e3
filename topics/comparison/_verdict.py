"""Which side is better, if that can be said at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from topics.comparison._topics import LEVEL

if TYPE_CHECKING:
    import pandas as pd

# Not tuned: the figures move with the number of topics and with noise. From k to 1.5 k topics NPMI, diversity and AMI
# of BERTopic on 20 Newsgroups moved by about as much as its encoders differ (the paper's own table: .186 and .908 at 20
# topics, .170 and .856 at 30); leaving out a tenth of the documents, the hardest, does likewise.
_MAX_RATIO = 1.5
_MAX_NOISE = 0.1
_ASIDE = ("n_topics", "noise_share")

Verdict = tuple[Literal["a", "b"] | None, str]


def verdict_of(
    metrics: pd.DataFrame, is_different: bool | None, *, titles: tuple[str, str], n_runs: tuple[int, int]
) -> Verdict:
    """The better side, or None, and the reason in a sentence.

    Parameters
    ----------
    metrics : pandas.DataFrame
        As in :class:`Comparison`.
    is_different : bool or None
        Whether the topics differ by more than seeds do.
    titles : tuple of two str
        Of the sides.
    n_runs : tuple of two int
        Of the sides.
    """
    row = {entry["metric"]: entry for entry in metrics.to_dict("records")}
    refused = "No winner is named: "
    if not row:
        return None, f"{refused}there is no score that both sides have and that means the same in both."
    if is_different is False:
        return None, f"{refused}the topics differ by no more than two runs of one config do."
    if "n_topics" in row:
        k = sorted((row["n_topics"]["a"], row["n_topics"]["b"]))
        if k[1] > _MAX_RATIO * k[0]:
            return None, (
                f"{refused}the numbers of topics differ much ({row['n_topics']['a']:.3g} and "
                f"{row['n_topics']['b']:.3g}), and scores move with them."
            )
    if "noise_share" in row and abs(row["noise_share"]["difference"]) > _MAX_NOISE:
        noise = row["noise_share"]
        return None, (
            f"{refused}the shares of noise differ much ({noise['a']:.0%} and {noise['b']:.0%}), and scores move with "
            "them."
        )
    judged = [
        one for name, one in row.items() if name not in _ASIDE and one["better"] != "none" and not np.isnan(one["q"])
    ]
    if not judged:
        few = "one run a side" if max(n_runs) == 1 else "so few runs"
        return None, f"{refused}{few} cannot show which scores differ by more than seeds do; give seeds."
    beyond = [one for one in judged if one["q"] <= LEVEL]
    if not beyond:
        return None, f"{refused}every score differs by no more than seeds do."
    better = {one["metric"]: "b" if (one["difference"] > 0) == (one["better"] == "higher") else "a" for one in beyond}
    sides = set(better.values())
    named = {side: ", ".join(name for name, of in better.items() if of == side) for side in sides}
    if len(sides) > 1:
        return None, f"{refused}A is better in {named['a']}, B in {named['b']}."
    side: Literal["a", "b"] = "b" if "b" in sides else "a"
    title = titles[side == "b"]
    return side, (
        f"{side.upper()} ({title}) is better in {named[side]}, by more than seeds do, and worse in none of "
        f"{len(judged)} scores; whether people would agree these scores do not tell."
    )
