"""Hard-wrapped text is judged by paragraphs, and a page of blocks is left as it is."""

from __future__ import annotations

import random
import re
import textwrap

import pandas as pd
import pytest
from helpers import article
from hypothesis import given
from hypothesis import strategies as st

from topics.articles import read
from topics.articles.boilerplate._paragraphs import laid_out, unwrapped
from topics.config import ArticlesParams


def words(texts) -> int:
    return sum(len(re.findall(r"\w+", text)) for text in texts)


def ragged(paragraph: str, width: int) -> str:
    draw, lines, line, limit = random.Random(width), [], "", width
    for word in paragraph.split():
        if len(line) + 1 + len(word) > limit:
            lines.append(line)
            line, limit = word, draw.randint(round(width * 0.88), width)
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


def quoted(paragraph: str, width: int) -> str:
    return textwrap.fill(paragraph, width, initial_indent="> ", subsequent_indent="> ")


FORMS = {
    "blank lines between": ("\n\n", textwrap.fill),
    "nothing between": ("\n", textwrap.fill),
    "first lines indented": ("\n", lambda p, w: textwrap.fill(p, w, initial_indent="    ")),
    "all lines indented": ("\n\n", lambda p, w: textwrap.fill(p, w, initial_indent="   ", subsequent_indent="   ")),
    "broken by hand": ("\n\n", ragged),
    "quoted": ("\n>\n", quoted),
    "set double": ("\n\n", lambda p, w: textwrap.fill(p, w).replace("\n", "\n\n")),
    "spaces at the ends": ("\n\n", lambda p, w: textwrap.fill(p, w).replace("\n", "  \n")),
    "Windows": ("\r\n\r\n", lambda p, w: textwrap.fill(p, w).replace("\n", "\r\n")),
}


@pytest.mark.parametrize("width", [40, 60, 72, 80, 100])
@pytest.mark.parametrize("form", FORMS)
def test_the_words_of_wrapped_articles_are_kept(form, width):
    between, wrap = FORMS[form]
    texts = [between.join(wrap(paragraph, width) for paragraph in article(seed)) for seed in range(12)]
    corpus = read(pd.DataFrame({"text": texts}))
    assert words(corpus.frame()["text"]) >= 0.98 * words(texts)
    assert corpus.n_docs == 12


@given(st.integers(0, 10**6), st.integers(35, 120))
def test_what_was_wrapped_is_whole_again(seed, width):
    paragraphs = article(seed)
    wrapped = "\n\n".join(textwrap.fill(paragraph, width, break_on_hyphens=False) for paragraph in paragraphs)
    found = [line for line in unwrapped(wrapped).split("\n") if line]
    assert " ".join(found).split() == " ".join(paragraphs).split()
    assert len(found) <= len(wrapped.split("\n")) / 2 or max(map(len, paragraphs)) <= 2 * width
    assert unwrapped(unwrapped(wrapped)) == unwrapped(wrapped)


def test_a_number_still_leads_to_the_line_as_it_came():
    page = "Home\nNews\n" + "\n\n".join(textwrap.fill(p, 60) for p in article(3)) + "\n\nSubscribe now\nContact"
    corpus = read(pd.DataFrame({"id": ["a"], "text": [page]}))
    assert len(corpus.removed)
    lines = page.split("\n")
    for row in corpus.removed.to_dict("records"):
        assert row["line"].startswith(lines[row["number"] - 1].strip())


BLOCKS = {
    "navigation": "Home\nWorld\nBusiness\nthe daily brief\nmost read\nSign in",
    "paragraphs": "\n".join(article(1)),
    "a headline and a text without capitals": "council closes the old swimming pool\n" + article(2)[0].lower(),
    "a list": "What to bring on the day:\n- a warm coat for the evening by the harbor\n- two candles and some bread\n"
    "- the ticket that came by mail last week",
    "a table": "apples      12.50    13.10\npears        9.75     9.80\nplums        4.20     4.25",
    "verse": "the tide came in\nand took the rope\na bell that rang\nwithout a hope",
    "code": "def harbor(depth):\n    boats = [1, 2, 3]\n    return depth + sum(boats)\nprint(harbor(4))",
    "mail head": "From: pat@example.org\nSubject: the level crossing in the valley\nOrganization: rail users of Kelso\nLines: 9",
}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_page_of_blocks_is_left_as_it_is(name):
    assert unwrapped(BLOCKS[name]) == BLOCKS[name]


def test_the_sample_s_pages_are_left_as_they_are(sample):
    assert all(unwrapped(text) == text for text in sample["text"])


def test_lists_and_signatures_below_wrapped_prose_stay_lines():
    prose = textwrap.fill(article(5)[0], 60)
    text = f"{prose}\n- a first item\n- a second item\n--\nPat Doe\nDept. of Harbors"
    assert unwrapped(text).split("\n")[-5:] == text.split("\n")[-5:]


@pytest.mark.parametrize(
    ("wrapped", "whole"),
    [
        ("港口管理局宣布，由于上周的暴风雨，西部渡轮码头将在整个冬\n季期间关闭，所有船只都不得进入港口，直到另行通知为止，工\n程师们正在检查损坏的情况。", "冬季期间"),
        ("أعلنت هيئة الميناء أن محطة العبارات الغربية ستغلق\nطوال فصل الشتاء بعد عاصفة الأسبوع الماضي وأن\nالسفن لن تدخل حتى إشعار آخر", "ستغلق طوال"),
        ("Die Hafenbehörde teilte mit, dass der westliche Teil des\nHafens wegen der Stürme der vergangenen Woche bis zum\nFrühjahr geschlossen bleibt und dass kein Schiff mehr\neinlaufen darf.", "zum Frühjahr"),
    ],
)  # fmt: skip
def test_other_scripts_and_capitals_inside_sentences(wrapped, whole):
    assert whole in unwrapped(wrapped)
    assert "\n" not in unwrapped(wrapped).strip("\n")


def test_keep_all_keeps_the_lines_as_they_are():
    text = textwrap.fill(article(7)[0], 60)
    corpus = read(pd.DataFrame({"text": [text]}), ArticlesParams(clean="keep-all"))
    assert corpus.frame()["text"][0] == text


def test_words_cut_at_the_width_are_whole_and_compounds_keep_their_hyphen():
    wrapped = (
        "The transport ministry said on Monday that the new govern-\n"
        "ment would reopen the western terminal before winter and a\n"
        "government spokesman agreed. A well-known critic of the well-\n"
        "known plan said that it was late, and that nobody had paid."
    )
    assert unwrapped(wrapped).split("\n")[0] == (
        "The transport ministry said on Monday that the new government would reopen the western terminal before winter "
        "and a government spokesman agreed. A well-known critic of the well-known plan said that it was late, and that "
        "nobody had paid."
    )


PROSE = textwrap.fill(
    "The bridge at Tarn has carried the road to the coast since 1931, and nobody had looked under its deck for nine "
    "years. When two divers did so in April they found that a pier had lost a third of its footing to the current.",
    72,
)


@pytest.mark.parametrize(
    ("wrapped", "whole"),
    [
        (
            "The engineers had warned of it in the spring of last year. Ice on the\n"
            "deck of the old bridge measured four millimetres;\nit was built for 15.",
            "Ice on the deck of the old bridge measured four millimetres; it was built for 15.",
        ),
        (
            "The committee asks the organisers of the match to tell both of the teams;\n"
            "Wandel is to pay 85 thousand euros to the guests for what they spent on\ntheir travel.",
            "to tell both of the teams; Wandel is to pay",
        ),
        (
            "The county said on Friday that the pier under most of the strain was the\n"
            "#4, which stands in the deepest water, and that it may fall before May.",
            "was the #4, which",
        ),
    ],
)
def test_a_semicolon_or_a_number_sign_is_prose(wrapped, whole):
    assert whole in unwrapped(f"{PROSE}\n\n{wrapped}")


def test_lines_of_code_stay_lines():
    code = "total = first_of(the_lines) + second_of(the_lines);\nprint_all_of_them(the_total, of_the_lines);\n"
    text = f"{PROSE}\n\n{code}go_on_with_it(the_total, of_the_lines);\n\n{PROSE}"
    assert code in unwrapped(text)


def paged(text: str, lines_a_page: int, mark: str) -> str:
    """Text with a mark such as "Page 1" after each so many lines."""
    lines = []
    for i, line in enumerate(text.split("\n"), start=1):
        lines.append(line)
        if i % lines_a_page == 0:
            lines += mark.format(i // lines_a_page).split("\n")
    return "\n".join(lines)


@pytest.mark.parametrize("mark", ["\n{}\n", "\n{}\n\n\x0c", "\n                Page {}\n\x0c", "\n- {} -\n"])
@pytest.mark.parametrize("seed", range(4))
def test_only_page_numbers_go_and_sentences_are_whole_across_them(mark, seed):
    paragraphs = [*article(seed, 8), *article(seed + 40, 8)]
    wrapped = "\n\n".join(textwrap.fill(paragraph, 72) for paragraph in paragraphs)
    corpus = read([{"id": "a", "text": paged(wrapped, 21, mark)}])
    text = " ".join(corpus.frame()["text"][0].split())
    assert text == " ".join(" ".join(paragraphs).split())
    assert set(corpus.removed["reason"]) == {"page number"}


def test_a_number_that_interrupts_a_sentence_is_a_page_s():
    head, rest = PROSE.split("\n", 1)
    at = f"{PROSE}\n\n{head}\n\n17\n\n{rest}\n\n{PROSE}"
    found = laid_out(at)
    assert [at.split("\n")[i] for i in found.page_numbers] == ["17"]
    assert [line for line in found.text.split("\n") if line] == [" ".join(PROSE.split())] * 3


def test_numbers_of_chapters_stay():
    assert laid_out(f"1\n\n{PROSE}\n\n2\n\n{PROSE}\n\n3\n\n{PROSE}").page_numbers == ()
    assert laid_out(f"{PROSE}\n\n1994\n\n{PROSE}").page_numbers == ()
