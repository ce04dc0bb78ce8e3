"""The nodes of a setting's graph: what is made, what is wanted, and all that these are made of."""

from __future__ import annotations

from typing import Any

from topics import pipeline
from topics.graph import Node


def keys_of(nodes: tuple[Any, ...]) -> set[str]:
    """Keys of the nodes and of all that they are made of."""
    return set(nodes_of(nodes))


def nodes_of(nodes: tuple[Any, ...]) -> dict[str, Node]:
    """The nodes and all that they are made of, by key."""
    found: dict[str, Node] = {}

    def walk(node: Node) -> None:
        if node.origin.key not in found:
            for parent in node.parents:
                walk(parent)
            found[node.origin.key] = node

    for node in nodes:
        walk(node)
    return found


def made_of(graph: pipeline.Graph) -> tuple[Any, ...]:
    """What is made for a setting: no map is drawn."""
    return graph.clusters, graph.levels, graph.topics, graph.scores


def wanted_of(graph: pipeline.Graph) -> tuple[Any, ...]:
    """What is wanted of a setting."""
    return (*graph.layouts, *graph.trees, *graph.shown())
