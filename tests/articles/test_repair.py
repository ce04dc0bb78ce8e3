from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.articles._repair import Repairs, looks_mojibake, repair


@pytest.mark.parametrize(
    ("given_text", "repaired"),
    [
        ("a\x00b\x1bc", "abc"),
        ("one\r\ntwo\rthree\u2028four\x0cfive", "one\ntwo\nthree\nfour\nfive"),
        ("об\u00adласть \u200bтут", "область тут"),
        ("Киі\u0308в", "Київ"),
        ("שלום \u200fעולם", "שלום \u200fעולם"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("file\u202egpj.exe\u202c", "filegpj.exe"),
        ("lone \ud800", "lone ?"),
        (" \u200b\u200e\n\u2066\u2069", ""),
    ],
)
def test_text_is_brought_to_one_form(given_text, repaired):
    assert repair(given_text) == repaired


@given(st.text())
def test_repairing_twice_is_repairing_once(text):
    assert repair(repair(text)) == repair(text)


def test_what_was_found_is_counted():
    repairs = Repairs()
    for text in ("a\x00b", "a\u202eb", "\ud800 x", "It was â€œbadâ€ indeed", "plain"):
        repairs.repair(text)
    assert repairs.notes() == [
        "1 article held control or invisible characters, which were removed",
        "1 article held marks that override the direction of text, which were removed",
        "1 article held lone surrogates, which were replaced",
        "1 article looks wrongly decoded (mojibake) and left unchanged",
    ]


def test_mojibake_is_repaired_on_request():
    repairs = Repairs(fix_mojibake=True)
    broken = "Верховна Рада".encode().decode("cp1252", "ignore") + " â€” СЂР°РґР°"
    assert repairs.repair("CafÃ© society â€” itâ€™s open") == "Café society — it’s open"
    assert repairs.repair("plain text") == "plain text"
    assert repairs.repair(f"lost \ufffd {broken}")
    assert repairs.notes()[0].endswith("were wrongly decoded (mojibake) and repaired")


@pytest.mark.parametrize(
    "text", ["Café — naïve “x” ’", "São Paulo, Ångström", "Київ і Харків", "Ð is a letter", "€5 – £3", "汉字", "ÐÐ"]
)
def test_good_text_is_not_taken_for_mojibake(text):
    assert not looks_mojibake(text)
