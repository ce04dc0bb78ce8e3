"""Runs and sweeps in other tools' stores, and figures as pictures; what is exported stays in its folder, the truth."""

from topics.export._entries import Entry, entries_of
from topics.export._figure import save_figure
from topics.export._mlflow import Exported, export_mlflow

__all__ = ["Entry", "Exported", "entries_of", "export_mlflow", "save_figure"]
