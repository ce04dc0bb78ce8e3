"""What a run says of its level: which it is, why, and what else was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from topics._say import count, percent
from topics.cluster.choose import CLEAR

if TYPE_CHECKING:
    from topics.records import Levels


def level_note(levels: Levels, place: int, *, wanted: int | str) -> str:
    """Which level was taken and why, in one sentence with its numbers.

    Parameters
    ----------
    levels : Levels
        All that were found.
    place : int
        Row of the one that was taken.
    wanted : int or str
        What was asked for.
    """
    rows = levels.table.to_pylist()
    taken = rows[place]
    others = [_other(row, own=wanted != "auto" and not isinstance(wanted, int)) for row in rows if row is not taken]
    rest = (
        f"; also found: {', '.join(others)}" if others else "",
        "; one seed cannot tell how stable that is: reduce.n_seeds asks more of them" if levels.n_seeds == 1 else "",
    )
    unclear = _unclear(taken) if wanted == "auto" else ""
    return f"{unclear}{_why(levels, taken, wanted)}: {_seen(levels, taken, wanted)}{''.join(rest)}"


def _unclear(taken: dict[str, Any]) -> str:
    """A sentence to begin with where other documents would give other topics."""
    stability = taken["stability"]
    if stability is None or stability >= CLEAR:
        return ""
    return (
        f"no level is clear in these documents: layouts agree on it to {stability:.2f} only, of at most 1 (a clear one "
        f"has {CLEAR} and more), so other documents would give other topics; the one taken is the likeliest of "
        "several. "
    )


def _why(levels: Levels, taken: dict[str, Any], wanted: int | str) -> str:
    name = f"level {taken['level']!r}"
    if isinstance(wanted, int):
        if taken["n_clusters"] == wanted:
            return f"{name} has the {wanted} clusters that were asked for"
        return (
            f"{count(wanted, 'cluster')} were asked for, and the nearest that can be had is {taken['n_clusters']} "
            f"({name}), since {_obstacle(levels, wanted)}"
        )
    if wanted in ("finest", "coarsest"):
        return f"{name} is the {wanted}, as asked for"
    if wanted != "auto":
        return f"{name} was asked for"
    if taken["from"] == "neighbors":
        return f"{name} is the only one"
    if levels.n_seeds == 1:
        return f"{name} is the finest with about the least noise"
    return f"{name} is where layouts of other documents agree best, less what is agreed on too easily"


def _obstacle(levels: Levels, wanted: int) -> str:
    """Why there are not exactly so many clusters."""
    cuts = levels.scan.to_pylist()
    seeds = "the one layout finds" if levels.n_seeds == 1 else "the layouts find"
    if not cuts:
        return "nothing else stands out"
    finest, coarsest = cuts[0], cuts[-1]
    if wanted > max(cut["most"] for cut in cuts):
        return (
            f"{seeds} no more than {max(cut['most'] for cut in cuts)}, even where a cluster is to have only "
            f"{count(finest['min_cluster_size'], 'document')}"
        )
    if wanted < min(cut["fewest"] for cut in cuts):
        return f"the coarsest cut with two clusters or more has {_span(coarsest)}"
    if levels.n_seeds == 1:
        coarser = max((cut["most"] for cut in cuts if cut["most"] < wanted), default=0)
        finer = min((cut["fewest"] for cut in cuts if cut["fewest"] > wanted), default=0)
        return f"no cut has a number between {coarser} and {finer}"
    return f"there is no cut on which the layouts agree on {wanted}: they find them, but not the same"


def _seen(levels: Levels, taken: dict[str, Any], wanted: int | str) -> str:
    if taken["from"] == "neighbors":
        return (
            f"{taken['n_clusters']} groups of {taken['min_cluster_size']} and more among the nearest neighbors, "
            f"stability {taken['stability']:.2f}, {percent(taken['noise_share'], digits=1)} noise"
        )
    cut = next(cut for cut in levels.scan.to_pylist() if cut["level"] == taken["level"])
    how = f"at min_cluster_size {cut['min_cluster_size']} ({cut['cluster_selection_method']})"
    noise = percent(cut["noise_share"], digits=1)
    if levels.n_seeds == 1:
        return f"1 seed finds {count(cut['most'], 'cluster')} {how}, with {noise} noise"
    error = "" if cut["stability_error"] is None else f" ± {cut['stability_error']:.2f}"
    return (
        f"layouts find {_span(cut)} clusters {how}, with {noise} noise, and agree to {cut['stability']:.2f}{error} "
        f"(AMI {cut['agreement']:.2f}, ARI {cut['rand']:.2f}){_as_good(levels, cut) if wanted == 'auto' else ''}"
    )


def _as_good(levels: Levels, taken: dict[str, Any]) -> str:
    """The numbers of clusters around that of the cut taken whose best cuts are worth as much, within its error."""
    if taken["stability_error"] is None:
        return ""
    best: dict[int, float] = {}
    for cut in levels.scan.to_pylist():
        number = round(cut["n_clusters"])
        best[number] = max(best.get(number, cut["worth"]), cut["worth"])
    numbers = sorted(best)
    good = [best[number] >= taken["worth"] - taken["stability_error"] for number in numbers]
    first = last = numbers.index(round(taken["n_clusters"]))
    while first > 0 and good[first - 1]:
        first -= 1
    while last < len(numbers) - 1 and good[last + 1]:
        last += 1
    return "" if first == last else f"; within that error {numbers[first]} to {numbers[last]} clusters are as good"


def _other(row: dict[str, Any], *, own: bool) -> str:
    """Another level; where the user chose one of them by name, also which would be taken without that."""
    stable = "" if row["stability"] is None else f", stability {row['stability']:.2f}"
    preferred = ", what 'auto' takes" if own and row["preferred"] else ""
    return f"{row['level']} ({count(row['n_clusters'], 'cluster')}{stable}{preferred})"


def _span(cut: dict[str, Any]) -> str:
    return str(cut["most"]) if cut["fewest"] == cut["most"] else f"{cut['fewest']} to {cut['most']}"
