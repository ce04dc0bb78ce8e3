"""The note on a run's level: which level was chosen, why, and which others there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from topics._say import count, percent
from topics.cluster._choose import CLEAR

if TYPE_CHECKING:
    from topics.records import Levels


def level_note(levels: Levels, place: int, *, wanted: int | str) -> str:
    """Which level was chosen and why, in one sentence with its numbers.

    Parameters
    ----------
    levels : Levels
        All levels.
    place : int
        Row of the chosen level.
    wanted : int or str
        The level or number of clusters requested.
    """
    rows = levels.table.to_pylist()
    chosen = rows[place]
    others = [_other(row, own=wanted != "auto" and not isinstance(wanted, int)) for row in rows if row is not chosen]
    rest = (
        f"; also found: {', '.join(others)}" if others else "",
        "; a single layout cannot show how stable that is: raise reduce.n_layouts" if levels.n_layouts == 1 else "",
    )
    unclear = _unclear(chosen) if wanted == "auto" else ""
    return f"{unclear}{_why(levels, chosen, wanted)}: {_seen(levels, chosen, wanted)}{''.join(rest)}"


def _unclear(chosen: dict[str, Any]) -> str:
    """The sentence that comes first if other documents would give other topics."""
    stability = chosen["stability"]
    if stability is None or stability >= CLEAR:
        return ""
    return (
        f"no level is clear in these documents: layouts agree on it only to {stability:.2f} (1 is the maximum, a clear "
        f"level has at least {CLEAR}), so other documents would give other topics; the chosen level is the most likely "
        "of several. "
    )


def _why(levels: Levels, chosen: dict[str, Any], wanted: int | str) -> str:
    name = f"level {chosen['level']!r}"
    if isinstance(wanted, int):
        if chosen["n_clusters"] == wanted:
            return f"{name} has the {wanted} clusters requested"
        return (
            f"{count(wanted, 'cluster')} were requested; the closest available is {chosen['n_clusters']} "
            f"({name}), because {_obstacle(levels, wanted)}"
        )
    if wanted in ("finest", "coarsest"):
        return f"{name} is the {wanted}, as requested"
    if wanted != "auto":
        return f"{name} was requested"
    if chosen["from"] == "neighbors":
        return f"{name} is the only one"
    if levels.n_layouts == 1:
        return f"{name} is the finest with about the least noise"
    return f"{name} is where layouts of different documents agree best, after a penalty for agreement that is too easy"


def _obstacle(levels: Levels, wanted: int) -> str:
    """Why the requested number of clusters is not available."""
    cuts = levels.scan.to_pylist()
    seeds = "the one layout finds" if levels.n_layouts == 1 else "the layouts find"
    if not cuts:
        return "no cut has two clusters or more"
    finest, coarsest = cuts[0], cuts[-1]
    if wanted > max(cut["max_clusters"] for cut in cuts):
        return (
            f"{seeds} at most {max(cut['max_clusters'] for cut in cuts)}, even with a minimum cluster size of "
            f"{finest['min_cluster_size']}"
        )
    if wanted < min(cut["min_clusters"] for cut in cuts):
        return f"the coarsest cut with at least two clusters has {_span(coarsest)}"
    if levels.n_layouts == 1:
        coarser = max((cut["max_clusters"] for cut in cuts if cut["max_clusters"] < wanted), default=0)
        finer = min((cut["min_clusters"] for cut in cuts if cut["min_clusters"] > wanted), default=0)
        return f"no cut has a number of clusters between {coarser} and {finer}"
    return f"on no cut do the layouts agree on {wanted}: each finds that many, but not the same ones"


def _seen(levels: Levels, chosen: dict[str, Any], wanted: int | str) -> str:
    if chosen["from"] == "neighbors":
        return (
            f"{chosen['n_clusters']} groups of {chosen['min_cluster_size']} or more among the nearest neighbors, "
            f"stability {chosen['stability']:.2f}, {percent(chosen['noise_share'], digits=1)} noise"
        )
    cut = next(cut for cut in levels.scan.to_pylist() if cut["level"] == chosen["level"])
    how = f"at min_cluster_size {cut['min_cluster_size']} ({cut['cluster_selection_method']})"
    noise = percent(cut["noise_share"], digits=1)
    if levels.n_layouts == 1:
        return f"1 layout finds {count(cut['max_clusters'], 'cluster')} {how}, with {noise} noise"
    error = "" if cut["stability_error"] is None else f" ± {cut['stability_error']:.2f}"
    return (
        f"layouts find {_span(cut)} clusters {how}, with {noise} noise, and agree to {cut['stability']:.2f}{error} "
        f"(AMI {cut['agreement']:.2f}, ARI {cut['rand']:.2f}){_as_good(levels, cut) if wanted == 'auto' else ''}"
    )


def _as_good(levels: Levels, chosen: dict[str, Any]) -> str:
    """The range of numbers of clusters around the chosen one that are worth as much, within its error."""
    if chosen["stability_error"] is None:
        return ""
    best: dict[int, float] = {}
    for cut in levels.scan.to_pylist():
        number = round(cut["n_clusters"])
        best[number] = max(best.get(number, cut["worth"]), cut["worth"])
    numbers = sorted(best)
    good = [best[number] >= chosen["worth"] - chosen["stability_error"] for number in numbers]
    first = last = numbers.index(round(chosen["n_clusters"]))
    while first > 0 and good[first - 1]:
        first -= 1
    while last < len(numbers) - 1 and good[last + 1]:
        last += 1
    return "" if first == last else f"; within that error {numbers[first]} to {numbers[last]} clusters are equally good"


def _other(row: dict[str, Any], *, own: bool) -> str:
    """Another level; if the user requested one by name, also whether "auto" would have chosen this one."""
    stable = "" if row["stability"] is None else f", stability {row['stability']:.2f}"
    preferred = ", the choice of 'auto'" if own and row["preferred"] else ""
    return f"{row['level']} ({count(row['n_clusters'], 'cluster')}{stable}{preferred})"


def _span(cut: dict[str, Any]) -> str:
    least, most = cut["min_clusters"], cut["max_clusters"]
    return str(most) if least == most else f"{least} to {most}"
