"""The settings of a sweep tried one after another; what they share is computed once."""

from __future__ import annotations

import errno
import time
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import topics
from topics import pipeline
from topics.config import ConfigError
from topics.errors import TopicsError
from topics.graph import Node, Runner, nodes_of
from topics.records import Corpus
from topics.runs._format import STORE_FOLDER
from topics.store import Store, StoreError
from topics.sweeps._nodes import keys_of, made_of, wanted_of
from topics.sweeps._plan import DONE, FAILED
from topics.sweeps._settings import Setting

if TYPE_CHECKING:
    from topics import embed

_NO_SETTINGS_FAULT = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}  # of the disk: the sweep stops and goes on


class Made(NamedTuple):
    """What making a record took: seconds, and of each stage whether all of it came from the store."""

    seconds: float
    stages: dict[str, bool]


class Work:
    """Tries settings one after another; records that a later one needs stay in memory between them."""

    def __init__(self, articles: Any, out: Path, *, embeddings: Any, encoder: embed.Encoder | None) -> None:
        self.store = Store(out / STORE_FOLDER)
        self._articles, self._encoder, self._embeddings = articles, encoder, embeddings
        self._corpora: dict[str, tuple[Corpus, Any]] = {}
        self._vectors: dict[tuple[str, str], Any] = {}
        self._graphs: dict[str, pipeline.Graph] = {}  # of the settings that are still to be tried
        self._keys: dict[str, str] = {}
        self._runner = Runner(self.store, on_stage=self._take_note)
        self._stages: dict[str, bool] = {}
        self._needed: Counter[str] = Counter()
        self._shared: dict[str, Node] = {}
        self._before: list[Made] = []

    def expect(self, settings: Sequence[Setting]) -> None:
        """Know which settings will be tried, so that what none of them needs any more is let go."""
        for setting in settings:
            try:
                self._needed.update(keys_of(self.nodes(setting)))
            except TopicsError:  # said when it is tried
                continue

    def check_articles(self, settings: Sequence[Setting]) -> None:
        """Read the articles, if only for one of the settings.

        Raises
        ------
        TopicsError
            If they cannot be read for any of the settings.
        """
        errors = []
        for setting in settings:
            try:
                self._opened(setting)
                return
            except StoreError:
                raise
            except TopicsError as error:
                errors.append(error)
        if errors:
            raise errors[0]

    def nodes(self, setting: Setting) -> tuple[Any, ...]:
        """What is wanted of a setting."""
        return wanted_of(self._graph(setting))

    def key_of(self, setting: Setting) -> str:
        """Key of a setting's scores, of these articles, vectors and code; "" where nothing can be planned."""
        if setting.key not in self._keys:
            try:
                self._keys[setting.key] = self._planned(setting).scores.origin.key
            except TopicsError:
                self._keys[setting.key] = ""
        return self._keys[setting.key]

    def is_tried(self, setting: Setting, state: Mapping[str, Any]) -> bool:
        """Whether what is kept of a setting is of what is asked now, and not of other articles of before."""
        return state["state"] in (DONE, FAILED) and state.get("of") == self.key_of(setting)

    def try_(self, setting: Setting) -> dict[str, Any]:
        """What came of a setting: its values, or its error.

        Raises
        ------
        StoreError, OSError
            If the disk refuses: that is not the setting's fault, and it is tried again when the sweep goes on.
        """
        started = time.perf_counter()
        self._stages.clear()
        self._runner.times.clear()  # of the settings before, which would count as this one's
        before, self._before = self._before, []
        try:
            graph = self._graph(setting)
            self._runner.take(*made_of(graph))
            scores, clusters = self._runner.get(graph.scores), self._runner.get(graph.clusters)
            stages = [self._stages, *(made.stages for made in before)]
            is_stored = {name: all(one.get(name, True) for one in stages) for one in stages for name in one}
            seconds = time.perf_counter() - started + sum(made.seconds for made in before)
            values = {
                "n_topics": clusters.n_clusters,
                "level": clusters.level,
                "metrics": {name: row["value"] for name, row in scores.values.items() if name != "n_topics"},
                "seconds": round(seconds, 3),
                "new": sum(not stored for stored in is_stored.values()),
                "stored": sum(is_stored.values()),
            }
        except StoreError:
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno in _NO_SETTINGS_FAULT:
                raise
            return {
                "state": FAILED,
                "error": f"{type(error).__name__}: {error}",
                "traceback": traceback.format_exc(),
            }
        self.let_go(setting)
        return {"state": DONE, "values": values, "made": _made_with(graph)}

    def _take_note(self, stage: str, taken: Any, /) -> None:
        self._stages[stage] = taken.stored

    def let_go(self, setting: Setting) -> None:
        """Keep nothing in memory that only this setting needs: it was tried, here or elsewhere.

        Parameters
        ----------
        setting : Setting
            That was expected.
        """
        graph = self._graphs.pop(setting.key, None)
        if graph is not None:
            self._needed.subtract(keys_of(wanted_of(graph)))
            self._runner.keep_only({key for key, n in self._needed.items() if n > 0})

    def has_embeddings(self, setting: Setting) -> bool:
        """Whether the embeddings of a setting need not be computed.

        Parameters
        ----------
        setting : Setting
            Of the study.
        """
        try:
            return self._is_there(cast(Node, self._graph(setting).embeddings))
        except TopicsError:  # nothing is computed: it is said when it is tried
            return True

    def shared_needs(self, settings: Sequence[Setting]) -> list[list[str]]:
        """Keys of the records that a setting needs, others need too, and that are not stored; parents first.

        Parameters
        ----------
        settings : sequence of Setting
            That are to be tried.
        """
        needs: list[dict[str, Node]] = []
        for setting in settings:
            try:
                needs.append(nodes_of(made_of(self._graph(setting))))
            except TopicsError:
                needs.append({})
        often = Counter(key for nodes in needs for key in nodes)
        shared = {key: node for nodes in needs for key, node in nodes.items() if often[key] > 1}
        self._shared = {
            key: node
            for key, node in shared.items()
            if node.stage and (node.stage.stored or node.stage.parts) and not self._is_there(node)
        }
        return [[key for key in nodes if key in self._shared] for nodes in needs]

    def made_of(self, key: str) -> frozenset[str]:
        """Keys of the shared records that a shared record is made of.

        Parameters
        ----------
        key : str
            Of :meth:`shared_needs`.
        """
        return frozenset(other for other in nodes_of((self._shared[key],)) if other != key and other in self._shared)

    def make(self, key: str) -> Made:
        """What making a shared record took; one that cannot be made fails with each setting that needs it.

        Parameters
        ----------
        key : str
            Of :meth:`shared_needs`.

        Raises
        ------
        StoreError, OSError
            If the disk refuses.
        """
        started = time.perf_counter()
        self._stages.clear()
        self._runner.times.clear()
        try:
            self._runner.take(self._shared[key])
        except StoreError:
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno in _NO_SETTINGS_FAULT:
                raise
        return Made(time.perf_counter() - started, dict(self._stages))

    def count_in(self, made: Sequence[Made]) -> None:
        """Count what was made before for the setting that is tried next as made by it.

        Parameters
        ----------
        made : sequence of Made
            From :meth:`make`, here or in another process.
        """
        self._before = list(made)

    def _is_there(self, node: Node) -> bool:
        """Whether the record is at hand or stored."""
        if node.stage is None:
            return True
        said = next(row for row in self._runner.explain(node) if row.stage == node.origin.stage)
        return said.n_stored == said.n_parts

    def _graph(self, setting: Setting) -> pipeline.Graph:
        if setting.key not in self._graphs:
            self._graphs[setting.key] = self._planned(setting)
        return self._graphs[setting.key]

    def _planned(self, setting: Setting) -> pipeline.Graph:
        if setting.problem:
            raise ConfigError(setting.problem)
        reading, config = _reading_of(setting), setting.config
        corpus, given = self._opened(setting)
        key = (reading, config.embed.model_dump_json())
        if key not in self._vectors:
            self._vectors[key] = pipeline.vectors_for(config, corpus, embeddings=given, encoder=self._encoder)
        return pipeline.topic_graph(config, corpus, embeddings=self._vectors[key])

    def _opened(self, setting: Setting) -> tuple[Corpus, Any]:
        from topics._front import opened

        key = _reading_of(setting)
        if key not in self._corpora:
            _, corpus, vectors, _ = opened(
                self._articles, setting.config, embeddings=self._embeddings, store=self.store, progress=False
            )
            self._corpora[key] = (corpus, vectors)
        return self._corpora[key]


def _reading_of(setting: Setting) -> str:
    """What decides how the articles are read."""
    return f"{setting.config.articles.model_dump_json()} {setting.config.evaluate.label_column}"


def _made_with(graph: pipeline.Graph) -> dict[str, Any]:
    """What a setting's results are of: the corpus, the versions, and when."""
    libraries: dict[str, str] = {}
    for node in graph.shown():
        libraries |= node.origin.libraries
    made = {"toolkit": topics.__version__, "libraries": libraries, "corpus": graph.corpus.origin.key}
    return {**made, "finished": round(time.time())}
