"""Neighbors → Layouts (UMAP): points in few dimensions, for all documents or a part, that keep near neighbors near."""

from topics.reduce._resample import Draw
from topics.reduce._stage import LayoutStart, draws, lay_out, lay_out_map, prepare, reduce, too_few_for_umap

__all__ = ["Draw", "LayoutStart", "draws", "lay_out", "lay_out_map", "prepare", "reduce", "too_few_for_umap"]
