"""New articles, plain texts or vectors → their topics in a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics.articles import NewDocument, check_texts, rows_of, texts_as_rows
from topics.embed import Encoder, take_vectors
from topics.embed._vectors import unit
from topics.errors import InputError
from topics.predict import Assigned, replaced
from topics.records import Corpus
from topics.runs._assigning import Assigning

if TYPE_CHECKING:
    import pandas as pd

    from topics.runs._run import Run


def assign_texts(assigning: Assigning, texts: Any, *, embeddings: Any = None) -> Assigned:
    """The topics of plain texts, which are cleaned as :func:`topics.articles.from_texts` cleans them.

    Parameters
    ----------
    assigning : Assigning
        To the topics of a run.
    texts : iterable of str
        A text without words has no topic.
    embeddings : UserVectors or None
        One vector a text, in their order.

    Raises
    ------
    TopicsError
        If there is not one vector a text, or the encoder or the texts cannot be used.
    """
    check_texts(texts)
    reader = assigning.reader("none" if assigning.run.config.articles.clean == "keep-all" else "lines")
    read = [reader.documents(row) for row in texts_as_rows(texts)]
    cleaned = [made[0].text if isinstance(made, list) else None for made in read]
    if embeddings is not None and len(embeddings.values) != len(cleaned):
        raise InputError(
            f"expected embeddings of shape ({len(cleaned)}, n_dims), one row per text, got {embeddings.values.shape}"
        )
    found = assigning.nothing(len(cleaned))
    places = np.array([i for i, text in enumerate(cleaned) if text is not None], dtype=np.intp)
    vectors = None
    if embeddings is not None:
        own = np.ascontiguousarray(embeddings.values)[places]
        vectors = unit(own, n_docs=len(places), what=embeddings.what)
    kept = [text for text in cleaned if text is not None]
    return replaced(found, places, by=assigning.texts(kept, vectors=vectors)) if kept else found


def assign(run: Run, articles: Any = None, *, embeddings: Any = None, encoder: Encoder | None = None) -> pd.DataFrame:
    """One row a new document, with its topic; see :meth:`topics.runs.Run.assign`.

    Parameters
    ----------
    run : Run
        With its edits.
    articles, embeddings, encoder
        As for :meth:`topics.runs.Run.assign`.

    Raises
    ------
    TopicsError
        As :meth:`topics.runs.Run.assign` does.
    """
    import pandas as pd

    assigning = Assigning(run, encoder=encoder)
    if embeddings is not None:
        return _by_vectors(assigning, articles, embeddings)
    if articles is None:
        raise InputError("expected articles or embeddings to assign, got neither")
    if isinstance(articles, Corpus):
        ids, texts = articles.doc_ids, articles.full_texts()
        return assigning.documents([NewDocument(*pair) for pair in zip(ids, texts, strict=True)])
    chunks = list(assigning.stream(rows_of(articles, run.config.articles)))
    frame = pd.concat([chunk.frame for chunk in chunks], ignore_index=True)
    frame.attrs["rejected"] = [vars(row) for chunk in chunks for row in chunk.rejected]
    return frame


def _by_vectors(assigning: Assigning, articles: Any, embeddings: Any) -> pd.DataFrame:
    """The frame of documents with vectors of the user's."""
    from topics.articles import read
    from topics.embed import from_vectors

    if articles is not None:
        corpus = articles if isinstance(articles, Corpus) else read(articles, assigning.run.config.articles, whole=True)
        return assigning.vectors(from_vectors(corpus, embeddings).vectors, corpus.doc_ids)
    own = take_vectors(embeddings)
    made = unit(np.ascontiguousarray(own.values), n_docs=len(own.values), what=own.what)
    return assigning.vectors(made, own.ids or [str(i) for i in range(len(made))])
