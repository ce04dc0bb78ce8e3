"""Neighbors → Layouts (UMAP): points in few dimensions whose near neighbors are the documents', of all and of some."""

from topics.reduce.resample import Draw
from topics.reduce.stage import LayoutStart, draws, lay_out, lay_out_map, prepare, reduce, too_few_for_umap

__all__ = ["Draw", "LayoutStart", "draws", "lay_out", "lay_out_map", "prepare", "reduce", "too_few_for_umap"]
