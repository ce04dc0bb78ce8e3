"""Layouts → ClusterTrees → Levels → Clusters (HDBSCAN): trees, stable cuts, and the labels that layouts agree on."""

from topics.cluster._agreement import adjusted_mutual_information
from topics.cluster._choose import CLEAR
from topics.cluster._cut import cut
from topics.cluster._dendrogram import Dendrogram
from topics.cluster._edit import drop, merge, move, split
from topics.cluster._find_levels import find_levels
from topics.cluster._tree import build_tree
from topics.cluster._tree_cuts import cut_tree, number_by_size

__all__ = [
    "CLEAR", "Dendrogram", "adjusted_mutual_information", "build_tree", "cut", "cut_tree", "drop", "find_levels",
    "merge", "move", "number_by_size", "split",
]  # fmt: skip
