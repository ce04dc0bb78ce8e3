"""Texts → lexical vectors, without a model and in any language: counts, TF-IDF, SVD."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from topics._blocks import one_thread
from topics._say import count, verb
from topics.config import EmbedParams
from topics.embed._protocol import Encoded
from topics.errors import InputError
from topics.records import library_versions
from topics.text import caseless, plain, unhyphenated
from topics.text._scripts import UNSPACED

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

# The beginning of a word stands for its inflected forms in most languages with spaces; truncation does about as well as
# a stemmer for each language (McNamee and Mayfield 2004).
_STEM_LETTERS = 5
_VERSION = 3  # of the counting of words
_WORD = rf"[{UNSPACED}]+|[\p{{L}}--[{UNSPACED}]][[\p{{L}}\p{{M}}\p{{N}}]--[{UNSPACED}]]*"

_MIN_FOR_LIMITS = 20  # not tuned: with fewer texts the two limits leave too few words
_MIN_DOCUMENTS = 2  # a word of one text says nothing about another
_MAX_SHARE = 0.5  # not tuned: a word of most texts is no subject
_MAX_STEMS = 100_000  # not tuned: bounds memory
_POWER_ITERATIONS = 5  # not tuned: as scikit-learn's TruncatedSVD
_MIN_DIMENSIONS = 16  # not tuned: dimensions for texts without words, enough for distinct random directions
MIN_LENGTH = 1e-4  # not tuned: less is rounding


class LsaEncoder:
    """Latent semantic analysis: TF-IDF of word beginnings, then SVD (Deerwester et al. 1990).

    Every vector depends on all texts, so the corpus is embedded as a whole.

    Parameters
    ----------
    params : EmbedParams
        ``lexical_components`` is used.
    """

    shard_rows = None

    def __init__(self, params: EmbedParams) -> None:
        self.params = params
        self._last: tuple[tuple[str, ...], Directions] | None = None

    @property
    def identity(self) -> Mapping[str, Any]:
        """Number of components, version of the counting, and versions of the libraries."""
        return {
            "kind": "lsa",
            "version": _VERSION,
            "n_components": self.params.lexical_components,
            "libraries": library_versions("scikit-learn", "scipy", "regex"),
        }

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Vectors (n_texts, n_components or fewer) of unit length.

        A text without counted words is similar to no other: its vector is a random direction of its own. The share that
        was seen is 0 for such a text and 1 for all others.
        """
        if not len(texts):
            raise InputError("expected at least one text, got none")
        vectors, directions = self._analyze(texts)
        self._last = (tuple(texts), directions)
        wordless = np.flatnonzero(np.logical_not(vectors.any(axis=1))).tolist()
        for row in wordless:
            vectors[row] = random_direction(texts[row], vectors.shape[1])
        seen = np.ones(len(texts), dtype=np.float32)
        seen[wordless] = 0.0
        notes: tuple[str, ...] = ()
        if wordless:
            share = f"{len(wordless)} of {count(len(texts), 'document')}"
            has, are = verb(len(wordless), "has", "have"), verb(len(wordless), "it is", "they are")
            notes = (f"{share} {has} no words in common with others: by words, {are} similar to none",)
        return Encoded(vectors, seen, notes)

    def directions(self, texts: Sequence[str]) -> Directions:
        """What places further texts among these: no work where these were encoded last.

        Parameters
        ----------
        texts : sequence of str
            Those of the corpus.
        """
        if self._last is None or self._last[0] != tuple(texts):
            self._last = (tuple(texts), self._analyze(texts)[1])
        return self._last[1]

    def _analyze(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], Directions]:
        counts, stems = count_named_stems(texts)
        vectors, components = decompose(tfidf(counts), n_components=self.params.lexical_components)
        return vectors, Directions(stems, inverse_frequencies(counts), components)


def random_direction(text: str, n_dims: int) -> NDArray[np.float64]:
    """A direction that is a text's own, shape (n_dims,).

    Parameters
    ----------
    text : str
        Without counted words.
    n_dims : int
        Number of dimensions.
    """
    seed = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    return np.random.default_rng(seed).normal(size=n_dims)


class Directions(NamedTuple):
    """The words of a corpus, and where each points.

    Attributes
    ----------
    stems : tuple of str
        Word beginnings, sorted.
    inverse : numpy.ndarray of float64, shape (n_stems,)
        Weight of each, the greater the fewer texts have it.
    components : numpy.ndarray of float64, shape (n_stems, n_components)
        Leading right singular vectors.
    """

    stems: tuple[str, ...]
    inverse: NDArray[np.float64]
    components: NDArray[np.float64]


def count_stems(texts: Sequence[str]) -> csr_array:
    """Counts of shape (n_texts, n_stems), float32: occurrences of each word beginning in each text.

    Scripts without spaces are counted by pairs of characters. With 20 texts or more, stems that occur in only one text
    or in more than half of them are left out.

    Parameters
    ----------
    texts : sequence of str
        One text per document.
    """
    return count_named_stems(texts)[0]


def stemmer() -> Callable[[str], list[str]]:
    """What gives the word beginnings of a text, in order; pairs of characters in scripts without spaces."""
    import regex

    words, unspaced = regex.compile(_WORD, regex.V1), regex.compile(f"[{UNSPACED}]")

    def stems(text: str) -> list[str]:
        text = caseless(plain(text))
        every = words.findall(text)
        if text.isascii():
            return [word[:_STEM_LETTERS] for word in every]
        parts = []
        for word in every:
            if unspaced.match(word):
                parts += [word[i : i + 2] for i in range(max(1, len(word) - 1))]
            else:
                parts.append(word[:_STEM_LETTERS])
        return parts

    return stems


def count_named_stems(texts: Sequence[str]) -> tuple[csr_array, tuple[str, ...]]:
    """The counts of :func:`count_stems`, and the stem of each column.

    Parameters
    ----------
    texts : sequence of str
        One text per document.
    """
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import CountVectorizer

    many = len(texts) >= _MIN_FOR_LIMITS
    counter = CountVectorizer(
        analyzer=stemmer(), min_df=_MIN_DOCUMENTS if many else 1, max_df=_MAX_SHARE if many else 1.0,
        max_features=_MAX_STEMS, dtype=np.float32,
    )  # fmt: skip
    try:
        counts = csr_array(counter.fit_transform(unhyphenated(texts)))
        return counts, tuple(counter.get_feature_names_out().tolist())
    except ValueError:  # no stem is left
        return csr_array((len(texts), 0), dtype=np.float32), ()


def tfidf(counts: csr_array) -> csr_array:
    """Rows of unit length: ``(1 + ln count) * (1 + ln((1 + n) / (1 + df)))``; rows without stems stay zero.

    Parameters
    ----------
    counts : scipy.sparse.csr_array of shape (n_texts, n_stems)
        Counts ≥ 0.
    """
    from scipy.sparse import csr_array, diags_array

    inverse = inverse_frequencies(counts)
    weighted = csr_array((1.0 + np.log(counts.data), counts.indices, counts.indptr), shape=counts.shape)
    weighted = csr_array(weighted @ diags_array(inverse))
    lengths = np.sqrt(weighted.multiply(weighted).sum(axis=1))
    scaled = diags_array(1.0 / np.maximum(lengths, np.finfo(np.float32).tiny)) @ weighted
    return csr_array(scaled, dtype=np.float32)


def inverse_frequencies(counts: csr_array) -> NDArray[np.float64]:
    """Weight of each stem, ``1 + ln((1 + n) / (1 + df))``, shape (n_stems,).

    Parameters
    ----------
    counts : scipy.sparse.csr_array of shape (n_texts, n_stems)
        Counts ≥ 0.
    """
    frequencies = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.asarray(1.0 + np.log((1.0 + counts.shape[0]) / (1.0 + frequencies)))


def project(weighted: csr_array, *, n_components: int) -> NDArray[np.float32]:
    """Unit rows on the leading singular vectors (n_texts, n_components or fewer); empty rows are zero.

    Parameters
    ----------
    weighted : scipy.sparse.csr_array of shape (n_texts, n_stems)
        TF-IDF weights.
    n_components : int
        Number of components; reduced to what the shape allows.
    """
    return decompose(weighted, n_components=n_components)[0]


def decompose(weighted: csr_array, *, n_components: int) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """What :func:`project` gives, and the leading right singular vectors, shape (n_stems, n_components or fewer).

    Parameters
    ----------
    weighted, n_components
        As for :func:`project`.
    """
    from sklearn.utils.extmath import randomized_svd

    n_components = min(n_components, *weighted.shape)
    if n_components == 0:
        return np.zeros((weighted.shape[0], _MIN_DIMENSIONS), dtype=np.float32), np.zeros((weighted.shape[1], 0))
    with one_thread():
        left, strengths, right = randomized_svd(weighted, n_components, n_iter=_POWER_ITERATIONS, random_state=0)
    rows = left * strengths
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    kept = (lengths > MIN_LENGTH) & (np.diff(weighted.indptr) > 0)[:, None]
    unit: NDArray[np.float32] = np.where(kept, rows / np.where(kept, lengths, 1), 0).astype(np.float32)
    return unit, np.asarray(right.T, dtype=np.float64)
