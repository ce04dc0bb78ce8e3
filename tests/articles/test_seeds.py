"""Five real pages, as scrapers leave them: every field right, and the body against the lines a reader would keep."""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd
import pytest

from topics.articles import read

# For each page, by the first digits of its file's name: lines of the body (from 1), and what its head says. The pages
# themselves belong to their publishers and are not kept here.
SEEDS = {
    "000": (
        [10, 12, 14, 16, 18, 20, 22],
        "Ukrainian flag raised over NATO cyber defense headquarters",
        ("2023-05-16 17:17", "minute"),
        "en",
        1,
    ),
    "001": ([1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21], None, ("2023-11-29 00:00", "day"), "en", 1),
    "002": (list(range(3, 30)), "NATO Weekly Roundup - Week of January 21st", (None, None), "en", 7),
    "003": (list(range(3, 12)), "Південна Корея та НАТО посилять партнерство щодо безпеки та кіберзагроз", (None, None), "uk", 1),
    "004": (
        [10, 12, 14, 16, 18],
        "Stoltenberg expects NATO summit in Washington to take further steps to bring Ukraine closer to membership",
        ("2024-05-31 20:23", "minute"),
        "en",
        1,
    ),
}  # fmt: skip


def shingles(text: str, n: int = 4) -> Counter:
    words = re.findall(r"\w+", text)
    return Counter(zip(*(words[i:] for i in range(n)), strict=False))


def shingle_f1(found: str, gold: str) -> float:
    a, b = shingles(found), shingles(gold)
    return 2 * (a & b).total() / max(1, a.total() + b.total())


@pytest.fixture(scope="module")
def seeds(data_folder):
    corpus = read(data_folder / "seeds")
    return corpus, {path.name[:3]: path.read_text(encoding="utf-8") for path in (data_folder / "seeds").glob("*.txt")}


def documents_of(corpus, seed: str) -> pd.DataFrame:
    frame = corpus.frame()
    return frame[frame["parent_id"].fillna(frame["doc_id"]).str.startswith(seed)]


def body_f1(corpus, pages, seed: str) -> float:
    lines = pages[seed].split("\n")
    gold = re.sub(r"^\s*date [\d-]+\s*", "", "\n".join(lines[i - 1] for i in SEEDS[seed][0]))
    documents = documents_of(corpus, seed)
    stories = documents["parent_id"].notna().any()
    found = "\n".join(
        f"{title}\n{text}" if stories else text
        for title, text in zip(documents["title"], documents["text"], strict=True)
    )
    return shingle_f1(found, gold)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_field_is_right(seeds, seed):
    corpus, _ = seeds
    _, title, date, lang, n_stories = SEEDS[seed]
    documents = documents_of(corpus, seed)
    assert len(documents) == n_stories
    assert set(documents["lang"]) == {lang}
    for row in documents.to_dict("records"):
        found = None if pd.isna(row["date"]) else row["date"].strftime("%Y-%m-%d %H:%M")
        precision = row["date_precision"] if isinstance(row["date_precision"], str) else None
        assert (found, precision) == date
    if n_stories == 1:
        found_title = documents["title"].iloc[0]
        assert (found_title if isinstance(found_title, str) else None) == title
    else:
        removed = corpus.removed
        page = documents["parent_id"].iloc[0]
        assert removed[(removed["doc_id"] == page) & (removed["reason"] == "title")]["line"].tolist() == [title]


def test_bylines_and_credits(seeds):
    corpus, _ = seeds
    assert documents_of(corpus, "000")["author"].tolist() == ["The Kyiv Independent news desk"]
    assert documents_of(corpus, "003")["source"].tolist() == ["Reuters"]


def test_the_bodies_are_those_a_reader_would_keep(seeds):
    corpus, pages = seeds
    found = {seed: body_f1(corpus, pages, seed) for seed in SEEDS}
    assert min(found.values()) >= 0.85, found
    assert sum(found.values()) / len(found) >= 0.95, found
