"""What a manifest for others holds at each level, and that no word of the articles is ever in it."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import topics
from topics.runs._privacy import LEVELS, public_manifest

QUICK = {"embed": {"encoder": "lsa", "lexical_components": 8}, "reduce": {"n_epochs": 10, "n_layouts": 1},
         "map": {"n_epochs": 10}}  # fmt: skip
DIGITS = set(string.hexdigits.lower())


def word(draw: random.Random) -> str:
    """A word that no program has in it."""
    return "zq" + "".join(draw.choice("bcdfghjklmnpqrstvwxz") for _ in range(7))


@pytest.fixture(scope="module")
def secret(tmp_path_factory) -> tuple[topics.Run, set[str]]:
    """A run of articles, columns, files, settings and edits made of words of their own, and those words."""
    draw = random.Random(0)
    folder = tmp_path_factory.mktemp("base") / word(draw)
    folder.mkdir()
    subjects = [[word(draw) for _ in range(9)] for _ in range(3)]
    column = word(draw)
    rows = [
        {
            "id": word(draw), "title": word(draw), "source": word(draw), "author": word(draw),
            "url": f"https://{word(draw)}.example/{word(draw)}", column: word(draw),
            "text": " ".join(f"{one} {word(draw)}" for one in draw.sample(subject, 6)),
        }
        for subject in subjects
        for _ in range(8)
    ]  # fmt: skip
    frame = pd.DataFrame([*rows, {**rows[0], "id": word(draw), "text": ""}])
    path = folder / f"{word(draw)}.csv"
    frame.to_csv(path, index=False)
    np.save(folder / f"{word(draw)}.npy", np.ones((1, 1)))
    config = {**QUICK, "label": {"stop_words": [word(draw)]}, "evaluate": {"label_column": column},
              "articles": {"url_column": "url", "encodings": {word(draw): "utf-8"}}}  # fmt: skip
    run = topics.run(path, config, out=folder / "runs", progress=False)
    run = run.rename(0, word(draw)).save() if len(run.topics()) else run
    words = {part for text in (json.dumps(rows), str(folder), str(path), json.dumps(config)) for part in _words(text)}
    return run, words


def _words(text: str) -> set[str]:
    return {part for part in "".join(c if c.isalnum() else " " for c in text).split() if part.startswith("zq")}


def strings(value: Any) -> Iterator[str]:
    """Every string of a manifest, names among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from (name, *strings(one))
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


@pytest.mark.parametrize("privacy", LEVELS)
def test_no_word_of_the_articles_or_of_their_files_is_told(secret, privacy):
    run, words = secret
    assert len(words) > 100
    assert any(word in json.dumps(dict(run.manifest)) for word in words)  # the whole one does tell some
    told = run.public_manifest(privacy)
    for said in strings(told):
        assert not [word for word in words if word in said.lower()], said
        assert run.title not in said
    assert {"evaluate.label_column", "label.stop_words", "articles.encodings"} <= set(told["withheld"])


def test_each_level_holds_what_the_one_before_it_does_and_more(secret):
    none, counts, hashes = (secret[0].public_manifest(privacy) for privacy in LEVELS)
    assert none.keys() < counts.keys() < hashes.keys()
    for less, more in ((none, counts), (counts, hashes)):
        assert {name: more[name] for name in less if name != "privacy"} == {
            name: value for name, value in less.items() if name != "privacy"
        }
    assert counts["corpus"]["n_documents"] == 24
    assert counts["corpus"]["n_rejected"] == 1
    assert hashes["results"]["cut"] == secret[0].manifest["results"]["cut"]["sha256"]


def test_the_strictest_tells_no_number_and_no_digest_of_the_articles(secret):
    told = secret[0].public_manifest()
    assert told.keys() == {"manifest", "privacy", "toolkit", "config", "stages", "machine", "withheld"}
    assert not [said for said in strings(told) if len(said) >= 32 and set(said) <= DIGITS]
    assert {name for stage in told["stages"].values() for name in stage} == {"version", "determinism", "libraries"}


@settings(max_examples=100)
@given(
    text=st.text(min_size=1).map(lambda text: f"zq{text}"), place=st.integers(0, 10**6),
    privacy=st.sampled_from(LEVELS),
)  # fmt: skip
def test_text_put_anywhere_into_a_manifest_is_not_told(secret, text, place, privacy):
    """Wherever a string stands in a manifest, another in its place does not come out."""
    manifest = json.loads(json.dumps({**secret[0].manifest, "machine": {}}))
    places = list(_places(manifest))
    holder, name = places[place % len(places)]
    holder[name] = text
    assert text not in set(strings(public_manifest(manifest, {}, privacy=privacy)))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Where strings stand: what holds each, and under which name; a stage's class is not the user's to write."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in items:
        if isinstance(one, str) and name != "determinism":
            yield value, name
        else:
            yield from _places(one)


def test_another_level_is_refused(secret):
    with pytest.raises(ValueError, match="expected privacy to be one of 'none', 'counts', 'hashes', got 'all'"):
        secret[0].public_manifest("all")


def test_a_folder_of_a_model_is_withheld(secret):
    manifest = json.loads(json.dumps(dict(secret[0].manifest)))
    for name, told in (("all-MiniLM-L6-v2", True), ("models/minilm-of-mine", False), (str(Path.home()), False)):
        manifest["config"]["embed"]["model"] = name
        config = public_manifest(manifest, {})["config"]["embed"]
        assert ("model" in config) == told
