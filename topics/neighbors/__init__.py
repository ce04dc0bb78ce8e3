"""Embeddings → Neighbors: which documents are nearest to each."""

from topics.neighbors.stage import STAGE, VERSION, find_neighbors, plan

__all__ = ["STAGE", "VERSION", "find_neighbors", "plan"]
