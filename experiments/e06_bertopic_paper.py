"""Coherence and diversity: are the labels better than the published ones, by the papers' own protocols?

Question   How coherent (NPMI) and how diverse are our topics' terms, by the protocol of the BERTopic paper and on raw
           articles, beside BERTopic run here? On documents that the terms were not chosen on is e16's question.
Command    python experiments/e06_bertopic_paper.py [--part octis|five|raw]… [--seeds N] [--data FOLDER]
           [--no-peers] [--smoke]; BERTopic's rows need make install-peers
Data       bbc_octis.tsv and bbc_news.parquet of the development data ($TOPICS_DATA or ../shared/data).
Expected   octis: NPMI of at least .21 with diversity of at least .90 (published: BERTopic .170/.802, Top2Vec .171/.792,
           CTM .094/.819). raw: at least .15/.95. five: NPMI .195, C_V .82, diversity 1.0
           (published: CETopic .119, .757, .96; BERTopic on the same vectors .085, .60, .93).
Run time   About 6 minutes on 2 cores, 10 with BERTopic.

octis  Grootendorst 2022: the documents are preprocessed tokens joined by spaces, MiniLM vectors, 10, 20, 30, 40 and 50
       topics, ten words each, NPMI in windows of ten tokens over the same documents as gensim counts them, diversity
       the share of distinct words. Noise is no topic. Mean and standard deviation over all fits.
five   The same documents with 5 topics, as CETopic was measured (Zhang et al. 2022), and C_V in windows of 110.
raw    The same on raw articles (the protocol of topic-benchmark): tokens are words in lower case.
"""

from __future__ import annotations

import _coherence
import _peers as peers
import _study as study


def main(arguments: list[str] | None = None) -> None:
    """Fit, measure and print the tables."""
    parts = ("octis", "five", "raw")
    parser = study.parser(__doc__, smoke="80 pages of the sample, LSA vectors, 3 topics", seeds=3, parts=parts)
    parser.add_argument("--no-peers", action="store_true", help="without BERTopic even where it is installed")
    options = parser.parse_args(arguments)
    for corpus in _coherence.corpora(options, options.part or parts):
        fitted, fits = _coherence.fits(options, corpus)
        documents = [corpus.cut(text) for text in corpus.texts]
        terms = [fit.topics.table.column("terms").to_pylist() for _, fit in fits]
        rows = [_coherence.row("topics", terms, documents)]
        if peers.installed("bertopic") and not (options.smoke or options.no_peers):
            texts, n_terms = fitted.full_texts(), _coherence.N_TERMS
            theirs = [peers.bertopic_terms(texts, fit.embeddings.vectors, k=k, n_terms=n_terms) for k, fit in fits]
            rows.append(_coherence.row("BERTopic 0.17.4, same vectors", theirs, documents))
        study.show(rows, title=f"{corpus.name}: {len(corpus.texts):,} documents, {len(fits)} fits")


if __name__ == "__main__":
    main()
