"""How near the documents of a run are in meaning to a text that was typed, by the model that the run was made with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.embed import Encoder, Hybrid, embed, encoder_for, shards
from topics.errors import InputError
from topics.graph import Runner, known
from topics.records import Corpus
from topics.runs._format import STORE_FOLDER
from topics.store import Store

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from topics.runs._run import Run

_MAX_NEW = 1_000  # documents; not tuned: what a small model embeds on two cores in less than a minute


@dataclass(frozen=True, eq=False)
class Meaning:
    """The documents of a run in the space of the encoder's model.

    Attributes
    ----------
    encoder : Encoder
        Of texts.
    vectors : numpy.ndarray of float32, shape (n_docs, n_dims)
        Unit vectors of the documents, in the order of the corpus, near-duplicates left out.
    """

    encoder: Encoder
    vectors: NDArray[np.float32]

    def similarity(self, text: str) -> NDArray[np.float32]:
        """Cosine similarity of each document to a text, in [-1, 1], shape (n_docs,).

        Parameters
        ----------
        text : str
            A few words or a whole text.

        Raises
        ------
        ValueError
            If there is nothing in it.
        """
        if not text.strip():
            raise InputError(f"expected a text to look for, got {text!r}")
        vector = np.asarray(self.encoder.encode([text]).vectors[0], dtype=np.float32)
        closeness: NDArray[np.float32] = self.vectors @ (vector / max(float(np.linalg.norm(vector)), 1e-12))
        return closeness


def meaning_of(run: Run) -> Meaning:
    """The documents of a run in the space of the model that it was made with, read from the store beside it.

    The vectors in a run's own records are centered, sharpened and joined with those of words, so that no other text can
    be placed among them; those of the model alone are in the store.

    Parameters
    ----------
    run : Run
        Whose config names the encoder.

    Raises
    ------
    ValueError
        If no model was used, or another than the config names, or too many documents would have to be embedded again.
    ModelNotFoundError
        If the model is not available.
    """
    fitted = run.fitted
    made_by = fitted.embeddings.origin.parameters
    made_by = made_by.get("semantic", made_by)
    if run.config.embed.encoder == "lsa" or not isinstance(made_by, dict) or "weights" not in made_by:
        raise InputError("the run was made without a model that can be asked: words can be searched, not meaning")
    encoder = encoder_for(run.config.embed)
    semantic = encoder.semantic if isinstance(encoder, Hybrid) else encoder
    if not _same(semantic.identity, made_by):
        raise InputError(
            "the run was made with another model than its config names: words can be searched, not meaning"
        )
    store = None if run.path is None else Store(run.path.parent / STORE_FOLDER)
    n_new = _n_new(fitted.corpus, semantic, store=store)
    if n_new > _MAX_NEW:
        raise InputError(
            f"the vectors of {n_new:,} documents are not in the store beside the run any more, and to embed them again "
            "would take long: words can be searched, or make the run anew"
        )
    vectors = Runner(store).get(embed(known(fitted.corpus), semantic)).vectors
    return Meaning(semantic, np.asarray(vectors, dtype=np.float32))


def _same(identity: Any, made_by: Any) -> bool:
    return all(identity.get(name) == made_by.get(name) for name in ("kind", "weights"))


def _n_new(corpus: Corpus, encoder: Encoder, *, store: Store | None) -> int:
    """How many documents are not stored."""
    return sum(len(shard.rows) for shard in shards(corpus, encoder) if store is None or not store.has(shard.origin))
