"""Run every notebook from top to bottom and write it as a page that needs no network: ``docs/notebooks/*.html``.

    python scripts/render_notebooks.py               # on the newest run under runs/, such as that of make demo
    python scripts/render_notebooks.py --out FOLDER  # somewhere else

The pages are not committed: each with a figure carries Plotly's library (5 MB), so that it opens offline.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

ROOT = Path(__file__).parents[1]
# What nbconvert's page would load from a network: nothing in these notebooks needs it.
OFFLINE = {"require_js_url": "", "jquery_url": "", "mathjax_url": "", "mermaid_js_url": "", "embed_images": True}


def page_of(notebook: nbformat.NotebookNode, title: str) -> str:
    """A notebook that was run as one HTML page."""
    exporter = HTMLExporter(**OFFLINE)
    html, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": title}})
    return str(html)


def main(arguments: list[str] | None = None) -> None:
    """Run and write them all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "notebooks")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}}).execute()
        target = options.out / f"{path.stem}.html"
        target.write_text(page_of(notebook, path.stem), encoding="utf-8")
        print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
