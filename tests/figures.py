"""Every figure of the toolkit, drawn of an invented run, and what a browser says of the texts in one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from invented import InventedRun, invented_comparison, invented_groups, invented_results

from topics import plot
from topics.evaluate import saturation
from topics.timeline import over_time


def every_figure(n_topics: int) -> dict[str, Callable[[], Any]]:
    """What draws each figure of a run with so many topics."""
    run, other = InventedRun(n_topics), InventedRun(n_topics + 2, seed=1, name="<b>other</b> run")
    results, summary = invented_results(n_params=2 + n_topics % 4, n_values=min(9, 3 + n_topics // 20))
    return {
        "map": lambda: plot.draw_map(run),
        "scan": lambda: plot.draw_scan(run),
        "tree": lambda: plot.draw_tree(run),
        "terms": lambda: plot.draw_terms(run),
        "similarity": lambda: plot.draw_similarity(run),
        "over_time": lambda: plot.draw_over_time(over_time(run.documents(), "week"), run),
        "groups": lambda: plot.draw_groups(invented_groups(run, n_groups=1 + n_topics // 50), run),
        "document": lambda: plot.draw_document(run, "d000001"),
        "saturation": lambda: plot.draw_saturation(saturation(run.documents()["topic"])),
        "reliability": lambda: plot.draw_reliability(run),
        "flow": lambda: plot.draw_flow(run, other),
        "flow_of_periods": lambda: plot.draw_flow(invented_comparison(run, other), topics=(run, other)),
        "cliffs": lambda: plot.draw_cliffs(results),
        "tradeoff": lambda: plot.draw_tradeoff(summary),
        "heat": lambda: plot.draw_heat(results, "cluster.min_samples", y="reduce.n_neighbors"),
    }


# Texts that are seen, as boxes of the page: a turned text has a turned box, and a text of two parts is one.
TEXTS = """
() => [...document.querySelectorAll("#figure svg text")].flatMap((text) => {
  const box = text.getBoundingClientRect();
  let shown = box.width > 0 && box.height > 0 && text.textContent.trim() !== "";
  for (let node = text; node && node.nodeType === 1 && shown; node = node.parentNode) {
    const style = getComputedStyle(node);
    shown = style.display !== "none" && style.visibility !== "hidden" && Number(style.opacity) > 0.05;
  }
  return shown ? [{text: text.textContent, left: box.left, top: box.top, right: box.right, bottom: box.bottom}] : [];
})
"""
_SLACK = 3.0  # pixels: a line's box is higher than its letters


def collisions(texts: list[dict[str, Any]], *, width: float, height: float) -> list[str]:
    """Texts that lie over each other, or beyond the figure, in words."""
    wrong = []
    for i, one in enumerate(texts):
        if one["left"] < -1 or one["top"] < -1 or one["right"] > width + 1 or one["bottom"] > height + 1:
            wrong.append(f"{one['text'][:50]!r} is cut")
        for other in texts[:i]:
            across = min(one["right"], other["right"]) - max(one["left"], other["left"])
            down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            if across > 1 and down > _SLACK:
                wrong.append(f"{one['text'][:50]!r} lies over {other['text'][:50]!r}")
    return wrong


@contextmanager
def browser(*, scale: float = 1.0) -> Iterator[Any]:
    """A page of a browser that has Plotly and an empty place for a figure; ImportError or OSError without one."""
    from playwright.sync_api import sync_playwright
    from plotly.offline import get_plotlyjs

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise OSError("there is no chromium")
    with sync_playwright() as started:
        opened = started.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--use-gl=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"],
        )
        page = opened.new_page(device_scale_factor=scale)
        page.set_content('<body style="margin:0"><div id="figure"></div></body>')
        page.add_script_tag(content=get_plotlyjs())
        yield page
        opened.close()


def show(page: Any, figure: Any, *, width: int) -> tuple[float, list[dict[str, Any]]]:
    """The height of a figure on a page of that width, and the texts that are seen."""
    page.set_viewport_size({"width": width, "height": int(figure.layout.height or 450)})
    page.evaluate(
        """async (source) => {
          const place = document.getElementById("figure"), figure = JSON.parse(source);
          Plotly.purge(place);
          place.style.width = `${window.innerWidth}px`;
          await Plotly.newPlot(place, figure.data, figure.layout, {displayModeBar: false});
          await new Promise((done) => setTimeout(done, 60));
        }""",
        figure.to_json(),
    )
    box = page.locator("#figure").bounding_box()
    return box["height"], page.evaluate(TEXTS)
