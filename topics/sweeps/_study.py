"""A sweep worked through setting by setting, and what came of it as one tidy frame."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics import pipeline
from topics._locks import BusyError
from topics.config import ArticlesParams
from topics.errors import InputError, TopicsError
from topics.graph import Explained, Node, Runner
from topics.records import Corpus
from topics.runs._format import STORE_FOLDER
from topics.store import Store, check_writable, csv_bytes, write_file
from topics.sweeps._plan import DONE, FAILED, PENDING, RUNNING, Plan
from topics.sweeps._settings import Setting, settings_of, study_of

if TYPE_CHECKING:
    import pandas as pd

    from topics import embed

RESULTS_FILE = "results.csv"
FRONT = {"npmi_held_out": "higher", "diversity": "higher", "stability": "higher", "noise_share": "lower"}
"""What the settings of the front are compared by; no one of them makes a winner."""

OnSetting = Callable[[Setting, Mapping[str, Any]], object]


@dataclass(frozen=True)
class Study:
    """A sweep: its settings, and what came of those that were tried.

    Attributes
    ----------
    plan : Plan
        The settings and the folder.
    """

    plan: Plan

    @classmethod
    def load(cls, folder: str | Path) -> Study:
        """The study in a folder.

        Parameters
        ----------
        folder : str or Path
            That :func:`sweep` made.

        Raises
        ------
        StoreError
            If there is none.
        """
        return cls(Plan.load(folder))

    @property
    def path(self) -> Path:
        """Its folder."""
        return self.plan.folder

    def counts(self) -> dict[str, int]:
        """Number of settings ``done``, ``failed``, ``running`` and ``pending``."""
        states = Counter(str(self.plan.state(setting)["state"]) for setting in self.plan.settings)
        return {name: states.get(name, 0) for name in (DONE, FAILED, RUNNING, PENDING)}

    def results(self) -> pd.DataFrame:
        """One row a setting and seed, in the order of the plan.

        Columns ``setting`` (number of the parameter choice), ``seed, state``; ``params.*``: what the setting sets;
        ``n_topics, level`` and ``metrics.*``: the scores of :data:`topics.evaluate.DEFINITIONS`; ``seconds``; ``new``
        and ``stored``: stages that were computed, and that were there; ``key`` of the setting; ``error``.
        """
        import pandas as pd

        names = list(dict.fromkeys(name for setting in self.plan.settings for name in setting.params))
        choices: dict[str, int] = {}
        rows = []
        for setting in self.plan.settings:
            state = self.plan.state(setting)
            number = choices.setdefault(repr(sorted(setting.params.items())), len(choices))
            values = dict(state.get("values", {}))
            metrics = values.pop("metrics", {})
            rows.append(
                {
                    "setting": number,
                    "seed": setting.seed,
                    "state": state["state"],
                    **{f"params.{name}": setting.params.get(name) for name in names},
                    **values,
                    **{f"metrics.{name}": value for name, value in metrics.items()},
                    "key": setting.key,
                    "error": state.get("error"),
                }
            )
        return pd.DataFrame(rows)

    def failures(self) -> dict[str, str]:
        """The whole error of each setting that failed, by its title."""
        states = {setting.title: self.plan.state(setting) for setting in self.plan.settings}
        return {title: str(state["traceback"]) for title, state in states.items() if state["state"] == FAILED}

    def summary(self) -> pd.DataFrame:
        """One row a parameter choice: mean and standard deviation over its seeds, and whether it is on the front.

        On the front is whom no other choice beats in held-out coherence, diversity, stability and noise at once
        (Pareto). The metrics disagree with each other and with people, so that there is no winner among those.
        """
        import pandas as pd

        frame = self.results()
        done = frame[frame["state"] == DONE]
        if done.empty:
            return pd.DataFrame()
        params = [name for name in frame.columns if name.startswith("params.")]
        numbers = [name for name in done.columns if name.startswith("metrics.") or name in ("n_topics", "seconds")]
        grouped = done.groupby("setting", sort=True)
        means, spreads = grouped[numbers].mean(), grouped[numbers].std(ddof=1)
        table = grouped[params].first()
        table["n_seeds"] = grouped.size()
        for name in numbers:
            table[name] = means[name]
            table[f"{name} ±"] = spreads[name]
        table["front"] = _on_front(means)
        return table.reset_index()


def sweep(
    articles: Any,
    study: Mapping[str, Any] | str | Path,
    *,
    out: str | Path = "runs",
    name: str = "study",
    embeddings: Any = None,
    encoder: embed.Encoder | None = None,
    progress: bool = True,
    on_setting: OnSetting | None = None,
) -> Study:
    """A study worked through: every setting under every seed, what they share computed once.

    A setting that fails is recorded with its whole error and the rest goes on. What was stopped goes on when the same
    study is asked for again, settings may be added, and several processes may work on one study.

    Parameters
    ----------
    articles : str, Path, table, list or Corpus
        As for :func:`topics.run`.
    study : mapping, str or Path
        What is tried, or a TOML file of it: ``config``, ``grid``, ``random``, ``settings`` and ``seeds``; see
        :func:`topics.sweeps.settings_of`.
    out : str or Path
        Folder of runs; the study's folder and the store lie in it.
    name : str
        Folder of the study.
    embeddings, encoder
        As for :func:`topics.run`, for all settings.
    progress : bool
        Whether to show a progress bar where standard error is a terminal.
    on_setting : callable or None
        Called with each setting that was tried and what came of it: ``state`` and ``values`` or ``error``.

    Raises
    ------
    TopicsError
        If the study, the articles or the folder cannot be used.

    Examples
    --------
    >>> import topics
    >>> found = topics.sweep("articles.jsonl", {"grid": {"cluster.min_samples": [5, 10]}, "seeds": 3})  # doctest: +SKIP
    >>> found.summary()  # doctest: +SKIP
    """
    from tqdm import tqdm

    check_writable(out)
    work = _Work(articles, Path(out), embeddings=embeddings, encoder=encoder)
    plan = Plan.make(Path(out) / name, settings_of(study_of(study)))
    found = Study(plan)
    wanted = [setting for setting in plan.settings if not work.is_tried(setting, plan.state(setting))]
    work.expect(wanted)
    with tqdm(total=len(wanted), desc="settings", leave=False, disable=None if progress else True) as bar:
        while wanted:
            busy = []
            for setting in wanted:
                try:
                    with plan.held(setting):
                        state = plan.state(setting)
                        if not work.is_tried(setting, state):  # else another process has done it
                            state = {**work.try_(setting), "of": work.key_of(setting)}
                            plan.keep(setting, state)
                            write_file(found.path / RESULTS_FILE, csv_bytes(found.results()))
                            if on_setting:
                                on_setting(setting, state)
                except BusyError:
                    busy.append(setting)
                    continue
                bar.update()
            if busy:
                time.sleep(_WAIT_SECONDS)
            wanted = busy
    write_file(found.path / RESULTS_FILE, csv_bytes(found.results()))
    return found


_WAIT_SECONDS = 0.5


def explain_sweep(
    articles: Any,
    study: Mapping[str, Any] | str | Path,
    *,
    out: str | Path = "runs",
    embeddings: Any = None,
    encoder: embed.Encoder | None = None,
) -> list[Explained]:
    """How many records of each stage a study needs, how many of them are stored, and why others are new.

    Parameters
    ----------
    articles, study, out, embeddings, encoder
        As for :func:`sweep`; nothing is computed.
    """
    work = _Work(articles, Path(out), embeddings=embeddings, encoder=encoder)
    nodes = [node for setting in settings_of(study_of(study)) for node in work.nodes(setting)]
    return Runner(work.store).explain(*nodes)


class _Work:
    """Tries settings one after another; records that a later one needs stay in memory between them."""

    def __init__(self, articles: Any, out: Path, *, embeddings: Any, encoder: embed.Encoder | None) -> None:
        self.store = Store(out / STORE_FOLDER)
        self._articles, self._encoder, self._embeddings = articles, encoder, embeddings
        self._corpora: dict[str, tuple[Corpus, Any]] = {}
        self._runner = Runner(self.store, on_stage=self._take_note)
        self._stages: dict[str, bool] = {}
        self._needed: Counter[str] = Counter()

    def expect(self, settings: list[Setting]) -> None:
        """Know which settings will be tried, so that what none of them needs any more is let go."""
        for setting in settings:
            try:
                self._needed.update(_keys_of(self.nodes(setting)))
            except TopicsError:  # said when it is tried
                continue

    def nodes(self, setting: Setting) -> tuple[Any, ...]:
        """What is wanted of a setting."""
        graph = self._graph(setting)
        return (*graph.layouts, *graph.trees, *graph.shown())

    def key_of(self, setting: Setting) -> str:
        """Key of a setting's scores, of these articles, vectors and code; "" where nothing can be planned."""
        try:
            return self._graph(setting).scores.origin.key
        except TopicsError:
            return ""

    def is_tried(self, setting: Setting, state: Mapping[str, Any]) -> bool:
        """Whether what is kept of a setting is of what is asked now, and not of other articles of before."""
        return state["state"] in (DONE, FAILED) and state.get("of") == self.key_of(setting)

    def try_(self, setting: Setting) -> dict[str, Any]:
        """What came of a setting: its values, or its error."""
        started = time.perf_counter()
        self._stages.clear()
        try:
            graph = self._graph(setting)
            self._runner.take(graph.clusters, graph.levels, graph.topics, graph.scores)
            scores, clusters = self._runner.get(graph.scores), self._runner.get(graph.clusters)
            values = {
                "n_topics": clusters.n_clusters,
                "level": clusters.level,
                "metrics": {name: row["value"] for name, row in scores.values.items() if name != "n_topics"},
                "seconds": round(time.perf_counter() - started, 3),
                "new": sum(not stored for stored in self._stages.values()),
                "stored": sum(self._stages.values()),
            }
        except Exception as error:
            return {
                "state": FAILED,
                "error": f"{type(error).__name__}: {error}",
                "traceback": traceback.format_exc(),
            }
        self._let_go(graph)
        return {"state": DONE, "values": values}

    def _take_note(self, stage: str, taken: Any, /) -> None:
        self._stages[stage] = taken.stored

    def _let_go(self, graph: pipeline.Graph) -> None:
        self._needed.subtract(_keys_of((*graph.layouts, *graph.trees, *graph.shown())))
        self._runner.keep_only({key for key, n in self._needed.items() if n > 0})

    def _graph(self, setting: Setting) -> pipeline.Graph:
        corpus, vectors = self._opened(setting.config.articles, setting)
        planned = pipeline.vectors_for(setting.config, corpus, embeddings=vectors, encoder=self._encoder)
        return pipeline.topic_graph(setting.config, corpus, embeddings=planned)

    def _opened(self, params: ArticlesParams, setting: Setting) -> tuple[Corpus, Any]:
        from topics._front import opened

        key = params.model_dump_json()
        if key not in self._corpora:
            _, corpus, vectors, _ = opened(
                self._articles, setting.config, embeddings=self._embeddings, store=self.store, progress=False
            )
            self._corpora[key] = (corpus, vectors)
        return self._corpora[key]


def _keys_of(nodes: tuple[Any, ...]) -> set[str]:
    """Keys of the nodes and of all that they are made of."""

    def walk(node: Any) -> Iterator[str]:
        if node.origin.key not in seen:
            seen.add(node.origin.key)
            for parent in node.parents if isinstance(node, Node) else ():
                list(walk(parent))
        yield node.origin.key

    seen: set[str] = set()
    for node in nodes:
        list(walk(node))
    return seen


def _on_front(means: pd.DataFrame) -> Any:
    """Whether each row is beaten by no other in all metrics of the front at once."""
    import numpy as np

    columns = [(f"metrics.{name}", better) for name, better in FRONT.items() if f"metrics.{name}" in means.columns]
    if not columns:
        raise InputError("expected scores to compare settings by, got none")
    worths = np.column_stack(
        [means[name].fillna(-np.inf if better == "higher" else np.inf) * (1 if better == "higher" else -1)
         for name, better in columns]
    )  # fmt: skip
    beaten = [bool(((worths >= row).all(axis=1) & (worths > row).any(axis=1)).any()) for row in worths]
    return np.logical_not(beaten)
