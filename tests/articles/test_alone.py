"""New articles are cleaned one by one, by what the pages of a run have shown."""

from __future__ import annotations

import pytest

from topics.articles import AloneReader, read, rows_of, sample_path
from topics.articles.readers._rows import Rejected
from topics.config import ArticlesParams


@pytest.mark.parametrize("split", [True, False])
def test_the_sample_s_pages_alone_are_what_they_are_together(split):
    params = ArticlesParams(split_round_ups=split)
    corpus = read(sample_path(), params)
    sources = {
        parent or doc_id: source
        for table in (corpus.documents, corpus.copies)
        for doc_id, parent, source in zip(
            *(table[n].to_pylist() for n in ("doc_id", "parent_id", "source")), strict=True
        )
    }
    reader = AloneReader(params, removed=corpus.removed_lines, source_of=sources)
    made = [reader.documents(row) for row in rows_of(sample_path(), params)]
    texts = {document.doc_id: document.text for some in made if isinstance(some, list) for document in some}
    together = dict(zip(corpus.doc_ids, corpus.full_texts(), strict=True))
    assert texts.keys() == together.keys() | set(corpus.copies["doc_id"].to_pylist())
    assert sum(texts[doc_id] == text for doc_id, text in together.items()) >= 0.95 * len(together)
    assert sum(isinstance(some, Rejected) for some in made) == corpus.rejected_rows.num_rows
