"""The table of models is whole: every entry can be looked up, and says where it is from."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest

from topics.embed._model_table import model_table

TABLE = tomllib.loads(files("topics").joinpath("data", "models.toml").read_text(encoding="utf-8"))


def test_every_entry_has_its_source_and_a_pattern_that_compiles():
    assert all(entry["source"] for entry in (*TABLE["prompts"], *TABLE["languages"].values()))
    for entry in (*TABLE["prompts"], *TABLE["families"], *TABLE["models"]):
        re.compile(entry["pattern"])
    table = model_table()
    sizes = [len(group) for group in (table.prompts, table.families, table.models)]
    assert sizes == [len(TABLE[name]) for name in ("prompts", "families", "models")]  # no pattern stands twice


def test_codes_are_codes():
    codes = {code for known in (*model_table().families.values(), *model_table().models.values()) for code in known}
    assert all(re.fullmatch("[a-z]{2,3}", code) for code in codes)
    assert not codes & model_table().one_code.keys()


@pytest.mark.parametrize(
    ("name", "prompt"),
    [
        ("multilingual-e5-large-instruct", "Instruct: "),
        ("e5-base-v2", "query: "),
        ("nomic-embed-text-v1.5", "clustering: "),
        ("bge-m3", ""),
        ("no-such-model", None),
        ("note5-small", None),
    ],
)
def test_a_family_is_known_by_a_part_of_the_name_between_word_ends(name, prompt):
    found = model_table().prompt_of([name])
    assert found == prompt or (prompt and found.startswith(prompt))


def test_a_single_model_is_known_by_its_own_name_alone():
    table = model_table()
    assert table.languages_of(["all-minilm-l6-v2"]) == {"en"}
    assert table.languages_of(["mine"], made_from=["all-minilm-l6-v2"]) is None
    assert "uk" in table.languages_of(["mine"], made_from=["paraphrase-multilingual-minilm-l12-v2"])
