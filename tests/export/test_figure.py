"""Figures as pictures: what is refused, and, with kaleido and a browser, what is written."""

from __future__ import annotations

import shutil
import sys

import pytest
from invented import InventedRun

from topics import TopicsError
from topics.export import save_figure
from topics.plot import draw_reliability


@pytest.fixture(scope="module")
def figure():
    return draw_reliability(InventedRun(5))


def test_what_cannot_be_written_is_refused(figure, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"to end in \.png, \.svg, \.pdf, \.jpg, \.webp, got 'map\.gif'"):
        save_figure(figure, "map.gif")
    with pytest.raises(TopicsError, match="'light' or 'dark', got 'sepia'"):
        save_figure(figure, tmp_path / "a.png", theme="sepia")
    monkeypatch.setitem(sys.modules, "kaleido", None)
    with pytest.raises(ImportError, match=r'pip install "topics\[images\]"'):
        save_figure(figure, tmp_path / "a.png")
    assert not list(tmp_path.iterdir())


def test_a_picture_is_written_with_its_texts(figure, tmp_path):
    pytest.importorskip("kaleido", reason="kaleido is not installed")
    if not (shutil.which("chromium") or shutil.which("google-chrome")):
        pytest.skip("there is no chromium")
    path = save_figure(figure, tmp_path / "new" / "reliability.svg", theme="dark")
    svg = path.read_text(encoding="utf-8")
    assert 'width="900"' in svg and "with another seed" in svg
    assert "script" in svg and "<script" not in svg
