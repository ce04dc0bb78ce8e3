"""Everything that knows a run's folder: what is in it, reading it back, names, sheets."""

from topics.runs._assign import assign_texts
from topics.runs._assigning import Assigning
from topics.runs._assigning_files import assign_file
from topics.runs._folder import latest
from topics.runs._meaning import Meaning, meaning_of
from topics.runs._methods import Methods
from topics.runs._name_by_model import NamingError, name_by_model
from topics.runs._names import Names, TopicName
from topics.runs._naming import name_topic
from topics.runs._report import write_report
from topics.runs._run import Run
from topics.runs._sentences import Sentence
from topics.runs._sheets import score_sheets, write_sheets

__all__ = [
    "Assigning",
    "Meaning",
    "Methods",
    "Names",
    "NamingError",
    "Run",
    "Sentence",
    "TopicName",
    "assign_file",
    "assign_texts",
    "latest",
    "meaning_of",
    "name_by_model",
    "name_topic",
    "score_sheets",
    "write_report",
    "write_sheets",
]
