"""Neighbors → Layouts (UMAP): points in few dimensions whose near neighbours are the documents', one a seed."""

from topics.reduce.stage import VERSION, plan, reduce, reduce_each, seeds, too_few_for_umap

__all__ = ["VERSION", "plan", "reduce", "reduce_each", "seeds", "too_few_for_umap"]
