"""The parameters of a TopicModel ↔ a RunConfig."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from topics.config import ReduceParams, RunConfig

_REDUCE = ("n_neighbors", "n_components", "n_epochs", "n_layouts")
_CLUSTER = ("level", "noise", "min_cluster_size", "min_samples", "cluster_selection_method")


def config_of(parameters: Mapping[str, Any]) -> RunConfig:
    """The config that a model's parameters make.

    Parameters
    ----------
    parameters : Mapping
        By name; what is no parameter is left out.

    Raises
    ------
    topics.ConfigError
        If one is out of range.
    """
    own = {name: value.item() if isinstance(value, np.generic) else value for name, value in parameters.items()}
    own_neighbors = own["n_neighbors"] if isinstance(own["n_neighbors"], int) and own["n_neighbors"] >= 2 else 2
    wide = max(own_neighbors, ReduceParams().n_neighbors)  # the vote needs this many, even if fewer shape the layout
    words = own["stop_words"]
    embed = {name: own[name] for name in ("model", "lexical_weight")}
    if isinstance(own["encoder"], str):
        embed["encoder"] = own["encoder"]
    return RunConfig.from_dict(
        {
            "random_state": own["random_state"],
            "articles": {"clean": own["clean"], "split_round_ups": False},
            "embed": embed,
            "neighbors": {"n_neighbors": wide},
            "reduce": {name: own[name] for name in _REDUCE},
            "map": {"n_neighbors": own_neighbors},
            "cluster": {name: own[name] for name in _CLUSTER},
            "label": {
                "n_terms": own["n_terms"],
                "ngram_range": own["ngram_range"],
                "stop_words": words if words is None or isinstance(words, (str, set, frozenset)) else tuple(words),
            },
        }
    )


def parameters_of(config: RunConfig) -> dict[str, Any]:
    """The parameters of a model that a config makes.

    Parameters
    ----------
    config : RunConfig
        Of a run.
    """
    return {
        "random_state": config.random_state,
        "clean": config.articles.clean,
        "text_column": config.articles.text_column,
        "encoder": config.embed.encoder,
        "model": config.embed.model,
        "lexical_weight": config.embed.lexical_weight,
        **{name: getattr(config.reduce, name) for name in _REDUCE},
        **{name: getattr(config.cluster, name) for name in _CLUSTER},
        "n_terms": config.label.n_terms,
        "ngram_range": config.label.ngram_range,
        "stop_words": config.label.stop_words,
    }
