"""Topics joined step by step, the nearest first: BERTopic's table of a hierarchy, its tree in print, and edits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.bertopic._fitted import Fitted
from topics.errors import InputError
from topics.label import class_tfidf
from topics.records import NOISE
from topics.runs import Run

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_N_TERMS = 5  # BERTopic's, of a node's name
_MAX_NAME = 100  # letters; BERTopic's


def tree_of(
    fitted: Fitted,
    *,
    of_words: bool,
    distance: Callable[[Any], Any] | None = None,
    linkage: Callable[[Any], Any] | None = None,
) -> NDArray[np.float64]:
    """The hierarchy of topics as :func:`scipy.cluster.hierarchy.linkage` gives it, noise left out.

    Parameters
    ----------
    fitted : Fitted
        The run and its texts.
    of_words : bool
        Whether topics are near by the weights of their terms, not by their mean vectors.
    distance, linkage : callable or None
        Of the topics' rows, and of the distances; None takes one less the cosine, and Ward's.

    Raises
    ------
    ValueError
        If there are fewer than two topics.
    """
    from scipy.cluster import hierarchy
    from scipy.spatial.distance import squareform
    from sklearn.metrics.pairwise import cosine_similarity

    rows = [i for i, topic in enumerate(fitted.topics) if topic != NOISE]
    if len(rows) < 2:
        raise InputError(f"expected at least two topics for a hierarchy, got {len(rows)}")
    chosen = fitted.weights[rows] if of_words else fitted.embeddings[rows]
    far = np.asarray(distance(chosen) if distance else 1 - cosine_similarity(chosen), dtype=np.float64)
    if far.ndim == 2:
        np.fill_diagonal(far, 0)
        far = squareform(np.clip(far, 0, None), checks=False)
    made = linkage(far) if linkage else hierarchy.linkage(far, "ward", optimal_ordering=True)
    return np.asarray(made, dtype=np.float64)


def hierarchy_frame(fitted: Fitted, tree: NDArray[np.float64]) -> pd.DataFrame:
    """One row a join, the last first, with BERTopic's columns; ids of topics are their numbers.

    Parameters
    ----------
    fitted : Fitted
        The run and its texts.
    tree : numpy.ndarray of float64, shape (n_topics - 1, 4)
        Of :func:`tree_of`.
    """
    import pandas as pd

    topics = [topic for topic in fitted.topics if topic != NOISE]
    inside: dict[int, list[int]] = {i: [topic] for i, topic in enumerate(topics)}
    names = {i: _joined(fitted.representations[topic]) for i, topic in enumerate(topics)}
    rows = []
    for step, (left, right, height, _) in enumerate(tree.tolist()):
        node, one, other = len(topics) + step, int(left), int(right)
        inside[node] = sorted(inside[one] + inside[other])
        names[node] = _name_of(fitted, inside[node])
        rows.append((str(node), names[node], inside[node], str(one), names[one], str(other), names[other], height))
    columns = [
        "Parent_ID", "Parent_Name", "Topics", "Child_Left_ID", "Child_Left_Name", "Child_Right_ID",
        "Child_Right_Name", "Distance",
    ]  # fmt: skip
    names_of = [name for name in columns if name.endswith("_Name")]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(names_of, object)).iloc[::-1]


def topic_tree(joins: pd.DataFrame, *, max_distance: float, width: int) -> str:
    """The hierarchy as lines to print, in BERTopic's form.

    Parameters
    ----------
    joins : pandas.DataFrame
        Of :func:`hierarchy_frame`.
    max_distance : float
        Topics that are joined farther apart are not named.
    width : int
        Of a step to the right.
    """
    rows = joins.to_dict("records")
    names: dict[str, str] = {}
    above: dict[str, float] = {}
    children: dict[str, tuple[str, str]] = {}
    for row in rows:
        children[row["Parent_ID"]] = (row["Child_Left_ID"], row["Child_Right_ID"])
        for side in ("Left", "Right"):
            names[row[f"Child_{side}_ID"]] = str(row[f"Child_{side}_Name"])[:_MAX_NAME]
            above[row[f"Child_{side}_ID"]] = float(row["Distance"])

    def lines(node: str, indent: str) -> Iterable[str]:
        for place, child in enumerate(children[node]):
            corner, further = ("├─", "│" + " " * width) if place == 0 else ("└─", " " * (width + 1))
            if child in children:
                yield f"{indent}{corner}{names[child]}"
                yield from lines(child, indent + further)
            elif above[child] < max_distance:
                yield f"{indent}{corner}■──{names[child]} ── Topic: {child}"
            else:
                yield f"{indent}{corner}O "

    root = max(children, key=int)
    return "\n".join([".", *lines(root, "")]) + "\n"


def cut_of(tree: NDArray[np.float64], topics: Sequence[int], *, n_topics: int) -> list[list[int]]:
    """Groups of topics that are to be merged for so many to stay.

    Parameters
    ----------
    tree : numpy.ndarray of float64, shape (n_topics - 1, 4)
        Of :func:`tree_of`.
    topics : sequence of int
        In the order of the tree's rows.
    n_topics : int
        How many are to stay, at least 1.
    """
    group = {i: [topic] for i, topic in enumerate(topics)}
    for step, (left, right, *_) in enumerate(tree.tolist()[: max(0, len(topics) - n_topics)]):
        group[len(topics) + step] = group.pop(int(left)) + group.pop(int(right))
    return [sorted(own) for own in group.values() if len(own) > 1]


def coarser_groups(run: Run) -> list[list[int]]:
    """Groups of topics that most of whose documents are one cluster at the next coarser level; none at the coarsest.

    Parameters
    ----------
    run : Run
        With its edits.
    """
    levels = run.levels()["level"].tolist()
    chosen = run.clusters.level
    coarser = levels[levels.index(chosen) + 1 :][:1] if chosen in levels else []
    documents = run.documents()
    if not coarser or f"level_{coarser[0]}" not in documents.columns:
        return []
    known = documents[(documents["topic"] != NOISE) & (documents[f"level_{coarser[0]}"] != NOISE)]
    main = known.groupby("topic")[f"level_{coarser[0]}"].agg(lambda own: own.value_counts().index[0])
    groups: dict[int, list[int]] = {}
    for topic, cluster in main.items():
        groups.setdefault(int(cluster), []).append(int(topic))  # type: ignore[call-overload]
    return [own for own in groups.values() if len(own) > 1]


def merged(run: Run, groups: Iterable[Sequence[int]]) -> Run:
    """The run with each group of topics made one; a group with -1 becomes noise.

    Numbers are those before all merges: topics are numbered by size again after each, so that they are told by a
    document.

    Parameters
    ----------
    run : Run
        Before.
    groups : iterable of sequences of int
        Topics of each.

    Raises
    ------
    ValueError
        If there is no such topic, or one is in two groups.
    """
    given = [sorted(set(map(int, group))) for group in groups]
    every = [topic for group in given for topic in group]
    if len(every) != len(set(every)):
        raise InputError(f"expected each topic in one group to merge, got {given!r}")
    member = _a_member_of_each(run)
    unknown = [topic for topic in every if topic != NOISE and topic not in member]
    if unknown:
        raise InputError(f"there is no topic {unknown[0]!r}: topics are 0 to {len(member) - 1}")
    for group in given:
        places = [member[topic] for topic in group if topic != NOISE]
        if NOISE in group:
            for place in places:
                run = run.drop(int(run.clusters.labels[place]))
        elif len(group) > 1:
            run = run.merge([int(run.clusters.labels[place]) for place in places])
    return run


def moved(run: Run, targets: Mapping[int, int]) -> Run:
    """The run with documents put into other topics, by the numbers that topics had before.

    Parameters
    ----------
    run : Run
        Before.
    targets : Mapping of int to int
        Topic of each document, by its row in the corpus.

    Raises
    ------
    ValueError
        If a number is none of a topic, or a topic is to take documents in and keeps none of its own.
    """
    before = run.clusters.labels
    ids = run.fitted.corpus.doc_ids
    going: dict[int, list[int]] = {}
    stays: dict[int, int] = {}
    for row, topic in targets.items():
        if before[row] == topic:
            stays.setdefault(topic, row)
        else:
            going.setdefault(topic, []).append(row)
    for topic, rows in sorted(going.items()):
        if topic != NOISE and topic not in stays:
            raise InputError(
                f"expected numbers of topics that keep some of their documents, got {topic}: documents are moved "
                "between topics that are there; merge_topics makes one of several"
            )
        to = NOISE if topic == NOISE else int(run.clusters.labels[stays[topic]])
        run = run.move([ids[row] for row in rows], to=to)
    return run


def _a_member_of_each(run: Run) -> dict[int, int]:
    topics, rows = np.unique(run.clusters.labels, return_index=True)
    return {topic: row for topic, row in zip(topics.tolist(), rows.tolist(), strict=True) if topic != NOISE}


def _name_of(fitted: Fitted, topics: Sequence[int]) -> str:
    """The terms with the most weight where these topics are one and the others stay."""
    others = [[topic] for topic in fitted.topics if topic not in topics]
    row = class_tfidf(fitted.counts_of([topics, *others]))[[0]].tocoo()
    order = np.lexsort((row.col, -row.data))[:_N_TERMS]
    return "_".join(fitted.run.records.counts.terms[row.col[i]] for i in order.tolist())


def _joined(terms: Sequence[tuple[str, float]]) -> str:
    return "_".join(term for term, _ in terms[:_N_TERMS])
