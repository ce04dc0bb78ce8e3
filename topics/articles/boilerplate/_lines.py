"""Which lines of a page belong to its article: boosted trees on line features, then the best runs of lines.

The trees give each line the log-odds that it belongs to the article. The lines kept are those with the greatest sum
of words times (probability − 1/2), where every change between kept and left out costs some words (Viterbi's
algorithm). That cost makes the sets nested: adding the same amount to all log-odds never takes a line out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np

from topics.articles.boilerplate._line_contexts import FEATURES, features, feed
from topics.articles.boilerplate._line_shapes import Flags, Floats, Ints, Shapes

CHANGE_COST = 4.5  # words
LOSS = 0.5  # words; a line against which anything speaks
FEED = 2.0  # log-odds against what follows the time stamps of a feed
RULE_ODDS, RULE_WEIGHT = 0.3, 0.25
MUCH_BOILERPLATE = 0.3  # mean probability over lines from which the plain rule has its whole weight
MAX_WORDS = 60
_BLOCK = 24  # lines at a time: what is computed stays in the processor's cache


@dataclass(frozen=True, eq=False)
class Trees:
    """A sum of regression trees.

    Attributes
    ----------
    feature, left, right : ndarray of shape (n_nodes,)
        Feature asked by each node and the nodes that follow; a leaf is followed by itself.
    threshold : ndarray of shape (n_nodes,)
        Left where the feature is at most this.
    value : ndarray of shape (n_nodes,)
        What a leaf adds.
    roots : ndarray of shape (n_trees,)
        First node of each tree.
    depth : int
        Greatest number of questions.
    """

    feature: Ints
    threshold: Floats
    left: Ints
    right: Ints
    value: Floats
    roots: Ints
    depth: int

    def log_odds(self, rows: Floats) -> Floats:
        """Sum of the trees' answers, of shape (n_rows,).

        Parameters
        ----------
        rows : ndarray of shape (n_rows, len(FEATURES))
            Features of lines.
        """
        sums = [self._log_odds(rows[start : start + _BLOCK]) for start in range(0, len(rows), _BLOCK)]
        return np.concatenate([np.zeros(0), *sums])

    @cached_property
    def _children(self) -> Ints:
        """The right and the left child of each node, in turn."""
        return np.stack([self.right, self.left], axis=1).ravel()

    def _log_odds(self, rows: Floats) -> Floats:
        n, width = rows.shape
        flat = rows.ravel()
        offset = np.arange(n)[:, None] * width
        node = np.broadcast_to(self.roots, (n, len(self.roots)))
        for _ in range(self.depth):
            goes_left = flat.take(self.feature.take(node) + offset) <= self.threshold.take(node)
            node = self._children.take(2 * node + goes_left)
        return np.asarray(self.value.take(node).sum(axis=1))


@cache
def model() -> Trees:
    """The trees that come with the package."""
    text = files("topics").joinpath("data/page_lines.json").read_text(encoding="ascii")
    return trees(json.loads(text))


def trees(stored: Mapping[str, Any]) -> Trees:
    """Trees as they are stored.

    Parameters
    ----------
    stored : mapping
        ``features``: names; ``trees``: one list of nodes a tree, ``[value]`` for a leaf, else
        ``[feature, threshold, left, right]``, children by their place in the list.

    Raises
    ------
    ValueError
        If they were made for other features.
    """
    if tuple(stored["features"]) != FEATURES:
        raise ValueError("the trees of page_lines.json were made for other features: train them again")
    rows: list[tuple[float, float, float, float, float]] = []
    roots = []
    for nodes in stored["trees"]:
        start = len(rows)
        roots.append(start)
        for i, node in enumerate(nodes):
            if len(node) == 1:
                rows.append((0, 0.0, start + i, start + i, node[0]))
            else:
                rows.append((node[0], node[1], start + node[2], start + node[3], 0.0))
    table = np.array(rows, np.float64).reshape(-1, 5)
    feature, left, right = (table[:, k].astype(np.int64) for k in (0, 2, 3))
    depth = _depth(left, right, np.array(roots, np.int64))
    return Trees(feature, table[:, 1], left, right, table[:, 4], np.array(roots, np.int64), depth)


def log_odds(page: Shapes) -> Floats:
    """Log-odds that each line belongs to the article, of shape (n_lines,).

    Parameters
    ----------
    page : Shapes
        The lines, at least one.
    """
    return model().log_odds(features(page))


def keep(page: Shapes, *, offset: float = 0.0) -> Flags:
    """Which lines to keep, of shape (n_lines,).

    A line's gain is its words times (probability − 1/2). As far as the page is boilerplate, part of that gives way to
    the plain rule that sentences are kept and other lines are not: it steadies what few pages taught the trees.

    Parameters
    ----------
    page : Shapes
        The lines, at least one.
    offset : float
        Added to all log-odds.
    """
    odds = log_odds(page) - FEED * feed(page)
    words = np.minimum(page.words, MAX_WORDS)
    prose = page.prose > 0
    boilerplate = min(1.0, float(_probability(-odds).mean()) / MUCH_BOILERPLATE)
    odds += offset + RULE_ODDS * boilerplate * np.where(prose, 1, -1)
    learned = words * (_probability(odds) - 0.5)
    weight = RULE_WEIGHT * boilerplate
    gains = (1 - weight) * learned + weight * np.where(prose, words, page.prose) / 2
    return best_runs(np.where(gains < 0, gains - LOSS, gains))


def best_runs(gains: Floats, *, cost: float = CHANGE_COST) -> Flags:
    """The lines with the greatest sum of gains less costs, of shape (n_lines,).

    Parameters
    ----------
    gains : ndarray of shape (n_lines,)
        What keeping a line gains.
    cost : float
        What a change between kept and left out costs; the ends of the page are left out.
    """
    out, kept = 0.0, -cost
    opens, closes = [], []
    for value in gains.tolist():
        opens.append(out - cost > kept)
        closes.append(kept - cost > out)
        out, kept = max(out, kept - cost), max(kept, out - cost) + value
    kept_lines = np.zeros(len(gains), bool)
    inside = kept - cost > out
    for i in range(len(gains) - 1, -1, -1):
        kept_lines[i] = inside
        inside = not opens[i] if inside else closes[i]
    return kept_lines


def _probability(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))


def _depth(left: Ints, right: Ints, roots: Ints) -> int:
    depth, level = 0, roots
    while (left[level] != level).any():
        level = np.unique(np.concatenate([left[level], right[level]]))
        depth += 1
    return depth
