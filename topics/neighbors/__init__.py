"""Embeddings → Neighbors: the nearest documents of each document."""

from topics.neighbors._stage import find_neighbors

__all__ = ["find_neighbors"]
