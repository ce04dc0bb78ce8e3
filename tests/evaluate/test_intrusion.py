from __future__ import annotations

import pandas as pd
import pytest

from topics.evaluate import score_answers, topic_items, word_items

TOPICS = pd.DataFrame(
    {
        "topic": [0, 1, 2],
        "label": ["wind", "pool", "bank"],
        "name": ["Wind farms", None, None],
        "terms": [
            ["wind farm", "turbine", "permit", "cable", "blade", "ship"],
            ["pool", "swimmer", "lane", "record", "coach", "wind"],
            ["bank", "rate", "price", "loan", "market", "ship"],
        ],
        "languages": [["en"], ["en", "uk"], ["en"]],
        "nearest_topics": [[2, 1], [2, 0], [0, 1]],
    }
)
RATES = {
    0: {"wind farm": 1.0, "pool": 0.9, "swimmer": 0.0, "turbine": 0.8},
    1: {"pool": 1.0, "swimmer": 0.9},
    2: {"bank": 1.0},
}


def documents(n=12):
    rows = [
        {"doc_id": f"d{i}", "title": f"Title {i}", "text": f"Text {i} " * 200, "topic": i % 3, "copy_of": None}
        for i in range(n)
    ]
    return pd.DataFrame(
        [*rows, {**rows[0], "doc_id": "copy", "copy_of": "d0"}, {**rows[1], "doc_id": "noise", "topic": -1}]
    )


def membership(n=12):
    rows = [{"doc_id": f"d{i}", "topic": i % 3, "membership": 0.9} for i in range(n)]
    return pd.DataFrame([*rows, {"doc_id": "d0", "topic": 1, "membership": 0.1}])


def test_a_word_item_is_five_terms_and_one_that_is_of_another_topic():
    sheet, key = word_items(TOPICS, rates=RATES, random_state=3)
    assert [row["about"] for row in key] == ["0", "1", "2"]
    for item, answer, own in zip(sheet, key, TOPICS["terms"], strict=True):
        options = [item[f"option_{i}"] for i in range(1, 7)]
        intruder = options[answer["intruder"] - 1]
        assert set(options) - {intruder} == set(own[:5])
        assert intruder not in own
    # "pool" is too frequent in the first topic, "wind farm" holds a word of the second
    assert all(
        word_items(TOPICS, rates=RATES, random_state=seed)[0][0][f"option_{i}"] != "pool"
        for seed in range(20) for i in range(1, 7)
    )  # fmt: skip


def test_an_intruder_is_of_the_same_language_where_it_can_be():
    apart = TOPICS.assign(languages=[["en"], ["uk"], ["en"]])
    banks = set(TOPICS["terms"][2])
    for seed in range(20):
        sheet, key = word_items(apart, rates=RATES, random_state=seed)
        assert sheet[0][f"option_{key[0]['intruder']}"] in banks
    assert len(word_items(apart, rates=RATES)[0]) == 3  # the only one of its language has an item too


def test_the_place_of_the_intruder_is_by_chance_and_repeats_by_seed():
    places = [word_items(TOPICS, rates=RATES, random_state=seed)[1][0]["intruder"] for seed in range(40)]
    assert set(places) == {1, 2, 3, 4, 5, 6}
    assert word_items(TOPICS, rates=RATES, random_state=7) == word_items(TOPICS, rates=RATES, random_state=7)


def test_topics_with_too_few_terms_have_no_item():
    few = TOPICS.assign(terms=[["a"], *TOPICS["terms"][1:]])
    assert [row["about"] for row in word_items(few, rates=RATES)[1]] == ["1", "2"]


def test_a_topic_item_holds_the_document_s_topics_and_one_that_is_not():
    sheet, key = topic_items(documents(), membership(), topics=TOPICS, n_documents=6)
    assert len(sheet) == len(key) == 6
    of = dict(zip(documents()["doc_id"], documents()["topic"], strict=True))
    assert sorted(of[row["about"]] for row in key) == [0, 0, 1, 1, 2, 2]  # every topic in turn
    for item, answer in zip(sheet, key, strict=True):
        options = [item[f"option_{i}"] for i in range(1, answer["n_options"] + 1)]
        own = {0: "wind farm", 1: "pool", 2: "bank"}[of[answer["about"]]]
        assert not options[answer["intruder"] - 1].startswith(own)
        assert any(option.startswith(own) for option in options)
        assert len(item["text"]) <= 700


@pytest.mark.parametrize(
    "names", [["Wind farms", None, None], [None, "Swimming", "Banks"], ["A", "B", "C"], [None] * 3]
)
def test_no_option_of_an_item_stands_out_by_a_name(names):
    sheet, key = topic_items(documents(), membership(), topics=TOPICS.assign(name=names), n_documents=12)
    for item, answer in zip(sheet, key, strict=True):
        options = [item[f"option_{i}"] for i in range(1, answer["n_options"] + 1)]
        assert len({": " in option for option in options}) == 1
    every = [value for item in sheet for name, value in item.items() if name.startswith("option_")]
    assert any(option.startswith("B: pool, swimmer") for option in every) == (names[0] == "A")


def test_scores_are_those_of_the_answers():
    _, key = word_items(TOPICS, rates=RATES)
    right = [{"sheet": "word", "item": row["item"], "answer": row["intruder"]} for row in key]
    wrong = [{**row, "answer": row["answer"] % 6 + 1} for row in right]
    sheets, items = score_answers(key, {"a": right, "b": [right[0], wrong[1], {**right[2], "answer": ""}]})
    assert sheets["word"]["n_items"] == 3
    assert sheets["word"]["n_answers"] == 5
    assert sheets["word"]["found"] == pytest.approx(4 / 5)
    assert sheets["word"]["agreement"] == pytest.approx(1 / 2)
    assert sheets["word"]["by_chance"] == pytest.approx(1 / 6)
    low, high = sheets["word"]["interval"]
    assert low < 0.8 < high
    assert [row["found"] for row in items] == [1.0, 0.5, 1.0]
    none, _ = score_answers(key, {})
    assert none["word"]["found"] is None
    assert none["word"]["agreement"] is None


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"sheet": "word", "item": 99, "answer": 1}], "anna: sheet 'word', item 99 is not in the key"),
        ([{"sheet": "word", "item": "x", "answer": 1}], "item 'x' is not in the key"),
        ([{"sheet": "word", "item": 1, "answer": 7}], "item 1: expected an answer from 1 to 6, got '7'"),
        ([{"sheet": "word", "item": 1, "answer": "pool"}], "got 'pool'"),
        ([{"sheet": "word", "item": 1, "answer": 2.5}], "got '2.5'"),
        ([{"sheet": "word", "item": 1, "answer": "inf"}], "got 'inf'"),
        ([{"sheet": "word", "item": 1, "answer": "NAN"}], "got 'NAN'"),
        ([{"sheet": "word", "item": 1, "answer": 2}] * 2, "item 1 is answered twice"),
    ],
)
def test_answers_that_cannot_be_are_refused_by_person_and_item(rows, said):
    _, key = word_items(TOPICS, rates=RATES)
    with pytest.raises(ValueError, match=said):
        score_answers(key, {"anna": rows})


def test_of_two_topics_the_other_is_the_intruder_and_topics_without_terms_are_not_shown():
    two = TOPICS.head(2).assign(nearest_topics=[[1], [0]])
    only = documents()[lambda frame: frame["topic"] < 2]
    sheet, key = topic_items(only, membership()[lambda frame: frame["doc_id"] != "d0"], topics=two)
    assert len(sheet) > 5
    assert {row["n_options"] for row in key} == {2}
    wordless = TOPICS.assign(terms=[[], *TOPICS["terms"][1:]])
    sheet, key = topic_items(documents(), membership(), topics=wordless)
    assert not any("wind" in str(item.values()) for item in sheet)
    assert all(documents().set_index("doc_id").loc[row["about"], "topic"] != 0 for row in key)


def test_items_may_come_back_as_a_spreadsheet_writes_numbers():
    _, key = word_items(TOPICS, rates=RATES)
    sheets, _ = score_answers(key, {"a": [{"sheet": "word", "item": "1.0", "answer": f"{key[0]['intruder']}.0"}]})
    assert sheets["word"]["found"] == 1
