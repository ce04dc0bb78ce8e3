"""New texts get vectors among those of a fit, each alone."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import BagOfWords

from topics.articles import from_texts
from topics.config import EmbedParams
from topics.embed import Hybrid, LsaEncoder, embed, embed_new, freeze_lexicon, lexicon_of
from topics.errors import InputError
from topics.graph import Runner, known
from topics.records import digest_of

WORDS = [
    "turbine",
    "wind",
    "farm",
    "blade",
    "ship",
    "pool",
    "swimmer",
    "medal",
    "coach",
    "lane",
    "bank",
    "rate",
    "growth",
    "loan",
    "credit",
    "price",
]
TEXTS = [" ".join(WORDS[(i * k + k) % 16] for k in range(1, 9)) + "." for i in range(40)] + ["1234 5678"]


@pytest.mark.parametrize("weight", [0.0, 0.4, 1.0, None])
def test_texts_of_the_fit_get_the_vectors_that_they_have(weight):
    corpus, _ = from_texts(TEXTS)
    lsa = LsaEncoder(EmbedParams())
    encoder = lsa if weight is None else Hybrid(BagOfWords(), lsa, weight)
    planned, runner = embed(known(corpus), encoder), Runner()
    fitted, lexicon = runner.get(planned), runner.get(lexicon_of(known(corpus), planned))
    texts = corpus.full_texts()
    found, plain = embed_new(texts, encoder, lexicon=lexicon)
    assert (plain is not None) == (weight == 0.4)
    assert (found * fitted.vectors).sum(axis=1).min() > 0.9999
    alone = np.concatenate([embed_new([text], encoder, lexicon=lexicon)[0] for text in texts[::-1]])
    assert np.array_equal(alone[::-1], found)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)


def test_what_is_frozen_after_encoding_is_what_is_counted_anew():
    corpus, _ = from_texts(TEXTS)
    encoder = LsaEncoder(EmbedParams())
    vectors = Runner().get(embed(known(corpus), encoder))
    at_once = freeze_lexicon(corpus, vectors, encoder=encoder)
    anew = freeze_lexicon(corpus, vectors, encoder=LsaEncoder(EmbedParams()))
    assert digest_of(at_once) == digest_of(anew)


def test_encoders_whose_vectors_are_their_own_need_no_lexicon():
    corpus, _ = from_texts(TEXTS)
    assert lexicon_of(known(corpus), embed(known(corpus), BagOfWords())) is None
    found, plain = embed_new(TEXTS, BagOfWords(), lexicon=None)
    assert plain is None
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    with pytest.raises(InputError, match="expected a lexicon of the fit"):
        embed_new(TEXTS, LsaEncoder(EmbedParams()), lexicon=None)
