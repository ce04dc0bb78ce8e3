"""What is a near-duplicate and what is another event in the same words."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spellings import respelled

from topics.articles.duplicates._canonical import exact_duplicates, near_duplicates

STORY = (
    "Twenty-three of 54 pumps at the Marrow tidal plant will stand idle this winter after a lock gate "
    "jammed, its owners "
    "said on Friday. Engineers from Oslen Marine expect the repair to last until March 2026 and to cost "
    "14 million crowns. "
    '"We looked at eleven cranes, and two were strong enough," said project director Lena Osterholt. '
    "Residents of Quenby "
    "had complained of noise since the trial runs in August, and a court in Port Selwe will hear them "
    "next week. The plant "
    "supplies about 31,000 homes, fewer than planned, and the ministry has asked for a report on the lock."
)
UKRAINIAN = (
    "Міська рада Торжиська проголосувала за ремонт мосту через Ліску, який закрили для вантажівок ще у "
    "травні 2021 року. "
    "Роботи коштуватимуть 48 мільйонів гривень, і їх обіцяють завершити до кінця жовтня. Мешканці лівого "
    "берега кілька разів "
    "перекривали дорогу, вимагаючи пустити бодай автобуси. Підрядника визначать на торгах, а нагляд "
    "доручать обласній службі."
)
CHINESE = (
    "周五上午东港市一座建于上世纪的跨海大桥因主缆锈蚀被临时封闭工程师表示检修至少需要"
    "三个月期间轮渡将增加班次市政府要求承包商提交详细报告并公布检测数据居民担心通勤时"
    "间会明显延长"
)
THAI = (
    "เมื่อวันศุกร์ที่ผ่านมาสะพานข้ามแม่น้ำในเมืองถูกปิด"
    "ชั่วคราวเพราะสายเคเบิลหลักเป็นสนิมวิศวกรกล่าวว่ากา"
    "รซ่อมแซมจะใช้เวลาอย่างน้อยสามเดือนและจะเพิ่มเรือข้"
    "ามฟาก"
)


def folded(first: str, copy: str) -> bool:
    """Whether the second is a copy of the first; the other way round must be the same."""
    there, back = near_duplicates([first, copy]).tolist(), near_duplicates([copy, first]).tolist()
    assert there == back
    return there == [0, 0]


def words(text: str, start: float, stop: float) -> str:
    tokens = text.split()
    return " ".join(tokens[round(start * len(tokens)) : round(stop * len(tokens))])


@pytest.mark.parametrize("story", [STORY, UKRAINIAN], ids=["English", "Ukrainian"])
@pytest.mark.parametrize(
    "edit",
    [
        lambda s: "PORT SELWE, Jan. 16 (Meridian) — " + s,
        lambda s: "By Ada Kestle\nUpdated 09:14, 3 May\n\n" + s,
        lambda s: "Owners had hoped for better news. " + s,
        lambda s: words(s, 0, 0.67),
        lambda s: words(s, 0.2, 1),
        lambda s: s.upper(),
        lambda s: s.lower().replace(",", "").replace('"', "”"),
        lambda s: s.replace(". ", ".\n\n  "),
        lambda s: " ".join(w for i, w in enumerate(s.split()) if i % 17),
        lambda s: s.replace("Friday", "Saturday").replace("травні", "червні"),
        lambda s: s.replace("31,000", "31 000"),
    ],
)
def test_an_edited_text_is_a_near_duplicate(story, edit):
    assert folded(story, edit(story))


@pytest.mark.parametrize("text", [CHINESE, THAI], ids=["Chinese", "Thai"])
def test_scripts_without_spaces(text):
    assert folded(text, text[: len(text) * 3 // 4])
    assert folded(text, text[:20] + "，" + text[20:].replace(text[30:32], "新闻"))
    assert near_duplicates([text, text[len(text) // 2 :] + text[: len(text) // 4]]).tolist() == [0, 1]
    assert not folded(text[:18], text[:14])  # too short


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Storm kills 3 in Ohio", "Storm kills 5 in Iowa"),
        ("Storm kills three in the hills", "Storm kills seven in the hills"),
        (
            "Ohio storm leaves thousands without power and closes schools across the state, officials say",
            "Iowa storm leaves thousands without power and closes schools across the state, officials say",
        ),
        (
            "The weather in Stannick will be cloudy on Monday with a high of 14 degrees and a low of 6. Winds "
            "from the west "
            "will reach 31 kilometres an hour by the evening, and there is a 40 percent chance of rain, the "
            "office said.",
            "The weather in Montfaur will be cloudy on Friday with a high of 9 degrees and a low of 2. Winds from"
            " the west "
            "will reach 45 kilometres an hour by the evening, and there is a 70 percent chance of rain, the "
            "office said.",
        ),
        (
            "Arden beat Solvik 3-1 on Saturday in front of a crowd of 12,400. Pellenc opened the scoring after "
            "nine minutes "
            "and added a second just before half-time. Arden stay fourth with 31 points from the first sixteen "
            "matches.",
            "Lantern beat Brightwell 2-0 on Sunday in front of a crowd of 8,150. Maelen opened the scoring after "
            "nine minutes "
            "and added a second just before half-time. Lantern stay fourth with 29 points from the first sixteen "
            "matches.",
        ),
        (
            "Die Polizei in Torsvik hat am Montag bei einer Kontrolle 41 Fahrer angehalten, 6 von ihnen fuhren zu"
            " schnell. "
            "Der schnellste Wagen war mit 118 Kilometern pro Stunde unterwegs, erlaubt waren dort nur 70.",
            "Die Polizei in Nessbank hat am Dienstag bei einer Kontrolle 87 Fahrer angehalten, 15 von ihnen "
            "fuhren zu schnell. "
            "Der schnellste Wagen war mit 142 Kilometern pro Stunde unterwegs, erlaubt waren dort nur 100.",
        ),
        (
            "今天东港市最高气温21度最低气温12度西北风3级相对湿度45空气质量指数为63适合户外活动气象台预计夜间有小雨请市民注意携带雨具",
            "今天北山市最高气温17度最低气温8度东南风5级相对湿度72空气质量指数为91适合户外活动气象台预计夜间有小雨请市民注意携带雨具",
        ),
    ],
    ids=["headline", "words alone", "name in front", "weather", "match", "German", "Chinese"],
)
def test_other_numbers_and_names_are_another_event(one, other):
    assert not folded(one, other)


def test_a_long_report_filled_in_anew_is_another_event():
    """Names that stay, as of indices and companies, do not outweigh numbers that differ."""
    companies = ["Alder", "Brisk", "Corvin", "Dunmore", "Elstow", "Farrow", "Gresham", "Halden", "Iverly", "Jarrow"]

    def report(chance: random.Random) -> str:
        return " ".join(
            f"Shares of {name} Holdings on the Stannick Exchange closed at {chance.randint(20, 99)} crowns in busy"
            f" trading, "
            f"said the Cardanian Market Board in its daily note to brokers of the Northmark Union."
            for name in companies
        )

    assert not folded(report(random.Random(0)), report(random.Random(1)))


def test_an_updated_figure_in_a_long_text_is_the_same_text():
    assert folded(STORY + " " + UKRAINIAN, (STORY + " " + UKRAINIAN).replace("14 million", "15 million"))


def test_a_part_of_a_longer_text_is_not_its_near_duplicate():
    assert not folded(STORY, words(STORY, 0, 0.3))  # a teaser
    assert not folded(STORY, STORY + "\n\n" + UKRAINIAN.replace("2021", "2020") + " " + STORY.swapcase()[::-1])


def test_every_near_duplicate_is_one_of_its_canonical_text_itself():
    sentences = [f"{a} {b} was seen walking slowly along {c} {d} towards old {e}." for a, b, c, d, e in _five_words(40)]
    windows = [" ".join(sentences[i : i + 20]) for i in range(0, 20, 2)]
    canonical = near_duplicates(windows)
    assert len(set(canonical)) > 1
    assert all(
        near_duplicates([windows[first], windows[row]]).tolist() == [0, 0]
        for row, first in enumerate(canonical)
        if row != first
    )


def _five_words(n: int) -> list[list[str]]:
    chance = random.Random(0)
    return [["".join(chance.choices("bdfgklmnprstvaeiou", k=6)) for _ in range(5)] for _ in range(n)]


def test_equal_but_for_case_space_and_punctuation():
    texts = [
        "Rain",
        "rain!",
        "Rain  falls",
        "RAIN\nfalls.",
        "🎉 !",
        "🎉  !",
        "🎈 !",
        "",
        STORY,
        f"«{STORY.upper()}»",
        "日本",
        "日本。",
    ]
    expected = [0, 0, 2, 2, 4, 4, 6, 7, 8, 8, 10, 10]
    assert exact_duplicates(texts).tolist() == expected
    assert near_duplicates(texts).tolist() == expected


def test_a_template_that_fills_a_bucket_hides_no_near_duplicate():
    chance = random.Random(0)
    names = [word.title() for row in _five_words(80) for word in row]
    notices = [
        f"The council of {chance.choice(names)} invites residents on {chance.randint(1, 28)} June to a hearing"
        f" about the plan of "
        f"{chance.choice(names)} {chance.choice(names)} to build {chance.randint(3, 99)} flats at "
        f"{chance.choice(names)} Street. "
        f"Papers can be seen in room {chance.randint(1, 400)} of the town hall until noon; remarks go to "
        f"{chance.choice(names)}."
        for _ in range(150)
    ]
    rows = chance.sample(range(150), 20)
    canonical = near_duplicates([*notices, *("From our town desk: " + notices[row] for row in rows)])
    assert canonical[:150].tolist() == list(range(150))
    assert canonical[150:].tolist() == rows


class Shelf(Sequence[str]):
    """Texts that are read one by one, as from disk."""

    def __init__(self, texts: list[str]) -> None:
        self.texts, self.n_read = texts, 0

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, row):
        assert isinstance(row, int)
        self.n_read += 1
        return self.texts[row]


def test_texts_are_read_once_and_those_that_may_be_near_duplicates_again(sample):
    shelf = Shelf(sample.sort_values("id")["gold_text"].tolist())
    canonical = near_duplicates(shelf)
    assert canonical.dtype == np.int64
    assert canonical.tolist() == near_duplicates(shelf.texts).tolist()
    assert shelf.n_read < len(shelf) * 1.5


def test_the_sample_s_near_duplicates_and_nothing_else(sample):
    pages = sample.sort_values("id").reset_index(drop=True)
    canonical = near_duplicates(pages["gold_text"].tolist())
    found = {
        frozenset((pages["id"][row], pages["id"][int(first)])) for row, first in enumerate(canonical) if row != first
    }
    copies = pages[pages["gold_copy_of"].notna()]
    assert found == {frozenset(pair) for pair in zip(copies["id"], copies["gold_copy_of"], strict=True)}


def test_translations_and_short_sentences_are_no_near_duplicates(data_folder):
    pd = pytest.importorskip("pandas")
    texts = pd.read_parquet(data_folder / "sib200_4lang.parquet")["text"].tolist()
    assert near_duplicates(texts).tolist() == exact_duplicates(texts).tolist()


def test_nothing_and_little():
    assert near_duplicates([]).tolist() == []
    assert exact_duplicates([]).tolist() == []
    assert near_duplicates([""]).tolist() == [0]
    assert near_duplicates([STORY]).tolist() == [0]


@pytest.mark.parametrize("share", [0, -1, 1.1, float("nan")])
def test_an_impossible_share_is_refused(share):
    with pytest.raises(ValueError, match=r"expected min_shared above 0 and at most 1, got"):
        near_duplicates([STORY], min_shared=share)


PIECES = st.sampled_from(
    [*STORY.split(". "), *UKRAINIAN.split(". "), CHINESE, "\ud800", "١٢٣ ٤٥٦", "हिन्दी में समाचार", ""]
)


@settings(max_examples=40)
@given(st.lists(st.lists(PIECES, max_size=8).map(". ".join), max_size=12))
def test_a_canonical_text_is_its_own_and_never_later(texts):
    canonical = near_duplicates(texts)
    assert canonical[canonical].tolist() == canonical.tolist()
    assert (canonical <= np.arange(len(texts))).all()
    exact = exact_duplicates(texts)
    assert (canonical == canonical[exact]).all()
    assert near_duplicates(texts).tolist() == canonical.tolist()


SPELLED = (
    "Twenty-three offices of the chief's staff will stand idle after a fire-fighting firm flooded the first "
    "flat, its owners said. М'яса і п'ять тонн, محمد said, and the Lehrerinnen of Port Selwe affirmed that."
)


@given(respelled(SPELLED))
def test_texts_that_differ_in_spelling_alone_are_equal(text):
    assert exact_duplicates([SPELLED, text]).tolist() == [0, 0]
    assert near_duplicates([SPELLED, text], min_shared=1.0).tolist() == [0, 0]


def test_where_lines_break_words_does_not_matter():
    words_ = STORY.split()
    cut = (
        "\n".join(" ".join(words_[i : i + 6]) for i in range(0, len(words_), 6))
        .replace("engi", "engi-\n")
        .replace("ers", "er-\ns")
    )
    assert exact_duplicates([STORY, cut]).tolist() == [0, 0]
    assert near_duplicates([STORY, cut], min_shared=1.0).tolist() == [0, 0]


def test_a_hyphen_may_be_a_space_or_be_left_out():
    story = "The 46-year-old keeper of the all-time record met a worn-out rival and re-opened a well-known e-mail feud."
    for other in (story.replace("-", " ").replace("re ", "re").replace("e mail", "email"), story.replace("e-m", "em")):
        assert near_duplicates([story, other], min_shared=1.0).tolist() == [0, 0]


def test_upper_case_is_that_of_some_language():
    story = "Isı yalıtımı yaptıran evlere bu kış destek verilecek, İstanbul ve İzmir belediyeleri salı günü açıkladı."
    upper = story.replace("i", "İ").replace("ı", "I").upper()
    assert exact_duplicates([story, upper]).tolist() == [0, 0]
