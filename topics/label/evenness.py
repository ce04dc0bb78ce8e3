"""Words that are as frequent in one topic as in another say nothing of any: judged once the topics are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from topics.label.selection import LEAST_RATIO
from topics.label.stop_words import stop_words_for, widespread
from topics.label.words import GAP, words_of
from topics.records import Corpus, TermCounts
from topics.text import has_stop_words, named_languages
from topics.text.detection import detect_language

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_MEAN_SHARE = 0.5  # of a topic's documents
_LOOKED_AT = 0.25  # less cannot be half of them on the mean, but for topics that hardly hold the term
_EVEN = 0.9  # of two topics, one with 2.6 times the frequency of the other
_EXPECTED = 3  # occurrences that a topic would have were the term even; with fewer its absence tells nothing
_TOPIC_SHARE = 0.1
_TOPIC_DOCUMENTS = 2
_COMMON = 0.1
_FEW_TERMS = 4  # as a label has
_BY_LOT = 2  # standard deviations
_COVERED = 0.15  # of words; 30 to 55 % in four languages of SIB-200, 6 to 12 % where words are invented
_SAMPLE = 50  # documents
_TOPIC_SAMPLE = 20
_NEARLY_ALL = 0.95
_MOST = 0.8
UNTOLD = "?"  # a language that is not known, and one


def judge_terms(
    counted: TermCounts, corpus: Corpus, *, labels: NDArray[np.int32]
) -> tuple[TermCounts, list[str | None]]:
    """The counts without the terms that tell of no topic, and the language within which each document is compared.

    Where the user's own list of stop words stands instead of the kept ones, the counts are as they were.

    Parameters
    ----------
    counted : TermCounts
        The documents' terms.
    corpus : Corpus
        The documents.
    labels : numpy.ndarray of int32, shape (n_docs,)
        Topic of each document.

    Returns
    -------
    counted : TermCounts
        The same terms, those that tell nothing without occurrences.
    languages : list of str or None
        Empty where it is unknown; None where the topics of a language are too much alike to be compared.
    """
    languages = _spoken(corpus, labels)
    given = counted.origin.parameters.get("stop_words", "auto")
    if not isinstance(given, str) and named_languages(tuple(given)) is None:
        return counted, list(languages)
    known = _surely_known(languages, labels)
    alone = len(set(languages)) == 1 and set(languages) <= known  # nothing is to be judged with it
    unlisted = frozenset[str]() if alone else _unlisted_languages(corpus, languages)
    unknown = unlisted - known
    counts, alike = without_even(counted.counts, labels, languages=languages, unlisted=unlisted, unknown=unknown)
    pooled = [UNTOLD if language in unlisted else language for language in languages]
    return replace(counted, counts=counts), [None if language in alike else language for language in pooled]


def without_even(
    counts: csr_array,
    labels: NDArray[np.int32],
    *,
    languages: Sequence[str],
    unlisted: Set[str] = frozenset(),
    unknown: Set[str] = frozenset(),
) -> tuple[csr_array, frozenset[str]]:
    """The counts without the terms that most documents hold, of one topic as of another; and what could not be judged.

    A language is judged on its own, by the topics that its documents are in: two of them at the least, each with a
    tenth of its documents in that language. Barred are the terms that stand in more than half of a topic's
    documents, on the mean of the topics, and are spread over these evenly: the perplexity of their frequencies is
    at least 0.9 of the number of topics, of which those that are too short to tell are left out. So a topic that
    most documents are of keeps its words. Where the documents of a language are of one topic, or of topics that
    hardly differ, nothing can be told: frequent terms stay, unless they are barred in the language that most of the
    documents with them are in.

    Parameters
    ----------
    counts : scipy.sparse.csr_array of int, shape (n_docs, n_terms)
        Occurrences, stop words left out.
    labels : numpy.ndarray of int32, shape (n_docs,)
        Topic of each document; noise is of none.
    languages : sequence of str
        Of the documents.
    unlisted : set of str
        Languages that no list of stop words fits: they are judged together as well, for they may be one.
    unknown : set of str
        Those of them that are no language that is known: where nothing is found to be even they lose the terms that are
        scattered over most documents as if by chance.

    Returns
    -------
    counts : scipy.sparse.csr_array of int, shape (n_docs, n_terms)
        Fewer occurrences of the same terms.
    alike : frozenset of str
        Languages whose topics hardly differ.
    """
    from scipy.sparse import csr_array

    if not counts.shape[0]:
        return counts, frozenset()
    codes, of_doc = np.unique(np.array(languages, dtype=object), return_inverse=True)
    n_terms = counts.shape[1]
    of_cell = np.repeat(of_doc, np.diff(counts.indptr))
    held = np.stack([np.bincount(counts.indices[of_cell == i], minlength=n_terms) for i in range(len(codes))])
    barred = np.zeros((len(codes), n_terms), dtype=bool)
    judged = np.zeros(len(codes), dtype=bool)
    alike: set[str] = set()
    pooled = np.flatnonzero(np.isin(codes, sorted(unlisted)))  # a language that none fits is taken for several others
    groups = [[i] for i in range(len(codes))] + ([pooled.tolist()] if len(pooled) > 1 else [])
    for group in groups:
        docs = np.flatnonzero(np.isin(of_doc, group))
        topics = _spanning(labels, np.isin(of_doc, group))
        if len(topics) < 2:
            continue
        docs = docs[np.isin(labels[docs], topics)]
        own, topic = csr_array(counts[docs]), np.searchsorted(topics, labels[docs])
        columns = np.flatnonzero(held[group].sum(axis=0) > _LOOKED_AT * len(docs))
        even = columns[_even(own, columns, topic=topic)]
        if len(even) and len(group) == 1 and codes[group[0]] not in unknown and _hardly_differ(own, topic, even=even):
            alike.add(codes[group[0]])
            continue
        judged[group] = True
        barred[np.array(group)[:, None], even] = True
    for i in np.flatnonzero(np.isin(codes, sorted(unknown))).tolist():
        if not barred[i].any():
            docs = np.flatnonzero(of_doc == i)
            barred[i, widespread(csr_array(counts[docs]), np.asarray(counts[docs].sum(axis=1)).ravel())] = True
    if judged.any() and not judged.all():
        main = held.argmax(axis=0)
        barred[~judged] |= barred[main, np.arange(n_terms)] & judged[main]
    if not barred.any():
        return counts, frozenset(alike)
    kept = np.where(barred[of_cell, counts.indices], 0, counts.data)
    left = csr_array((kept, counts.indices.copy(), counts.indptr.copy()), shape=counts.shape)
    left.eliminate_zeros()
    return left, frozenset(alike)


def _spanning(labels: NDArray[np.int32], spoken: NDArray[np.bool_]) -> NDArray[np.int32]:
    """The topics that enough documents of a language are in."""
    sizes = np.bincount(labels[labels >= 0])
    own = np.bincount(labels[(labels >= 0) & spoken], minlength=len(sizes))
    found: NDArray[np.int32] = np.flatnonzero((own >= _TOPIC_DOCUMENTS) & (own >= _TOPIC_SHARE * sizes)).astype(
        np.int32
    )
    return found


def _even(counts: csr_array, columns: NDArray[np.intp], *, topic: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether each of these terms is frequent and even over the topics of documents."""
    n_topics, n_columns = int(topic.max()) + 1, len(columns)
    place = np.full(counts.shape[1], -1)
    place[columns] = np.arange(n_columns)
    row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    among = place[counts.indices] >= 0
    key = topic[row[among]] * n_columns + place[counts.indices[among]]
    often = np.bincount(key, weights=counts.data[among], minlength=n_topics * n_columns).reshape(n_topics, n_columns)
    held = np.bincount(key, minlength=n_topics * n_columns).reshape(n_topics, n_columns)
    sizes = np.bincount(topic, minlength=n_topics)[:, None]
    words = np.bincount(topic, weights=np.asarray(counts.sum(axis=1)).ravel(), minlength=n_topics)[:, None]
    tells = often.sum(axis=0) / max(words.sum(), 1) * words >= _EXPECTED
    n_tell = tells.sum(axis=0)
    rates = np.where(tells, often / np.maximum(words, 1), 0)
    parts = rates / np.maximum(rates.sum(axis=0), np.finfo(float).tiny)
    spread = np.exp(-(parts * np.log(np.where(parts > 0, parts, 1))).sum(axis=0))
    share = np.where(tells, held / sizes, 0).sum(axis=0) / np.maximum(n_tell, 1)
    found: NDArray[np.bool_] = (n_tell > 1) & (share > _MEAN_SHARE) & (spread >= _EVEN * n_tell)
    return found


def _hardly_differ(counts: csr_array, topic: NDArray[np.intp], *, even: NDArray[np.intp]) -> bool:
    """Whether no topic of documents has a few terms of its own among those that a tenth of it holds.

    Its own are terms that are not even, and in more of its documents than by chance, were the topics drawn by lot
    (mean and variance of the hypergeometric distribution): of many terms each small topic has some more often.
    """
    from scipy.sparse import csr_array

    n_docs, n_topics = counts.shape[0], int(topic.max()) + 1
    members = csr_array((np.ones(n_docs), (topic, np.arange(n_docs))), shape=(n_topics, n_docs))
    presence = csr_array((np.ones(len(counts.data)), counts.indices, counts.indptr), shape=counts.shape)
    held = csr_array(members @ presence)
    row = np.repeat(np.arange(n_topics), np.diff(held.indptr))
    sizes = np.bincount(topic, minlength=n_topics)[row]
    everywhere = np.bincount(counts.indices, minlength=counts.shape[1])[held.indices]
    frequent = held.data >= np.maximum(_COMMON * sizes, _TOPIC_DOCUMENTS)
    ratio = held.data / sizes >= LEAST_RATIO * (everywhere - held.data) / (n_docs - sizes)
    share = everywhere / n_docs
    by_lot = np.sqrt(sizes * share * (1 - share) * (n_docs - sizes) / (n_docs - 1))
    beyond = held.data - sizes * share >= _BY_LOT * by_lot
    own = frequent & ratio & beyond & ~np.isin(held.indices, even)
    n_own, n_frequent = (np.bincount(row[which], minlength=n_topics) for which in (own, frequent))
    return bool((n_own < np.minimum(_FEW_TERMS, n_frequent / _FEW_TERMS)).all())


def _spoken(corpus: Corpus, labels: NDArray[np.int32]) -> list[str]:
    """Language of each document, empty where it is unknown; where all are, that of nearly all of its topic's.

    A topic of which some documents are taken for one language and some for another is in none that can be told.
    """
    known = corpus.documents.column("lang").to_pylist()
    if any(known):
        return [language or "" for language in known]
    texts = corpus.documents.column("text")

    def of_most(docs: NDArray[np.intp], n: int) -> tuple[str, float]:
        some = docs[:: max(1, -(-len(docs) // n))].tolist()
        found = Counter(detect_language(texts[doc].as_py()) or "" for doc in some).most_common(1)
        return (found[0][0], found[0][1] / len(some)) if found else ("", 1.0)

    language, share = of_most(np.arange(len(labels)), _SAMPLE)
    if share >= _NEARLY_ALL:
        return [language] * len(labels)
    spoken = np.full(len(labels), "", dtype=object)
    for topic in range(int(labels.max(initial=-1)) + 1):
        docs = np.flatnonzero(labels == topic)
        language, share = of_most(docs, _TOPIC_SAMPLE)
        spoken[docs] = language if share >= _MOST else UNTOLD
    return [str(language) for language in spoken]


def _unlisted_languages(corpus: Corpus, languages: Sequence[str]) -> frozenset[str]:
    """Languages of which the kept list of stop words holds less than 15 % of the words of documents.

    Where a list fits it mostly holds a third and more; fifty documents of each language are looked at.
    """
    spoken = np.array(languages, dtype=object)
    texts = corpus.documents.column("text")
    found = set()
    for language in sorted(set(languages) - {""}):
        docs = np.flatnonzero(spoken == language)
        listed = stop_words_for([language])
        words = [
            word
            for doc in docs[:: max(1, -(-len(docs) // _SAMPLE))].tolist()
            for word in words_of(texts[doc].as_py(), language=language)
            if word != GAP
        ]
        if sum(word in listed for word in words) < _COVERED * len(words):
            found.add(language)
    return frozenset(found)


def _surely_known(languages: Sequence[str], labels: NDArray[np.int32]) -> frozenset[str]:
    """Languages with a list that most documents of a topic are in, however few function words these hold.

    Documents of a language that is not known are taken for one here and for another there.
    """
    spoken = np.array(languages, dtype=object)
    sizes = np.bincount(labels[labels >= 0])
    found = set()
    for language in set(languages) - {"", UNTOLD}:
        own = np.bincount(labels[(spoken == language) & (labels >= 0)], minlength=len(sizes))
        if has_stop_words(language) and (own >= _MOST * np.maximum(sizes, 1)).any():
            found.add(language)
    return frozenset(found)
