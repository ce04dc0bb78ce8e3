"""Corpus → TermCounts: what depends on the documents alone, counted once for every way to cluster them."""

from __future__ import annotations

from collections import Counter

from topics._language import detect_language
from topics.config import LabelParams
from topics.label.inflection import join_inflections, languages_or
from topics.label.vocabulary import count_terms, stop_words_for
from topics.records import Corpus, Origin, TermCounts, library_versions

STAGE = "terms"
VERSION = 1

_LANGUAGE_SHARE = 0.02
_LANGUAGE_SAMPLE = 200


def plan_counts(params: LabelParams, corpus: Origin) -> Origin:
    """Where the counted terms of these documents would come from."""
    parameters = params.model_dump(mode="json", include={"ngram_range", "min_df", "stop_words", "inflections"})
    libraries = library_versions("numpy", "scikit-learn", "simplemma", "stop-words", "stopwordsiso", "py3langid")
    return Origin(STAGE, VERSION, parameters, (corpus.key,), libraries)


def count(corpus: Corpus, params: LabelParams) -> TermCounts:
    """How often each term stands in each document.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    params : LabelParams
        Only what says which terms are counted matters here.
    """
    spoken = Counter(corpus.languages) or _sampled_languages(corpus)
    counts, terms = count_terms(
        corpus.full_texts(),
        stop_words=_stop_words(spoken) if params.stop_words == "auto" else params.stop_words,
        ngram_range=params.ngram_range,
        min_df=max(1, min(params.min_df, corpus.n_docs // 10)),
    )
    if params.inflections == "join":
        languages = languages_or(
            corpus.documents.column("lang").to_pylist(), [language for language, _ in spoken.most_common()]
        )
        counts, terms = join_inflections(counts, terms, languages=languages)
    return TermCounts(corpus.origin.key, counts, terms, plan_counts(params, corpus.origin))


def _stop_words(spoken: Counter[str]) -> frozenset[str]:
    return stop_words_for(lang for lang, n in spoken.items() if n >= _LANGUAGE_SHARE * spoken.total())


def _sampled_languages(corpus: Corpus) -> Counter[str]:
    """Languages of documents spread evenly over the corpus, where none is known."""
    texts = corpus.documents.column("text")
    step = max(1, corpus.n_docs // _LANGUAGE_SAMPLE)
    found = (detect_language(texts[i].as_py()) for i in range(0, corpus.n_docs, step))
    return Counter(lang for lang in found if lang)
