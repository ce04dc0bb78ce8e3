"""Layouts → ClusterTrees → Levels → Clusters (HDBSCAN): trees, their stable cuts, and the labels seeds agree on."""

from topics.cluster._agreement import adjusted_mutual_information
from topics.cluster._cuts import cut_tree, number_by_size
from topics.cluster._dendrogram import Dendrogram
from topics.cluster._edit import drop, merge, move, split
from topics.cluster._find_levels import find_levels
from topics.cluster._stage import cut
from topics.cluster._tree import build_tree

__all__ = [
    "Dendrogram", "adjusted_mutual_information", "build_tree", "cut", "cut_tree", "drop", "find_levels", "merge",
    "move", "number_by_size", "split",
]  # fmt: skip
