from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

from topics._terminal import make_console, visible

OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
EVIL = f"\x1b]0;evil\x07\x1b[31mred\x9b2J\x08\x7f\r{OVERRIDES}"


def raw(text: str) -> list[str]:
    """What a terminal would obey."""
    return [c for c in text if (unicodedata.category(c) in ("Cc", "Cs") and c != "\n") or c in OVERRIDES]


@given(st.text(st.characters() | st.sampled_from(EVIL)))
def test_nothing_that_a_terminal_obeys_is_left(text):
    found = visible(text)
    assert raw(found) == []
    assert visible(found) == found
    assert raw(text) or "\t" in text or found.split() == text.split()


def test_what_people_write_with_stays_as_it_is():
    for text in ("می\u200cخواهم", "مرحبا\u200f!", "क्\u200dष", "👩\u200d💻", "naïve 東京\nmore", "e\u0301"):
        assert visible(text) == text
    assert visible("a\tb") == "a b"
    assert visible("\x1b[1m \x9b \u202e") == "\\x1b[1m \\x9b \\u202e"


@pytest.mark.parametrize("on_a_terminal", [False, True])
def test_a_console_prints_only_what_is_visible_and_keeps_its_own_style(on_a_terminal):
    console = make_console()
    console.file = io.StringIO()
    console._force_terminal = on_a_terminal
    table = Table(title=EVIL, caption=Text(EVIL), box=None)
    table.add_column(EVIL)
    table.add_column(Text(EVIL))
    table.add_row(f"[bold]{EVIL}[/bold]", Text().append(EVIL, "red"))
    console.print(table)
    console.print(EVIL, markup=False, soft_wrap=True)
    console.print("[bold]loud[/bold]", Text(EVIL))
    printed = console.file.getvalue()
    assert "evil" in printed
    assert "\x1b]0;" not in printed
    assert "\x1b[31mred" not in printed.replace("\\x1b[31mred", "")
    if not on_a_terminal:
        assert raw(printed) == []
