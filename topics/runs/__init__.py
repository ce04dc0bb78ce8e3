"""Everything that knows a run's folder: what is in it, reading it back, names, sheets."""

from topics.runs.folder import latest
from topics.runs.name_by_model import NamingError, name_by_model
from topics.runs.names import Names, TopicName
from topics.runs.naming import name_topic
from topics.runs.run import Run
from topics.runs.sheets import score_sheets, write_sheets

__all__ = [
    "Names",
    "NamingError",
    "Run",
    "TopicName",
    "latest",
    "name_by_model",
    "name_topic",
    "score_sheets",
    "write_sheets",
]
