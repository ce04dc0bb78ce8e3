"""The report in a browser: nothing is loaded, with and without WebGL, hostile texts are inert, and it can be used."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from explore.notebook_stand_in import show_widget

from topics import Run, RunConfig, pipeline
from topics.articles import read
from topics.explore import Session
from topics.report import report_html

pytestmark = pytest.mark.slow
SOFTWARE = ("--use-gl=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
NO_WEBGL = ("--disable-gpu", "--disable-3d-apis")
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


@contextmanager
def browsing(*flags: str, **context: Any) -> Iterator[Any]:
    """An empty page in a browser; requests, dialogs and errors are kept with it."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("there is no chromium")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox", *flags])
        page = browser.new_context(**{"viewport": {"width": 1600, "height": 1000}} | context).new_page()
        page.set_default_timeout(60_000)
        page.seen = {"requests": [], "dialogs": [], "errors": []}
        page.on("request", lambda request: page.seen["requests"].append(request.url))
        page.on("dialog", lambda dialog: (page.seen["dialogs"].append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: page.seen["errors"].append(str(error)))
        yield page
        browser.close()


@contextmanager
def opened(path: Path, *flags: str, **context: Any) -> Iterator[Any]:
    """The page of a file in a browser."""
    with browsing(*flags, **context) as page:
        page.goto(path.as_uri())
        page.wait_for_selector(".map[data-drawn]")
        page.evaluate("document.querySelector('.topics-explorer').scrollIntoView()")
        yield page


@pytest.fixture(scope="module")
def report(dated_run, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report_html(dated_run), encoding="utf-8")
    return path


def n_listed(page: Any) -> int:
    return int(page.inner_text(".count b").replace(",", ""))


def wait_until(page: Any, condition: str) -> None:
    """Playwright's own way makes code of a text in the page, which the policy forbids."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition)


@pytest.mark.parametrize(("flags", "by"), [(SOFTWARE, "webgl"), (NO_WEBGL, "canvas")], ids=["webgl", "no webgl"])
def test_it_opens_from_a_disk_and_loads_nothing(report, flags, by):
    with opened(report, *flags) as page:
        assert page.get_attribute(".map", "data-by") == by
        assert page.seen == {"requests": [report.as_uri()], "dialogs": [], "errors": []}
        assert page.locator(".topic").count() == 3
        painted = "(() => { const c = document.createElement('canvas'); c.width = c.height = 300; const x = c.getContext('2d');"
        painted += "topicsExplorer.map.draw(); x.drawImage(topicsExplorer.map.canvas, 0, 0, 300, 300);"
        painted += "return x.getImageData(0, 0, 300, 300).data.filter((v, i) => i % 4 === 3 && v > 100).length; })()"
        assert page.evaluate(painted) > 50


def test_it_selects_filters_finds_and_reads(report):
    with opened(report) as page:
        box = page.locator(".overlay").bounding_box()
        left, top, right, low = box["x"] + 2, box["y"] + 2, box["x"] + box["width"] - 2, box["y"] + box["height"] - 2
        page.locator("[data-tool=rectangle]").click()
        page.mouse.move(left, top)
        page.mouse.down()
        page.mouse.move(right - 60, low, steps=4)
        page.mouse.up()
        assert n_listed(page) == page.evaluate("topicsExplorer.nSelected")
        page.locator("[data-tool=lasso]").click()
        page.locator("[data-mode=subtract]").click()
        page.mouse.move(left, top)
        page.mouse.down()
        for corner in ((right - 60, top), (right - 60, low), (left, low)):
            page.mouse.move(*corner, steps=4)
        page.mouse.up()
        assert page.evaluate("topicsExplorer.nSelected") == 0
        page.locator("[data-facet=source] input").first.check()
        assert n_listed(page) == 24
        page.locator(".time-row input").last.fill("2022-01-31")
        page.locator(".time-row input").last.blur()
        assert n_listed(page) == 7
        page.get_by_title("Clear the selection and the filters (Esc)").click()
        page.keyboard.press("/")
        page.keyboard.type("pool lane")
        page.keyboard.press("Enter")
        wait_until(page, "topicsExplorer.filters.nShown < 45")
        n_found = n_listed(page)
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        page.wait_for_selector(".reader mark")
        assert "pool report" in page.inner_text(".reader h2").lower()
        assert page.locator(".reader .go").count() == 8
        page.locator(".head button").first.click()
        titles = [text.split("\n")[0] for text in page.locator(".rows .row").all_inner_texts()]
        assert len(titles) == n_found
        assert titles == sorted(titles, key=str.casefold)
        with page.expect_download() as saved:
            page.get_by_title("Save the articles that are selected, or all in the table, as JSONL").click()
        lines = Path(saved.value.path()).read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["title"] for line in lines] == titles
        page.locator(".topic .card").first.click()
        assert page.locator(".reader .term").count() > 3
        page.keyboard.press("d")
        assert page.get_attribute(".topics-explorer", "data-theme") == "dark"
        assert page.seen["errors"] == []


def test_two_runs_share_one_lasso(dated_run, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(report_html(dated_run, beside=dated_run.merge([0, 1]).rename(0, "Both")), encoding="utf-8")
    with opened(path) as page:
        assert page.locator(".maps .map").count() == 2
        box = page.locator(".overlay").nth(1).bounding_box()
        left, top, right, low = box["x"] + 2, box["y"] + 2, box["x"] + box["width"] - 60, box["y"] + box["height"] - 2
        page.locator("[data-tool=lasso]").click()
        page.mouse.move(left, top)
        page.mouse.down()
        for corner in ((right, top), (right, low), (left, low)):
            page.mouse.move(*corner, steps=4)
        page.mouse.up()
        n_selected = page.evaluate("topicsExplorer.nSelected")
        assert 10 < n_selected <= 45
        assert n_listed(page) == n_selected
        page.keyboard.press("Escape")
        page.evaluate("topicsExplorer.maps[1].run.pick(0)")
        assert n_listed(page) == 30
        assert page.locator(".topic .n").all_inner_texts()[:3] == ["15", "15", "0 / 15"]
        for color in ("here", "topic beside", "topic"):
            page.get_by_label("color").select_option(color)
        assert page.seen == {"requests": [path.as_uri()], "dialogs": [], "errors": []}


def test_marks_edits_evidence_and_sections_are_in_the_report(dated_run, tmp_path):
    path = tmp_path / "report.html"
    run = dated_run.merge([0, 1]).rename(0, "Both").validate(0)
    path.write_text(report_html(run), encoding="utf-8")
    with opened(path) as page:
        assert page.locator(".topic .validated").count() == 1
        assert page.locator(".card .good").count() == 1
        assert page.locator("main > h2").all_inner_texts() == [
            "Topics", "Levels of detail", "Over time", "How documents came to their topics", "Edits by hand", "Scores",
            "Methods", "Notes",
        ]  # fmt: skip
        page.locator(".topic .card").first.click()
        page.locator(".reader blockquote button").first.click()
        page.wait_for_selector(".reader .evidence")
        with page.expect_download() as saved:
            page.get_by_role("button", name="edits").click()
        edits = Path(saved.value.path())
        assert dated_run.with_edits_of(edits).topics()["name"].tolist()[0] == "Both"


def test_edits_are_drafted_on_a_report_and_saved_as_a_file(dated_run, report):
    with opened(report) as page:
        page.locator(".topic .topic-text").first.click()
        page.locator(".topic .topic-text").nth(2).click(modifiers=["Shift"])
        page.get_by_role("button", name="merge", exact=True).click()
        wait_until(page, "document.querySelectorAll('.topic').length === 2")
        page.locator(".topic .topic-text").first.click()
        page.locator(".curation .name").fill("Both & more")
        page.keyboard.press("Enter")
        wait_until(page, "document.querySelector('.topic-name').textContent.startsWith('0 · Both & more')")
        page.get_by_role("button", name="✓ validate").click()
        wait_until(page, "document.querySelector('.topic .validated') !== null")
        assert page.inner_text(".curation .last") == "topic 0 validated (3 edits drafted)"
        assert page.get_by_role("button", name="split").count() == 0
        with page.expect_download() as saved:
            page.get_by_role("button", name="edits").click()
        applied = dated_run.with_edits_of(Path(saved.value.path()))
        edited = dated_run.merge([0, 2]).rename(0, "Both & more").validate(0)
        columns = ["topic", "name", "validated", "size", "key"]
        assert applied.topics()[columns].to_json() == edited.topics()[columns].to_json()
        assert page.seen == {"requests": [report.as_uri()], "dialogs": [], "errors": []}


def test_the_map_is_printed(report):
    inked = "(() => { const c = document.querySelector('.printed-map canvas'); if (!c) return 0;"
    inked += "return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.filter((v, i) => i % 4 === 3 && v).length; })()"
    with opened(report, color_scheme="dark") as page:
        assert page.evaluate(inked) == 0
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate(inked) > 500
        page.emulate_media(media="print")
        assert page.locator(".printed-map canvas").is_visible()
        assert not page.locator(".topics-explorer").is_visible()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate(inked) == 0
        assert page.get_attribute(".topics-explorer", "data-theme") == "dark"


def test_labels_stay_where_they_are_as_the_map_comes_nearer(report):
    with opened(report) as page:
        shown = page.evaluate(
            """() => {
              const { map } = topicsExplorer;
              map.camera.fit();
              const seen = [];
              for (let i = 0; i < 12; i++) {
                map.draw();
                seen.push(map.order.filter(({ place }) => map.camera.scale >= place.from).map(({ topic }) => topic));
                map.camera.zoomBy(1.4);
              }
              return seen;
            }"""
        )
        for before, after in pairwise(shown):
            assert set(before) <= set(after)
        assert len(shown[-1]) == 3
        drawn = page.evaluate(
            "(() => { const { map } = topicsExplorer; map.slow = true; map.zoom(1.2); return map.moves; })()"
        )
        assert drawn is True
        wait_until(page, "!topicsExplorer.map.moves")


def test_nothing_reaches_out_of_its_place(report):
    for width in (420, 900, 1600):
        with opened(report, viewport={"width": width, "height": 1000}) as page:
            page.evaluate("topicsExplorer.open(3)")
            page.wait_for_timeout(300)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert page.evaluate("document.querySelector('.topics-explorer').scrollWidth") <= width
            boxes = page.evaluate(
                "topicsExplorer.map.labels.map(({left, top, half}) => [left - half, left + half, top])"
            )
            size = page.evaluate("[topicsExplorer.map.camera.width, topicsExplorer.map.camera.height]")
            assert all(start >= 0 and end <= size[0] and 0 < top < size[1] for start, end, top in boxes)


INVENTED = (
    "<script>window.__pwned=1</script>",
    "<img src=x onerror=window.__pwned=1>",
    '"><svg onload=window.__pwned=1>',
    "</script><script>window.__pwned=1</script>",
    "</textarea></title><iframe srcdoc='<script>parent.__pwned=1</script>'>",
    "javascript:window.__pwned=1",
    "{{ constructor.constructor('window.__pwned=1')() }}",
    "<!--<script>window.__pwned=1//-->",
    "<a href=javascript:window.__pwned=1>x</a>",
    "\u202e<b onmouseover=window.__pwned=1>",
)


def cases_at_hand() -> list[dict[str, str]]:
    """Articles that hold hostile texts in every field: the cases, where they are here, and some that are invented."""
    articles = [
        dict.fromkeys(("id", "title", "source", "author", "desk"), f"{text} of ours {i}")
        | {"text": f"The harbor board inspected the ferry. {text} {i} And so on.", "url": text, "date": "2022-01-01"}
        for i, text in enumerate(INVENTED * 5)
    ]
    cases = Path(__file__).parents[3] / "shared" / "cases" / "xss60.jsonl"
    if cases.is_file():
        articles += [json.loads(line) for line in cases.read_text(encoding="utf-8").splitlines()]
    return articles


WALK = """async (app) => {
  for (const column of app.data.columns) app.facets.open.add(column.name), app.facets.wide.add(column.name);
  for (const name of ["topic", ...app.data.columns.map((column) => column.name)]) app.colorBy = name, app.refresh();
  for (const level of app.data.levels) {
    await app.switchLevel(level.name);
    for (const topic of app.topics) app.openTopic(topic.topic);
  }
  await app.switchLevel(app.data.levels.find((level) => level.chosen).name);
  for (let i = 0; i < app.data.n; i++) {
    await app.open(i);
    for (const map of app.maps) map.hover(...map.camera.toScreen(map.run.x[i], map.run.y[i]));
  }
  app.search.value = "<script>window.__pwned=1</script>";
  await app.find();
  app.clear(true);
}"""
HOSTILE = "<img src=x onerror=window.__pwned=1></script><script>window.__pwned=1</script>"
FOUND = """({
  pwned: window.__pwned ?? null,
  loads: document.querySelectorAll("img, iframe, object, embed, body script:not([id^=topics-]):not([type=module])").length,
  handlers: [...document.querySelectorAll("*")].filter((e) => [...e.attributes].some((a) => a.name.startsWith("on"))).length,
  links: [...new Set([...document.querySelectorAll("a")].map((a) => a.protocol))].filter((p) => !["http:", "https:"].includes(p)),
})"""
INERT = {"pwned": None, "loads": 0, "handlers": 0, "links": []}


@pytest.fixture(scope="module")
def hostile_run(bag_of_words, tmp_path_factory) -> Run:
    cases = tmp_path_factory.mktemp("cases") / "a <img src=x onerror=window.__pwned=1>.jsonl"
    cases.write_text("\n".join(map(json.dumps, cases_at_hand())), encoding="utf-8")
    config = RunConfig.from_dict(
        {"reduce": {"n_epochs": 20, "n_layouts": 1}, "map": {"n_epochs": 20}, "cluster": {"level": 3}}
    )
    records = pipeline.fit(config, read(cases), encoder=bag_of_words, with_scores=True)
    run = Run.of(config, records, title=HOSTILE)
    for topic in range(len(run.topics())):
        run = run.rename(topic, f"{HOSTILE} {topic}")
    return run.validate(0)


@pytest.mark.parametrize("policy", [True, False], ids=["as it is", "without its policy"])
def test_hostile_texts_are_inert_everywhere_in_a_report(policy, hostile_run, tmp_path):
    html = report_html(hostile_run, beside=hostile_run)
    path = tmp_path / "report.html"
    path.write_text(html if policy else POLICY.sub("", html), encoding="utf-8")
    with opened(path) as page:
        page.evaluate(f"({WALK})(topicsExplorer)")
        page.wait_for_timeout(500)
        assert page.evaluate(FOUND) == INERT
        assert page.seen == {"requests": [path.as_uri()], "dialogs": [], "errors": []}


def test_hostile_texts_are_inert_everywhere_in_a_notebook(hostile_run):
    with browsing() as page:
        show_widget(page, Session(hostile_run, beside=hostile_run))
        page.evaluate(f"({WALK})(topicsExplorer)")
        page.evaluate("topicsExplorer.curation.edit({kind: 'merge', topics: [0, 1]})")
        page.wait_for_timeout(500)
        assert page.evaluate(FOUND) == INERT
        assert (page.seen["dialogs"], page.seen["errors"]) == ([], [])
        assert [url for url in page.seen["requests"] if not url.startswith("blob:")] == []


AXE = Path(__file__).parents[2] / "explore" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(report, dated_run, scheme):
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci in explore/")
    serious = (
        "axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations"
        ".filter(({impact}) => ['serious', 'critical'].includes(impact)).map(({id, nodes}) => [id, nodes[0].html]))"
    )
    for widget in (False, True):
        with browsing(color_scheme=scheme, bypass_csp=True) as page:
            if widget:
                show_widget(page, Session(dated_run, save=False))
            else:
                page.goto(report.as_uri())
                page.wait_for_selector(".map[data-drawn]")
            page.add_script_tag(path=AXE)
            page.locator(".rows .row").first.click()
            page.wait_for_selector(".reader mark")
            page.locator(".topic .topic-text").first.click()
            assert page.evaluate(serious) == []
            page.locator(".topic .card").first.click()
            page.keyboard.press("?")
            assert page.evaluate(serious) == []


def test_documents_are_picked_one_by_one_in_the_table_and_moved(dated_run):
    with browsing() as page:
        session = Session(dated_run, save=False)
        show_widget(page, session)
        for row in (0, 2):
            page.locator(".rows .row").nth(row).click(modifiers=["Control"])
        page.locator(".rows .row").nth(1).click()
        page.wait_for_selector(".reader .text")
        page.keyboard.press("x")
        assert page.inner_text(".count") == "45 documents, 3 selected"
        assert session.selection()["doc_id"].tolist() == ["bank-00", "bank-01", "bank-02"]
        page.get_by_label("Move to").select_option("1")
        wait_until(page, "document.querySelector('.curation .last').textContent.startsWith('3 documents moved')")
        with page.expect_download() as saved:
            page.get_by_role("button", name="JSONL").click()
        assert len(Path(saved.value.path()).read_text(encoding="utf-8").splitlines()) == 3


def test_keys_reach_the_explorer_after_what_had_the_focus_was_made_anew(dated_run):
    with browsing() as page:
        show_widget(page, Session(dated_run, save=False))
        page.get_by_title("Sort by article").click()
        page.keyboard.press("j")
        page.wait_for_selector(".reader .text")
        page.locator(".topic .topic-text").first.click()
        page.locator(".topic .topic-text").nth(1).click(modifiers=["Shift"])
        page.get_by_title("Make one topic of those that are picked").click()
        wait_until(page, "document.querySelectorAll('.topic').length === 2")
        page.keyboard.press("Control+z")
        wait_until(page, "document.querySelectorAll('.topic').length === 3")
        page.keyboard.press("m")
        page.keyboard.type("pool")
        page.keyboard.press("Enter")
        wait_until(page, "document.querySelector('.status.wrong')?.textContent.includes('words can be searched')")
