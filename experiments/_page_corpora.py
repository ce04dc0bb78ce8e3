"""The pages with hand-made texts that e08 learns from, the examples they give, and the articles that are held out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from _page_lines import Example, Made, of_articles, of_page, split, targets

from topics.articles import sample_path


@dataclass(frozen=True)
class Pages:
    """Pages with their hand-made texts, and the examples that each gives."""

    texts: list[str]
    gold: list[str]
    of_page: list[list[Example]]
    others: list[Example]

    def examples(self, leaving_out: Set[int] = frozenset()) -> list[Example]:
        """Those of all pages but some, and those of articles."""
        return [e for i, some in enumerate(self.of_page) if i not in leaving_out for e in some] + self.others


def pages_of(texts: list[str], gold: list[str], made: Made, clean: list[str]) -> Pages:
    """The examples that pages, and articles to be kept whole, give."""
    of_pages = []
    for i, (text, wanted) in enumerate(zip(texts, gold, strict=True)):
        lines = split(text)
        of_pages.append(of_page(lines, targets(lines, wanted), made, seed=1000 + i))
    return Pages(texts, gold, of_pages, of_articles(made, [split(text) for text in clean]))


def made_of(articles: list[str], titles: list[str], groups: list[tuple[str, object]]) -> Made:
    """What feeds and teasers are made of: articles of several lines that begin with a sentence."""
    rows = [(split(text), group) for text, group in zip(articles, groups, strict=True)]
    rows = [(lines, group) for lines, group in rows if len(lines) > 1 and len(lines[0].split()) > 3]
    return Made([lines for lines, _ in rows], titles, [group for _, group in rows])


def half(frame: pd.DataFrame, which: int) -> pd.DataFrame:
    """One half of a corpus; in which half an article is depends on its id alone."""
    return frame[[int(hashlib.sha256(str(i).encode()).hexdigest(), 16) % 2 == which for i in frame["id"]]]


def development_pages(folder: Path, n_clean: Mapping[str, int]) -> tuple[Pages, dict[str, list[str]]]:
    """The web pages with examples of one half of the corpora, and texts of the other half, held out."""
    frames = {name: pd.read_parquet(folder / f"{name}.parquet") for name in n_clean}
    train = {name: half(frame, 0).sample(frac=1, random_state=5).head(n_clean[name]) for name, frame in frames.items()}
    news = ("bbc_news", "ecbplus_stories")
    articles = [text for name in news for text in train[name]["text"]]
    groups = [(name, label) for name in news for label in train[name]["label"]]
    titles = [title for name in ("bbc_news", "allsides_10topics") for title in train[name]["title"] if title]
    made = made_of(articles, titles, groups)
    web = pd.read_parquet(folder / "web_pages_90.parquet")
    clean = [text for frame in train.values() for text in frame["text"]]
    pages = pages_of(web["text"].tolist(), web["clean_text"].tolist(), made, clean)
    return pages, {name: half(frame, 1)["text"].head(400).tolist() for name, frame in frames.items()}


def sample_pages() -> tuple[Pages, dict[str, list[str]]]:
    """A dozen pages of the bundled sample, and nothing held out: enough to see whether all of it runs."""
    frame = pd.read_parquet(sample_path())
    frame = frame[frame["gold_segments"].isna() & frame["gold_text"].notna()].head(40)
    texts, gold = frame["text"].tolist(), frame["gold_text"].tolist()
    groups = [("sample", topic) for topic in frame["gold_topic"]]
    made = made_of(gold, [split(text)[0] for text in gold], groups)
    return pages_of(texts[:12], gold[:12], made, gold), {}
