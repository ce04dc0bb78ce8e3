from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.label import _collocations as collocations
from topics.label import _words as words
from topics.label._collocations import Stream
from topics.label._vocabulary import Reader
from topics.label._words import GAP, words_of


def terms_of(text: str) -> list[str]:
    return [word for word in words_of(text) if word != GAP]


def test_words_of_several_languages():
    found = terms_of("AI and the NATO's 2nd covid-19 drill: м'яч у п'ятницю, ой-ой! O'Brien")
    assert found == ["ai", "and", "the", "nato", "covid-19", "drill", "м'яч", "п'ятницю", "ой-ой", "o'brien"]


def test_words_of_scripts_that_write_vowels_as_marks_are_whole():
    assert terms_of("नई सरकार की योजना") == ["नई", "सरकार", "की", "योजना"]
    assert terms_of("தமிழ் மக்கள்") == ["தமிழ்", "மக்கள்"]


def test_apostrophes_are_one():
    assert terms_of("п’ять п'ять пʼять") == ["п'ять"] * 3


def test_numbers_addresses_handles_and_emoji_are_no_words():
    text = "In 2022 🙂 see https://example.org/a?b=c, www.example.org or desk@example.org and @handle 10am 1990s x"
    assert terms_of(text) == ["in", "see", "or", "and"]


def test_what_parts_phrases_is_a_gap():
    assert words_of("Moscow, Russia (today) 2022 won") == ["moscow", GAP, "russia", GAP, "today", GAP, GAP, "won"]


def test_scripts_without_spaces_are_segmented():
    pytest.importorskip("icu4py")
    found = terms_of(
        "中国国务院总理在北京会见了乌克兰外交部长。日本の首相は東京で気候変動。รัฐบาลไทยประกาศนโยบายเศรษฐกิจใหม่"
    )
    assert {"中国", "国务院", "北京", "乌克兰", "首相", "東京", "気候", "รัฐบาล", "นโยบาย", "เศรษฐกิจ"} <= set(found)


def test_without_the_segmenter_chinese_comes_in_pairs_and_katakana_whole(monkeypatch):
    monkeypatch.setattr(words, "can_segment", lambda: False)
    words._segmenter.cache_clear()
    try:
        assert terms_of("首相は東京都でオリンピック") == ["首相", "東京", "京都", "オリンピック"]
    finally:
        monkeypatch.undo()
        words._segmenter.cache_clear()


@given(st.text(max_size=200))
def test_any_text_gives_words_in_lower_case_that_hold_a_letter(text):
    for word in words_of(text):
        assert word == GAP or (len(word) > 1 and any(map(str.isalpha, word)))
        assert word == word.lower()


def test_what_is_elided_before_a_word_is_no_part_of_it():
    assert terms_of("L'Ukraine, d’Italie, dell'arte, qu'avait aujourd'hui don't m'яч п'ять") == [
        "ukraine", "italie", "arte", "avait", "aujourd'hui", "don't", "m'яч", "п'ять",
    ]  # fmt: skip


def test_a_long_text_without_spaces_after_an_address_is_read_at_once():
    started = time.process_time()
    assert terms_of("a@b.org\n" + "x" * 200_000 + " HTTP://EXAMPLE.org end") == ["x" * 200_000, "end"]
    assert time.process_time() - started < 2


@pytest.mark.parametrize("at_once", [1, 3, 1000])
def test_a_stream_holds_the_words_of_each_text(monkeypatch, at_once):
    monkeypatch.setattr(collocations, "_AT_ONCE", at_once)
    spaces = "\n wide\u3000space,\u2028a line\x1cend\x85 \t"
    texts = ["AI芯片出口管制,中国", "", "x", "New York, 2022", "日本の首相 met the mayor", "  ", spaces]
    stream = Stream.of(texts)
    assert stream.n_documents == 7
    for i, text in enumerate(texts):
        assert [stream.words[j] for j in stream.ids[stream.documents == i]] == words_of(text)


def test_texts_are_read_together_as_each_alone():
    texts = ["The mayor's e-mail: a@b.org, 5g in 2022", "", "New York, New York won", "5g IN New\nYork", "ISI yalıtımı"]
    languages = [None, None, "en", None, "tr"]
    reader = Reader(stop_words={"the", "in"}, collocations=[("new", "york")])
    each = [reader.join(words_of(text, language=language)) for text, language in zip(texts, languages, strict=True)]
    assert reader.read_all(texts, languages=languages) == each
    assert reader.read_all(texts[::-1], languages=languages[::-1]) == each[::-1]
    assert reader.read_all([], languages=[]) == []


@pytest.mark.parametrize(
    "text",
    [
        "5g",
        "3d",
        "c++",
        "c#",
        "f-16",
        "g7",
        "covid-19",
        "h5n1",
        "3m",
        "4k",
        "2fa",
        "3d-printing",
        "gpt-4.5",
        "23andme",
        "mp3",
        "49-euro-ticket",
        "9-euro-ticket",
        "7-eleven",
        "3-d",
        "8-bit",
        "0-day",
        "5-ht2a",
        "1-euro-job",
    ],
)
def test_a_token_with_a_letter_is_a_word(text):
    assert terms_of(f"the {text.upper()} of {text}, {text}.") == ["the", text, "of", text, text]


@pytest.mark.parametrize(
    "text",
    [
        "10km", "5pm", "1st", "3rd", "90s", "1990s", "2nd", "90's", "17-year-old", "80er-Jahre", "1-й", "5-year", "3-day-long",
        "12-jähriger", "100-prozentig", "5-річний", "17-летний", "10-ти", "2-го", "10-es", "5-ös", "70-talet", "50-euro", "5-km",
        "10-15km", "2-1", "2022-ben", "5-million-dollar", "3-2-1", "21ème", "$5m", "£2.3bn",
        "1.5m", "10:30pm", "2,000km", "5h30", "1920x1080", "5월", "24/7", "100g", "50c", "2022г", "C", "x", "12",
    ],
)  # fmt: skip
def test_numbers_and_what_they_count_are_none(text):
    assert terms_of(f"the {text} of") == ["the", "of"]


def test_words_are_folded_before_they_are_read():
    assert terms_of("М`яса, м´яса, М’яса й п′ять; of\ufb01cial F\u201116 Lehrer:innen étudiant·e·s col·lecció") == [
        "м'яса", "м'яса", "м'яса", "п'ять", "official", "f-16", "lehrerinnen", "étudiantes", "col·lecció",
    ]  # fmt: skip
    assert words_of("ISI YALITIMI", language="tr") == ["ısı", "yalıtımı"]
    assert words_of("ISI YALITIMI", language="en") == ["isi", "yalitimi"]
