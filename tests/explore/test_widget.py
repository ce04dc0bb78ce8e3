from __future__ import annotations

import sys

import pytest

from topics.explore import _widget as module
from topics.explore import explore


def test_without_anywidget_it_says_what_to_install(dated_run, monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    module._widget_class.cache_clear()
    with pytest.raises(ImportError, match=r"topics\[explore\]"):
        explore(dated_run)


@pytest.fixture
def widget(dated_run):
    pytest.importorskip("anywidget", reason="the extra explore is not installed")
    module._widget_class.cache_clear()
    return dated_run.explore(height=500, save=False)


def test_a_widget_holds_the_run_and_answers(widget, monkeypatch):
    sent = []
    monkeypatch.setattr(widget, "send", lambda content, buffers=None: sent.append((content, buffers)))
    assert widget.meta["n"] == 45
    assert widget.meta["height"] == 500
    widget._take(widget, {"id": "a", "kind": "search", "query": "pool"}, [])
    assert sent[-1][0] == {"id": "a", "words": ["pool"]}
    assert sum(sent[-1][1][0]) == 15
    widget._take(widget, {"kind": "select"}, [(5).to_bytes(4, "little")])
    assert widget.selection()["doc_id"].tolist() == ["bank-05"]
    widget._take(widget, {"id": "b", "kind": "edit", "edit": {"kind": "merge", "topics": [0, 1]}}, [])
    assert (widget.revision, len(widget.meta["levels"][-1]["topics"])) == (1, 2)
    assert widget.run.history()["operation"].tolist() == ["merge"]
    widget._take(widget, {"id": "c", "kind": "edit", "edit": {"kind": "drop", "topic": 7}}, [])
    assert "there is no topic 7" in sent[-1][0]["error"]


def test_a_bug_is_told_in_the_explorer_too(widget, monkeypatch):
    sent = []
    monkeypatch.setattr(widget, "send", lambda content, buffers=None: sent.append(content))
    with pytest.raises(KeyError):
        widget._take(widget, {"id": "d", "kind": "search"}, [])
    assert sent[-1]["id"] == "d"
