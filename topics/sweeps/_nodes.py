"""The nodes of a setting's graph: what is made, what is wanted, and all that these are made of."""

from __future__ import annotations

from typing import Any

from topics import pipeline
from topics.graph import nodes_of


def keys_of(nodes: tuple[Any, ...]) -> set[str]:
    """Keys of the nodes and of all that they are made of."""
    return set(nodes_of(nodes))


def made_of(graph: pipeline.Graph) -> tuple[Any, ...]:
    """What is made for a setting: no map is drawn."""
    return graph.clusters, graph.levels, graph.topics, graph.scores


def wanted_of(graph: pipeline.Graph) -> tuple[Any, ...]:
    """What is wanted of a setting."""
    return (*graph.layouts, *graph.trees, *graph.shown())
