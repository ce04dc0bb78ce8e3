from __future__ import annotations

import pytest

from topics.text import without_gender_marks


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Lehrer*innen Lehrer:innen Lehrer_innen Lehrer/innen Lehrer/-innen Lehrer(innen) Lehrer·innen", "Lehrerinnen"),
        ("Lehrer*in Lehrer:in Lehrer_in Lehrer/in Lehrer/-in Lehrer(in)", "Lehrerin"),
        ("Kolleg*innen Kolleg(inn)en", "Kolleginnen"),
        ("étudiant·e·s étudiant(e)s étudiant.e.s étudiant-e-s étudiant•e•s étudiant/e/s étudiant·es", "étudiantes"),
        ("directeur·rice·s directeur(trice)s directeur·ices", "directeurs"),
        ("heureux·se·s heureux·se", "heureux"),
        ("citoyen·ne·s citoyen.ne.s", "citoyennes"),
        ("amig@s", "amigos"), ("alumno(a)s alumnos/as", "alumnos"), ("article(s)", "articles"),
    ],
)  # fmt: skip
def test_a_word_for_several_genders_is_one_word(marked, expected):
    assert set(without_gender_marks(marked).split()) == {expected}


@pytest.mark.parametrize(
    "text",
    [
        "col·lecció", "desk@example.org", "@handle", "https://example.org/in", "i.e.", "U.S.E", "elpais.es", "EU:s", "10:30", "and/or",
        "f(x)", "a*b", "km/s", "log-in", "12:00", "example.net", "Paris (France)", "casa.e",
    ],
)  # fmt: skip
def test_marks_that_say_something_else_stay(text):
    assert without_gender_marks(text) == text


def test_compounds_and_marks_in_a_row():
    assert without_gender_marks("Bürger*innenrat, jede*r, Lehrer*in*innen") == "Bürgerinnenrat, jeder, Lehrerininnen"
