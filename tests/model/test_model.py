from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from helpers import blobs
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import check_no_attributes_set_in_init, check_parameters_default_constructible

from topics import ConfigError, TopicModel, cluster
from topics.articles import from_texts, read
from topics.config import ArticlesParams

TEXTS = [
    f"{subject} article number {i} about {subject}s" for subject in ("turbine", "swimmer", "reactor") for i in range(15)
]
VECTORS = blobs(3, 15)
PAGE = """Council backs new footbridge over the Tarn
Councillors voted 14 to 6 on Monday for a footbridge at Miller's Reach. It should open before winter.
Bakery fire drives thirty families out of Cobb Street
A fire that began in an oven at Dunmore's bakery spread to two terraces. The families sleep in a sports hall.
Schoolgirl's beetle turns out to be new to science
Priya Nand, 12, found a green beetle under a log. The museum says that science had no name for the beetle.
Rail operator cuts two evening trains to the coast
Northmoor Rail drops the 20:10 and 22:40 trains to the coast from April, because drivers are short."""


@pytest.fixture(scope="module")
def model() -> TopicModel:
    return TopicModel(n_epochs=30).fit(TEXTS, embeddings=VECTORS)


def test_it_is_an_estimator_in_the_ordinary_sense():
    check_parameters_default_constructible("TopicModel", TopicModel())
    check_no_attributes_set_in_init("TopicModel", TopicModel())
    model = TopicModel(n_terms=5).set_params(random_state=4)
    assert clone(model).get_params() == model.get_params()
    assert model.get_params()["random_state"] == 4
    with pytest.raises(ValueError, match="Invalid parameter 'n_term'"):
        model.set_params(n_term=3)


def test_fit_finds_the_groups(model):
    assert model.labels_.shape == (45,)
    groups = model.labels_.reshape(3, 15)
    assert sorted(set(groups[:, 0].tolist())) == [0, 1, 2]
    assert (groups == groups[:, :1]).all()
    assert (
        model.topics_["terms"]
        .map(lambda terms: any(word in terms[0] for word in ("turbine", "swimmer", "reactor")))
        .all()
    )
    assert ((model.probabilities_ >= 0) & (model.probabilities_ <= 1)).all()


@pytest.mark.slow
def test_fit_predict_and_any_sequence_of_texts_agree(model):
    for texts in (pd.Series(TEXTS, index=range(100, 145)), np.array(TEXTS), tuple(TEXTS)):
        assert TopicModel(n_epochs=30).fit_predict(texts, embeddings=VECTORS).tolist() == model.labels_.tolist()


def test_permuting_the_texts_permutes_the_labels(model):
    order = np.random.default_rng(0).permutation(len(TEXTS))
    found = TopicModel(n_epochs=30).fit_predict([TEXTS[i] for i in order], embeddings=VECTORS[order])
    assert found.tolist() == model.labels_[order].tolist()


def test_doubling_the_texts_doubles_the_labels(model):
    found = TopicModel(n_epochs=30).fit_predict(TEXTS * 2, embeddings=np.concatenate([VECTORS, VECTORS]))
    assert found.tolist() == model.labels_.tolist() * 2


@pytest.fixture(scope="module")
def plain(sample) -> TopicModel:
    return TopicModel(encoder="lsa", n_layouts=4).fit(sample["text"].tolist())


@pytest.mark.parametrize("repeat", [1, 2])
def test_the_order_of_real_articles_and_how_often_each_is_there_change_nothing(sample, plain, repeat):
    texts = sample["text"].tolist()
    order = np.random.default_rng(repeat).permutation(np.repeat(np.arange(len(texts)), repeat))
    found = TopicModel(encoder="lsa", n_layouts=4).fit([texts[i] for i in order])
    assert found.labels_.tolist() == plain.labels_[order].tolist()
    assert found.probabilities_.tobytes() == plain.probabilities_[order].tobytes()


def test_texts_without_words_are_noise():
    model = TopicModel(n_epochs=30).fit([*TEXTS, "", None], embeddings=np.concatenate([VECTORS, VECTORS[:2]]))
    assert model.labels_[-2:].tolist() == [-1, -1]
    assert model.probabilities_[-2:].tolist() == [0, 0]
    assert any("2 of 47 rows were rejected" in note for note in model.notes_)


def test_the_largest_membership_is_the_label_of_every_text():
    model = TopicModel(n_epochs=30).fit(
        [*TEXTS, "", TEXTS[3]], embeddings=np.concatenate([VECTORS, VECTORS[:1], VECTORS[3:4]])
    )
    assert model.membership_.shape == (47, 3)
    dense = model.membership_.toarray()
    clustered = model.labels_ >= 0
    assert (dense[clustered].argmax(axis=1) == model.labels_[clustered]).all()
    assert (dense[~clustered] == 0).all()
    assert dense[46].tolist() == dense[3].tolist()


def test_an_edit_gives_another_model(model):
    before = model.labels_.copy()
    other = model.edited(cluster.merge(model.records_.clusters, [0, 2]))
    assert len(other.topics_) == 2
    assert other.labels_.shape == (45,)
    assert (model.labels_ == before).all()
    assert other.get_params() == model.get_params()
    assert other.get_topic_info()["Count"].tolist() == [30, 15]
    assert other.encoder is model.encoder


def test_topic_info_is_shaped_as_bertopic_s(model):
    info = model.get_topic_info()
    assert list(info.columns) == ["Topic", "Count", "Name", "Representation", "Representative_Docs"]
    assert info["Count"].sum() == 45
    assert info["Name"].str.match(r"^\d+_\w+").all()
    assert set(info["Representative_Docs"].explode()) <= set(TEXTS)
    with pytest.raises(NotFittedError):
        TopicModel().get_topic_info()


def test_few_texts_say_so():
    model = TopicModel().fit(["one text here", "another text"], embeddings=np.eye(2))
    assert model.labels_.tolist() == [-1, -1]
    assert "2 distinct documents: too few to cluster, at least 15 are needed" in model.notes_
    assert model.get_topic_info()["Name"].tolist() == ["-1_noise"]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"min_cluster_size": 1}, "cluster.min_cluster_size: .*greater than or equal to 2, got 1"),
        ({"n_neighbors": 0}, "reduce.n_neighbors: Input should be greater than or equal to 2, got 0"),
        ({"n_terms": 2.5}, "label.n_terms: "),
        ({"random_state": -3}, "random_state: "),
        (
            {"cluster_selection_method": "best"},
            "cluster.cluster_selection_method: Input should be 'auto', 'leaf' or 'eom'",
        ),
    ],
)
def test_bad_parameters_are_refused_in_fit(parameters, message):
    with pytest.raises(ConfigError, match=message):
        TopicModel(**parameters).fit(TEXTS, embeddings=VECTORS)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"a": "text"}, r"got a dict; pass list\(texts.values\(\)\)"),
        ({"text"}, r"got a set, which has no order; pass sorted\(texts\)"),
        (b"text", "got one bytes"),
        (pd.DataFrame({"text": TEXTS}), r"got a table \(DataFrame\); pass the column of its texts"),
        (pa.table({"text": TEXTS}), r"got a table \(Table\)"),
        (np.array([TEXTS]), r"got a ndarray of shape \(1, 45\); pass one dimension"),
        (7, "one column, got int"),
    ],
)
def test_what_is_no_sequence_of_texts_is_refused_in_a_sentence(texts, message):
    with pytest.raises(TypeError, match=message):
        TopicModel().fit(texts)


@pytest.mark.parametrize(
    "hold",
    [
        lambda texts: pd.Series(texts, dtype="string[pyarrow]", index=range(9, 9 + len(texts))),
        lambda texts: np.array(texts, dtype=object),
        pa.array,
        lambda texts: pa.chunked_array([texts]),
        lambda texts: (text for text in texts),
        tuple,
    ],
)
def test_texts_are_taken_from_whatever_holds_them(hold):
    texts = ["some words", None, "other words", "some words"]
    assert from_texts(hold(texts))[1] == from_texts(texts)[1] == [1, -1, 0, 1]


def pages() -> list[str]:
    """Pages of three subjects and two outlets, with furniture that tells the outlets apart better than the subjects."""
    furniture = {
        "Ledger": ["Subscribe now", "Harbour Ledger | News, sport and opinion", "Follow us on all channels"],
        "Post": ["Sign in", "Civic Post - Your paper every morning", "Accept all cookies"],
    }
    stories = [
        f"On day {i} the {subject} was inspected, and the {subject} officer told reporters that it would be repaired "
        f"before the winter because {i} people had complained about it." for i in range(15)
        for subject in ("turbine", "swimmer", "reactor")
    ]  # fmt: skip
    around = list(furniture.values())
    return ["\n".join([*around[i % 2], f"Report {i}", story, *around[i % 2][::-1]]) for i, story in enumerate(stories)]


def test_pages_are_cleaned_as_they_are_when_they_are_read():
    texts = pages()
    corpus, _ = from_texts(texts, params=ArticlesParams())
    assert sorted(corpus.frame()["text"]) == sorted(read([{"text": text} for text in texts]).frame()["text"])
    assert not corpus.frame()["text"].str.contains("Subscribe|cookies|Civic Post").any()
    assert any("were removed from 45 articles" in note for note in corpus.origin.notes)
    kept, _ = from_texts(texts, params=ArticlesParams(clean="keep-all"))
    assert sorted(kept.frame()["text"]) == sorted(texts)


def test_texts_of_one_line_stay_as_they_are_among_pages():
    lines = ["Subscribe now", "Sign in", "Subscribe now and read more about the turbine at the harbour"]
    corpus, rows = from_texts([*pages(), *lines], params=ArticlesParams())
    assert [corpus.frame()["text"][row] for row in rows[-3:]] == lines


def test_near_duplicates_among_pages_share_a_row_and_lines_do_not():
    story = " ".join(f"word{i}" for i in range(40))
    near = story.replace("word7 ", "")
    _, rows = from_texts([f"{story}\n{story}", f"{near}\n{story}", story, near], params=ArticlesParams())
    assert rows[0] == rows[1]
    assert len({rows[0], rows[2], rows[3]}) == 3


def test_a_round_up_gets_one_label_and_it_is_said():
    model = TopicModel(encoder="lsa", n_layouts=1).fit([*TEXTS, PAGE])
    assert len(model.labels_) == 46
    assert any("1 round-up of several stories was left whole" in note for note in model.notes_)


def test_tags_say_that_texts_are_taken():
    tags = get_tags(TopicModel())
    assert tags.estimator_type == "clusterer"
    assert tags.input_tags.string
    assert tags.input_tags.one_d_array
    assert not tags.input_tags.two_d_array
    assert not hasattr(TopicModel().fit(["a text", "another"], [0, 1], embeddings=np.eye(2)), "n_features_in_")


def test_vectors_in_another_order_than_the_texts_are_refused():
    texts = pd.Series(TEXTS, index=[f"t{i}" for i in range(45)])
    vectors = pd.DataFrame(VECTORS, index=texts.index)
    with pytest.raises(ValueError, match="the same index in another order; pass embeddings.loc"):
        TopicModel().fit(texts, embeddings=vectors[::-1])
    with pytest.raises(ValueError, match="one vector per text in the order of the texts, got a dict"):
        TopicModel().fit(texts, embeddings=dict(enumerate(VECTORS)))


def test_bad_input_is_refused():
    with pytest.raises(
        ValueError, match=r"expected embeddings of shape \(45, n_dims\), one row per text, got \(44, 24\)"
    ):
        TopicModel().fit(TEXTS, embeddings=VECTORS[:-1])
    with pytest.raises(TypeError, match=r"such as a list or one column, got one str: 'a single text'; pass \[text\]"):
        TopicModel().fit("a single text")
    with pytest.raises(TypeError, match=r"expected texts\[1\] to be a string, got int"):
        TopicModel().fit(["a", 3])


def test_wider_neighbourhoods_are_found():
    assert (
        TopicModel(n_neighbors=40, n_epochs=20).fit(TEXTS, embeddings=VECTORS).records_.neighbors.indices.shape[1] == 40
    )


def test_numpy_numbers_are_numbers():
    model = TopicModel(min_cluster_size=np.int64(5), random_state=np.int32(1), n_epochs=np.int64(20))
    assert len(model.fit(TEXTS, embeddings=VECTORS).topics_) == 3


def test_bad_vectors_are_named_by_the_text_s_position():
    broken = VECTORS.copy()
    broken[5] = np.nan
    with pytest.raises(ValueError, match="expected finite vectors that are not zero, got NaN, infinity .*: row 5$"):
        TopicModel().fit(TEXTS, embeddings=broken)
    with pytest.raises(TypeError, match="got a table .DataFrame.; pass the column of its texts"):
        TopicModel().fit(pd.DataFrame({"text": TEXTS}))


def test_missing_texts_of_any_kind_are_noise():
    texts = pd.Series([*TEXTS, None], dtype="string")
    assert TopicModel(n_epochs=20).fit(texts, embeddings=np.concatenate([VECTORS, VECTORS[:1]])).labels_[-1] == -1
