"""Texts → vectors of their words, without weights and in any language: counts, TF-IDF, SVD."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics._blocks import one_thread
from topics._say import count, verb
from topics.config import EmbedParams
from topics.embed.protocol import Encoded
from topics.errors import InputError
from topics.records import library_versions
from topics.text import caseless, plain, unhyphenated

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

# The beginnings of words stand for their inflected forms in most languages that write with spaces; truncation does
# about as well there as stemming made for each (McNamee and Mayfield 2004).
_STEM_LETTERS = 5
_VERSION = 2  # of how words are counted
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_WORD = rf"[{_UNSPACED}]+|[\p{{L}}--[{_UNSPACED}]][[\p{{L}}\p{{M}}\p{{N}}]--[{_UNSPACED}]]*"

_FEWEST_FOR_LIMITS = 20
_LEAST_DOCUMENTS = 2
_GREATEST_SHARE = 0.5
_MOST_STEMS = 100_000
_POWER_ITERATIONS = 5
_FEWEST_DIMENSIONS = 16  # where there are no words, so that directions differ
_LEAST_LENGTH = 1e-4  # less is rounding


class LsaEncoder:
    """Latent semantic analysis: TF-IDF of word beginnings, then SVD (Deerwester et al. 1990).

    Every vector depends on all texts, so the corpus is embedded as a whole.

    Parameters
    ----------
    params : EmbedParams
        Its ``lexical_components``.
    """

    shard_rows = None

    def __init__(self, params: EmbedParams) -> None:
        self.params = params

    @property
    def identity(self) -> Mapping[str, Any]:
        """Number of components, how words are counted, and the libraries' versions."""
        return {
            "kind": "lsa",
            "version": _VERSION,
            "n_components": self.params.lexical_components,
            "libraries": library_versions("scikit-learn", "scipy", "regex"),
        }

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Vectors (n_texts, n_components or fewer) of unit length.

        A text without a word that is counted is like no other: its vector is a direction of its own, and what was seen
        of it is 0; of all others everything.
        """
        if not len(texts):
            raise InputError("expected at least one text, got none")
        vectors = project(tfidf(count_stems(texts)), n_components=self.params.lexical_components)
        wordless = np.flatnonzero(np.logical_not(vectors.any(axis=1))).tolist()
        for row in wordless:
            seed = int.from_bytes(hashlib.sha256(texts[row].encode("utf-8", "surrogatepass")).digest()[:8], "big")
            vectors[row] = np.random.default_rng(seed).normal(size=vectors.shape[1])
        seen = np.ones(len(texts), dtype=np.float32)
        seen[wordless] = 0.0
        notes: tuple[str, ...] = ()
        if wordless:
            share = f"{len(wordless)} of {count(len(texts), 'document')}"
            has, are = verb(len(wordless), "has", "have"), verb(len(wordless), "it is", "they are")
            notes = (f"{share} {has} no word that tells of others: by words {are} alone",)
        return Encoded(vectors, seen, notes)


def count_stems(texts: Sequence[str]) -> csr_array:
    """Counts of shape (n_texts, n_stems), float32: how often each word beginning stands in each text.

    Scripts without spaces are counted by pairs of characters. What stands in one text only says nothing of another,
    and what stands in most of them is no subject; from 20 texts on both are left out.

    Parameters
    ----------
    texts : sequence of str
        One document each.
    """
    import regex
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import CountVectorizer

    words, unspaced = regex.compile(_WORD, regex.V1), regex.compile(f"[{_UNSPACED}]")

    def stems(text: str) -> list[str]:
        text = caseless(plain(text))
        found = words.findall(text)
        if text.isascii():
            return [word[:_STEM_LETTERS] for word in found]
        counted = []
        for word in found:
            if unspaced.match(word):
                counted += [word[i : i + 2] for i in range(max(1, len(word) - 1))]
            else:
                counted.append(word[:_STEM_LETTERS])
        return counted

    many = len(texts) >= _FEWEST_FOR_LIMITS
    counter = CountVectorizer(
        analyzer=stems, min_df=_LEAST_DOCUMENTS if many else 1, max_df=_GREATEST_SHARE if many else 1.0,
        max_features=_MOST_STEMS, dtype=np.float32,
    )  # fmt: skip
    try:
        return csr_array(counter.fit_transform(unhyphenated(texts)))
    except ValueError:  # no stem is left
        return csr_array((len(texts), 0), dtype=np.float32)


def tfidf(counts: csr_array) -> csr_array:
    """Rows of unit length: ``(1 + ln count) * (1 + ln((1 + n) / (1 + df)))``; rows without stems stay zero.

    Parameters
    ----------
    counts : scipy.sparse.csr_array of shape (n_texts, n_stems)
        Counts ≥ 0.
    """
    from scipy.sparse import csr_array, diags_array

    frequencies = np.bincount(counts.indices, minlength=counts.shape[1])
    inverse = 1.0 + np.log((1.0 + counts.shape[0]) / (1.0 + frequencies))
    weighted = csr_array((1.0 + np.log(counts.data), counts.indices, counts.indptr), shape=counts.shape)
    weighted = csr_array(weighted @ diags_array(inverse))
    lengths = np.sqrt(weighted.multiply(weighted).sum(axis=1))
    scaled = diags_array(1.0 / np.maximum(lengths, np.finfo(np.float32).tiny)) @ weighted
    return csr_array(scaled, dtype=np.float32)


def project(weighted: csr_array, *, n_components: int) -> NDArray[np.float32]:
    """Unit rows on the leading singular vectors (n_texts, n_components or fewer); empty rows are zero.

    Parameters
    ----------
    weighted : scipy.sparse.csr_array of shape (n_texts, n_stems)
        TF-IDF.
    n_components : int
        How many; at most what the shape allows.
    """
    from sklearn.utils.extmath import randomized_svd

    n_components = min(n_components, *weighted.shape)
    if n_components == 0:
        return np.zeros((weighted.shape[0], _FEWEST_DIMENSIONS), dtype=np.float32)
    with one_thread():
        left, strengths, _ = randomized_svd(weighted, n_components, n_iter=_POWER_ITERATIONS, random_state=0)
    rows = left * strengths
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    kept = (lengths > _LEAST_LENGTH) & (np.diff(weighted.indptr) > 0)[:, None]
    unit: NDArray[np.float32] = np.where(kept, rows / np.where(kept, lengths, 1), 0).astype(np.float32)
    return unit
