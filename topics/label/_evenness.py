"""Words that are as frequent in one topic as in another, which are specific to none: dropped once topics are known.

How the shares were tuned is not recorded unless it stands beside them; experiments/e09_labels.py measures what they do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from topics.label._presence import MIN_RATIO
from topics.label._stop_words import stop_words_for, widespread
from topics.label._words import GAP, words_of
from topics.records import Corpus, TermCounts
from topics.text import has_stop_words, named_languages
from topics.text._detection import detect_language

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_MEAN_SHARE = 0.5  # of a topic's documents: a term of most documents
_MIN_SHARE = 0.25  # of all documents; below it the mean share over topics can hardly reach a half
_EVEN = 0.9  # relative perplexity; that of two topics, one with 2.6 times the frequency of the other
_EXPECTED = 3  # occurrences an even term would have in a topic; with fewer its absence is chance
_TOPIC_SHARE = 0.1  # of a topic's documents in a language, from which the topic counts for it
_TOPIC_DOCUMENTS = 2  # more than one, so that no single document decides
_COMMON = 0.1  # of a topic's documents, from which a term is frequent in it
_FEW_TERMS = 4  # as many as a label shows
_BY_LOT = 2  # standard deviations beyond chance
_COVERED = 0.15  # share of stop words; 30 to 55 % in four languages of SIB-200, 6 to 12 % of invented words
# Not tuned: sample sizes that bound the time, and the majorities that a language needs in them.
_SAMPLE = 50  # documents
_TOPIC_SAMPLE = 20
_NEARLY_ALL = 0.95
_MIN_LANGUAGE_SHARE = 0.8
UNKNOWN = "?"  # one unknown language


def drop_even_terms(
    counts: TermCounts, corpus: Corpus, *, labels: NDArray[np.int32]
) -> tuple[TermCounts, list[str | None]]:
    """The counts without terms that are specific to no topic, and the language each document is compared within.

    If the user gave a list of stop words, it replaces this judgment: the counts are returned unchanged.

    Parameters
    ----------
    counts : TermCounts
        Counts of the documents' terms.
    corpus : Corpus
        The documents.
    labels : numpy.ndarray of int32, shape (n_docs,)
        Topic of each document.

    Returns
    -------
    counts : TermCounts
        The same terms; those that are specific to no topic have no occurrences.
    languages : list of str or None
        Empty string if unknown; None where the topics of a language are too similar to be compared.
    """
    languages = _document_languages(corpus, labels)
    stop_words = counts.origin.parameters.get("stop_words", "auto")
    if not isinstance(stop_words, str) and named_languages(tuple(stop_words)) is None:
        return counts, list(languages)
    known = _surely_known(languages, labels)
    alone = len(set(languages)) == 1 and set(languages) <= known  # no other language to be confused with
    unlisted = frozenset[str]() if alone else _unlisted_languages(corpus, languages)
    unknown = unlisted - known
    kept, alike = drop_even(counts.counts, labels, languages=languages, unlisted=unlisted, unknown=unknown)
    pooled = [UNKNOWN if language in unlisted else language for language in languages]
    return replace(counts, counts=kept), [None if language in alike else language for language in pooled]


def drop_even(
    counts: csr_array,
    labels: NDArray[np.int32],
    *,
    languages: Sequence[str],
    unlisted: Set[str] = frozenset(),
    unknown: Set[str] = frozenset(),
) -> tuple[csr_array, frozenset[str]]:
    """The counts without terms that are frequent in every topic alike, and the languages that could not be judged.

    Each language is judged separately, by the topics with at least a tenth of their documents in it; two are needed.
    Terms are dropped if they are in more than half of a topic's documents, averaged over topics, and are spread evenly:
    the perplexity of their frequencies is at least 0.9 of the number of topics, not counting topics that are too short
    to show it. So a topic with most of the documents keeps its words. If the documents of a language are in one
    topic, or in topics that hardly differ, nothing can be judged: frequent terms stay, unless they are dropped in the
    language of most of the documents that contain them.

    Parameters
    ----------
    counts : scipy.sparse.csr_array of int, shape (n_docs, n_terms)
        Occurrences, without stop words.
    labels : numpy.ndarray of int32, shape (n_docs,)
        Topic of each document; noise is in none.
    languages : sequence of str
        Language of each document.
    unlisted : set of str
        Languages that match no list of stop words; they are also judged together, as they may be one language.
    unknown : set of str
        Unlisted languages that are no known language. If none of their terms is even, they lose the terms that are
        scattered over most documents as if by chance.

    Returns
    -------
    counts : scipy.sparse.csr_array of int, shape (n_docs, n_terms)
        The same terms with fewer occurrences.
    alike : frozenset of str
        Languages with topics that hardly differ.
    """
    from scipy.sparse import csr_array

    if not counts.shape[0]:
        return counts, frozenset()
    codes, of_doc = np.unique(np.array(languages, dtype=object), return_inverse=True)
    n_terms = counts.shape[1]
    of_cell = np.repeat(of_doc, np.diff(counts.indptr))
    n_docs_with = np.stack([np.bincount(counts.indices[of_cell == i], minlength=n_terms) for i in range(len(codes))])
    dropped = np.zeros((len(codes), n_terms), dtype=bool)
    is_judged = np.zeros(len(codes), dtype=bool)
    alike: set[str] = set()
    pooled = np.flatnonzero(np.isin(codes, sorted(unlisted)))  # an unlisted language is detected as several others
    groups = [[i] for i in range(len(codes))] + ([pooled.tolist()] if len(pooled) > 1 else [])
    for group in groups:
        docs = np.flatnonzero(np.isin(of_doc, group))
        topics = _spanning(labels, np.isin(of_doc, group))
        if len(topics) < 2:
            continue
        docs = docs[np.isin(labels[docs], topics)]
        own, topic = csr_array(counts[docs]), np.searchsorted(topics, labels[docs])
        columns = np.flatnonzero(n_docs_with[group].sum(axis=0) > _MIN_SHARE * len(docs))
        even = columns[_even(own, columns, topic=topic)]
        if len(even) and len(group) == 1 and codes[group[0]] not in unknown and _hardly_differ(own, topic, even=even):
            alike.add(codes[group[0]])
            continue
        is_judged[group] = True
        dropped[np.array(group)[:, None], even] = True
    for i in np.flatnonzero(np.isin(codes, sorted(unknown))).tolist():
        if not dropped[i].any():
            docs = np.flatnonzero(of_doc == i)
            dropped[i, widespread(csr_array(counts[docs]), np.asarray(counts[docs].sum(axis=1)).ravel())] = True
    if is_judged.any() and not is_judged.all():
        main = n_docs_with.argmax(axis=0)
        dropped[~is_judged] |= dropped[main, np.arange(n_terms)] & is_judged[main]
    if not dropped.any():
        return counts, frozenset(alike)
    kept = np.where(dropped[of_cell, counts.indices], 0, counts.data)
    left = csr_array((kept, counts.indices.copy(), counts.indptr.copy()), shape=counts.shape)
    left.eliminate_zeros()
    return left, frozenset(alike)


def _spanning(labels: NDArray[np.int32], doc_languages: NDArray[np.bool_]) -> NDArray[np.int32]:
    """The topics with enough documents in a language."""
    sizes = np.bincount(labels[labels >= 0])
    own = np.bincount(labels[(labels >= 0) & doc_languages], minlength=len(sizes))
    result: NDArray[np.int32] = np.flatnonzero((own >= _TOPIC_DOCUMENTS) & (own >= _TOPIC_SHARE * sizes)).astype(
        np.int32
    )
    return result


def _even(counts: csr_array, columns: NDArray[np.intp], *, topic: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether each of these terms is frequent and evenly spread over the topics."""
    n_topics, n_columns = int(topic.max()) + 1, len(columns)
    place = np.full(counts.shape[1], -1)
    place[columns] = np.arange(n_columns)
    row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    among = place[counts.indices] >= 0
    key = topic[row[among]] * n_columns + place[counts.indices[among]]
    occurrences = np.bincount(key, weights=counts.data[among], minlength=n_topics * n_columns).reshape(
        n_topics, n_columns
    )
    n_docs_with = np.bincount(key, minlength=n_topics * n_columns).reshape(n_topics, n_columns)
    sizes = np.bincount(topic, minlength=n_topics)[:, None]
    words = np.bincount(topic, weights=np.asarray(counts.sum(axis=1)).ravel(), minlength=n_topics)[:, None]
    is_long_enough = occurrences.sum(axis=0) / max(words.sum(), 1) * words >= _EXPECTED
    n_long_enough = is_long_enough.sum(axis=0)
    rates = np.where(is_long_enough, occurrences / np.maximum(words, 1), 0)
    parts = rates / np.maximum(rates.sum(axis=0), np.finfo(float).tiny)
    spread = np.exp(-(parts * np.log(np.where(parts > 0, parts, 1))).sum(axis=0))
    share = np.where(is_long_enough, n_docs_with / sizes, 0).sum(axis=0) / np.maximum(n_long_enough, 1)
    result: NDArray[np.bool_] = (n_long_enough > 1) & (share > _MEAN_SHARE) & (spread >= _EVEN * n_long_enough)
    return result


def _hardly_differ(counts: csr_array, topic: NDArray[np.intp], *, even: NDArray[np.intp]) -> bool:
    """Whether no topic has a few terms of its own among those in a tenth of its documents.

    A topic's own terms are not even and are in more of its documents than by chance, had the topics been drawn by lot
    (mean and variance of the hypergeometric distribution). Of many terms, some are more frequent in any small topic.
    """
    from scipy.sparse import csr_array

    n_docs, n_topics = counts.shape[0], int(topic.max()) + 1
    members = csr_array((np.ones(n_docs), (topic, np.arange(n_docs))), shape=(n_topics, n_docs))
    presence = csr_array((np.ones(len(counts.data)), counts.indices, counts.indptr), shape=counts.shape)
    n_docs_with = csr_array(members @ presence)
    row = np.repeat(np.arange(n_topics), np.diff(n_docs_with.indptr))
    sizes = np.bincount(topic, minlength=n_topics)[row]
    everywhere = np.bincount(counts.indices, minlength=counts.shape[1])[n_docs_with.indices]
    frequent = n_docs_with.data >= np.maximum(_COMMON * sizes, _TOPIC_DOCUMENTS)
    ratio = n_docs_with.data / sizes >= MIN_RATIO * (everywhere - n_docs_with.data) / (n_docs - sizes)
    share = everywhere / n_docs
    by_lot = np.sqrt(sizes * share * (1 - share) * (n_docs - sizes) / (n_docs - 1))
    beyond = n_docs_with.data - sizes * share >= _BY_LOT * by_lot
    own = frequent & ratio & beyond & ~np.isin(n_docs_with.indices, even)
    n_own, n_frequent = (np.bincount(row[which], minlength=n_topics) for which in (own, frequent))
    return bool((n_own < np.minimum(_FEW_TERMS, n_frequent / _FEW_TERMS)).all())


def _document_languages(corpus: Corpus, labels: NDArray[np.int32]) -> list[str]:
    """Language of each document, empty if unknown; if all are, the language of nearly all documents of its topic.

    A topic whose documents are detected as several languages has an unknown language.
    """
    known = corpus.documents.column("lang").to_pylist()
    if any(known):
        return [language or "" for language in known]
    texts = corpus.documents.column("text")

    def of_most(docs: NDArray[np.intp], n: int) -> tuple[str, float]:
        some = docs[:: max(1, -(-len(docs) // n))].tolist()
        result = Counter(detect_language(texts[doc].as_py()) or "" for doc in some).most_common(1)
        return (result[0][0], result[0][1] / len(some)) if result else ("", 1.0)

    language, share = of_most(np.arange(len(labels)), _SAMPLE)
    if share >= _NEARLY_ALL:
        return [language] * len(labels)
    doc_languages = np.full(len(labels), "", dtype=object)
    for topic in range(int(labels.max(initial=-1)) + 1):
        docs = np.flatnonzero(labels == topic)
        language, share = of_most(docs, _TOPIC_SAMPLE)
        doc_languages[docs] = language if share >= _MIN_LANGUAGE_SHARE else UNKNOWN
    return [str(language) for language in doc_languages]


def _unlisted_languages(corpus: Corpus, languages: Sequence[str]) -> frozenset[str]:
    """Languages whose list of stop words covers less than 15 % of the words of fifty of their documents.

    A list of the right language mostly covers a third or more.
    """
    doc_languages = np.array(languages, dtype=object)
    texts = corpus.documents.column("text")
    result = set()
    for language in sorted(set(languages) - {""}):
        docs = np.flatnonzero(doc_languages == language)
        listed = stop_words_for([language])
        words = [
            word
            for doc in docs[:: max(1, -(-len(docs) // _SAMPLE))].tolist()
            for word in words_of(texts[doc].as_py(), language=language)
            if word != GAP
        ]
        if sum(word in listed for word in words) < _COVERED * len(words):
            result.add(language)
    return frozenset(result)


def _surely_known(languages: Sequence[str], labels: NDArray[np.int32]) -> frozenset[str]:
    """Languages with a list of stop words that most documents of some topic are in, whatever the list covers.

    Documents in an unknown language are detected as one language here and another there.
    """
    doc_languages = np.array(languages, dtype=object)
    sizes = np.bincount(labels[labels >= 0])
    result = set()
    for language in set(languages) - {"", UNKNOWN}:
        own = np.bincount(labels[(doc_languages == language) & (labels >= 0)], minlength=len(sizes))
        if has_stop_words(language) and (own >= _MIN_LANGUAGE_SHARE * np.maximum(sizes, 1)).any():
            result.add(language)
    return frozenset(result)
