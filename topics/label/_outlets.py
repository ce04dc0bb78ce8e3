"""Names and habits of outlets, which are not terms of what they publish."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from topics.label._words import GAP, words_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_GENERIC = frozenset(
    {"com", "digital", "international", "magazine", "media", "news", "online", "opinion", "radio", "the", "tv", "web"}
)
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "net", "org"})
_BY_CHANCE = 0.001  # not tuned: a strict probability, since thousands of terms are tested
_IN_BRACKETS = re.compile(r"\([^()]*\)")


def outlet_names(source: str) -> frozenset[str]:
    """The terms that name an outlet: its name, with and without words such as "news", its initials, or its site.

    Parameters
    ----------
    source : str
        A name or a domain.

    Examples
    --------
    >>> sorted(outlet_names("BBC News (Web)")), sorted(outlet_names("www.reuters.co.uk"))
    (['bbc', 'bbc news'], ['reuters'])
    >>> sorted(outlet_names("The New York Times"))
    ['new york times', 'nyt']
    """
    name = source.strip().lower()
    if _DOMAIN.fullmatch(name):
        labels = [label for label in name.split(".") if label != "www"][:-1] or [name]
        if len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
            labels.pop()
        return frozenset({labels[-1]})
    words = [word for word in words_of(_IN_BRACKETS.sub(" ", name)) if word != GAP]
    words = words[1:] if words[:1] == ["the"] else words
    own = [word for word in words if word not in _GENERIC]
    names = {" ".join(words), " ".join(own)}
    if len(words) > 2:
        names.add("".join(word[0] for word in words))
    return frozenset(names - {""} - _GENERIC)


def drop_outlet_names(counts: csr_array, terms: Sequence[str], *, sources: Sequence[str | None]) -> csr_array:
    """The counts without the names of each document's own outlet.

    Parameters
    ----------
    counts : scipy.sparse.csr_array of int, shape (n_docs, n_terms)
        Occurrences of each term in each document.
    terms : sequence of str
        The counted terms.
    sources : sequence of str or None
        Outlet of each document.
    """
    from scipy.sparse import csr_array

    column = {term: i for i, term in enumerate(terms)}
    known = sorted({source for source in sources if source})
    number = {source: i for i, source in enumerate(known)}
    own = [
        number[source] * len(terms) + column[name]
        for source in known
        for name in outlet_names(source)
        if name in column
    ]
    if not own:
        return counts
    of_row = np.array([number[source] if source else -1 for source in sources], dtype=np.int64)
    of_cell = np.repeat(of_row, np.diff(counts.indptr))
    is_own_name = (of_cell >= 0) & np.isin(of_cell * len(terms) + counts.indices, own)
    left = csr_array(
        (np.where(is_own_name, 0, counts.data), counts.indices.copy(), counts.indptr.copy()), shape=counts.shape
    )
    left.eliminate_zeros()
    return left


def find_outlet_habits(
    weights: csr_array, presence: csr_array, *, members: csr_array, sources: Sequence[str | None]
) -> NDArray[np.bool_]:
    """Whether each stored term of a topic is a habit of one outlet while others write about the same topic.

    Names of columns and columnists are examples. A term is a habit if all of the topic's documents with it are from one
    outlet and the probability of that by chance, given the outlet's share of the topic, is below one in a thousand.

    Parameters
    ----------
    weights : scipy.sparse.csr_array, shape (n_topics, n_terms)
        Weights of the terms; every stored one is tested.
    presence : scipy.sparse.csr_array, shape (n_docs, n_terms)
        Ones where a term occurs in a document.
    members : scipy.sparse.csr_array, shape (n_topics, n_docs)
        Ones where a document is in a topic.
    sources : sequence of str or None
        Outlet of each document.
    """
    from scipy.sparse import csr_array

    n_topics, n_terms = weights.shape
    names, source = np.unique(np.array([name or "" for name in sources]), return_inverse=True)
    if len(names) < 2 or not n_topics:
        return np.zeros(len(weights.data), dtype=bool)
    inside = members.tocoo()
    group = inside.row.astype(np.int64) * len(names) + source[inside.col]
    ones = np.ones(len(group), dtype=np.float32)
    groups = csr_array((ones, (group, inside.col)), shape=(n_topics * len(names), members.shape[1]))
    n_docs = csr_array(groups @ presence)
    size = np.asarray(groups.sum(axis=1)).ravel()
    share = size / np.repeat(np.maximum(size.reshape(n_topics, -1).sum(axis=1), 1), len(names))
    known = np.tile(names != "", n_topics)  # an unknown source may be several outlets
    is_habit = np.zeros(len(weights.data), dtype=bool)
    for topic in range(n_topics):
        first, last = topic * len(names), (topic + 1) * len(names)
        cells = slice(n_docs.indptr[first], n_docs.indptr[last])
        columns = n_docs.indices[cells]
        row = np.repeat(np.arange(first, last), np.diff(n_docs.indptr[first : last + 1]))
        alone = (np.bincount(columns, minlength=n_terms)[columns] == 1) & known[row]  # from one outlet in this topic
        by_chance = share[row[alone]] ** n_docs.data[cells][alone]
        habits = np.zeros(n_terms, dtype=bool)
        habits[columns[alone][by_chance < _BY_CHANCE]] = True
        own = slice(weights.indptr[topic], weights.indptr[topic + 1])
        is_habit[own] = habits[weights.indices[own]]
    return is_habit
