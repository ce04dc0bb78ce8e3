from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.articles.boilerplate._page import REASONS, take_apart
from topics.articles.boilerplate._recurrence import Recurrence

PAGE = """Skip to content
News Sport Business

Harbour council closes the old swimming pool

by Ann Reed May 16, 2023 5:17 PM 2 min read

The harbour council voted on Tuesday to close the old swimming pool, which leaks forty tonnes of water a day.

"We have patched it for eleven years," the engineer told members, and put a jar of rust on the table.

A petition with four thousand names asks for a second opinion before the pump is switched off for good.

News Feed

8:02 PM  (Updated: )

Ferry timetable changes.
Subscribe
"""


def shingles(text: str, n: int = 4) -> Counter:
    words = text.split()
    return Counter(zip(*(words[i:] for i in range(n)), strict=False))


def shingle_f1(found: str, gold: str) -> float:
    a, b = shingles(found), shingles(gold)
    shared = sum((a & b).values())
    return 2 * shared / max(1, sum(a.values()) + sum(b.values()))


def test_the_body_and_the_title_are_found():
    page = take_apart(PAGE)
    assert page.title == "Harbour council closes the old swimming pool"
    assert page.body.startswith("The harbour council voted")
    assert page.body.endswith("switched off for good.")
    assert page.n_removed == 8


SENTENCE = "This is a long sentence that stands on every page of the site and reads just like an article, does it not?"


def test_a_recurring_sentence_goes():
    page = PAGE.replace("The harbour council voted", f"{SENTENCE}\nThe harbour council voted")
    assert SENTENCE in take_apart(page).body
    assert SENTENCE not in take_apart(page, frozenset({SENTENCE})).body


def test_a_wire_copy_keeps_its_body_in_every_outlet():
    import pandas as pd

    from topics.articles import read

    shared = PAGE.split("\n\n")[3:6]
    texts = [f"Outlet {i}\nMenu\n\n" + "\n\n".join([*shared, f"{SENTENCE} Outlet {i}."]) for i in range(4)]
    corpus = read(pd.DataFrame({"text": texts, "source": list("abcd")}))
    for text in corpus.frame()["text"]:
        assert all(paragraph in text for paragraph in shared)


@pytest.mark.parametrize("text", ["one line only", "", "Заголовок\nкороткий рядок", "🙂🙂🙂", "a\nb\nc"])
def test_a_text_without_an_article_is_left_as_it_is(text):
    assert take_apart(text).body == text
    assert take_apart(text).n_removed == 0


TEXT = st.one_of(
    st.text(max_size=400),
    st.lists(
        st.sampled_from([*PAGE.split("\n"), "", "  • An item of a list, indented.", "…", "Teaser cut off…"]),
        max_size=40,
    ).map("\n".join),
)
STRENGTHS = ["keep-all", "light", "standard", "strict"]


@settings(max_examples=150, deadline=None)
@given(TEXT, st.sampled_from(STRENGTHS), st.sampled_from([None, "Harbour council closes the old swimming pool"]))
def test_no_line_is_lost_and_a_body_stays_as_it_is(text, strength, title):
    page = take_apart(text, frozenset({"Subscribe"}), strength=strength, title=title)
    whole = text.split("\n")
    assert [(line.number, line.text) for line in page.lines] == [
        (i, line.strip()) for i, line in enumerate(whole, 1) if line.strip()
    ]
    assert {line.reason for line in page.lines} <= {None, *REASONS}
    kept = [line.text for line in page.lines if line.reason is None]
    assert [line.strip() for line in page.body.split("\n") if line.strip()] == kept
    assert bool(kept) == bool(page.lines)
    again = take_apart(page.body, frozenset({"Subscribe"}), strength=strength, title=title)
    assert again.body == page.body


def test_a_stricter_body_is_as_good_as_part_of_a_lighter_one(sample):
    beyond = n_kept = 0
    for text in sample["text"].head(40):
        kept = [{x.number for x in take_apart(text, strength=s).lines if x.reason is None} for s in STRENGTHS]
        beyond += sum(len(strict - light) for light, strict in pairwise(kept))
        n_kept += sum(map(len, kept[1:]))
    assert beyond < 0.02 * n_kept


def test_an_unknown_strength_is_named():
    with pytest.raises(ValueError, match="'strong'"):
        take_apart(PAGE, strength="strong")


def test_each_line_taken_off_has_its_reason():
    teaser = "Ferry company orders three new ships for the northern line and promises to hire up to…"
    page = take_apart(f"{PAGE}{teaser}\n", frozenset({"Skip to content"}))
    reasons = {line.text: line.reason for line in page.lines}
    assert reasons["Skip to content"] == "recurs on other pages"
    assert reasons["Harbour council closes the old swimming pool"] == "title"
    assert reasons["8:02 PM  (Updated: )"] == "feed"
    assert reasons[teaser] == "teaser"
    assert reasons["Subscribe"] == "short line"


def test_a_given_headline_is_taken_off_the_head():
    text = PAGE
    known = "Harbour  council closes the OLD swimming pool"
    page = take_apart(text, title=known)
    assert page.title == known
    assert [line.reason for line in page.lines if line.text.startswith("Harbour council closes")] == ["title"]
    assert page.body.startswith("The harbour council voted")


def test_a_round_up_keeps_its_headlines_and_its_own_title_is_found():
    stories = [
        ("“Harbour pool closes for good”", "  • The council voted on Tuesday to close the pool, which leaks water."),
        (
            "“Ferry line orders three ships”",
            "  • The ferry company ordered ships in Gdynia and will hire forty sailors.",
        ),
        ("“School wins the chess cup”", "  • Pupils of the northern school beat nine others and go to the final."),
        (
            "“Bakers raise the price of rye”",
            "  • The bakers of the town ask two coins more, because flour became dear.",
        ),
    ]
    text = "Ledger Weekly Roundup - Week of May 21st\n\n" + "\n\n".join(f"{head}\n\n{item}" for head, item in stories)
    page = take_apart(text)
    assert page.title == "Ledger Weekly Roundup - Week of May 21st"
    assert all(head in page.body and item.strip() in page.body for head, item in stories)


def test_sub_headings_lists_and_short_quotes_of_a_clean_article_stay():
    body = [line for line in PAGE.split("\n")[7:12] if line]
    rest = [
        "The council will hear the second opinion in June, and the pump of the old pool stays switched off until then.",
        '"It is over," the engineer said.',
    ]
    text = "\n\n".join([*body, "What happens now", "- the pump is switched off", "- the pool is filled in", *rest])
    assert take_apart(text).body == text


@pytest.mark.parametrize(
    ("title", "sentences", "menu", "end"),
    [
        (
            "市议会关闭旧游泳池",
            [
                "市议会周二投票决定关闭旧游泳池，该游泳池每天漏水四十吨。",
                "工程师表示，他们已经修补了十一年，再修下去没有意义。",
            ],
            ["首页", "新闻", "体育"],
            ["订阅", "分享", "联系我们"],
        ),
        (
            "المجلس يغلق المسبح القديم في الميناء",
            [
                "صوت مجلس الميناء يوم الثلاثاء على إغلاق المسبح القديم الذي يسرب أربعين طنا من الماء كل يوم.",
                "وقال المهندس للأعضاء إنهم أصلحوا المسبح طوال أحد عشر عاما، ثم وضع جرة من الصدأ على الطاولة.",
            ],
            ["الرئيسية", "الأخبار", "الرياضة"],
            ["اشترك", "شارك", "اتصل بنا"],
        ),
        (
            "परिषद ने पुराना तरणताल बंद किया",
            [
                "बंदरगाह परिषद ने मंगलवार को पुराने तरणताल को बंद करने के लिए मतदान किया, जिससे रोज़ चालीस टन पानी रिसता है।",
                "अभियंता ने सदस्यों से कहा कि उन्होंने ग्यारह साल तक तरणताल की मरम्मत की और अब यह संभव नहीं है।",
            ],
            ["मुखपृष्ठ", "समाचार", "खेल"],
            ["सदस्यता लें", "साझा करें", "संपर्क"],
        ),
        (
            "Совет закрыл старый бассейн в гавани",
            [
                "Совет гавани проголосовал во вторник за закрытие старого бассейна, который теряет сорок тонн воды в день.",
                "«Мы чинили его одиннадцать лет», — сказал инженер и поставил на стол банку ржавчины из этого бассейна.",
            ],
            ["Главная", "Новости", "Спорт"],
            ["Подписаться", "Поделиться", "Контакты"],
        ),
    ],
    ids=["zh", "ar", "hi", "ru"],
)
def test_pages_in_other_scripts(title, sentences, menu, end):
    body = [*sentences, " ".join(sentences), " ".join(reversed(sentences))]
    page = take_apart("\n".join([*menu, title, *body, *end, *menu]))
    assert page.body.split("\n") == body
    assert page.title == title


def test_a_page_in_a_script_without_case_or_spaces():
    body = "市议会周二投票决定关闭旧游泳池，该游泳池每天漏水四十吨，工程师表示已经修补了十一年。"
    assert take_apart(f"首页\n新闻\n{body}\n{body}\n订阅").body == f"{body}\n{body}"


def boilerplate(texts, sources=None):
    recurrence = Recurrence()
    for text, source in zip(texts, sources if sources is not None else [None] * len(texts), strict=True):
        recurrence.add(text, source)
    return recurrence.boilerplate()


def test_a_lead_that_other_pages_show_stays_on_its_own():
    lead = (
        "The harbour council voted on Tuesday to close the old swimming pool, which leaks forty tonnes of water a day."
    )
    page = take_apart(PAGE, frozenset({lead, "Subscribe"}))
    assert page.body.startswith(lead)
    other = (
        "The ferry to the northern islands was cancelled for a third day because nobody could find the captain's hat."
    )
    assert not take_apart(PAGE.replace(lead, other), frozenset({other})).body.startswith(other)


def test_an_article_does_not_end_with_a_story_that_breaks_off():
    cut = "Ferry crews have been told to wear hats again after a passenger mistook the mate for a gull and…"
    page = take_apart(PAGE.replace("News Feed", f"Read also\n{cut}\nNews Feed"), frozenset({"Read also", "News Feed"}))
    assert cut not in page.body


def test_the_sample_comes_out_clean(sample):
    recurring = boilerplate(sample["text"], sample["source"])
    stamp = re.compile(r"^\s*date \d{4}-\d{2}-\d{2}\s*")
    found = [
        take_apart(stamp.sub("", text), recurring.on(source))
        for text, source in zip(sample["text"], sample["source"], strict=True)
    ]
    scores = [shingle_f1(page.body, gold) for page, gold in zip(found, sample["gold_text"], strict=True)]
    assert sum(scores) / len(scores) > 0.97
    right = [page.title == gold for page, gold in zip(found, sample["gold_title"], strict=True)]
    assert sum(right) / len(right) > 0.96


def test_clean_articles_keep_their_words(data_folder):
    import pandas as pd

    texts = pd.read_parquet(data_folder / "bbc_news.parquet")["text"].head(500).tolist()
    recurring = boilerplate(texts).on(None)
    n_before = sum(len(text.split()) for text in texts)
    n_after = sum(len(take_apart(text, recurring).body.split()) for text in texts)
    assert n_after > 0.995 * n_before


def test_hand_cleaned_web_pages(data_folder):
    import pandas as pd

    pages = pd.read_parquet(data_folder / "web_pages_90.parquet")
    recurring = boilerplate(pages["text"]).on(None)
    scores = [
        shingle_f1(take_apart(text, recurring).body, gold)
        for text, gold in zip(pages["text"], pages["clean_text"], strict=True)
    ]
    assert sum(scores) / len(scores) > 0.9
