from __future__ import annotations

import base64
import hashlib
import re

import pytest

from topics.report import sheets_page

PAYLOAD = "</script><img src=x onerror=alert(1)>{{ 7 * 7 }}"
ITEM = {"item": 1, "shown": "", "text": "", "option_1": "a", "option_2": "b"}


def test_a_sheet_runs_only_its_own_script_and_sends_nothing():
    page = sheets_page([ITEM], [ITEM], title="mine")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page).group(1)
    [script] = re.findall(r"<script>(.*?)</script>", page, re.S)
    assert f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" in policy
    for rule in ("default-src 'none'", "base-uri 'none'", "form-action 'none'"):
        assert rule in policy
    assert "unsafe-eval" not in policy
    assert "<title>mine: which does not belong?</title>" in page
    assert page.count("<fieldset") == 2
    assert not re.search(r'(?:src|href|action)="', page)


@pytest.mark.parametrize("name", ["shown", "text", "option_1"])
def test_no_text_of_an_article_becomes_markup(name):
    page = sheets_page([{**ITEM, name: PAYLOAD}], [], title=PAYLOAD)
    assert "<img" not in page
    assert "49" not in page.split("<body>")[1]
    assert page.count("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;{{ 7 * 7 }}") == 2
