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

from topics import Run, RunConfig, pipeline
from topics.articles import read, sample_path

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]  # the browser and the server talk over loopback
CELLS = (
    'from topics import Run\nwidget = Run.load("runs/mine").explore()\nwidget',
    'print(len(widget.selection()), len(widget.run.topics()), *widget.run.history()["operation"])',
)
SETTINGS = {"embed": {"encoder": "lsa"}, "reduce": {"n_layouts": 2}, "map": {"n_epochs": 50}}


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Run:
    """The bundled sample's run, with vectors that need no model."""
    return pipeline.run(
        RunConfig.from_dict(SETTINGS), read(sample_path()), out=tmp_path_factory.mktemp("runs"), name="demo"
    )


@pytest.fixture
def lab(demo, tmp_path) -> Iterator[str]:
    """Address of JupyterLab in a folder with a run and a notebook; nobody else's settings are read."""
    for name in ("anywidget", "jupyterlab", "playwright"):
        if find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    if shutil.which("chromium") is None:
        pytest.skip("there is no chromium")
    import nbformat

    shutil.copytree(demo.path, tmp_path / "runs" / "mine")
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


def status(page: Any, start: str) -> None:
    page.wait_for_function(f"document.querySelector('.status').textContent.startsWith({start!r})")


def drag(page: Any, *corners: tuple[float, float]) -> None:
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=4)
    page.mouse.up()


def run_cell(page: Any, number: int) -> Any:
    """A cell of the notebook after it was run by its keys."""
    cell = page.locator(".jp-Cell").nth(number)
    for _ in range(20):  # keys are taken a while after the notebook is shown
        cell.locator(".cm-content").click()
        page.wait_for_timeout(300)
        page.keyboard.press("Control+Enter")
        page.wait_for_timeout(700)
        if cell.locator(".jp-InputPrompt").first.inner_text() != "[ ]:":
            break
    return cell


def printed(page: Any, starts: str) -> str:
    """What the second cell prints, once it begins as it should."""
    cell = run_cell(page, 1)
    cell.locator(".jp-OutputArea-output", has_text=starts).wait_for()
    return str(cell.locator(".jp-OutputArea-output").inner_text()).strip()


def test_a_run_is_explored_and_edited_in_a_notebook_and_is_there_after_a_restart(lab, demo, tmp_path):
    from playwright.sync_api import sync_playwright

    n_docs, n_found = len(demo.documents()["doc_id"][demo.documents()["copy_of"].isna()]), len(demo.topics())
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1700, "height": 1150})
        page.set_default_timeout(120_000)
        page.goto(f"{lab}/lab/tree/one.ipynb")
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]")  # the kernel is there
        run_cell(page, 0)
        page.wait_for_selector(".map[data-drawn]")
        n_topics(page, n_found)

        box = page.locator(".overlay").bounding_box()
        left, top, right, low = box["x"] + 2, box["y"] + 2, box["x"] + box["width"] - 60, box["y"] + box["height"] - 2
        page.locator("[data-tool=lasso]").click()
        drag(page, (left, top), (right, top), (right, low), (left, low))
        n_selected = int(page.inner_text(".count b"))
        assert 20 < n_selected < n_docs
        page.locator(".rows .row").first.click()
        page.wait_for_selector(".reader mark")
        assert len(page.inner_text(".reader .text")) > 300

        page.locator(".toolbar .search").fill("ddzzz")  # keys that would delete a cell
        page.keyboard.press("Enter")
        status(page, f"0 of {n_docs}")
        assert page.locator(".jp-Cell").count() == 2
        page.locator(".toolbar .search").fill("")
        page.keyboard.press("Enter")
        facet = page.locator("[data-facet=source] input").first
        facet.check()
        n_of_outlet = int(demo.documents().query("copy_of.isna()")["source"].value_counts().iloc[0])
        status(page, f"{n_of_outlet} of {n_docs}")
        facet.uncheck()
        bars = page.locator(".time-bars").bounding_box()
        drag(page, (bars["x"] + 2, bars["y"] + 9), (bars["x"] + bars["width"] / 2, bars["y"] + 9))
        page.wait_for_function(f"!document.querySelector('.status').textContent.startsWith('{n_docs} of')")
        assert 0 < int(page.inner_text(".status").split()[0]) < n_docs
        page.get_by_title("Any date (double click)").click()

        page.locator(".topic .topic-text").first.click()
        page.locator(".curation .name").fill("First & foremost")
        page.keyboard.press("Enter")
        page.wait_for_function("document.querySelector('.topic-name').textContent.includes('First & foremost')")
        page.get_by_role("button", name="✓ validate").click()
        page.wait_for_selector(".topic[data-topic='0'] .validated")
        page.locator(".topic .topic-text").nth(1).click()
        page.locator(".topic .topic-text").nth(2).click(modifiers=["Shift"])
        page.get_by_title("Make one topic of those that are picked").click()
        n_topics(page, n_found - 1)
        page.get_by_title("Undo the last edit (Ctrl+Z)").click()
        n_topics(page, n_found)
        page.get_by_title("Redo (Ctrl+Shift+Z)").click()
        n_topics(page, n_found - 1)
        page.get_by_title("Undo the last edit (Ctrl+Z)").click()
        n_topics(page, n_found)
        assert printed(page, f"{n_selected} ").split() == [str(n_selected), str(n_found), "rename", "validate", "merge"]

        page.keyboard.press("Escape")
        page.keyboard.press("0")
        page.keyboard.press("0")
        page.locator(".jp-Dialog .jp-mod-accept").click()
        page.locator(".jp-Dialog").wait_for(state="detached")
        page.evaluate("document.querySelector('.topics-explorer').dataset.old = 'yes'")
        run_cell(page, 0)
        page.wait_for_selector(".topics-explorer:not([data-old]) .map[data-drawn]")
        page.wait_for_function("document.querySelector('.topic-name').textContent.includes('First & foremost')")
        page.wait_for_selector(".topic .validated")
        assert printed(page, "0 ").split() == ["0", str(n_found), "rename", "validate", "merge"]
        browser.close()
    run = Run.load(tmp_path / "runs" / "mine")
    assert run.history()["undone"].tolist() == [False, False, True]
    named = run.topics().set_index("name").loc["First & foremost"]
    assert named["validated"] == 1
