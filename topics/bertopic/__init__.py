"""BERTopic's class over this toolkit: the import changes, the script stays (``docs/coming-from-bertopic.md``)."""

from topics.bertopic._bertopic import BERTopic

__all__ = ["BERTopic"]
