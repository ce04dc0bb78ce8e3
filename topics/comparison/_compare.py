"""``topics.compare``: two runs, two configs over several seeds, two corpora, or labelings of any tool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from topics._say import count
from topics.comparison._corpora import compare_corpora
from topics.comparison._fits import OnFit, fitted_sides
from topics.comparison._layouts import near_documents, null_pairs
from topics.comparison._metrics import metrics_frame
from topics.comparison._result import Comparison
from topics.comparison._sides import Side, config_of, is_config, labels_on, shared_ids, side_of, typical
from topics.comparison._topics import LEVEL, topics_frame
from topics.errors import InputError
from topics.evaluate import (
    SeedTest,
    energy_test,
    flow_of,
    partition_distance,
    partition_distances,
    seed_test,
    smallest_seed_p,
)
from topics.runs import Run

if TYPE_CHECKING:
    import pandas as pd

_SEEDS = 5  # not tuned: with fewer no score could pass 5 % after the correction for their number
_MIN_SHARED = 0.5  # not tuned: of the smaller side's documents; of fewer topics are matched by what they are about


def compare(
    a: Any,
    b: Any,
    *,
    articles: Any = None,
    seeds: int | Sequence[int] | None = None,
    labels_true: Any = None,
    titles: tuple[str, str] | None = None,
    out: str | Path = "runs",
    embeddings: Any = None,
    encoder: Any = None,
    n_permutations: int = 39,
    n_resamples: int = 100,
    random_state: int = 0,
    progress: bool = False,
    on_fit: OnFit | None = None,
) -> Comparison:
    """Two runs, configs or labelings compared: their scores, their topics, and whether seeds alone explain the rest.

    Parameters
    ----------
    a, b : object
        Each one of these. A finished run, or its folder. A config (TOML file, mapping of sections, RunConfig), which is
        fitted under several seeds. The topics of documents by any tool: a Series or mapping by id, a table with ids
        (see :func:`topics.evaluate.stability`), an array in the order of the documents; or a list of several of these
        or of runs.
    articles : str, Path, table, list, Corpus or None
        Of configs: what :func:`topics.run` takes. None takes the documents of the run among ``a`` and ``b``.
    seeds : int, sequence of int or None
        Of configs: how many seeds each is fitted under, or which, the same for both. Of runs: fits their configs anew
        under so many, edits left out. None takes 5 for configs and compares runs as they are.
    labels_true : Series, mapping, table, array or None
        Human label of each document; None takes the column that the config names.
    titles : tuple of two str or None
        What the sides are called; None takes the names of runs and files.
    out : str or Path
        Folder of runs; stages are kept in its store, so that what both sides share is computed once.
    embeddings, encoder
        As for :func:`topics.run`, for both sides.
    n_permutations : int
        Of two single runs: how often their layouts are dealt out anew to see what seeds do; 0 leaves the test out.
        With fewer than 39 no p-value can be below .05, and nothing is said to be different.
    n_resamples : int
        Resamples of the documents for intervals; 0 leaves them out.
    random_state : int
        Seed of permutations and resamples.
    progress : bool
        Whether to show progress bars where standard error is a terminal.
    on_fit : callable or None
        Called after each fit of a config with the side's title, the setting and its number of topics.

    Raises
    ------
    TopicsError
        If a side is none of these, or both have no documents or topics in common that could be compared.

    Examples
    --------
    >>> import topics
    >>> found = topics.compare([0, 0, 0, 0, 1, 1], [0, 0, 1, 1, 2, 2])
    >>> found.topics["kind"].tolist()
    ['kept', 'split']
    """
    side_a, side_b, fitted = _sides(
        a, b, articles=articles, seeds=seeds, titles=titles, out=out, embeddings=embeddings, encoder=encoder,
        progress=progress, on_fit=on_fit,
    )  # fmt: skip
    return _compared(
        side_a, side_b, fitted=fitted, labels_true=labels_true, n_permutations=n_permutations,
        n_resamples=n_resamples, random_state=random_state, progress=progress,
    )  # fmt: skip


def _compared(
    side_a: Side, side_b: Side, *, fitted: bool, labels_true: Any, n_permutations: int, n_resamples: int,
    random_state: int, progress: bool,
) -> Comparison:  # fmt: skip
    """Both sides, which are there now, compared."""
    ids = shared_ids(side_a, side_b)
    sizes = tuple(len(side.members[0].labels) for side in (side_a, side_b))
    if len(ids) < _MIN_SHARED * min(sizes):
        return compare_corpora(side_a, side_b, ids=ids, random_state=random_state)
    notes = []
    if len(ids) < max(sizes):
        notes.append(f"Only the {count(len(ids), 'document')} that both have are compared; scores of runs are of all.")
    labels = [labels_on(side, ids) for side in (side_a, side_b)]
    tests: list[SeedTest] = []
    nulls: list[list[tuple[Any, Any]]] = []
    test = _test_of_runs(labels) if min(map(len, labels)) > 1 else {}
    if not test:
        nulls, why = _nulls(side_a, side_b, ids=ids, n=n_permutations, random_state=random_state, progress=progress)
        if nulls and side_a.run is not None:
            near = near_documents(side_a.run)
            tests = [seed_test(labels[0][0], labels[1][0], null=pairs, neighbors=near) for pairs in nulls]
        test = _test_of_layouts(tests, why, distance=partition_distance(labels[0][0], labels[1][0]))
    truth = _truth(labels_true, side_a, ids=ids)
    left_out = _left_out(side_a, side_b, truth)
    notes += [left_out] if left_out else []
    shown = [typical(of) for of in labels]
    if fitted:
        notes.append("Tables of topics show the run of each side that is closest to its others.")
    return Comparison(
        (side_a.title, side_b.title),
        (len(side_a.members), len(side_b.members)),
        (sizes[0], sizes[1], len(ids)),
        metrics_frame(
            side_a, side_b, ids=ids, truth=truth, nulls=nulls, n_resamples=n_resamples, random_state=random_state
        ),
        topics_frame(
            labels[0][shown[0]], labels[1][shown[1]], terms_a=side_a.members[shown[0]].terms,
            terms_b=side_b.members[shown[1]].terms, tests=tests,
        ),
        flow_of(labels[0][shown[0]], labels[1][shown[1]]),
        test,
        tuple(notes),
    )  # fmt: skip


def _sides(
    a: Any, b: Any, *, articles: Any, seeds: Any, titles: tuple[str, str] | None, progress: bool, on_fit: OnFit | None,
    out: str | Path, embeddings: Any, encoder: Any,
) -> tuple[Side, Side, bool]:  # fmt: skip
    """Both sides, and whether they were fitted here."""
    given = (a, b)
    names = titles or tuple(_title(value, letter) for value, letter in zip(given, "AB", strict=True))
    if not any(map(is_config, given)) and seeds is None:
        side_a, side_b = (side_of(value, name) for value, name in zip(given, names, strict=True))
        return side_a, side_b, False
    runs = [None if is_config(value) else _run_of(value) for value in given]
    configs = [run.config if run is not None else config_of(value) for value, run in zip(given, runs, strict=True)]
    if articles is None and not any(runs):
        raise InputError("expected articles to fit two configs to, got none: compare(a, b, articles=…)")
    side_a, side_b = fitted_sides(
        configs, articles, seeds=_SEEDS if seeds is None else seeds, out=out, embeddings=embeddings, encoder=encoder,
        runs=runs, titles=names, progress=progress, on_fit=on_fit,
    )  # fmt: skip
    return side_a, side_b, True


def _run_of(value: Any) -> Run:
    if isinstance(value, Run):
        return value
    if isinstance(value, (str, Path)):
        return Run.load(value)
    raise InputError(f"expected a config or a run to be fitted under seeds, got {type(value).__name__}: {value!r:.60}")


def _title(value: Any, letter: str) -> str:
    if isinstance(value, Run):
        return value.name if value.path else letter
    if isinstance(value, (str, Path)):
        return Path(value).stem if is_config(value) else Path(value).name or letter
    return letter


def _test_of_runs(labels: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Several runs a side: an exact permutation test of how far they lie apart."""
    distances = partition_distances([*labels[0], *labels[1]])
    n = len(labels[0])
    found = energy_test(distances, n)
    within = [distances[i, j] for i, j in combinations(range(len(distances)), 2) if (i < n) == (j < n)]
    test = {
        "kind": "runs", "distance": found["between"], "within": float(np.median(within)),
        "within_high": float(np.quantile(within, 0.95)), "p": found["p"], "smallest_p": found["smallest_p"],
    }  # fmt: skip
    if found["smallest_p"] > 0.05:
        runs = f"{n} and {len(distances) - n} runs"
        test |= {
            "p": float("nan"),
            "why": f"{runs} can give no p-value below {found['smallest_p']:.2f}; give 4 or more",
        }
    return test


def _nulls(
    a: Side, b: Side, *, ids: pd.Index, n: int, random_state: int, progress: bool
) -> tuple[list[list[tuple[Any, Any]]], str]:
    """Labelings of pairs of runs of one config, of the shared documents; or why there are none."""
    from tqdm import tqdm

    if len(a.members) > 1 or len(b.members) > 1:
        return [], "a side has one labeling and the other several; give as many of both"
    if a.run is None or b.run is None:
        return [], "labels alone do not say what another seed would give; give several labelings a side"
    if not n:
        return [], "no permutations were asked for"
    if a.run.fitted.corpus.corpus_key != b.run.fitted.corpus.corpus_key:
        return [], "the runs are not over the same documents"
    if min(len(run.fitted.levels.names) for run in (a.run, b.run)) == 0:
        return [], "a run has too few documents for layouts"
    with tqdm(desc="permutations", leave=False, disable=None if progress else True) as bar:
        try:
            nulls = null_pairs(
                a.run, b.run, n_permutations=n, random_state=random_state, progress=progress, on_pair=bar.update
            )
        except InputError as error:
            return [], str(error)
    return nulls, ""


def _test_of_layouts(tests: Sequence[SeedTest], why: str, *, distance: float) -> dict[str, Any]:
    """Two single runs: of several nulls the one that is hardest to beat."""
    if not tests:
        return {"kind": "none", "distance": distance, "p": float("nan"), "why": why}
    worst = max(tests, key=lambda test: test.p)
    n = len(worst.null_distances)
    test = {
        "kind": "layouts", "distance": worst.distance, "within": float(np.median(worst.null_distances)),
        "within_high": float(np.quantile(worst.null_distances, 0.95)), "p": worst.p,
        "p_partition": worst.p_partition, "p_topics": worst.p_topics, "rarity": worst.rarity, "n_null": n,
    }  # fmt: skip
    if smallest_seed_p(n) > LEVEL:
        why = f"{count(n, 'permutation')} can give no p-value below {smallest_seed_p(n):.2f}; ask for 39 or more"
        test |= {"p": float("nan"), "why": why}
    return test


def _truth(labels_true: Any, side: Side, *, ids: pd.Index) -> list[Any] | None:
    """A human label of each shared document."""
    from topics.evaluate._stability import topics_by_id

    member = side.members[0]
    if labels_true is None:
        if member.truth is None:
            return None
        by_id: Mapping[Any, Any] = dict(zip(member.labels.index, member.truth, strict=True))
    else:
        given = topics_by_id(labels_true, place=0)
        if given.attrs["ordered"] and len(given) != len(member.labels):
            raise InputError(
                f"labels_true: expected a label of each of {len(member.labels)} documents, got {len(given)}"
            )
        by_id = dict(zip(member.labels.index if given.attrs["ordered"] else given.index, given, strict=True))
    return [by_id.get(one) for one in ids]


def _left_out(a: Side, b: Side, truth: Any) -> str:
    """What labels alone do not give."""
    lacking = []
    if not (a.members[0].scores and b.members[0].scores):
        lacking.append("stability, coherence and diversity need runs")
    if truth is None:
        lacking.append("agreement with people needs human labels")
    return f"Left out: {'; '.join(lacking)}." if lacking else ""
