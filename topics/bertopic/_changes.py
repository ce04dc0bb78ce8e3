"""What a BERTopic script does to a run after the fit: noise assigned, topics described by other words, new texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from topics import cluster, label, pipeline
from topics.bertopic._fitted import Fitted
from topics.bertopic._keywords import Translation, translate
from topics.embed import Encoder, UserVectors, embed_new, take_vectors
from topics.errors import InputError
from topics.predict import Assigned
from topics.records import NOISE
from topics.runs import Assigning, Run, assign_texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WORD_EDGES = ".,;:!?\"'()[]{}<>«»“”‘’…-–—"


def in_order(embeddings: Any) -> UserVectors | None:
    """Vectors of the caller's, one a text in their order; None where there are none.

    Parameters
    ----------
    embeddings : array-like of shape (n_texts, n_dims) or None
        As they were given.
    """
    return None if embeddings is None else replace(take_vectors(embeddings), ids=None)


def noise_assigned(fitted: Fitted, threshold: float) -> dict[int, int]:
    """Topic of each document that is noise and whose confidence suffices, by its row in the corpus.

    The level that the run shows is cut again with its noise assigned, as ``cluster.noise = "assign"`` does; its
    clusters are the run's topics that most of their documents are in.

    Parameters
    ----------
    fitted : Fitted
        The run and its texts.
    threshold : float in [0, 1]
        Minimum confidence.
    """
    run = fitted.run
    start, now = run.fitted, run.clusters.labels
    params = run.config.cluster.model_copy(update={"noise": "assign", "level": start.clusters.level})
    made = cluster.cut(start.levels, start.corpus, embeddings=start.embeddings, params=params)
    known = [(new, old) for new, old in zip(made.labels.tolist(), now.tolist(), strict=True) if NOISE not in (new, old)]
    seen: dict[int, Counter[int]] = {}
    for new, old in known:
        seen.setdefault(new, Counter())[old] += 1
    topic_of = {new: counted.most_common(1)[0][0] for new, counted in seen.items()}
    return {
        row: topic_of[int(made.labels[row])]
        for row in np.flatnonzero(now == NOISE).tolist()
        if int(made.labels[row]) in topic_of and made.confidences[row] >= threshold
    }


def described_anew(run: Run, given: Mapping[str, Any]) -> tuple[Run, Translation]:
    """The run with its topics described by other settings, and what became of each keyword.

    Parameters
    ----------
    run : Run
        With its edits, which the new run has as they are.
    given : Mapping of str to Any
        BERTopic's keywords; None where they are left out.
    """
    told = translate(given)
    config = run.config.model_copy(update={"label": told.config.label})
    records = replace(run.records, counts=label.count(run.records.corpus, config.label))
    return Run.of(config, pipeline.edit(config, records, clusters=run.clusters), title=run.title), told


def assigned(
    run: Run, texts: Sequence[str], *, embeddings: Any, encoder: Encoder | None, vectors_by: Encoder | None
) -> Assigned:
    """The topics of texts, each by itself.

    Parameters
    ----------
    run : Run
        With its edits.
    texts : sequence of str
        New or not.
    embeddings : array-like of shape (n_texts, n_dims) or None
        One vector a text.
    encoder : Encoder or None
        The user's own that the run was made with.
    vectors_by : Encoder or None
        What the user's vectors came from, if texts are to be encoded for a run of such vectors.

    Raises
    ------
    TopicsError
        If the texts or vectors cannot be used, or there is no encoder.
    """
    if embeddings is None and vectors_by is not None:
        embeddings = vectors_by.encode([str(text) for text in texts]).vectors
    return assign_texts(Assigning(run, encoder=encoder), texts, embeddings=in_order(embeddings))


def dense(found: Assigned) -> NDArray[np.float64]:
    """Membership in every topic, shape (n_texts, n_topics).

    Parameters
    ----------
    found : Assigned
        Of :func:`assigned`.
    """
    shares: Any = found.membership
    return np.asarray(shares.toarray(), dtype=np.float64)


def vector_of(run: Run, text: str, *, encoder: Encoder | None, vectors_by: Encoder | None) -> NDArray[np.float32]:
    """A unit vector of a few words in the space of the run's documents, shape (n_dims,).

    Parameters
    ----------
    run : Run
        Whose encoder is asked.
    text : str
        A few words or a whole text.
    encoder, vectors_by
        As for :func:`assigned`.

    Raises
    ------
    TopicsError
        If there is no encoder, or nothing in the text.
    """
    if not text.strip():
        raise InputError(f"expected a text to look for, got {text!r}")
    if vectors_by is not None:
        made = np.asarray(vectors_by.encode([text]).vectors[0], dtype=np.float32)
    else:
        lexicon = run.kept.record("lexicon") if run.path is not None else run.fitted.lexicon
        made = embed_new([text], Assigning(run, encoder=encoder).encoder, lexicon=lexicon)[0]
    return np.asarray(made / max(float(np.linalg.norm(made)), 1e-12), dtype=np.float32)


def token_shares(fitted: Fitted, text: str) -> tuple[list[str], NDArray[np.float64]]:
    """The words of a text, and the weights of the terms that each is in, shape (n_words, n_topics), without noise.

    Parameters
    ----------
    fitted : Fitted
        The run and its texts.
    text : str
        New or not.
    """
    counts = fitted.run.records.counts
    term_of = {form.casefold(): term for form, term in zip(counts.forms, counts.form_terms.tolist(), strict=True)}
    words = text.split() or [""]
    plain = [word.strip(_WORD_EDGES).casefold() for word in words]
    rows = [i for i, topic in enumerate(fitted.topics) if topic != NOISE]
    weights = fitted.weights[rows].tocsc()
    found = np.zeros((len(words), len(rows)))
    for length in range(1, fitted.run.config.label.ngram_range[1] + 1):
        for start in range(len(words) - length + 1):
            term = term_of.get(" ".join(plain[start : start + length]))
            if term is not None:
                found[start : start + length] += weights[:, [term]].toarray().ravel()
    return words, found
