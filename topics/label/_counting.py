"""Corpus → TermCounts: term counts, which depend on the documents alone and serve every way to cluster them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from topics.config import LabelParams
from topics.graph import stage
from topics.label._inflection import fill_languages, join_inflections
from topics.label._outlets import drop_outlet_names
from topics.label._stop_words import function_words_for, stop_words_for
from topics.label._vocabulary import Reader, count_terms
from topics.label._words import can_segment, is_unspaced
from topics.records import Corpus, Origin, TermCounts
from topics.text import fold, named_languages, unhyphenated
from topics.text._detection import detect_language

VERSION = 5

# Not tuned.
_LANGUAGE_SHARE = 0.02  # of the documents, from which a language's stop words count; less may be errors of detection
_LANGUAGE_SAMPLE = 200  # documents whose language is detected if none is known: enough to see a share of 2 %
_UNSPACED_SHARE = 0.01  # of the terms, from which a note advises the segmenter


@stage(
    "terms", TermCounts, version=VERSION, reads=("ngram_range", "min_df", "stop_words", "inflections"), threads="one",
    libraries=("numpy", "scikit-learn", "simplemma", "stop-words", "stopwordsiso", "py3langid", "babel", "icu4py"),
    determinism="bytes",
)  # fmt: skip
def count(origin: Origin, corpus: Corpus, params: LabelParams) -> TermCounts:
    """Number of occurrences of each term in each document.

    Terms are words and collocations without stop words, with inflected forms joined. An outlet's names are left out of
    its own documents. Words that are in most documents are counted: only the topics show whether they are specific.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    params : LabelParams
        ``ngram_range``, ``min_df``, ``stop_words`` and ``inflections`` are used.
    """
    n_docs = Counter(corpus.languages) or _sampled_languages(corpus)
    common = [language for language, n in n_docs.items() if n >= _LANGUAGE_SHARE * n_docs.total()]
    known = corpus.documents.column("lang").to_pylist()
    stop_words: frozenset[str] | dict[str, frozenset[str]]
    function_words: frozenset[str] | dict[str, frozenset[str]]
    named = None if params.stop_words == "auto" else named_languages(params.stop_words)
    if named is None and params.stop_words != "auto":
        words = [fold(word, language=language) for word in params.stop_words for language in ("en", "tr")]
        stop_words = function_words = frozenset(words)
    elif named is not None:
        stop_words, function_words = stop_words_for(named), function_words_for(named)
    elif any(known):
        stop_words = {language: stop_words_for([language]) for language in common}
        function_words = {language: function_words_for([language]) for language in common}
    else:
        stop_words, function_words = stop_words_for(common), function_words_for(common)
    counts, forms = count_terms(
        corpus.full_texts(),
        stop_words=stop_words,
        function_words=function_words,
        ngram_range=params.ngram_range,
        min_df=max(1, min(params.min_df, corpus.n_docs // 10)),
        languages=known,
    )
    languages = fill_languages(known, [language for language, _ in n_docs.most_common()])
    terms, form_terms = forms, np.arange(len(forms))
    if params.inflections == "join":
        counts, terms, form_terms = join_inflections(counts, forms, languages=languages)
    counts = drop_outlet_names(counts, terms, sources=corpus.documents.column("source").to_pylist())
    notes = [*_notes(terms), *_stop_words_notes(params, named)]
    return TermCounts(corpus.origin.key, counts, terms, forms, form_terms, replace(origin, notes=tuple(notes)))


def reader_of(forms: Sequence[str]) -> Reader:
    """A reader of the counted forms of terms, for any text.

    Parameters
    ----------
    forms : sequence of str
        Of :class:`topics.records.TermCounts`.
    """
    return Reader(stop_words=(), collocations=[form.split(" ") for form in forms if " " in form])


def read_terms(texts: Sequence[str], counts: TermCounts) -> list[list[str]]:
    """The terms of each text in order, with each form replaced by its term; words that are no terms stay.

    Other documents read this way can serve as a reference for the coherence of the terms.

    Parameters
    ----------
    texts : sequence of str
        Texts of any documents.
    counts : TermCounts
        Counts with the terms to read.
    """
    shown = {form: counts.terms[column] for form, column in zip(counts.forms, counts.form_terms, strict=True)}
    reader = reader_of(counts.forms)
    return [[shown.get(form, form) for form in reader.read(text)] for text in unhyphenated(texts)]


def _notes(terms: Sequence[str]) -> Iterator[str]:
    n_unspaced = sum(is_unspaced(term) for term in terms)
    if not can_segment() and n_unspaced > _UNSPACED_SHARE * len(terms):
        yield (
            f"{n_unspaced} of {len(terms)} terms are in scripts written without spaces and were cut into pairs of "
            'characters; pip install "topics[segmentation]" to split them into words'
        )


def _stop_words_notes(params: LabelParams, named: Sequence[str] | None) -> Iterator[str]:
    """How a list of stop words was read, if it may be meant otherwise."""
    if isinstance(params.stop_words, str):
        return
    if named:
        yield f"stop_words {list(params.stop_words)} were read as languages: {', '.join(named)}"
    languages = [word for word in params.stop_words if len(word) > 3 and named_languages((word,))]
    if named is None and languages:
        name = repr(languages[0])
        yield f"{name} in stop_words was read as a word; stop_words = {name} uses that language's list"


def _sampled_languages(corpus: Corpus) -> Counter[str]:
    """Detected languages of a sample spread evenly over the corpus, for documents of unknown language."""
    texts = corpus.documents.column("text")
    step = max(1, corpus.n_docs // _LANGUAGE_SAMPLE)
    languages = (detect_language(texts[i].as_py()) for i in range(0, corpus.n_docs, step))
    return Counter(lang for lang in languages if lang)
