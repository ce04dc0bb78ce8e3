"""One frozen parameter record per stage, and the run's config made of them; TOML in and out."""

from topics.config._reading import ArticlesParams
from topics.config._run_config import ConfigError, RunConfig
from topics.config._stages import (
    ClusterParams,
    EmbedParams,
    EvaluateParams,
    LabelParams,
    LayoutParams,
    MapParams,
    NeighborsParams,
    ReduceParams,
)

__all__ = [
    "ArticlesParams", "ClusterParams", "ConfigError", "EmbedParams", "EvaluateParams", "LabelParams", "LayoutParams",
    "MapParams", "NeighborsParams", "ReduceParams", "RunConfig",
]  # fmt: skip
