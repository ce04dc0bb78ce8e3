"""Neighbors → Layouts (UMAP): points in few dimensions, for all documents or a part, that keep near neighbors near."""

from topics.reduce._layouts import draws, lay_out, lay_out_map, prepare, reduce
from topics.reduce._resample import Draw

__all__ = ["Draw", "draws", "lay_out", "lay_out_map", "prepare", "reduce"]
