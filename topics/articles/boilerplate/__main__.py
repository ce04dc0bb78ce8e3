"""Trains the model of page lines and prints it: ``python -m topics.articles.boilerplate FOLDER > page_lines.json``."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path

from topics.articles.boilerplate._train import development_pages, grow


def main(arguments: list[str]) -> None:
    """Print the trees that are grown on the development data in a folder, byte for byte as they are stored."""
    if len(arguments) != 1 or not (Path(arguments[0]) / "web_pages_90.parquet").is_file():
        sys.exit(
            "usage: python -m topics.articles.boilerplate FOLDER > page_lines.json, FOLDER with the pages to learn"
        )
    if find_spec("lightgbm") is None:
        sys.exit("training needs lightgbm: pip install lightgbm==4.7.0")
    pages, _ = development_pages(Path(arguments[0]))
    print(json.dumps(grow(pages.examples()), separators=(",", ":")))


if __name__ == "__main__":
    main(sys.argv[1:])
