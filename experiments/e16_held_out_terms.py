"""Held-out terms: do terms go together in documents that they were not chosen on?

Question   How coherent (NPMI) and how diverse are terms that are chosen on one half of the documents, on the
           other, for each weighting, with coherence looked at and not, and for class-based TF-IDF alone?
Command    python experiments/e16_held_out_terms.py [--seeds N] [--data FOLDER] [--smoke]
Data       bbc_octis.tsv of the development data ($TOPICS_DATA or ../shared/data).
Expected   The default at least .03 above class-based TF-IDF alone, diversity not lower.
Run time   About 4 minutes on 2 cores.

The fits are those of e06 (octis). On which half a document is depends on its id alone.
"""

from __future__ import annotations

import _coherence
import _study as study
import numpy as np
from scipy.sparse import csr_array

from topics import label
from topics.config import LabelParams


def heaviest(fit, rows: np.ndarray) -> _coherence.Found:
    """The heaviest terms of each topic on these documents by class-based TF-IDF, which is all that peers look at."""
    labels = fit.clusters.labels[rows]
    docs = np.flatnonzero(labels >= 0)
    shape = (fit.clusters.n_clusters, len(rows))
    members = csr_array((np.ones(len(docs), dtype=np.int32), (labels[docs], docs)), shape=shape)
    weights = label.class_tfidf(csr_array(members @ fit.counts.counts[rows])).toarray()
    order = np.argsort(-weights, axis=1, kind="stable")[:, : _coherence.N_TERMS]
    return [[fit.counts.terms[column] for column in columns] for columns in order]


def main(arguments: list[str] | None = None) -> None:
    """Choose on one half, measure on the other and print the table."""
    parser = study.parser(__doc__, smoke="80 pages of the sample, LSA vectors, 3 topics", seeds=3)
    options = parser.parse_args(arguments)
    for corpus in _coherence.corpora(options, ("octis",)):
        fitted, fits = _coherence.fits(options, corpus)

        def chosen(fitted=fitted, fits=fits, **changed) -> tuple[list[_coherence.Found], np.ndarray]:
            params = LabelParams(**{**_coherence.LABEL, **changed})
            found = [
                label.choose_on_half(fitted, fit.clusters, counts=fit.counts, embeddings=fit.embeddings, params=params)
                for _, fit in fits
            ]
            return [held_out.terms for held_out in found], found[0].rows

        _, second = chosen()
        texts = fitted.full_texts()
        documents = [corpus.cut(texts[i]) for i in second]
        first = np.setdiff1d(np.arange(fitted.n_docs), second)
        alone = [heaviest(fit, first) for _, fit in fits]
        rows = [_coherence.row("class-based TF-IDF alone", alone, documents)]
        for weighting in label.WEIGHTINGS:
            name = f"topics, {weighting}{' (default)' if weighting == LabelParams().weighting else ''}"
            for changed, said in (({}, ""), ({"coherence_weight": 0.0}, ", coherence not looked at")):
                terms, _ = chosen(weighting=weighting, **changed)
                rows.append(_coherence.row(name + said, terms, documents))
        title = f"{corpus.name}: terms chosen on one half of {fitted.n_docs:,} documents, NPMI on the other"
        study.show(rows, title=title)


if __name__ == "__main__":
    main()
