"""One frozen parameter record per stage, and the run's config made of them; TOML in and out."""

from topics.config.reading import ArticlesParams
from topics.config.run_config import ConfigError, RunConfig
from topics.config.stages import (
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
