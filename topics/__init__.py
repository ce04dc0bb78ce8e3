"""A topic clustering research toolkit: repeatable topics from messy, multilingual, dated articles.

The names below are loaded when first used, so that ``import topics`` is quick and pulls in no heavy library.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from topics.config import ConfigError, RunConfig
    from topics.model import TopicModel
    from topics.records import NOISE
    from topics.runs import Run

__version__ = "0.1.0"
__all__ = ["NOISE", "ConfigError", "Run", "RunConfig", "TopicModel", "__version__"]

_HOME = {
    "ConfigError": "topics.config",
    "NOISE": "topics.records",
    "Run": "topics.runs",
    "RunConfig": "topics.config",
    "TopicModel": "topics.model",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'topics' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "articles", "embed", "evaluate", "label", "pipeline", "plot"])
