"""New texts → vectors among those of a fit: each text alone, by the words and directions of the fit's corpus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics._exact import COLUMNS, ROWS, centered, logarithm, products, row_sums, unit_rows, whole
from topics.embed._documents import Hybrid
from topics.embed._lexical import MIN_LENGTH, LsaEncoder, random_direction, stemmer
from topics.embed._lexical_weight import MIN_SHARPENED, LexicalWeight, power_of, sharpening
from topics.embed._protocol import Encoder
from topics.embed._vectors import unit
from topics.errors import InputError
from topics.graph import stage
from topics.records import Corpus, Embeddings, Lexicon, Origin
from topics.text import unhyphenated

if TYPE_CHECKING:
    from numpy.typing import NDArray

VERSION = 1


@stage(
    "lexicon", Lexicon, version=VERSION, libraries=("numpy", "scipy", "scikit-learn", "regex"), determinism="kernel",
)  # fmt: skip
def freeze_lexicon(
    origin: Origin,
    corpus: Corpus,
    lexical: Embeddings,
    *,
    encoder: LsaEncoder,
    semantic: Embeddings | None = None,
    weight: LexicalWeight | None = None,
) -> Lexicon:
    """What new texts get their vectors by.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    lexical : Embeddings
        Their lexical vectors.
    encoder : LsaEncoder
        That made them; where it has just done so, nothing is counted again.
    semantic : Embeddings or None
        The semantic part of a hybrid.
    weight : LexicalWeight or None
        Weight of the lexical part of a hybrid.
    """
    directions = encoder.directions(corpus.full_texts())
    share = 1.0 if weight is None else weight.weight
    nothing = np.zeros((0, 0), dtype=np.float32)
    of_meaning = of_words = (nothing[0:0, 0:0].ravel(), nothing, 0.0)
    if semantic is not None:
        power = power_of(share)
        if share < 1:
            of_meaning = _sharpening(semantic.vectors, power)
        if share > 0:
            of_words = _sharpening(lexical.vectors[~(lexical.seen == 0)], power)
    return Lexicon(
        corpus.corpus_key, directions.stems, directions.inverse, directions.components.astype(np.float16), share,
        semantic is not None, of_meaning[0], of_words[0], of_meaning[1], of_words[1],
        np.array([of_meaning[2], of_words[2]]), origin,
    )  # fmt: skip


def lexicon_of(corpus: Corpus, embeddings: Embeddings) -> Lexicon | None:
    """A node of the lexicon that planned embeddings need for new texts; None where each text's vector is its own.

    Parameters
    ----------
    corpus : Corpus
        A node of the documents.
    embeddings : Embeddings
        A node of them, from :func:`topics.embed.embed`, or the user's.
    """
    arguments: Any = getattr(embeddings, "arguments", {})
    if isinstance(arguments.get("encoder"), LsaEncoder):
        return freeze_lexicon(corpus, embeddings, encoder=arguments["encoder"])
    lexical = arguments.get("lexical")
    encoder = getattr(lexical, "arguments", {}).get("encoder")
    if not isinstance(encoder, LsaEncoder) or lexical is None:
        return None
    return freeze_lexicon(
        corpus, lexical, encoder=encoder, semantic=arguments["semantic"], weight=arguments["weight"]
    )  # fmt: skip


def semantic_of(embeddings: Embeddings) -> Embeddings | None:
    """The node of the semantic part of planned embeddings; None where they are no hybrid.

    Parameters
    ----------
    embeddings : Embeddings
        A node of them, from :func:`topics.embed.embed`, or the user's.
    """
    node: Embeddings | None = getattr(embeddings, "arguments", {}).get("semantic")
    return node


def embed_new(
    texts: Sequence[str], encoder: Encoder, *, lexicon: Lexicon | None
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Unit vectors of new texts, shape (n_texts, n_dims), and of a hybrid their semantic part, centered, else None.

    Each text's vectors do not depend on the others.

    Parameters
    ----------
    texts : sequence of str
        Title and text of each.
    encoder : Encoder
        That of the fit.
    lexicon : Lexicon or None
        Of the fit, where its encoder is a hybrid or counts words.

    Raises
    ------
    ValueError
        If the encoder needs all texts at once and there is no lexicon.
    """
    if lexicon is None:
        if encoder.shard_rows is None:
            raise InputError(
                "expected a lexicon of the fit, as its vectors depend on all of its texts: make the run anew, or pass "
                "embeddings of your own"
            )
        return _each_alone(texts, encoder), None
    vocabulary = {stem: i for i, stem in enumerate(lexicon.stems)}
    stems, n_dims = stemmer(), max(lexicon.components.shape[1], lexicon.lexical_mean.shape[0])
    words = np.zeros((len(texts), n_dims), dtype=np.float32)
    has_words = np.zeros(len(texts), dtype=bool)
    for row, text in enumerate(texts):
        own = _of_words(stems(next(unhyphenated([text]))), vocabulary, lexicon)
        has_words[row] = own is not None
        words[row] = random_direction(text, n_dims) if own is None else own
    if not lexicon.is_hybrid:
        return unit_rows(words).astype(np.float32), None
    assert isinstance(encoder, Hybrid)
    semantic = _each_alone(texts, encoder.semantic)
    plain = centered(semantic, lexicon.semantic_mean) if 0 < lexicon.lexical_weight < 1 else None
    return _join(semantic, words, has_words=has_words, lexicon=lexicon), plain


def _each_alone(texts: Sequence[str], encoder: Encoder) -> NDArray[np.float32]:
    """Vectors of texts that the encoder sees one at a time: in a batch, padding would change their last digits."""
    parts = [unit(encoder.encode([text]).vectors, n_docs=1, what="the encoder's vectors") for text in texts]
    return np.concatenate(parts) if parts else np.zeros((0, 1), dtype=np.float32)


def _of_words(stems: Sequence[str], vocabulary: dict[str, int], lexicon: Lexicon) -> NDArray[np.float32] | None:
    """The unit vector of one text's words; None of a text without words of the corpus."""
    columns, counts = np.unique([vocabulary[stem] for stem in stems if stem in vocabulary], return_counts=True)
    if not len(columns) or not lexicon.components.shape[1]:
        return None
    weights = unit_rows(((1.0 + logarithm(counts.astype(np.float64))) * lexicon.inverse[columns.astype(int)])[None])
    placed = row_sums(lexicon.components[columns.astype(int)].astype(np.float64).T * weights)[None]
    if float(np.sqrt(row_sums(placed * placed))[0]) <= MIN_LENGTH:
        return None
    return np.asarray(unit_rows(placed)[0], dtype=np.float32)


def _sharpening(vectors: NDArray[np.float32], power: float) -> tuple[NDArray[np.float32], NDArray[np.float32], float]:
    """The mean and the matrix by which :func:`sharpen` sharpens these vectors, and what length it takes for none."""
    n_dims = vectors.shape[1]
    if len(vectors) < 2:  # they stay as they are
        return np.zeros(n_dims, dtype=np.float32), np.eye(n_dims, dtype=np.float32), 0.0
    mean, turn = sharpening(vectors, power=power)
    longest = max(
        float(np.sqrt(row_sums(sharp * sharp)).max())
        for sharp in (_turned(vectors[i : i + 4096], mean, turn) for i in range(0, len(vectors), 4096))
    )
    return mean, turn, MIN_SHARPENED * longest


def _turned(vectors: NDArray[np.float32], mean: NDArray[np.float32], turn: NDArray[np.float32]) -> NDArray[np.float64]:
    centered = vectors.astype(np.float64) - mean
    return products(whole(centered, ROWS), whole(turn.T, COLUMNS))


def _join(
    semantic: NDArray[np.float32], lexical: NDArray[np.float32], *, has_words: NDArray[np.bool_], lexicon: Lexicon
) -> NDArray[np.float32]:
    """As :func:`topics.embed._lexical_weight.join_parts`, with what is frozen of the fit."""
    weight = lexicon.lexical_weight
    raw, sharp = [], []
    if weight < 1:
        turned = _turned(semantic, lexicon.semantic_mean, lexicon.semantic_turn)
        raw.append(semantic)
        sharp.append(_scaled(turned, lexicon.shortest[0]) * np.sqrt(1 - weight))
    if weight > 0:
        turned = _scaled(_turned(lexical, lexicon.lexical_mean, lexicon.lexical_turn), lexicon.shortest[1])
        raw.append(lexical)
        sharp.append(np.where(has_words[:, None], turned, unit_rows(lexical)) * np.sqrt(weight))
    joined = np.hstack(sharp)
    neither = np.logical_not(joined.any(axis=1))
    joined[neither] = np.hstack(raw)[neither]
    return unit_rows(joined).astype(np.float32)


def _scaled(vectors: NDArray[np.float64], shortest: float) -> NDArray[np.float64]:
    lengths = np.sqrt(row_sums(vectors * vectors))[:, None]
    return np.where(lengths > shortest, unit_rows(vectors), 0.0)
