"""Every figure at 5, 50 and 300 topics, light and dark, narrow and wide: pictures to look at, and what overlaps.

Command    python scripts/contact_sheet.py [--out FOLDER] [--only FIGURE]… [--topics N]…
Needs      Playwright and a chromium on the path.

Writes ``FOLDER/<figure>_<topics>_<width>_<theme>.png`` and ``FOLDER/sheet.html``, which has them all side by side, and
lists every text that lies over another or is cut.
"""

from __future__ import annotations

import argparse
import sys
from html import escape
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from figures import browser, collisions, every_figure, show

from topics.plot import with_theme

WIDTHS, THEMES = (900, 1_600), ("light", "dark")


def main(arguments: list[str] | None = None) -> int:
    """Draw, say what is wrong, and give the number of figures with something wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("runs/contact-sheet"), help="folder of the pictures")
    parser.add_argument("--only", action="append", default=[], help="a figure by its name; default: all")
    parser.add_argument("--topics", action="append", type=int, default=[], help="default: 5, 50 and 300")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    rows, n_wrong = [], 0
    with browser() as page:
        for n_topics in options.topics or (5, 50, 300):
            for name, draw in every_figure(n_topics).items():
                if options.only and name not in options.only:
                    continue
                figure = draw()
                for width in WIDTHS:
                    wrong: list[str] = []
                    for theme in THEMES:
                        themed = with_theme(figure, theme) if theme == "dark" else figure
                        height, texts = show(page, themed, width=width)
                        wrong = wrong or collisions(texts, width=width, height=height)
                        path = options.out / f"{name}_{n_topics}_{width}_{theme}.png"
                        page.screenshot(path=path, clip={"x": 0, "y": 0, "width": width, "height": height})
                        rows.append((path.name, width, theme))
                    n_wrong += bool(wrong)
                    print(f"{name}, {n_topics} topics, {width} px: {'; '.join(wrong) or 'clear'}")
    pictures = "\n".join(
        f'<figure><img src="{escape(name)}" width="{width // 2}" loading="lazy"><figcaption>{escape(name)}</figcaption>'
        f"</figure>"
        for name, width, _ in rows
    )
    style = "body { font: 13px system-ui; } figure { display: inline-block; margin: 8px; vertical-align: top; }"
    page_text = f'<!doctype html><meta charset="utf-8"><title>Figures</title><style>{style}</style>\n{pictures}\n'
    (options.out / "sheet.html").write_text(page_text, encoding="utf-8")
    print(f"{options.out / 'sheet.html'}: {len(rows)} pictures, {n_wrong} figures with texts over each other or cut")
    return n_wrong


if __name__ == "__main__":
    sys.exit(bool(main()))
