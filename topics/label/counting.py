"""Corpus → TermCounts: what depends on the documents alone, counted once for every way to cluster them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from topics.config import LabelParams
from topics.graph import stage
from topics.label.inflection import join_inflections, languages_or
from topics.label.outlets import without_outlets
from topics.label.stop_words import function_words_for, stop_words_for
from topics.label.vocabulary import Reader, count_terms
from topics.label.words import can_segment, is_unspaced
from topics.records import Corpus, Origin, TermCounts
from topics.text import fold, named_languages, unhyphenated
from topics.text.detection import detect_language

VERSION = 4

_LANGUAGE_SHARE = 0.02
_LANGUAGE_SAMPLE = 200
_UNSPACED_SHARE = 0.01


@stage(
    "terms", TermCounts, version=VERSION, reads=("ngram_range", "min_df", "stop_words", "inflections"), threads="one",
    libraries=("numpy", "scikit-learn", "simplemma", "stop-words", "stopwordsiso", "py3langid", "babel", "icu4py"),
)  # fmt: skip
def count(origin: Origin, corpus: Corpus, params: LabelParams) -> TermCounts:
    """How often each term stands in each document.

    Terms are words and collocations without stop words, inflected forms joined. Left out are an outlet's names in its
    own documents. Words that are in most documents stay: whether they say something is known when the topics are.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    params : LabelParams
        Only what says which terms are counted matters here.
    """
    spoken = Counter(corpus.languages) or _sampled_languages(corpus)
    common = [language for language, n in spoken.items() if n >= _LANGUAGE_SHARE * spoken.total()]
    known = corpus.documents.column("lang").to_pylist()
    stop_words: frozenset[str] | dict[str, frozenset[str]]
    function_words: frozenset[str] | dict[str, frozenset[str]]
    named = None if params.stop_words == "auto" else named_languages(params.stop_words)
    if named is None and params.stop_words != "auto":
        given = [fold(word, language=language) for word in params.stop_words for language in ("en", "tr")]
        stop_words = function_words = frozenset(given)
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
    languages = languages_or(known, [language for language, _ in spoken.most_common()])
    terms, form_terms = forms, np.arange(len(forms))
    if params.inflections == "join":
        counts, terms, form_terms = join_inflections(counts, forms, languages=languages)
    counts = without_outlets(counts, terms, sources=corpus.documents.column("source").to_pylist())
    notes = [*_notes(terms), *_say_stop_words(params, named)]
    return TermCounts(corpus.origin.key, counts, terms, forms, form_terms, replace(origin, notes=tuple(notes)))


def reader_of(counted: TermCounts) -> Reader:
    """What reads the counted forms of terms in any text.

    Parameters
    ----------
    counted : TermCounts
        As :func:`count` gives them.
    """
    return Reader(stop_words=(), collocations=[form.split(" ") for form in counted.forms if " " in form])


def read_terms(texts: Sequence[str], counted: TermCounts) -> list[list[str]]:
    """The terms of each text in order, each form as its term; what was not counted is left as it stands.

    Other documents read so are a reference that the terms' coherence can be measured on.

    Parameters
    ----------
    texts : sequence of str
        Of any documents.
    counted : TermCounts
        Says which terms there are.
    """
    shown = {form: counted.terms[column] for form, column in zip(counted.forms, counted.form_terms, strict=True)}
    reader = reader_of(counted)
    return [[shown.get(form, form) for form in reader.read(text)] for text in unhyphenated(texts)]


def _notes(terms: Sequence[str]) -> Iterator[str]:
    n_unspaced = sum(is_unspaced(term) for term in terms)
    if not can_segment() and n_unspaced > _UNSPACED_SHARE * len(terms):
        yield (
            f"{n_unspaced} of {len(terms)} terms are of scripts written without spaces and were cut in pairs of "
            'characters; pip install "topics[segmentation]" finds their words'
        )


def _say_stop_words(params: LabelParams, named: Sequence[str] | None) -> Iterator[str]:
    """How a list of stop words was taken, where it may be meant otherwise."""
    if isinstance(params.stop_words, str):
        return
    if named:
        yield f"stop_words {list(params.stop_words)} were taken as languages: {', '.join(named)}"
    languages = [word for word in params.stop_words if len(word) > 3 and named_languages((word,))]
    if named is None and languages:
        yield f"{languages[0]!r} in stop_words was taken as a word; stop_words = {languages[0]!r} takes that language's"


def _sampled_languages(corpus: Corpus) -> Counter[str]:
    """Languages of documents spread evenly over the corpus, where none is known."""
    texts = corpus.documents.column("text")
    step = max(1, corpus.n_docs // _LANGUAGE_SAMPLE)
    found = (detect_language(texts[i].as_py()) for i in range(0, corpus.n_docs, step))
    return Counter(lang for lang in found if lang)
