"""Names of topics, by hand or by a language model: kept beside the runs, found again in the next one."""

from topics.names.by_model import NamingError, name_by_model
from topics.names.kept import NAMES_FILE, Names, TopicName, name_topic

__all__ = ["NAMES_FILE", "Names", "NamingError", "TopicName", "name_by_model", "name_topic"]
