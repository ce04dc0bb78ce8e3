"""Layouts → ClusterTrees → Levels → Clusters (HDBSCAN): trees, their stable cuts, and the labels seeds agree on."""

from topics.cluster.agreement import adjusted_mutual_information
from topics.cluster.cuts import cut_tree, number_by_size
from topics.cluster.dendrogram import Dendrogram
from topics.cluster.edit import drop, merge, move, split
from topics.cluster.find_levels import find_levels
from topics.cluster.stage import cut
from topics.cluster.tree import build_tree

__all__ = [
    "Dendrogram", "adjusted_mutual_information", "build_tree", "cut", "cut_tree", "drop", "find_levels", "merge",
    "move", "number_by_size", "split",
]  # fmt: skip
