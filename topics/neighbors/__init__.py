"""Embeddings → Neighbors: the nearest documents of each document."""

from topics.neighbors._search import find_neighbors

__all__ = ["find_neighbors"]
