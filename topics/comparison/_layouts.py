"""What two runs of one config would have come to, from the layouts that two finished runs were made of.

The layouts of a run are independent draws: another seed draws others. If the configs of two runs do not differ in what
they do, their layouts are exchangeable, and every way to deal them out to two runs is as likely as the one that
happened (Fisher's permutation principle). So the layouts are dealt out anew, the levels of both hands are found and one
is chosen as a run does it, and the two labelings show how far two seeds lie apart, a change of level included. The
layouts need not be computed again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from topics import cluster, pipeline, reduce
from topics.errors import InputError
from topics.graph import Runner, known
from topics.records import ClusterTree, Records
from topics.runs import Run
from topics.runs._format import STORE_FOLDER
from topics.store import Store, StoreError, check_writable

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TRIES = 3  # not tuned: with fewer than a third of the seeds the level that is asked for is no level of the corpus

Pair = tuple[Any, Any]


@dataclass(frozen=True, eq=False)
class Made:
    """A run with what its layouts came to.

    Attributes
    ----------
    run : Run
        As it was given.
    records : Records
        As they were fitted.
    trees : tuple of ClusterTree
        One a layout.
    shares : tuple of float
        Share of the documents in each layout.
    """

    run: Run
    records: Records
    trees: tuple[ClusterTree, ...]
    shares: tuple[float, ...]

    def labels_of(self, trees: Sequence[ClusterTree]) -> NDArray[np.int32]:
        """The topics that the run would have found in other trees.

        Parameters
        ----------
        trees : sequence of ClusterTree
            One a layout.
        """
        config, records = self.run.config, self.records
        levels = cluster.find_levels(
            tuple(trees), config.cluster, neighbors=_there(records.neighbors), embeddings=records.embeddings
        )
        return cluster.cut(levels, records.corpus, embeddings=records.embeddings, params=config.cluster).labels


def made_of(run: Run, *, random_state: int | None = None, progress: bool = False) -> Made:
    """The run's neighbors and trees: those at hand, else read from the store beside its folder, else made again.

    Parameters
    ----------
    run : Run
        Any, with the vectors of its documents.
    random_state : int or None
        Seed of other layouts than the run's own.
    progress : bool
        Whether to show progress bars.

    Raises
    ------
    ValueError
        If the vectors of the run's documents were not kept.
    """
    records = run.fitted
    config = run.config if random_state is None else run.config.model_copy(update={"random_state": random_state})
    shares = tuple(
        draw.share for draw in reduce.draws(config.reduce, config.random_state, n_docs=records.corpus.n_docs)
    )
    if records.trees and records.neighbors is not None and random_state is None:
        return Made(run, records, records.trees, shares)
    if run.path is not None and not run.kept.has_embeddings:
        raise InputError(
            f"the vectors of {run.name!r} were not kept, of which its layouts could be made: save it with "
            "embeddings=True"
        )
    graph = pipeline.topic_graph(config, records.corpus, embeddings=known(records.embeddings))
    runner = Runner(store_of(run), progress=progress)
    runner.take(graph.neighbors, *graph.trees)
    trees = tuple(runner.get(tree) for tree in graph.trees)
    return Made(run, replace(records, neighbors=runner.get(graph.neighbors)), trees, shares)


def near_documents(run: Run) -> NDArray[np.int32]:
    """Rows of the nearest neighbors of each document, itself first, shape (n_docs, n_neighbors).

    Parameters
    ----------
    run : Run
        Any, with the vectors of its documents.

    Raises
    ------
    ValueError
        As for :func:`made_of`.
    """
    near = run.fitted.neighbors
    indices: NDArray[np.int32] = (_there(made_of(run).records.neighbors) if near is None else near).indices
    return indices


def null_pairs(
    a: Run,
    b: Run,
    *,
    n_permutations: int,
    random_state: int,
    progress: bool = False,
    on_pair: Callable[[], object] = lambda: None,
) -> list[list[Pair]]:
    """Labelings of two runs of one config, as often as is asked: a list of pairs for each config that is another.

    Where both runs have the same layouts, as two levels of one seed do, others are made for the second hand.

    Parameters
    ----------
    a, b : Run
        Over the same documents.
    n_permutations : int
        How often the layouts are dealt out.
    random_state : int
        Seed of that.
    progress : bool
        Whether to show progress bars where layouts are made.
    on_pair : callable
        Called after each pair.

    Raises
    ------
    ValueError
        If the vectors of a run's documents were not kept.
    """
    sides = [made_of(run, progress=progress) for run in (a, b)]
    keys = [{tree.origin.key for tree in side.trees} for side in sides]
    recipes = [sides[0]] if _same_recipe(*sides) else sides
    nulls = []
    for recipe in recipes:
        other = sides[1] if recipe is sides[0] else sides[0]
        if keys[0] & keys[1]:
            other = made_of(recipe.run, random_state=_other_seed(recipe.run), progress=progress)
        random = np.random.default_rng(random_state)
        pairs: list[Pair] = []
        for _ in range(_TRIES * n_permutations):
            if len(pairs) == n_permutations:
                break
            hands = _dealt(recipe, other, random)
            try:
                pairs.append((recipe.labels_of(hands[0]), recipe.labels_of(hands[1])))
            except InputError:  # no level of the name that the config asks for: such a run would not be there
                continue
            on_pair()
        if len(pairs) < n_permutations:
            raise InputError(
                f"other seeds of {recipe.run.name!r} find no level {recipe.run.config.cluster.level!r}, so that they "
                "cannot be compared with"
            )
        nulls.append(pairs)
    return nulls


def _dealt(one: Made, other: Made, random: np.random.Generator) -> tuple[list[ClusterTree], list[ClusterTree]]:
    """The layouts of two runs dealt out anew, those of all documents and those of some apart."""
    hands: tuple[list[ClusterTree], list[ClusterTree]] = ([], [])
    for share in sorted({*one.shares, *other.shares}, reverse=True):  # a run's first layouts are of all documents
        mine = [tree for tree, of in zip(one.trees, one.shares, strict=True) if of == share]
        theirs = [tree for tree, of in zip(other.trees, other.shares, strict=True) if of == share]
        pool = [*mine, *theirs]
        order = random.permutation(len(pool)).tolist()
        hands[0].extend(pool[i] for i in order[: len(mine)])
        hands[1].extend(pool[i] for i in order[len(mine) :])
    return hands


def _same_recipe(one: Made, other: Made) -> bool:
    """Whether both would find the same topics in the same trees."""
    of_one, of_other = one.records, other.records
    return (
        one.run.config.cluster == other.run.config.cluster
        and of_one.embeddings.origin.key == of_other.embeddings.origin.key
        and _there(of_one.neighbors).origin.key == _there(of_other.neighbors).origin.key
        and len(one.trees) == len(other.trees)
    )


def _other_seed(run: Run) -> int:
    return (run.config.random_state + 1_000_003) % 2**32


def store_of(run: Run) -> Store | None:
    """Where the run's stages are stored; None where nothing can be written.

    Parameters
    ----------
    run : Run
        Any.
    """
    if run.path is None:
        return None
    try:
        check_writable(run.path.parent)
    except StoreError:
        return None
    return Store(run.path.parent / STORE_FOLDER)


def _there(neighbors: Any) -> Any:
    if neighbors is None:
        raise InputError("expected records with neighbors, got some without")
    return neighbors
