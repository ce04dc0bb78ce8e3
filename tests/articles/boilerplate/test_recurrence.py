from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.articles.boilerplate._recurrence import Counts, Recurrence

SENTENCE = "This is a long sentence that stands on every page of the site and reads just like an article, does it not?"


def boilerplate(pages, sources=None):
    recurrence = Recurrence()
    for page, source in zip(pages, sources or [None] * len(pages), strict=True):
        recurrence.add(page, source)
    return recurrence.boilerplate()


@given(st.lists(st.integers(0, 30), max_size=300))
def test_counts_are_those_of_a_counter(keys):
    counts = Counts()
    for key in keys:
        counts.add([key])
    for n in (1, 2, 3):
        assert counts.at_least(n).tolist() == sorted(key for key, m in Counter(keys).items() if m >= n)


def test_a_short_line_on_three_pages_is_boilerplate_on_any():
    found = boilerplate(["Subscribe\na", "Subscribe\nb", "Subscribe\nc", "d"])
    assert "Subscribe" in found.on(None)
    assert "Subscribe" in found.on("Post")
    assert "a" not in found.on(None)


def test_a_sentence_is_boilerplate_where_one_source_repeats_it_not_where_several_print_it():
    pages = [f"{SENTENCE}\n{body}" for body in ("one", "two", "three")]
    of_one = boilerplate(pages, ["Post"] * 3)
    assert SENTENCE in of_one.on("Post")
    assert SENTENCE not in of_one.on("Times")
    assert SENTENCE not in boilerplate(pages, ["Post", "Times", "Echo"]).on("Post")
    assert SENTENCE not in boilerplate(pages).on(None)
    assert SENTENCE in boilerplate([*pages, f"{SENTENCE}\nfour", f"{SENTENCE}\nfive"]).on(None)


def test_a_page_that_comes_again_counts_once():
    assert "Subscribe" not in boilerplate(["Subscribe\na"] * 9).on(None)


def test_the_order_of_pages_does_not_matter():
    pages = [f"line {i % 4}\nline {i % 7}\nown {i}" for i in range(20)]
    shuffled = random.Random(0).sample(pages, len(pages))
    lines = {line for page in pages for line in page.split("\n")}
    one, other = boilerplate(pages), boilerplate(shuffled)
    assert (
        {line for line in lines if line in one.on(None)} == {line for line in lines if line in other.on(None)} != set()
    )


def test_texts_that_outlets_share_count_for_each_in_any_order():
    rows = [(f"{SENTENCE}\n{body}", source) for body in ("one", "two", "three") for source in ("a", "b")]
    for pages in (rows, rows[::-1]):
        found = boilerplate([text for text, _ in pages], [source for _, source in pages])
        assert SENTENCE in found.on("a")
        assert SENTENCE in found.on("b")


STOCK = "Send your story ideas to: bristol@example.org. © 2022 The Post."


def own(found, paragraph, source):
    start, stop = found.own_part(paragraph, source)
    return paragraph[start:stop].strip()


def test_sentences_that_one_source_ends_its_paragraphs_with_go():
    pages = [f"Report {c} from the harbour. It rained {c}. {STOCK}" for c in "pqrst"]
    found = boilerplate(pages, ["Post"] * 5)
    assert own(found, pages[0], "Post") == "Report p from the harbour. It rained p."
    assert own(found, pages[0], "Times") == pages[0]
    assert own(boilerplate(pages[:4], ["Post"] * 4), pages[0], "Post") == pages[0]


def test_stock_sentences_at_the_head_go_but_not_those_inside():
    inside = "The council met in the old town hall."
    pages = [f"Watch our daily show on the app. One {c} here. {inside} Two {c} there." for c in "pqrstu"]
    found = boilerplate(pages, ["Post"] * 6)
    assert own(found, pages[3], "Post") == pages[3].removeprefix("Watch our daily show on the app. ")


def test_a_page_that_comes_again_is_kept_whole():
    page = "The ship sank off the coast at dawn. All of the crew were saved by a passing ferry."
    versions = [f"{page} Updated at {'x' * i}." for i in range(6)]
    found = boilerplate([*versions, *(f"{page} {c} came." for c in "pqrstu")], ["Post"] * 12)
    assert own(found, page, "Post") == page


def test_fragments_after_abbreviations_stay():
    pages = [f"Report {c} went out. The {c} speech was held by the president, Vladimir V. Smith." for c in "pqrstu"]
    heads = [f"NORTHTON (Agency) - The forces of the U.S. {'b' * i} said so today." for i in range(6)]
    for page in pages:
        assert own(boilerplate(pages, ["Post"] * 6), page, "Post").endswith("Smith.")
    assert own(boilerplate(heads, ["Post"] * 6), heads[2], "Post") == heads[2]


def test_stock_sentences_of_scripts_without_spaces_go_too():
    stories = ["渡轮沉没了", "市长离开了", "大雨下了一整天", "小麦价格上涨", "桥梁已经关闭"]
    stock = "请关注本报官方微信公众号获取更多最新新闻报道。"
    pages = [f"北方的{story}。没有人因为{story}而受伤。{stock}" for story in stories]
    found = boilerplate(pages, ["Post"] * 5)
    assert own(found, pages[0], "Post") == pages[0].removesuffix(stock)


def test_a_lead_that_other_pages_tease_is_no_stock_sentence():
    lead = "The ferry sank off the northern coast at dawn."
    page = f"{lead} All of the crew were saved."
    teasing = [f"Story {c} is told here. It ends so {c}.\n{lead} Read on." for c in "pqrstu"]
    assert own(boilerplate([page, *teasing], ["Post"] * 7), page, "Post") == page


@pytest.mark.parametrize(
    ("stock", "goes"),
    [
        ("© {n} The Post, all rights reserved.", True),
        ("Copyright {n} by the publishers of the Post.", True),
        ("Alle Rechte an diesem Text von {n} vorbehalten.", True),
        ("Edition {n}, Sunday Post.", True),
        ("The death toll of the flood rose to {n} on Monday, the ministry said.", False),
        ("Kovac scored {n} points.", False),
        ("洪水造成的死亡人数上升到{n}人。", False),
    ],
)
def test_only_in_legal_lines_do_numbers_count_as_one(stock, goes):
    stories = [
        "A dam broke near Lund",
        "Trains stood still",
        "Doctors asked for blood",
        "Power failed",
        "A road is cut",
    ]
    pages = [
        f"{story} in the night. Nobody slept: {story}. {stock.format(n=40 + i)}" for i, story in enumerate(stories)
    ]
    found = boilerplate(pages, ["Post"] * 5)
    assert own(found, pages[2], "Post") == (pages[2].removesuffix(f" {stock.format(n=42)}") if goes else pages[2])
