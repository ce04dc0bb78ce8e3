"""The explorer in JupyterLab: select, read, filter, edit; what was edited is there after a restart."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from topics import Run

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]  # the browser and the server talk over loopback
CELLS = (
    'from topics import Run\nwidget = Run.load("runs/mine").explore()\nwidget',
    'print(len(widget.selection()), len(widget.run.topics()), widget.run.topics()["name"].tolist()[0])',
)


@pytest.fixture
def lab(dated_run, tmp_path) -> Iterator[str]:
    """Address of JupyterLab in a folder with a run and a notebook; nobody else's settings are read."""
    for name in ("anywidget", "jupyterlab", "playwright"):
        if find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    if shutil.which("chromium") is None:
        pytest.skip("there is no chromium")
    import nbformat

    shutil.copytree(dated_run.path, tmp_path / "runs" / "mine")
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), tmp_path / "one.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token=", "--LabApp.news_url=",
               f"--ServerApp.root_dir={tmp_path}"]  # fmt: skip
    paths = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyter", "lab", *options], cwd=tmp_path, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": paths, "HOME": str(tmp_path)},
    )  # fmt: skip
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api")
                break
            except OSError:
                time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def n_topics(page: Any, n: int) -> None:
    page.wait_for_function(f"document.querySelectorAll('.topic[data-topic]:not([data-topic=\"-1\"])').length === {n}")


def test_a_run_is_explored_and_edited_in_a_notebook(lab, tmp_path):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1700, "height": 1150})
        page.set_default_timeout(60_000)
        page.goto(f"{lab}/lab/tree/one.ipynb")
        page.locator(".jp-Cell").first.click()
        page.keyboard.press("Control+Enter")
        page.wait_for_selector(".map[data-drawn]")
        box = page.locator(".overlay").bounding_box()
        page.locator("[data-tool=lasso]").click()
        page.mouse.move(box["x"] + 2, box["y"] + 2)
        page.mouse.down()
        for across, down in ((box["width"] - 60, 2), (box["width"] - 60, box["height"] - 2), (2, box["height"] - 2)):
            page.mouse.move(box["x"] + across, box["y"] + down, steps=4)
        page.mouse.up()
        n_selected = int(page.inner_text(".count b"))
        assert n_selected > 20
        page.locator(".rows .row").first.click()
        page.wait_for_selector(".reader mark")
        page.locator(".toolbar .search").fill("ddpool")  # keys that would delete a cell
        page.keyboard.press("Enter")
        page.wait_for_function("document.querySelector('.status').textContent.startsWith('0 of 45')")
        assert page.locator(".jp-Cell").count() == 2
        page.locator(".toolbar .search").fill("")
        page.keyboard.press("Enter")
        page.locator("[data-facet=source] input").first.check()
        page.wait_for_function("document.querySelector('.status').textContent.startsWith('24 of 45')")
        page.locator("[data-facet=source] input").first.uncheck()
        page.locator(".topic").first.click()
        page.locator(".curation .name").fill("First & foremost")
        page.keyboard.press("Enter")
        page.wait_for_function("document.querySelector('.topic-name').textContent.includes('First & foremost')")
        page.locator(".topic").nth(1).click()
        page.locator(".topic").nth(2).click(modifiers=["Shift"])
        page.get_by_title("Make one topic of those that are picked").click()
        n_topics(page, 2)
        page.get_by_title("Undo the last edit (Ctrl+Z)").click()
        n_topics(page, 3)
        page.get_by_title("Redo (Ctrl+Shift+Z)").click()
        n_topics(page, 2)
        cell = page.locator(".jp-Cell").nth(1)
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        cell.locator(".jp-OutputArea-output").wait_for()
        assert cell.locator(".jp-OutputArea-output").inner_text().split(maxsplit=2)[:2] == [str(n_selected), "2"]
        browser.close()
    run = Run.load(tmp_path / "runs" / "mine")
    assert run.history()["what"].tolist() == ["topic 0 named First & foremost", "topics 1, 2 merged"]
    assert len(run.topics()) == 2
