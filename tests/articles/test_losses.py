"""Where cleaning takes more than a reader expects, that is said first."""

from __future__ import annotations

import pandas as pd
from helpers import article

from topics.articles import read
from topics.articles._cleaning import STOCK, CleanPage
from topics.articles._losses import Losses, is_loss
from topics.articles.boilerplate._page import Line
from topics.config import ArticlesParams

SENTENCE = "The harbor board has closed the western terminal until the spring."


def page(doc_id: str, *lines: tuple[str, str | None]) -> CleanPage:
    told = tuple(Line(i, text, reason) for i, (text, reason) in enumerate(lines, start=1))
    return CleanPage(doc_id, None, None, None, None, "", told, ())


def note_of(*pages: CleanPage) -> str | None:
    losses = Losses()
    for one in pages:
        losses.add(one)
    return next(iter(losses.notes()), None)


def test_a_tenth_of_the_words_is_the_limit():
    kept = [(SENTENCE, None)] * 9
    assert note_of(page("a", *kept, ("Home News Sport", "short line"))) is None
    note = note_of(page("a", *kept, ("Home News Sport " * 5, "short line")))
    assert note.startswith("cleaning removed 13% of the words; articles.clean =")
    assert is_loss(note)
    assert not is_loss("3 lines of boilerplate were removed from 2 articles")


def test_a_page_of_prose_that_loses_half_is_named_with_what_it_lost():
    whole = [page(f"w{i}", *[(SENTENCE, None)] * 12) for i in range(40)]
    note = note_of(*whole, page("poor", (SENTENCE, None), *[(SENTENCE, "outside the article")] * 2))
    assert "1 article of mostly prose lost more than half" in note
    assert '"The harbor board has closed the western terminal until the …" in poor' in note
    assert 'articles.clean = "keep-all" keeps every line' in note


def test_what_stands_on_other_pages_is_no_loss_of_prose():
    lines = [(SENTENCE, None), (SENTENCE, "recurs on other pages"), (SENTENCE, STOCK)]
    note = note_of(page("a", *lines))
    assert note.startswith("cleaning removed 67% of the words; ")
    assert "lost more than half" not in note


def test_words_of_scripts_without_spaces_are_counted():
    taken = "港口管理局宣布，由于上周的暴风雨，西部渡轮码头将在整个冬季期间关闭。"
    note = note_of(page("a", (taken, None), (taken, "another story"), (taken, "another story")))
    assert note.startswith("cleaning removed 67% of the words (67% in sentences that are on no other page)")


def test_shares_are_not_rounded_to_nothing():
    whole = [page(f"w{i}", *[(SENTENCE, None)] * 40) for i in range(40)]
    assert note_of(*whole, page("poor", (SENTENCE, None), *[(SENTENCE, "another story")] * 2)).startswith(
        "cleaning removed under 1% of the words"
    )


def test_it_is_the_first_note_of_a_corpus_and_absent_where_nothing_was_taken():
    head = "Home\nNews\nSport\nSign in\nSubscribe to our letter\nMost read today\nWeather\nContact us\n"
    pages = [f"{head * 4}{chr(10).join(article(seed, 2))}" for seed in range(6)]
    corpus = read(pd.DataFrame({"text": pages}))
    assert is_loss(corpus.origin.notes[0])
    plain = read(pd.DataFrame({"text": pages}), ArticlesParams(clean="keep-all"))
    assert not any(map(is_loss, plain.origin.notes))
