"""New documents get their topics row by row: alone, in any batch and order, and after their run was read back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from helpers import two_at_a_time
from hypothesis import given, settings
from hypothesis import strategies as st
from predict.conftest import N_DIMS, Fitted, fitted, groups, origin

from topics.cluster import merge
from topics.errors import InputError
from topics.predict import Assigned, Predictor, freeze_novelty, joined
from topics.records import NOISE, Assigner, Embeddings, Lexicon, digest_of
from topics.store import Store

NEW = np.repeat(np.arange(12, dtype=np.int32), 9)


def bytes_of(assigned: Assigned) -> list[bytes]:
    """The bytes of each row."""
    parts = [assigned.labels, assigned.confidences, assigned.known, *assigned.levels.values()]
    shares = assigned.membership.toarray()
    return [b"".join(part[i].tobytes() for part in (*parts, shares)) for i in range(len(assigned.labels))]


@settings(max_examples=20)
@given(order=st.permutations(range(len(NEW))), cuts=st.lists(st.integers(1, len(NEW) - 1), max_size=4, unique=True))
def test_rows_do_not_depend_on_their_batch_or_order(fit: Fitted, order: list[int], cuts: list[int]):
    vectors = np.concatenate([groups(NEW, seed=1)[:-9], fit.embeddings.vectors[:9]])
    predictor = fit.predictor
    whole = bytes_of(predictor.assign(vectors))
    parts = [predictor.assign(part) for part in np.split(vectors[order], sorted(cuts))]
    assert bytes_of(joined(parts)) == [whole[i] for i in order]


@pytest.mark.parametrize(("size", "n"), [(1, 60), (7, 210), (1000, 1200)])
def test_batches_of_any_size_give_the_same_bytes(fit: Fitted, size: int, n: int):
    vectors, predictor = groups(np.resize(NEW, 1200), seed=2), fit.predictor
    parts = [predictor.assign(vectors[i : min(i + size, n)]) for i in range(0, n, size)]
    assert bytes_of(joined(parts)) == bytes_of(predictor.assign(vectors))[:n]


def test_training_documents_have_the_fit_s_labels_at_every_level(fit: Fitted):
    shuffled = fit.clusters.labels[::-1].copy()  # labels that no rule could find from the vectors
    odd = fitted(fit.embeddings.vectors, shuffled)
    for one in (fit, odd):
        found = one.predictor.assign(one.embeddings.vectors)
        assert np.array_equal(found.labels, one.clusters.labels)
        assert np.array_equal(found.confidences, one.clusters.strengths)
        assert np.array_equal(found.known, np.arange(len(found.labels)))
        assert (found.membership != one.clusters.membership).nnz == 0
    assert np.array_equal(fit.predictor.assign(fit.embeddings.vectors).levels["theme"], fit.levels.labels[1])


def test_documents_of_the_subjects_are_found_and_others_are_none(fit: Fitted):
    found = fit.predictor.assign(groups(NEW, seed=3))
    assigned = found.labels != NOISE
    assert assigned.mean() > 0.8
    assert (found.labels == NEW)[assigned].mean() > 0.95
    assert (found.levels["theme"] == NEW // 4)[found.levels["theme"] != NOISE].mean() > 0.95
    assert (found.known == NOISE).all()
    strangers = np.random.default_rng(5).normal(size=(100, N_DIMS)).astype(np.float32)
    strangers /= np.linalg.norm(strangers, axis=1, keepdims=True)
    assert (fit.predictor.assign(strangers).labels == NOISE).mean() > 0.8


def test_confidence_and_membership_say_what_the_label_says(fit: Fitted):
    found = fit.predictor.assign(groups(NEW, seed=4, spread=0.6))
    shares, is_noise = found.membership.toarray(), found.labels == NOISE
    assert is_noise.any() and not is_noise.all()
    assert ((found.confidences >= 0) & (found.confidences <= 1)).all()
    assert (found.confidences[is_noise] == 0).all() and (shares[is_noise] == 0).all()
    assert (found.confidences[~is_noise] > 0).all()
    assert np.array_equal(shares.argmax(axis=1)[~is_noise], found.labels[~is_noise])
    assert (shares.sum(axis=1) <= 1 + 1e-6).all()


def test_topics_that_were_edited_are_those_that_are_assigned(fit: Fitted):
    edited = merge(fit.clusters, [1, 2])
    after = Predictor(fit.assigner, fit.levels, clusters=edited)
    one, other = (np.bincount(edited.labels[fit.clusters.labels == topic]).argmax() for topic in (1, 2))
    assert one == other
    found = after.assign(groups(np.repeat(np.array([1, 2], dtype=np.int32), 20), seed=6)).labels
    assert (found[found != NOISE] == one).all() and (found != NOISE).mean() > 0.8


def test_what_is_new_is_told_by_the_semantic_part_of_a_hybrid(fit: Fitted):
    plain = groups(fit.clusters.labels, seed=20)
    semantic = Embeddings("corpus", plain, fit.embeddings.seen, origin("embed"))
    novelty = freeze_novelty(semantic, lexicon(0.5), clusters=fit.clusters)
    predictor = Predictor(fit.assigner, fit.levels, clusters=fit.clusters, novelty=novelty)
    vectors, near, far = groups(NEW, seed=21), groups(NEW, seed=22), groups(np.full(len(NEW), NOISE), seed=23)
    old, new = predictor.assign(vectors, plain=near), predictor.assign(vectors, plain=far)
    assert (old.labels != NOISE).mean() > 0.8 > 0.2 > (new.labels != NOISE).mean()
    assert (new.levels["theme"] != NOISE).mean() < 0.2
    alone = joined([predictor.assign(vectors[i : i + 1], plain=near[i : i + 1]) for i in range(20)])
    assert bytes_of(alone) == bytes_of(old)[:20]
    assert bytes_of(predictor.assign(vectors)) == bytes_of(fit.predictor.assign(vectors))
    assert freeze_novelty(semantic, lexicon(1.0), clusters=fit.clusters).sets == ()


def lexicon(weight: float) -> Lexicon:
    """Of a hybrid without words, whose mean is zero."""
    square, none = np.eye(N_DIMS), np.zeros(N_DIMS)
    return Lexicon(
        "corpus", (), none[:0], square[:0], weight, True, none, none, square, square, none[:2], origin("lexicon")
    )


def test_the_same_after_it_was_stored(fit: Fitted, tmp_path):
    Store(tmp_path).put(fit.assigner)
    read = Store(tmp_path).get(Assigner, fit.assigner.origin)
    assert digest_of(read) == digest_of(fit.assigner)
    vectors = groups(NEW, seed=7)
    again = Predictor(read, fit.levels, clusters=fit.clusters)
    assert bytes_of(again.assign(vectors)) == bytes_of(fit.predictor.assign(vectors))


PROBE = """
import sys; sys.path[:0] = {paths!r}
import hashlib, tempfile, numpy as np
from pathlib import Path
from predict.conftest import fitted, groups
from predict.test_assign import bytes_of
from topics.predict import Predictor, joined
from topics.records import Assigner, digest_of
from topics.store import Store
labels = np.repeat(np.arange(9, dtype=np.int32), 30)
fit = fitted(groups(labels).round(4), labels)
vectors = groups(np.resize(labels, 1100), seed=8).round(4)
rows = bytes_of(fit.predictor.assign(vectors))
own = fit.predictor.assign(fit.embeddings.vectors)
assert np.array_equal(own.labels, labels) and (own.known >= 0).all()
def same(predictor, places, cuts):
    parts = [predictor.assign(vectors[some]) for some in np.split(places, cuts)]
    return bytes_of(joined(parts)) == [rows[i] for i in places]
every, order = np.arange(1100), np.random.default_rng(0).permutation(1100)
assert same(fit.predictor, every[:80], range(1, 80))  # one by one
assert same(fit.predictor, every[:280], range(7, 280, 7))  # by sevens
assert same(fit.predictor, order, [1000])  # a thousand, in another order
assert same(fit.predictor, np.concatenate([every[i::3] for i in range(3)]), [367, 734])  # shards
folder = Path(tempfile.mkdtemp())
Store(folder).put(fit.assigner)
read = Store(folder).get(Assigner, fit.assigner.origin)
assert same(Predictor(read, fit.levels, clusters=fit.clusters), every, [500])
print(digest_of(fit.assigner), hashlib.sha256(b"".join(rows)).hexdigest())
"""


@pytest.mark.slow
def test_other_kernels_and_vector_units_give_the_same_bytes():
    """In every process: training rows as fitted; batches of 1, 7 and 1,000, permuted, sharded, and after a reload."""
    paths = [str(Path(__file__).parents[1])]
    changes = (
        {}, {"OPENBLAS_CORETYPE": "Haswell"}, {"OPENBLAS_CORETYPE": "SkylakeX"}, {"OPENBLAS_CORETYPE": "Prescott"},
        {"NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX2 FMA3"},
    )  # fmt: skip

    def run(more: dict[str, str]) -> subprocess.CompletedProcess[str]:
        call = [sys.executable, "-c", PROBE.format(paths=paths)]
        return subprocess.run(call, env={**os.environ, **more}, capture_output=True, text=True)

    done = two_at_a_time(run, changes)
    assert done[0].returncode == 0, done[0].stderr
    assert not [one.stderr for one in done if "AssertionError" in one.stderr]
    assert len({one.stdout for one in done if one.returncode == 0}) == 1  # else this CPU cannot


def test_vectors_of_another_encoder_are_refused(fit: Fitted):
    with pytest.raises(InputError, match=r"expected vectors of 24 dimensions as the run's, got shape \(3, 25\)"):
        fit.predictor.assign(np.ones((3, 25), dtype=np.float32))


def test_no_documents_and_no_topics(fit: Fitted):
    none = fit.predictor.assign(np.zeros((0, N_DIMS), dtype=np.float32))
    assert len(none.labels) == 0 and none.membership.shape == (0, 12)
    noise = np.full(6, NOISE, dtype=np.int32)
    without = fitted(groups(noise), noise).predictor.assign(groups(noise, seed=1))
    assert (without.labels == NOISE).all() and without.membership.shape == (6, 0)
    one = fitted(groups(np.zeros(1, dtype=np.int32)), np.zeros(1, dtype=np.int32))
    assert one.predictor.assign(one.embeddings.vectors).labels.tolist() == [0]
