"""A topic clustering research toolkit: repeatable topics from messy, multilingual, dated articles.

The names below are loaded when first used, so that ``import topics`` is quick and pulls in no heavy library.

>>> import topics
>>> corpus = topics.read("articles.jsonl")  # doctest: +SKIP
>>> found = topics.run(corpus, {"cluster": {"level": "theme"}})  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from topics._front import fit, run
    from topics.articles import read
    from topics.comparison import compare, compare_groups
    from topics.config import ConfigError, RunConfig
    from topics.errors import TopicsError
    from topics.growth import merge, topic_diff, update
    from topics.model import TopicModel
    from topics.records import NOISE
    from topics.replaying import replay
    from topics.runs import Run
    from topics.sweeps import sweep

__version__ = "0.1.0"
__all__ = [
    "NOISE", "ConfigError", "Run", "RunConfig", "TopicModel", "TopicsError", "__version__", "compare",
    "compare_groups", "fit", "merge", "read", "replay", "run", "sweep", "topic_diff", "update",
]  # fmt: skip

_HOME = {
    "ConfigError": "topics.config",
    "NOISE": "topics.records",
    "Run": "topics.runs",
    "RunConfig": "topics.config",
    "TopicModel": "topics.model",
    "TopicsError": "topics.errors",
    "compare": "topics.comparison",
    "compare_groups": "topics.comparison",
    "fit": "topics._front",
    "merge": "topics.growth",
    "read": "topics.articles",
    "replay": "topics.replaying",
    "run": "topics._front",
    "sweep": "topics.sweeps",
    "topic_diff": "topics.growth",
    "update": "topics.growth",
}
_ROOMS = (
    "articles", "bertopic", "bridges", "cluster", "comparison", "config", "embed", "errors", "evaluate", "explore",
    "export", "graph", "growth", "label", "neighbors", "pipeline", "plot", "predict", "records", "reduce", "replaying",
    "report", "runs", "store", "sweeps", "text", "timeline",
)  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    if name in _ROOMS:
        return import_module(f"topics.{name}")
    raise AttributeError(f"module 'topics' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *_ROOMS])
