"""Neighbors → Layouts (UMAP): points in few dimensions whose near neighbours are the documents', of all and of some."""

from topics.reduce.resample import Draw
from topics.reduce.stage import VERSION, draws, plan, reduce, reduce_each, seeds, too_few_for_umap

__all__ = ["VERSION", "Draw", "draws", "plan", "reduce", "reduce_each", "seeds", "too_few_for_umap"]
