"""Say what got slower, or worse, against the stored figures.

    make benchmark                                  # or: python benchmarks/run.py
    python benchmarks/run.py --data ../shared/data  # quality on development corpora too
    python benchmarks/run.py --write                # what is measured now becomes what is stored

Speed is a ratio to a reference in the same process (speed.py), quality the scores of default runs (quality.py).

A gate of speed takes turns until it is clear that a part got slower (by a tenth or more, with 95 %), or that it did not
(by 30 % or more, with 95 %), and turns wait until nobody else uses the machine. Where neither becomes clear, or the
machine is never quiet, that is said and the gate is not judged. Exit status 1 where something got slower or worse, else
2 where a gate was not judged. About 10 minutes on 2 cores that are otherwise idle, with the six corpora 25 the first
time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import quality
import speed

import topics

STORED = Path(__file__).with_name("stored.json")
# Where something is called slower: the whole interval of its ratio is above the one, or not below the other. Chosen: a
# tenth is what another order of memory or version of the reference may make of a ratio; 30 % must not be missed.
SURELY, MISSED = 1.1, 1.3
# Of a score's mean over the seeds: three times what the four stored corpora differ by between two seeds, as they do
# between two makes of CPU (.003 of AMI, .001 of NPMI, .004 of diversity, .031 of stability), and .02 at least.
WORSE = {"ami": 0.02, "npmi": 0.02, "diversity": 0.02, "stability": 0.09}
OTHER_TOPICS = 0.1  # of their number, by the mean over the seeds: 34 and 35 are those of one corpus under two
UNCLEAR = "not clear"
Figures = dict[str, dict[str, dict[str, float]]]
Score = tuple[str, str]  # of a corpus


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "cpu": models[0] if models else platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "topics": topics.__version__,
        "measured": datetime.now(UTC).date().isoformat(),
    }


def measure(options: argparse.Namespace, stored: Figures) -> Iterator[tuple[str, str, dict[str, float] | str]]:
    """Kind and name of each gate with its figures, or why it is left out."""
    if options.only != "quality":
        for gate in speed.gates(smoke=options.smoke, peers=options.peers):
            before = stored["speed"].get(gate.name)

            def is_decided(now: dict[str, float], before: dict[str, float] | None = before) -> bool:
                narrow = now["high"] < SURELY * now["low"]  # enough to be stored
                return narrow if options.write or before is None else verdict(now, before) != UNCLEAR

            yield "speed", gate.name, gate.skipped or speed.measure(gate, is_decided=is_decided, smoke=options.smoke)
    if options.only != "speed":
        for name in ("sample",) if options.smoke else options.corpus or quality.CORPORA:
            if reason := quality.missing(name, options.data):
                yield "quality", name, reason
                continue
            for run, scores in quality.measure(name, data=options.data, out=options.out, smoke=options.smoke):
                yield "quality", run, scores


def said(kind: str, name: str, figures: dict[str, float] | str) -> str:
    """A line on one gate."""
    if isinstance(figures, str):
        return f"{name}: {figures}" if figures.startswith("not judged") else f"left out: {name}: {figures}"
    if kind == "speed":
        return f"{name}: {figures['ratio']:.3f} ({figures['low']:.3f} to {figures['high']:.3f})"
    scores = ", ".join(f"{score} {value:.3f}" for score, value in figures.items() if score != "k")
    return f"{name}: {scores}, {figures['k']:.0f} topics"


def verdict(now: dict[str, float], before: dict[str, float]) -> str:
    """What the interval of a ratio says against the stored one; "" where it is as it was."""
    low, high = now["low"] / before["ratio"], now["high"] / before["ratio"]
    if low > SURELY:
        return "slower"
    if high >= MISSED:
        return UNCLEAR
    return "faster" if high < 1 / SURELY else ""


def compare(found: Figures, stored: Figures) -> dict[str, list[str]]:
    """What is slower, faster, worse, better or not clear; gates that were not measured before are none of these."""
    said: dict[str, list[str]] = {}
    for name, now in found["speed"].items():
        if before := stored["speed"].get(name):
            times = f"{now['low'] / before['ratio']:.2f} to {now['high'] / before['ratio']:.2f} times"
            line = f"{name}: {now['ratio']:.3f}, stored {before['ratio']:.3f} ({times})"
            said.setdefault(verdict(now, before), []).append(line)
    now_scores, before_scores = (
        means(one["quality"], like=other["quality"]) for one, other in ((found, stored), (stored, found))
    )
    for (corpus, score), value in now_scores.items():
        before_value = before_scores.get((corpus, score))
        if before_value is None:
            continue
        change, line = value - before_value, f"{corpus}: {score} {value:.3f}, stored {before_value:.3f}"
        if score == "k":
            said.setdefault("another number of topics" * (abs(change) > OTHER_TOPICS * before_value), []).append(line)
        elif abs(change) > WORSE[score]:
            said.setdefault("better" if change > 0 else "worse", []).append(line)
    said.pop("", None)
    return said


def means(runs: dict[str, dict[str, float]], *, like: dict[str, dict[str, float]]) -> dict[Score, float]:
    """Each corpus's scores, by the mean over its seeds, of the runs and scores that the others have, too."""
    values: dict[Score, list[float]] = {}
    for run, scores in runs.items():
        for score, value in scores.items():
            if score in like.get(run, {}):
                values.setdefault((run.partition(",")[0], score), []).append(value)
    return {key: sum(some) / len(some) for key, some in values.items()}


def main(arguments: list[str] | None = None) -> None:
    """Measure, compare, and store where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    at_hand = Path(os.environ.get("TOPICS_DATA", "")) if os.environ.get("TOPICS_DATA") else None
    parser.add_argument("--data", type=Path, default=at_hand, help="folder of the development data")
    parser.add_argument("--only", choices=["speed", "quality"], help="half of the gates")
    parser.add_argument("--corpus", action="append", choices=list(quality.CORPORA), help="default: all that are there")
    parser.add_argument("--peers", action="store_true", help="one BERTopic fit as a reference too")
    parser.add_argument("--out", type=Path, default=Path("runs/benchmarks"), help="folder of the runs")
    parser.add_argument("--stored", type=Path, default=STORED, help="the figures to compare with")
    parser.add_argument("--write", action="store_true", help="store what is measured; gates left out keep theirs")
    parser.add_argument("--smoke", action="store_true", help="does it run at all? small, one turn, not compared")
    options = parser.parse_args(arguments)
    empty: dict[str, Any] = {"machine": {}, "speed": {}, "quality": {}}
    stored = json.loads(options.stored.read_text(encoding="utf-8")) if options.stored.exists() else empty
    here, found = machine(), {"speed": {}, "quality": {}}
    not_judged = []
    for kind, name, figures in measure(options, stored):
        print(said(kind, name, figures), flush=True)
        if isinstance(figures, str):
            not_judged += [name] * figures.startswith("not judged")
            continue
        found[kind][name] = figures
        if options.write:  # at once, so that who stops it keeps what is measured
            stored["machine"], stored[kind][name] = here, figures
            options.stored.write_text(json.dumps(rounded(stored), indent=1) + "\n", encoding="utf-8")
    if options.write:
        print(f"stored: {options.stored}")
        return
    if options.smoke:
        return
    if stored["machine"].get("cpu") != here["cpu"]:
        print(f"note: stored are figures of {stored['machine'].get('cpu')}, this is {here['cpu']}: ratios may differ")
    changes = compare(found, stored)
    print("\n".join(f"{what}: {line}" for what in sorted(changes) for line in changes[what]))
    is_worse = any(what in changes for what in ("slower", "worse", "another number of topics"))
    not_judged += changes.get(UNCLEAR, [])
    if not_judged:
        print(f"{len(not_judged)} of {len(found['speed']) + len(found['quality'])} gates were not judged")
    elif not is_worse:
        print("nothing got slower or worse")
    sys.exit(1 if is_worse else 2 * bool(not_judged))


def rounded(value: Any) -> Any:
    """Numbers to four places, for a file that people read."""
    if isinstance(value, dict):
        return {key: rounded(some) for key, some in value.items()}
    return round(value, 4) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
