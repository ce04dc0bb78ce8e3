"""The pictures of README.md and docs/, all of them, of the run that ``make demo`` makes.

Command    make pictures, or python scripts/pictures.py [--out FOLDER] [--runs FOLDER]
Needs      Playwright and a chromium on the path.
"""

from __future__ import annotations

import argparse
import base64
import sys
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from figures import browser, show

import topics
from topics import plot
from topics.articles import inspect, sample_path
from topics.show_articles import print_page
from topics.timeline import over_time

WIDTH, SCALE = 900, 1.5  # pixels that a picture is laid out for, and those of the file for each
PAGE = "ledger-008"  # of the sample: one with every kind of line
TILE = 430  # pixels


def main(arguments: list[str] | None = None) -> None:
    """Draw every picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("docs"), help="folder of the pictures")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="folder of runs, where the demo's may be")
    options = parser.parse_args(arguments)
    run = topics.run(sample_path(), {"evaluate": {"label_column": "gold_topic"}}, out=options.runs)
    themes = topics.run(sample_path(), {"cluster": {"level": "theme"}}, out=options.runs)
    with browser(scale=SCALE) as page:
        for name, figure in (("map", plot.draw_map(run)), ("levels", plot.draw_scan(run))):
            write(options.out / f"{name}.png", picture(page, figure))
        write(options.out / "plots.png", contact(page, every(run, themes)))
        write(options.out / "articles.png", terminal(page, f"topics articles sample.parquet --show {PAGE}"))


def every(run: topics.Run, themes: topics.Run) -> Mapping[str, Any]:
    """Each figure that a run has, under the function that draws it."""
    unsure = run.membership()["doc_id"].value_counts().index[0]
    return {
        "draw_map": plot.draw_map(run),
        "draw_tree": plot.draw_tree(run),
        "draw_terms": plot.draw_terms(run, max_topics=9, n_terms=5),
        "draw_similarity": plot.draw_similarity(run),
        "draw_reliability": plot.draw_reliability(run),
        "draw_over_time": plot.draw_over_time(over_time(run, "quarter"), run, max_topics=9),
        "draw_groups": plot.draw_groups(topics.compare_groups(run, "outlet"), run, max_topics=5),
        "draw_flow": plot.draw_flow(run, themes),
        "draw_document": plot.draw_document(run, unsure),
    }


def picture(page: Any, figure: Any) -> bytes:
    """A figure as PNG."""
    height, _ = show(page, figure, width=WIDTH)
    png: bytes = page.screenshot(clip={"x": 0, "y": 0, "width": WIDTH, "height": height})
    return png


def contact(page: Any, figures: Mapping[str, Any]) -> bytes:
    """Figures side by side, small, each under its name."""
    tiles = "".join(
        f'<div style="width: {TILE}px; height: {TILE * 0.86:.0f}px; overflow: hidden; background: #fff; padding: 8px">'
        f'<code>{name}</code><br><img style="width: 100%" src="data:image/png;base64,'
        f'{base64.b64encode(picture(page, figure)).decode()}"></div>'
        for name, figure in figures.items()
    )
    sheet = page.context.browser.new_page(device_scale_factor=1)
    sheet.set_content(
        f'<div id="sheet" style="display: grid; grid-template-columns: repeat(3, auto); gap: 10px; padding: 10px; '
        f'width: {3 * TILE + 90}px; background: #e6e8eb">{tiles}</div>'
    )
    png: bytes = sheet.locator("#sheet").screenshot()
    sheet.close()
    return png


def terminal(page: Any, title: str) -> bytes:
    """What the command line says of one page, as a terminal shows it."""
    from rich.console import Console
    from rich.terminal_theme import DEFAULT_TERMINAL_THEME

    console = Console(record=True, width=112, file=StringIO(), force_terminal=True, highlight=False)
    print_page(inspect(sample_path(), PAGE), console)
    sheet = page.context.browser.new_page(device_scale_factor=1)
    svg = console.export_svg(title=title, theme=DEFAULT_TERMINAL_THEME, font_aspect_ratio=0.61)
    sheet.route("**/*", lambda route: route.abort())  # its fonts are on a server; the machine's own serve as well
    sheet.set_content(f'<div id="sheet" style="width: 1000px">{svg}</div>')
    png: bytes = sheet.locator("#sheet").screenshot()
    sheet.close()
    return png


def write(path: Path, content: bytes) -> None:
    """Write a picture, and say so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    print(f"{path}: {len(content) // 1000} kB")


if __name__ == "__main__":
    main()
