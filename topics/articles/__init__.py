"""Files and tables of articles → :class:`topics.records.Corpus`.

The only room that reads the user's files. Every row that comes in is a document, a copy of one, or rejected with a
reason; nothing is lost.
"""

from topics.articles.corpus import ArticlesError, from_texts
from topics.articles.read import read, sample_path

__all__ = ["ArticlesError", "from_texts", "read", "sample_path"]
