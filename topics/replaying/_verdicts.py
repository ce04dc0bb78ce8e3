"""Two results of one stage → how far they are the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np

from topics._say import count
from topics.records import NOISE, Clusters, Levels

Same = Literal["same bytes", "same within a tolerance", "same partition up to names", "different", "not compared"]
BYTES: Same = "same bytes"
NEAR: Same = "same within a tolerance"
PARTITION: Same = "same partition up to names"
DIFFERENT: Same = "different"
NOT_COMPARED: Same = "not compared"
RANKED: tuple[Same, ...] = (BYTES, NEAR, PARTITION, DIFFERENT)
"""From the best to the worst."""

TOLERANCES = {"embed": 1e-2}
"""Largest difference of two numbers that rounding is held to explain, by stage; :data:`TOLERANCE` of the others.

Vectors of a model in bfloat16 differ by up to 4e-3 between torch's kernels, its resolution, and those of latent
semantic analysis by 1e-4 between kernels of OpenBLAS; the rest is computed from float32, whose resolution is 1e-7
(``scripts/classes.py``).
"""

TOLERANCE = 1e-5

_NOT_CONTENT = frozenset({"origin", "corpus_key", "content", "input_rows"})


@dataclass(frozen=True)
class Difference:
    """How far two results of one stage are the same.

    Attributes
    ----------
    verdict : str
        One of :data:`RANKED`, or "not compared".
    how_much : str
        In words; empty for the same bytes.
    largest : float or None
        Largest difference of two numbers; None where it was not looked for, or says nothing.
    ari : float or None
        Adjusted Rand index of the two partitions, where there are some and they are not the same bytes.
    """

    verdict: Same
    how_much: str = ""
    largest: float | None = None
    ari: float | None = None


def compare_records(original: Any, made: Any, *, tolerance: float = TOLERANCE) -> Difference:
    """How far a record is what another of its stage is.

    Parameters
    ----------
    original, made : record
        Of one class.
    tolerance : float
        Largest difference of two numbers that rounding is held to explain.
    """
    largest, others = _differences(original, made)
    if not others and largest == 0:
        return Difference(BYTES)
    if not others and largest <= tolerance:
        said = f"largest difference {largest:.2g}, tolerance {tolerance:g}"
        return Difference(NEAR, said, largest)
    if isinstance(original, (Clusters, Levels)):
        return _of_partitions(original, made, largest=largest)
    if others:
        return Difference(DIFFERENT, "; ".join(f"{name}: {said}" for name, said in others[:3]))
    return Difference(DIFFERENT, f"largest difference {largest:.2g}, tolerance {tolerance:g}", largest)


def worst(differences: Sequence[Difference]) -> Difference:
    """The worst of several, with how many are no better; for the layouts and trees of a run.

    Parameters
    ----------
    differences : sequence of Difference
        One or more.
    """
    found = max(differences, key=lambda one: (*RANKED, NOT_COMPARED).index(one.verdict))
    n_like_it = sum(one.verdict == found.verdict for one in differences)
    if len(differences) == 1 or found.verdict in (BYTES, NOT_COMPARED):
        return found
    largest = max((one.largest for one in differences if one.largest is not None), default=None)
    prefix = f"{n_like_it} of {len(differences)}"
    return Difference(found.verdict, f"{prefix}: {found.how_much}", largest, found.ari)


def _of_partitions(original: Clusters | Levels, made: Clusters | Levels, *, largest: float) -> Difference:
    """Of clusters, and of levels by the one that agrees least; names of levels and order of clusters do not count."""
    one, other = np.atleast_2d(original.labels), np.atleast_2d(made.labels)
    if one.shape != other.shape:
        return Difference(DIFFERENT, _say_shapes(one, other))
    from topics.evaluate import adjusted_rand

    aris = [float(adjusted_rand(a, b)) for a, b in zip(one, other, strict=True)]
    ari = min(aris)
    same = all(_renamed(a, b) for a, b in zip(one, other, strict=True))
    n_one, n_other = (int(labels[int(np.argmin(aris))].max(initial=NOISE)) + 1 for labels in (one, other))
    if same:
        beside = "" if np.array_equal(one, other) else ", numbered otherwise"
        said = f"ARI {ari:.3g}, {count(n_one, 'cluster')}{beside}; other numbers differ by up to {largest:.2g}"
        return Difference(PARTITION, said, None, ari)
    return Difference(DIFFERENT, f"ARI {ari:.3f}, {count(n_one, 'cluster')} before and {n_other} now", None, ari)


def _say_shapes(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> str:
    if one.shape[1] != other.shape[1]:
        return f"{count(one.shape[1], 'document')} before and {other.shape[1]:,} now"
    return f"{count(one.shape[0], 'level')} before and {other.shape[0]} now"


def _renamed(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    """Whether each cluster of one labeling is one of the other, and noise is noise."""
    pairs = set(zip(one.tolist(), other.tolist(), strict=True))
    sides = [{pair[i] for pair in pairs} for i in (0, 1)]
    return len(pairs) == len(sides[0]) == len(sides[1]) and all((a == NOISE) == (b == NOISE) for a, b in pairs)


def _differences(original: Any, made: Any) -> tuple[float, list[tuple[str, str]]]:
    """The largest difference of two numbers, and by name what differs otherwise."""
    largest, others = 0.0, []
    before, now = dict(_parts(original)), dict(_parts(made))
    for name in sorted({*before, *now}):
        if name not in before or name not in now:
            others.append((name, "only there before" if name in before else "only there now"))
            continue
        difference, said = _difference(before[name], now[name])
        largest = max(largest, difference)
        if said:
            others.append((name, said))
    return largest, others


def _parts(record: Any) -> Iterator[tuple[str, Any]]:
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name in _NOT_CONTENT:
            continue
        if hasattr(value, "tocsr"):
            rows = value.tocsr()
            yield from ((f"{field.name}.{part}", getattr(rows, part)) for part in ("data", "indices", "indptr"))
        elif hasattr(value, "column_names"):
            yield from ((f"{field.name}.{name}", value.column(name).to_pylist()) for name in value.column_names)
        elif isinstance(value, Mapping):
            yield from ((f"{field.name}.{name}", value[name]) for name in value)
        else:
            yield field.name, value


def _difference(before: Any, now: Any) -> tuple[float, str]:
    """The largest difference of two numbers in two values, and what differs beside it, in words."""
    if isinstance(before, np.ndarray) and isinstance(now, np.ndarray):
        return _of_arrays(before, now)
    if not isinstance(before, (list, tuple)) or not isinstance(now, (list, tuple)):
        before, now = [before], [now]
    if len(before) != len(now):
        return 0.0, f"{len(before):,} before and {len(now):,} now"
    largest, n_others = 0.0, 0
    for one, other in zip(before, now, strict=True):
        distance = _distance(one, other)
        n_others += distance is None
        largest = max(largest, distance or 0.0)
    return largest, f"{n_others:,} of {len(before):,} differ" if n_others else ""


def _of_arrays(before: np.ndarray[Any, Any], now: np.ndarray[Any, Any]) -> tuple[float, str]:
    if before.shape != now.shape:
        return 0.0, f"shape {before.shape} before and {now.shape} now"
    if before.dtype.kind != "f" or now.dtype.kind != "f":
        share = float(np.mean(before != now)) if before.size else 0.0
        return 0.0, f"{share:.2%} differ" if share else ""
    known = ~np.isnan(before)
    if not np.array_equal(known, ~np.isnan(now)):
        return 0.0, "values are missing elsewhere"
    apart = np.abs(before[known].astype(np.float64) - now[known].astype(np.float64))
    return float(apart.max(initial=0.0)), ""


def _distance(one: Any, other: Any) -> float | None:
    """How far two values are apart as numbers, or as lists or mappings of such; None where they are otherwise other."""
    if isinstance(one, float) and isinstance(other, float):
        return 0.0 if one == other or (one != one and other != other) else abs(one - other)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return _most(_distance(one[name], other[name]) for name in one) if one.keys() == other.keys() else None
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return _most(map(_distance, one, other)) if len(one) == len(other) else None
    return 0.0 if one == other else None


def _most(distances: Iterable[float | None]) -> float | None:
    largest = 0.0
    for distance in distances:
        if distance is None:
            return None
        largest = max(largest, distance)
    return largest
