"""Files and tables of articles → :class:`topics.records.Corpus`.

The only room that reads the user's files. Every row that comes in is a document, a copy of one, the page of several,
or rejected with a reason; every line that was taken off a page is listed with the reason; nothing is lost.
"""

from topics.articles._alone import AloneReader, NewDocument, rows_of, texts_as_rows
from topics.articles._inspect import inspect
from topics.articles._joining import join_corpora
from topics.articles._planning import ChangedWhileReadError, read_files
from topics.articles._read import read, sample_path
from topics.articles._source import source_of
from topics.articles._texts import check_texts, from_texts
from topics.articles.readers._rows import ArticlesError

__all__ = [
    "AloneReader",
    "ArticlesError",
    "ChangedWhileReadError",
    "NewDocument",
    "check_texts",
    "from_texts",
    "inspect",
    "join_corpora",
    "read",
    "read_files",
    "rows_of",
    "sample_path",
    "source_of",
    "texts_as_rows",
]
