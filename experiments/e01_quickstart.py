"""Quickstart: which topics are in a set of articles, and do they agree with a human's?

Question   What does the main job find, with defaults, and how well does it agree with human labels?
Command    python experiments/e01_quickstart.py [--data PATH] [--set K=V]… [--smoke]; the same as topics run PATH
Data       The bundled sample: 172 pages of six invented outlets, 4 themes, 12 topics, 40 stories, 2 languages.
Expected   12 to 14 topics, AMI with the sample's topics of at least 0.80 (round-ups and noise included).
Run time   About 45 s on 2 cores the first time, a few seconds after that: stored stages are not computed again.
"""

from __future__ import annotations

import subprocess
import sys

import _study as study

from topics.articles import sample_path


def main(arguments: list[str] | None = None) -> None:
    """Run the main job, which prints what it found."""
    parser = study.parser(__doc__, smoke="few epochs")
    parser.set_defaults(data=None)
    parser.add_argument("--set", action="append", default=[], metavar="K=V", help="one value of the config")
    parser.add_argument("--name", default=None, help="folder of the run")
    options = parser.parse_args(arguments)

    settings = ["reduce.n_epochs=20", "map.n_epochs=20"] if options.smoke else []
    if options.data is None:
        settings.append("evaluate.label_column=gold_topic")
    command = ["run", str(options.data or sample_path()), "--out", str(options.out)]
    command += ["--name", options.name] if options.name else []
    command += [word for setting in [*settings, *options.set] for word in ("--set", setting)]
    done = subprocess.run([sys.executable, "-c", "from topics.cli import main; main()", *command])
    sys.exit(done.returncode) if done.returncode else None


if __name__ == "__main__":
    main()
