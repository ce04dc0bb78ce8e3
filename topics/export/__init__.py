"""Runs and sweeps in other tools' stores; what is exported stays in its folder, which alone is the truth."""

from topics.export._entries import Entry, entries_of
from topics.export._mlflow import Exported, export_mlflow

__all__ = ["Entry", "Exported", "entries_of", "export_mlflow"]
