"""Quickstart: which topics are in a set of articles, and do they agree with a human's?

Question   What does the main job find, with defaults, and how well does it agree with human labels?
Command    python experiments/e01_quickstart.py [--data PATH] [--set K=V]… [--smoke]
Data       The bundled sample: 172 pages of six invented outlets, 4 themes, 12 topics, 40 stories, 2 languages.
Expected   12 to 14 topics, AMI with the sample's topics of at least 0.80 (round-ups and noise included).
Run time   About 45 s on 2 cores the first time, a few seconds after that: stored stages are not computed again.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from topics import RunConfig
from topics.articles import sample_path
from topics.cli import execute, print_run


def main(arguments: list[str] | None = None) -> None:
    """Run the main job and print what it found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, prog="e01_quickstart.py"
    )
    parser.add_argument("--data", type=Path, default=None, help="articles of your own; default: the bundled sample")
    parser.add_argument("--set", action="append", default=[], metavar="K=V", help="one value of the config")
    parser.add_argument("--out", type=Path, default=Path("runs"), help="folder of runs")
    parser.add_argument("--name", default=None, help="folder of the run")
    parser.add_argument("--smoke", action="store_true", help="few epochs: does it run at all?")
    options = parser.parse_args(arguments)

    overrides = ["reduce.n_epochs=20", "map.n_epochs=20"] if options.smoke else []
    if options.data is None:
        overrides.append("evaluate.label_column=gold_topic")
    config = RunConfig.from_toml(overrides=[*overrides, *options.set])
    run = execute(
        options.data or sample_path(),
        config,
        name=options.name,
        out=options.out,
        replace=False,
        console=Console(stderr=True, highlight=False),
    )
    print_run(run)


if __name__ == "__main__":
    main()
