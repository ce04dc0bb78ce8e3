"""A template to copy: does one setting of the toolkit change what is found, beyond what another seed changes?

Question   How many topics are found with cluster.min_samples 5 and 10, are they as stable, and is less left as noise?
Command    python experiments/template.py [--data ARTICLES] [--label COLUMN] [--seeds N] [--out FOLDER] [--smoke]
Data       The bundled sample; with --data articles of your own, as topics run takes them.
Expected   On the sample 13 topics with 5 and 5 with 10, under every seed; both stable, AMI with people .88 and .62.
Run time   About a minute on 2 cores; a second call finds everything stored.

To ask your own question: copy this file beside it, and change this head and the two marked lines. Settings are those of
topics/config/_stages.py, measures n_topics and those of topics.evaluate.DEFINITIONS. A setting differs from another
where the difference has one sign with every seed and is larger than the deviation of seeds.
"""

from __future__ import annotations

from pathlib import Path

import _settings as settings
import _study as study

GRID = {"cluster.min_samples": [5, 10]}  # ← what is compared: values by setting
MEASURES = ("n_topics", "stability", "noise_share", "npmi_held_out", "ami")  # ← what is looked at


def main(arguments: list[str] | None = None) -> None:
    """Run every setting under every seed; print what came of each and how they differ."""
    parser = study.parser(__doc__, smoke="60 pages of the sample, LSA vectors, one seed", seeds=3, articles=True)
    options = parser.parse_args(arguments)
    found = settings.sweep(options, GRID, name=Path(__file__).stem)
    settings.report(found, MEASURES)


if __name__ == "__main__":
    main()
