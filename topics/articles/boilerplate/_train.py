"""Hand-cleaned pages → the trees of ``page_lines.json``.

Where they come from and how good they are stands beside them, in ``page_lines.md``; ``experiments/e08_page_lines.py``
cross-validates them. Training needs LightGBM, which using them does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.articles._read import sample_path
from topics.articles.boilerplate._examples import Example, Group, Made, lines_of, of_articles, of_page, targets
from topics.articles.boilerplate._line_contexts import FEATURES

if TYPE_CHECKING:
    import pandas as pd

# Articles to be kept whole, of one half of each corpus. Not tuned: about as many words of each.
N_CLEAN: Mapping[str, int] = {
    "bbc_news": 250, "ecbplus_stories": 231, "allsides_10topics": 60, "ukraine_media_2022h1": 60, "sib200_4lang": 150,
}  # fmt: skip

# The mean of several, each grown on other draws of the lines: 91 pages leave a single one to chance.
_N_FORESTS = 4
_WEIGHTS = {"page": 1.0, "few": 0.7, "clean": 0.4, "part": 0.4, "script": 0.4, "moved": 0.7, "tail": 1.2, "made": 0.5}


@dataclass(frozen=True)
class Pages:
    """Pages with their hand-made texts, and the examples that each gives.

    Attributes
    ----------
    texts, gold : list of str
        Each page, and the article on it.
    of_page : list of list of Example
        What each page gives.
    others : list of Example
        What articles alone give.
    """

    texts: list[str]
    gold: list[str]
    of_page: list[list[Example]]
    others: list[Example]

    def examples(self, leaving_out: Set[int] = frozenset()) -> list[Example]:
        """Those of all pages but some, and those of articles.

        Parameters
        ----------
        leaving_out : set of int
            Pages that are held out.
        """
        return [e for i, some in enumerate(self.of_page) if i not in leaving_out for e in some] + self.others


def development_pages(folder: Path) -> tuple[Pages, dict[str, list[str]]]:
    """The web pages with examples of one half of the corpora, and texts of the other half, which is held out.

    Parameters
    ----------
    folder : Path
        That has ``web_pages_90.parquet`` and the corpora of ``N_CLEAN``.
    """
    import pandas as pd

    frames = {name: pd.read_parquet(folder / f"{name}.parquet") for name in N_CLEAN}
    train = {name: _half(frame, 0).sample(frac=1, random_state=5).head(N_CLEAN[name]) for name, frame in frames.items()}
    news = ("bbc_news", "ecbplus_stories")
    articles = [text for name in news for text in train[name]["text"]]
    groups: list[Group] = [(name, label) for name in news for label in train[name]["label"]]
    titles = [title for name in ("bbc_news", "allsides_10topics") for title in train[name]["title"] if title]
    web = pd.read_parquet(folder / "web_pages_90.parquet")
    clean = [text for frame in train.values() for text in frame["text"]]
    pages = _pages_of(web["text"].tolist(), web["clean_text"].tolist(), _made_of(articles, titles, groups), clean)
    return pages, {name: _half(frame, 1)["text"].head(400).tolist() for name, frame in frames.items()}


def sample_pages() -> tuple[Pages, dict[str, list[str]]]:
    """A dozen pages of the bundled sample, and nothing held out: enough to see whether all of it runs."""
    import pandas as pd

    frame = pd.read_parquet(sample_path())
    frame = frame[frame["gold_segments"].isna() & frame["gold_text"].notna()].head(40)
    texts, gold = frame["text"].tolist(), frame["gold_text"].tolist()
    groups: list[Group] = [("sample", topic) for topic in frame["gold_topic"]]
    made = _made_of(gold, [lines_of(text)[0] for text in gold], groups)
    return _pages_of(texts[:12], gold[:12], made, gold), {}


def grow(examples: Sequence[Example], *, random_state: int = 0) -> dict[str, Any]:
    """Boosted trees in the form of ``page_lines.json``; every example weighs by the root of its length.

    The same examples and seed give the same trees, with the same LightGBM.

    Parameters
    ----------
    examples : sequence of Example
        Pages with a target a line.
    random_state : int
        Seed of the forests.
    """
    import lightgbm

    rng = np.random.default_rng(0)
    tables, ys, weights = [], [], []
    for kind, table, y, n_words in examples:
        weight = n_words**0.7 * _WEIGHTS[kind]
        weight = weight / np.sqrt(weight.sum() / 300)
        thin = (n_words < 8) & (y < 0.1) & (kind != "page")  # boilerplate lines are many and alike: one of four
        stays = ~thin | (rng.random(len(y)) < 0.25)
        tables.append(table[stays])
        ys.append(y[stays])
        weights.append(np.where(thin, weight * 4, weight)[stays])
    weight = np.concatenate(weights)
    params = {"objective": "cross_entropy", "num_leaves": 12, "max_depth": 4, "learning_rate": 0.1}
    params |= {"min_data_in_leaf": 60, "lambda_l2": 20.0, "feature_fraction_bynode": 0.3, "num_threads": 1}
    params |= {"bagging_fraction": 0.7, "bagging_freq": 1, "verbose": -1, "deterministic": True}
    trees = []
    for k in range(_N_FORESTS):
        data = lightgbm.Dataset(np.vstack(tables), np.concatenate(ys), weight=weight / weight.mean())
        dump = lightgbm.train({**params, "seed": random_state * 100 + k}, data, 130).dump_model()
        trees += [_nodes_of(tree["tree_structure"]) for tree in dump["tree_info"]]
    return {"features": list(FEATURES), "trees": trees}


def _pages_of(texts: list[str], gold: list[str], made: Made, clean: list[str]) -> Pages:
    """The examples that pages, and articles to be kept whole, give."""
    of_pages = []
    for i, (text, wanted) in enumerate(zip(texts, gold, strict=True)):
        lines = lines_of(text)
        of_pages.append(of_page(lines, targets(lines, wanted), made=made, seed=1000 + i))
    return Pages(texts, gold, of_pages, of_articles(made, [lines_of(text) for text in clean]))


def _made_of(articles: list[str], titles: list[str], groups: list[Group]) -> Made:
    """What feeds and teasers are made of: articles of several lines that begin with a sentence."""
    rows = [(lines_of(text), group) for text, group in zip(articles, groups, strict=True)]
    rows = [(lines, group) for lines, group in rows if len(lines) > 1 and len(lines[0].split()) > 3]
    return Made([lines for lines, _ in rows], titles, groups=[group for _, group in rows])


def _half(frame: pd.DataFrame, which: int) -> pd.DataFrame:
    """One half of a corpus; in which half an article is depends on its id alone."""
    is_in = [int(hashlib.sha256(str(i).encode()).hexdigest(), 16) % 2 == which for i in frame["id"]]
    half: pd.DataFrame = frame[is_in]
    return half


def _nodes_of(root: Mapping[str, Any]) -> list[list[float]]:
    """The nodes of a tree of LightGBM in the form of ``page_lines.json``."""
    nodes: list[list[float]] = []

    def walk(node: Mapping[str, Any]) -> int:
        place = len(nodes)
        nodes.append([])
        if "split_feature" in node:
            children = [walk(node["left_child"]), walk(node["right_child"])]
            nodes[place] = [node["split_feature"], float(f"{node['threshold']:.6g}"), *children]
        else:
            nodes[place] = [float(f"{node['leaf_value'] / _N_FORESTS:.4g}")]
        return place

    walk(root)
    return nodes
