"""Embeddings → Neighbors: which documents are nearest to each."""

from topics.neighbors.stage import find_neighbors

__all__ = ["find_neighbors"]
