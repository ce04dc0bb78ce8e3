"""The only room that joins stages and store.

:func:`fit` takes a corpus through the stages and gives the records; :func:`run` also keeps every record in a store,
draws the map, scores the topics and writes a run folder. Every stage's key is known before the stage runs, so what is
stored is not computed again, and a run that was killed goes on where it stood.
"""

from topics.pipeline.entry import edit, fit, map_layout, run, save
from topics.runs.format import STORE_FOLDER

__all__ = ["STORE_FOLDER", "edit", "fit", "map_layout", "run", "save"]
