"""The model of page lines is trained by code that is kept with it: the same pages give the same trees."""

from __future__ import annotations

import numpy as np
import pytest

from topics.articles.boilerplate import __main__ as command
from topics.articles.boilerplate._line_contexts import FEATURES
from topics.articles.boilerplate._lines import trees
from topics.articles.boilerplate._train import grow, sample_pages


@pytest.fixture(scope="module")
def pages():
    return sample_pages()[0]


def test_examples_are_the_same_each_time_and_of_the_model_s_features(pages):
    again = sample_pages()[0]
    for one, other in zip(pages.examples(), again.examples(), strict=True):
        assert one[0] == other[0]
        assert all(np.array_equal(a, b) for a, b in zip(one[1:], other[1:], strict=True))
        assert one[1].shape == (len(one[2]), len(FEATURES))
        assert ((one[2] >= 0) & (one[2] <= 1)).all()


def test_a_page_that_is_held_out_gives_no_example(pages):
    n_of_first = len(pages.of_page[0])
    assert n_of_first > 5
    assert len(pages.examples()) - len(pages.examples(leaving_out={0})) == n_of_first


def test_trees_that_are_grown_are_trees_that_are_read(pages):
    pytest.importorskip("lightgbm")
    some = [example for example in pages.examples() if example[0] in ("page", "clean")]
    grown = grow(some)
    assert grown == grow(some)
    article = np.concatenate([e[1][e[2] > 0.9] for e in some]).astype(np.float64)
    around = np.concatenate([e[1][e[2] < 0.1] for e in some]).astype(np.float64)
    model = trees(grown)
    assert model.log_odds(article).mean() > 0 > model.log_odds(around).mean()


@pytest.mark.parametrize("arguments", [[], ["nowhere"]])
def test_the_command_says_what_it_needs(arguments):
    with pytest.raises(SystemExit, match=r"FOLDER > page_lines\.json"):
        command.main(arguments)
