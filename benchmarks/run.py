"""Say what got slower, or worse, against the stored figures.

    make benchmark                                  # or: python benchmarks/run.py
    python benchmarks/run.py --data ../shared/data  # quality on development corpora too
    python benchmarks/run.py --write                # what is measured now becomes what is stored

Speed is a ratio to a reference in the same process (speed.py), quality the scores of default runs (quality.py). A gate
fails where a ratio is more than a quarter above the stored one, a score more than .02 below, or the number of topics
another. Exit status 1 where one fails. About 5 minutes on 2 cores, with the six corpora 20 the first time.
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
SLOWER = 1.25  # chosen, not tuned: how far ratios move by chance has not been measured on a quiet machine
WORSE = 0.02  # of a score; chosen: other makes of CPU give the same topics, so that less is a change of ours
Figures = dict[str, dict[str, dict[str, float]]]


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


def measure(options: argparse.Namespace) -> Iterator[tuple[str, str, dict[str, float] | str]]:
    """Kind and name of each gate with its figures, or why it is left out."""
    if options.only != "quality":
        for gate in speed.gates(smoke=options.smoke, peers=options.peers):
            turns = 1 if options.smoke else options.turns
            yield "speed", gate.name, gate.skipped or speed.measure(gate, turns=turns, warm=not options.smoke)
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
        return f"left out: {name}: {figures}"
    if kind == "speed":
        return f"{name}: {figures['ratio']:.3f}"
    scores = ", ".join(f"{score} {value:.3f}" for score, value in figures.items() if score != "k")
    return f"{name}: {scores}, {figures['k']:.0f} topics"


def compare(found: Figures, stored: Figures) -> tuple[list[str], list[str]]:
    """What got worse, and what got better by as much; gates that were not measured before are neither."""
    worse, better = [], []
    for name, now in found["speed"].items():
        if before := stored["speed"].get(name):
            ratio = now["ratio"] / before["ratio"]
            line = f"{name}: {now['ratio']:.3f}, stored {before['ratio']:.3f} ({ratio:.2f} times)"
            worse += [f"slower: {line}"] if ratio > SLOWER else []
            better += [f"faster: {line}"] if ratio < 1 / SLOWER else []
    for name, scores in found["quality"].items():
        for score, value in scores.items():
            before_value = stored["quality"].get(name, {}).get(score)
            if before_value is None:
                continue
            line = f"{name}: {score} {value:.3f}, stored {before_value:.3f}"
            if score == "k":
                worse += [f"another number of topics: {line}"] if value != before_value else []
            else:
                worse += [f"worse: {line}"] if value < before_value - WORSE else []
                better += [f"better: {line}"] if value > before_value + WORSE else []
    return worse, better


def main(arguments: list[str] | None = None) -> None:
    """Measure, compare, and store where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    at_hand = Path(os.environ.get("TOPICS_DATA", "")) if os.environ.get("TOPICS_DATA") else None
    parser.add_argument("--data", type=Path, default=at_hand, help="folder of the development data")
    parser.add_argument("--only", choices=["speed", "quality"], help="half of the gates")
    parser.add_argument("--corpus", action="append", choices=list(quality.CORPORA), help="default: all that are there")
    parser.add_argument("--peers", action="store_true", help="one BERTopic fit as a reference too")
    parser.add_argument("--turns", type=int, default=5, help="how often each pair is timed")
    parser.add_argument("--out", type=Path, default=Path("runs/benchmarks"), help="folder of the runs")
    parser.add_argument("--stored", type=Path, default=STORED, help="the figures to compare with")
    parser.add_argument("--write", action="store_true", help="store what is measured; gates left out keep theirs")
    parser.add_argument("--smoke", action="store_true", help="does it run at all? small, one turn, not compared")
    options = parser.parse_args(arguments)
    empty: dict[str, Any] = {"machine": {}, "speed": {}, "quality": {}}
    stored = json.loads(options.stored.read_text(encoding="utf-8")) if options.stored.exists() else empty
    here, found = machine(), {"speed": {}, "quality": {}}
    for kind, name, figures in measure(options):
        print(said(kind, name, figures), flush=True)
        if isinstance(figures, str):
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
    worse, better = compare(found, stored)
    print("\n".join([*better, *worse]) or "nothing got slower or worse")
    sys.exit(bool(worse))


def rounded(value: Any) -> Any:
    """Numbers to four places, for a file that people read."""
    if isinstance(value, dict):
        return {key: rounded(some) for key, some in value.items()}
    return round(value, 4) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
