from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.articles.roundups._roundup import round_up, split

STORIES = [
    (
        "Council backs new footbridge over the Tarn",
        "Councillors voted 14 to 6 on Monday for a footbridge at Miller's Reach. It should open before winter.",
    ),
    (
        "Bakery fire drives thirty families out of Cobb Street",
        "A fire that began in an oven at Dunmore's bakery spread to two terraces. The families sleep in a sports hall.",
    ),
    (
        "Schoolgirl's beetle turns out to be new to science",
        "Priya Nand, 12, found a green beetle under a log. The museum says that science had no name for the beetle.",
    ),
    (
        "Rail operator cuts two evening trains to the coast",
        "Northmoor Rail drops the 20:10 and 22:40 trains to the coast from April, because drivers are short.",
    ),
    (
        "Rovers sign teenage keeper from Portugal",
        "Goalkeeper Tiago Mendes, 19, joins Rovers from a club in Portugal and sits on the bench on Saturday.",
    ),
]
UKRAINIAN = [
    (
        "У Чернівцях відкрили відновлену ратушу",
        "Після ремонту чернівецька ратуша знову приймає відвідувачів. Годинник ратуші полагодив Остап Гринюк.",
    ),
    (
        "Рятувальники зняли з гори Петрос трьох туристів",
        "Туристи з Одеси заблукали в тумані. Рятувальники знайшли їх за світлом телефону.",
    ),
    (
        "Збірна з фехтування здобула срібло в Каїрі",
        "Збірна поступилася у фіналі команді Угорщини з рахунком 43:45. Срібло в Каїрі стало третім за рік.",
    ),
    (
        "Ціна на цибулю впала вдвічі",
        "Фермери Херсонщини продають цибулю по шість гривень. Аграрне міністерство пояснило, чому ціна впала.",
    ),
]
CHINESE = [
    (
        "台南发现十七世纪荷兰商馆遗址",
        "考古队在台南一处停车场地下发现十七世纪荷兰商馆的砖墙和烟斗。商馆遗址明年春天开放。",
    ),
    ("青岛港首次使用氢能拖轮", "一艘由氢能驱动的拖轮周三在青岛港投入使用。船东表示，拖轮每次充氢可以工作十二小时。"),
    ("云南咖啡出口创历史新高", "海关数据显示，去年云南咖啡豆出口达到九万吨，主要销往德国和越南，价格高出三成。"),
]


def quoted(i, head, text):
    return f"“{head}”\n\n  • {text}\n"


def numbered(i, head, text):
    return f"{i + 1}. {head}\n{text}"


SHAPES = {
    "plain": lambda i, head, text: f"{head}\n{text}",
    "blank lines": lambda i, head, text: f"{head}\n\n{text}\n",
    "quoted, bulleted": quoted,
    "numbered": numbered,
    "numbered sentences": lambda i, head, text: f"{i + 1}. {head}.\n{text}",
    "bold": lambda i, head, text: f"**{head}**\n{text}",
    "Markdown heads": lambda i, head, text: f"## {head}\n{text}",
    "capitals": lambda i, head, text: f"{head.upper()}\n{text}",
    "links": lambda i, head, text: f"{head}\n{text}\nRead more: https://example.org/{i}",
    "labels": lambda i, head, text: f"{head}\n{text}\nSource: agency {i}",
    "rules": lambda i, head, text: f"{head}\n{text}\n***",
    "desks": lambda i, head, text: f"{['World', 'Sport', 'Culture', 'Money', 'Science'][i]}\n{head}\n{text}",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_headline_begins_a_story(shape):
    body = "\n".join(SHAPES[shape](i, *story) for i, story in enumerate(STORIES))
    found = split(body, title="The week in Harlow Valley")
    heads = [head.upper() if shape == "capitals" else head for head, _ in STORIES]
    assert [(segment.title or "").rstrip(".") for segment in found] == heads
    assert all(text in segment.text for segment, (_, text) in zip(found, STORIES, strict=True))
    lines = body.split("\n")
    if shape != "desks":
        assert all(head in lines[segment.first_line] for segment, head in zip(found, heads, strict=True))


@pytest.mark.parametrize("stories", [STORIES, UKRAINIAN, CHINESE], ids=["en", "uk", "zh"])
def test_it_holds_in_any_language(stories):
    found = split("\n".join(f"{head}\n{text}" for head, text in stories))
    assert [(segment.title, segment.text) for segment in found] == stories


def test_intro_and_closing_stand_apart():
    stories = "\n".join(f"{head}\n{text}" for head, text in STORIES)
    intro = "Good morning. This is what our newsroom talked about."
    found = round_up(f"{intro}\n{stories}\nThat is all until Friday. Write to us!", title="Morning letter")
    assert found.intro == intro
    assert found.outro == "That is all until Friday. Write to us!"
    assert len(found.segments) == 5


def test_an_intro_that_names_the_stories_is_an_intro():
    intro = "Today: a footbridge for the Tarn, a bakery on fire, a beetle new to science and trains that stop early."
    found = round_up("\n".join([intro, *(f"{head}\n{text}" for head, text in STORIES)]))
    assert found.intro == intro
    assert len(found.segments) == 5


def test_a_first_story_whose_headline_is_the_title():
    rest = "\n".join(quoted(0, *story) for story in STORIES[1:])
    body = f"  • {STORIES[0][1]}\n\n{rest}"
    found = split(body, title=f"“{STORIES[0][0]}”")
    assert [(segment.title, segment.text) for segment in found] == STORIES
    assert split(body, title="Weekly notes")[0].title is None


def test_stories_of_one_theme():
    body = """“Estonia and Finland share the cost of a gas terminal”
  • Estonia and Finland signed a deal in Tallinn to share the cost of a floating gas terminal for the Baltic grid.
“Latvia fines Baltic grid operator over blackout in January”
  • Latvia's regulator fined the Baltic grid operator Sadales over the blackout that hit 40,000 homes in January.
“Lithuania opens tender for Baltic wind park near Palanga”
  • Lithuania invited bids for a 700-megawatt wind park off Palanga; the tender for the Baltic site closes in June.
“Poland delays Baltic cable to Lithuania by two years”
  • Poland said that the cable under the Baltic to Lithuania is delayed until 2030 as its price has doubled."""
    assert len(split(body, title="Baltic grid watch, week of 4 March")) == 4


BRIEFS = [
    "LISBON — Portuguese firefighters contained a blaze in the Monchique hills on Tuesday after four dry days.",
    "OTTAWA (NW) — Canada will issue no new permits for salmon farms, minister Claire Dubois said on Wednesday.",
    "SEOUL – A court sentenced the former head of the electronics group Hansan to five years for bribery.",
    "Accra, Ghana — The treasury repaid the first slice of a restructured bond, and the cedi rose by 3 per cent.",
]


def test_datelines_begin_stories():
    assert [segment.text for segment in split("\n".join(BRIEFS))] == BRIEFS


def test_bullets_and_rules_begin_stories():
    plain = [re.split(" [—–] ", brief)[1] for brief in BRIEFS]
    assert [segment.text for segment in split("\n".join(f"• {text}" for text in plain))] == plain
    assert [segment.text for segment in split("\n* * *\n".join(plain))] == plain


def test_a_number_inside_a_story_is_kept():
    stories = [f"{head}\n{text}\n2. The second point of this is that somebody will appeal." for head, text in STORIES]
    assert split("\n".join(stories))[0].text.endswith("\n2. The second point of this is that somebody will appeal.")


def test_a_bullet_may_lead_in_with_a_headline():
    body = "\n".join(f"• {head}. {text}" for head, text in STORIES)
    assert [(segment.title, segment.text) for segment in split(body)] == STORIES


ARTICLES = {
    "lead and sub-headings": """Storm Edda tore across the south-west on Sunday, killed two people and cut power.
Grid operator works through the night
Engineers of Westpower repaired lines on Monday. Its chief, Carla Dunne, said that farms might wait for power.
Two killed by falling trees in the storm
A man died near Liskeard when an oak fell on his van. Dunne spoke of a storm such as Westpower had never seen.
Schools without power stay shut until Wednesday
About 140 schools stay closed. Westpower hopes to bring power to half of them by Tuesday, said Dunne.
Forecasters expect calmer weather after Edda
Winds drop on Tuesday, but Westpower asked homes without power to prepare for frost after storm Edda.""",
    "questions": """Do I have to pay for the new water meter?
No. Clearbrook installs the meter in April free of charge and looks after it.
Will my water bill go up in April?
That depends. Households of two people in Leeds pay 40 pounds less on average.
Can I refuse to have a meter fitted?
In dry regions such as Kent the law of 2010 allows no refusal by a household.""",
    "steps": """1. Turn off the heating and wait
Wait half an hour until the radiator is cool, or you may be scalded by hot water.
2. Find the valve at the top
The valve sits on one end of the radiator. Put a cloth beneath the valve.
3. Open the valve with a key
Turn the key a quarter to the left. You will hear air hiss out of the radiator.
4. Close it when water comes
As soon as water drips from the valve, turn the key back.""",
    "a list of parts": """The Lamp Room by Ines Corrado
A pit village in Asturias loses its mine and finds a choir. Corrado's lamp never goes out.
Salt Accounts by Peter Wren
Wren's accountant counts fish on a Scottish pier and finds that salt is missing from the accounts.
Nine Doors Down by Mei-Ling Ho
Three sisters in Penang share a stairwell with nine doors. Ho writes dialogue like nobody else.
The Ferryman's Wife by Olga Stein
The ferryman drowns in the Volga on page one; Stein's book belongs to his wife.""",
    "a live blog": """11:32 Keir leaves number 11 with a green box
The chancellor posed for photographers for two minutes and ignored a question.
12:36 Fuel duty frozen for a fourth year
Drivers are spared, which costs the treasury 2.4 billion pounds in Wales and England.
12:51 Income tax thresholds to rise in April
Labour benches shout that inflation stands at 4 per cent while thresholds rise by 3.
14:05 Pound rises as traders call the day dull
Sterling gains half a cent against the dollar in London, a record for a dull day.""",
    "datelines of one event": """ROME — Thousands gathered on Monday after the Vatican announced the death of the pope at 88.
MANILA — Church bells rang in the capital, where the pope said mass for six million people in 2015.
BUENOS AIRES — Mourners laid flowers at the cathedral of the city in which the pope was born.
WARSAW — Poland lowered its flags for the pope, whose funeral its president will attend.""",
    "key points above an article": """• Ngozi Okafor becomes the first woman to run the central bank of the country
• Senate confirms her by 61 votes to 30 after nine hours of hearing in the capital
• Inflation stands at its highest since 2009 as she takes over from Paul Renwick
• Economists in Lagos expect her to raise rates at her first meeting in the summer
Ngozi Okafor will be the first woman to run the bank after the senate confirmed her on Thursday.
The hearing took nine hours, of which two were about a note from 2014 whose tone she regretted.
She takes over from Paul Renwick in a month when prices rose faster than at any time since 2009.
Senator Holt, who voted against her, said that the bank needed a banker and not a professor.""",
    "paragraphs": "\n\n".join(text for _, text in STORIES),
}


@pytest.mark.parametrize("shape", ARTICLES)
def test_one_story_is_left_whole(shape):
    assert split(ARTICLES[shape]) == []


def test_two_stories_are_left_whole():
    assert split("\n".join(f"{head}\n{text}" for head, text in STORIES[:2])) == []


def test_the_sample(sample):
    for row in sample.itertuples():
        found = split(row.gold_text, title=row.gold_title)
        gold = json.loads(row.gold_segments) if isinstance(row.gold_segments, str) else []
        assert [(s.title, s.text) for s in found] == [(s["title"], s["text"]) for s in gold], row.id


def words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]{2,}", text)


LINES = st.sampled_from([line for story in STORIES + UKRAINIAN for line in story] + BRIEFS + ["***", "", "SPORT"])
MARKS = st.sampled_from(["", "", "• ", "- ", "3. ", "## "])


@given(st.lists(st.builds(str.__add__, MARKS, LINES | st.text(max_size=40)), max_size=14), st.none() | st.text())
@settings(max_examples=300, deadline=None)
def test_nothing_is_lost_and_the_order_is_kept(lines, title):
    body = "\n".join(lines)
    found = round_up(body)
    assert round_up(body, title=title) == round_up(body, title=title)
    if found is not None:
        assert len(found.segments) >= 3
        parts = [found.intro, *(f"{s.title or ''}\n{s.text}" for s in found.segments), found.outro]
        assert sorted(words("\n".join(parts))) == sorted(words(body))
        first = [segment.first_line for segment in found.segments]
        assert first == sorted(set(first))
        assert all(lines[i].strip() for i in first if i < len(lines))
