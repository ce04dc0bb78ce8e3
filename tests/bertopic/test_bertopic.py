"""BERTopic's quick start and best practices with the import changed, and each keyword answered."""

from __future__ import annotations

import subprocess
import sys
import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from helpers import BagOfWords
from plotly.graph_objects import Figure
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import CountVectorizer

from topics import ConfigError, Run, TopicsError
from topics.bertopic import BERTopic

SUBJECTS = {
    "turbine": "wind power and offshore cables", "swimmer": "gold medals and relay lanes",
    "reactor": "uranium fuel and coolant pumps", "election": "ballot boxes and polling stations",
}  # fmt: skip
DOCS = [f"{one} article number {i} about {other}" for one, other in SUBJECTS.items() for i in range(15)]
DOCS += ["", "turbine article number 1 about wind power and offshore cables"]  # nothing, and one that repeats
VECTORS = BagOfWords().encode(DOCS).vectors
QUICK = {"reduce": {"n_epochs": 30, "n_layouts": 3}}
TIMES = [f"2024-0{1 + i % 3}-01" for i in range(len(DOCS))]


@pytest.fixture(scope="module")
def once() -> BERTopic:
    return BERTopic(config=QUICK, embedding_model=BagOfWords()).fit(DOCS, VECTORS)


@pytest.fixture
def model(once) -> BERTopic:
    """The model as it was fitted, whatever another test did to it."""
    own = BERTopic(config=QUICK, embedding_model=BagOfWords())
    own._fitted, own._own_vectors = once._fitted, True
    return own


def test_quick_start(model):
    topics, probs = model.topics_, model.probabilities_
    assert len(topics) == len(probs) == len(DOCS)
    assert topics[-2] == -1 and topics[-1] == topics[1]
    info = model.get_topic_info()
    assert info["Topic"].tolist() == [-1, 0, 1, 2, 3] and info["Count"].sum() == len(DOCS)
    assert info["Count"].tolist() == [topics.count(topic) for topic in info["Topic"]]
    assert model.get_topic_info(0)["Name"].tolist() == [model.topic_labels_[0]]
    assert info["Name"][1] == "_".join(["0", *[term for term, _ in model.get_topic(0)][:4]])
    assert model.get_topic(99) is False and model.get_topics()[0] == model.get_topic(0)
    freq = model.get_topic_freq()
    assert freq["Count"].is_monotonic_decreasing and model.get_topic_freq(0) == freq["Count"].iloc[0] == 16
    documents = model.get_document_info(DOCS, metadata={"Number": range(len(DOCS))})
    assert documents["Document"].tolist() == DOCS and documents["Topic"].tolist() == topics
    assert documents.columns[-2:].tolist() == ["Representative_document", "Number"]
    assert set(model.get_representative_docs(1)) <= {
        text for text, topic in zip(DOCS, topics, strict=True) if topic == 1
    }
    similar, similarity = model.find_topics("uranium coolant reactor", top_n=2)
    assert similar[0] == topics[30] and similarity == sorted(similarity, reverse=True)
    assert model.c_tf_idf_.shape[0] == len(model.topic_embeddings_) == len(info)


def test_texts_of_the_fit_keep_their_topics_alone_and_together(model):
    alone = [model.transform(text)[0][0] for text in DOCS[:3]]
    assert alone == model.topics_[:3] and model.transform(DOCS)[0] == model.topics_
    new, sure = model.transform(["swimmer article number 77 about gold medals and relay lanes"])
    assert new == [model.topics_[15]] and 0 < sure[0] <= 1
    assert model.transform(DOCS[:2], VECTORS[:2])[0] == model.topics_[:2]


def test_topics_over_time_and_per_class(model):
    times = model.topics_over_time(DOCS, TIMES)
    assert times.columns.tolist() == ["Topic", "Words", "Frequency", "Timestamp"]
    assert times["Frequency"].sum() == len(DOCS) - 1  # the one without words is at no time
    assert times.groupby("Topic")["Frequency"].sum()[0] == 16 and times["Words"].str.len().gt(0).all()
    binned = model.topics_over_time(DOCS, list(range(len(DOCS))), nr_bins=4)
    assert binned["Timestamp"].nunique() == 4
    classes = model.topics_per_class(DOCS, ["a" if i % 2 else "b" for i in range(len(DOCS))])
    assert set(classes["Class"]) == {"a", "b"}
    for figure in (model.visualize_topics_over_time(times, top_n_topics=2), model.visualize_topics_per_class(classes)):
        assert isinstance(figure, Figure) and figure.data
    with pytest.raises(TopicsError, match="one each, got 3"):
        model.topics_over_time(DOCS, TIMES[:3])
    with pytest.raises(TopicsError, match="that is not"):
        model.topics_over_time(DOCS, ["never"] * len(DOCS))
    with pytest.raises(TopicsError, match="dates or years"):
        model.visualize_topics_over_time(binned)


def test_hierarchy_and_its_tree(model):
    joins = model.hierarchical_topics(DOCS)
    assert len(joins) == 3 and joins["Topics"].iloc[0] == [0, 1, 2, 3]
    assert joins["Distance"].is_monotonic_decreasing
    tree = model.get_topic_tree(joins, tight_layout=True)
    assert all(f"── Topic: {topic}\n" in tree for topic in range(4)) and tree.startswith(".\n")
    assert "O \n" in model.get_topic_tree(joins, max_distance=0)


def test_every_figure_is_one(model):
    shares, tokens = model.approximate_distribution(DOCS, calculate_tokens=True)
    assert shares.shape == (len(DOCS), 4) and shares.argmax(axis=1)[:60].tolist() == model.topics_[:60]
    words = model.visualize_approximate_distribution(DOCS[0], tokens[0])
    assert words.columns.tolist() == DOCS[0].split() and words["turbine"].max() > 0
    figures = [
        model.visualize_topics(), model.visualize_documents(DOCS, reduced_embeddings=VECTORS[:, :2]),
        model.visualize_hierarchical_documents(DOCS, model.hierarchical_topics(DOCS)), model.visualize_hierarchy(),
        model.visualize_barchart(topics=[0, 2]), model.visualize_heatmap(), model.visualize_term_rank(),
        model.visualize_distribution(shares[0]), model.visualize_topics(custom_labels=True, width=500, title="A map"),
    ]  # fmt: skip
    assert all(isinstance(figure, Figure) and figure.data for figure in figures)
    assert figures[-1].layout.title.text == "A map" and figures[-1].layout.width == 500
    with pytest.raises(TopicsError, match="there is no topic 9"):
        model.visualize_topics(topics=[9])
    if "datamapplot" not in sys.modules:
        with pytest.raises(TopicsError, match="datamapplot"):
            model.visualize_document_datamap(DOCS)


def test_labels_are_names_of_the_run(model):
    assert model.custom_labels_ is None
    model.set_topic_labels({0: "Wind & sea"})
    assert model.custom_labels_[1] == "Wind & sea" and model.run.topics()["name"][0] == "Wind & sea"
    assert model.get_topic_info()["CustomName"][1] == "Wind & sea"
    model.set_topic_labels(model.generate_topic_labels(nr_words=1, separator=", ", word_length=5))
    assert model.custom_labels_[1].startswith("0, ")
    with pytest.raises(TopicsError, match="expected 5 labels"):
        model.set_topic_labels(["one"])


def test_merge_reduce_delete(model):
    before = np.array(model.topics_)
    model.merge_topics(DOCS, [[0, 1], [2, 3]])
    after = np.array(model.topics_)
    assert len(set(after[np.isin(before, (0, 1))])) == len(set(after[np.isin(before, (2, 3))])) == 1
    assert sorted(set(after)) == [-1, 0, 1]
    model.delete_topics([1])
    assert set(model.topics_) == {-1, 0}
    with pytest.raises(TopicsError, match="there is no topic 7"):
        model.merge_topics(DOCS, [0, 7])
    with pytest.raises(TopicsError, match="in one group"):
        model.merge_topics(DOCS, [[0, 0], [0]])


def test_reduce_topics_counts_noise_as_bertopic_does(model):
    assert model.reduce_topics(DOCS, nr_topics=3) is model
    assert len(model.get_topic_info()) == 3
    model.reduce_topics(DOCS, nr_topics="auto")
    with pytest.raises(TopicsError, match="at least 1"):
        model.reduce_topics(DOCS, nr_topics=0)


def test_noise_is_assigned_and_topics_are_updated(model):
    model.update_topics(DOCS, topics=[-1, *model.topics_[1:]])
    assert model.topics_[0] == -1
    new = model.reduce_outliers(DOCS, model.topics_)
    assert new[0] == model.topics_[1] and new[1:] == model.topics_[1:]  # a text without words stays noise
    model.update_topics(DOCS, topics=new)
    assert model.topics_[0] == model.topics_[1]
    shares = np.tile([0.1, 0.7, 0.2, 0.0], (len(DOCS), 1))
    told = model.reduce_outliers(DOCS, model.topics_, strategy="probabilities", probabilities=shares, threshold=0.5)
    assert told[-2] == 1
    with pytest.raises(TopicsError, match="calculate_probabilities"):
        model.reduce_outliers(DOCS, model.topics_, strategy="probabilities")
    with pytest.raises(TopicsError, match="keep some of their documents, got 9"):
        model.update_topics(DOCS, topics=[9] * len(DOCS))
    with pytest.raises(TopicsError, match="strategy"):
        model.reduce_outliers(DOCS, model.topics_, strategy="luck")


def test_topics_are_described_anew(model):
    model.update_topics(DOCS, vectorizer_model=CountVectorizer(ngram_range=(1, 1), stop_words=["about"]), top_n_words=2)
    assert all(len(terms) == 2 for topic, terms in model.get_topics().items() if topic >= 0)
    assert all(" " not in term for terms in model.get_topics().values() for term, _ in terms)


LOADED = """
import json, sys
sys.path.insert(0, sys.argv[2])
from helpers import BagOfWords
from topics.bertopic import BERTopic
model = BERTopic.load(sys.argv[1], embedding_model=BagOfWords())
docs = json.load(open(sys.argv[3]))
found, sure = model.transform(docs)
print(json.dumps([found, [float(one).hex() for one in sure], model.custom_labels_]))
"""


def test_saved_and_loaded_in_a_fresh_process_from_another_folder(model, tmp_path):
    import json
    import shutil
    from pathlib import Path

    model.set_topic_labels({0: "Wind"})
    model.save(tmp_path / "saved" / "model", serialization="safetensors", save_ctfidf=True)
    assert Run.load(tmp_path / "saved" / "model").topics()["name"][0] == "Wind"
    shutil.copytree(tmp_path / "saved", tmp_path / "copied")
    shutil.rmtree(tmp_path / "saved")
    new = [*DOCS, "reactor article number 88 about uranium fuel and coolant pumps"]
    (tmp_path / "docs.json").write_text(json.dumps(new))
    arguments = [str(tmp_path / "copied" / "model"), str(Path(__file__).parents[1]), str(tmp_path / "docs.json")]
    said = subprocess.run([sys.executable, "-c", LOADED, *arguments], capture_output=True, text=True, check=True)
    found, sure, names = json.loads(said.stdout)
    here, here_sure = model.transform(new)
    assert found == here and sure == [float(one).hex() for one in here_sure] and names[0] == "Wind"


def test_best_practices_keywords_become_settings():
    class UMAP:
        def get_params(self):
            return {"n_neighbors": 40, "n_components": 4, "min_dist": 0.0, "metric": "cosine", "random_state": 42}

    class HDBSCAN:
        def get_params(self):
            return {
                "min_cluster_size": 12,
                "min_samples": None,
                "metric": "euclidean",
                "cluster_selection_method": "eom",
            }

    with pytest.warns(UserWarning, match=r"^not honored: representation_model=.*keywords\(\)$"):
        model = BERTopic(
            umap_model=UMAP(), hdbscan_model=HDBSCAN(), representation_model={"KeyBERT": object()}, top_n_words=7,
            vectorizer_model=CountVectorizer(stop_words="english", min_df=2, ngram_range=(1, 2)), verbose=True,
            embedding_model="all-MiniLM-L6-v2",
        )  # fmt: skip
    config = model._told.config
    assert (config.reduce.n_neighbors, config.neighbors.n_neighbors, config.random_state) == (40, 40, 42)
    assert (config.cluster.min_cluster_size, config.cluster.cluster_selection_method) == (12, "eom")
    assert (config.label.n_terms, config.label.min_df, config.label.ngram_range) == (7, 2, (1, 2))
    table = model.keywords()
    assert table.loc[~table["honored"], "keyword"].tolist() == ["representation_model"]
    assert (table["became"] + table["why"]).str.len().gt(0).all()


@pytest.mark.parametrize(
    ("keywords", "told"),
    [
        ({"umap_model": PCA(5)}, "umap_model"),
        ({"hdbscan_model": SimpleNamespace()}, "hdbscan_model"),
        ({"seed_topic_list": [["drug"]]}, "seed_topic_list"),
        ({"zeroshot_topic_list": ["drugs"], "zeroshot_min_similarity": 0.8}, "zeroshot_topic_list.*zeroshot_min"),
        ({"vectorizer_model": CountVectorizer(max_df=0.5, max_features=9)}, r"max_df=0.5.*max_features=9"),
        ({"ctfidf_model": SimpleNamespace(reduce_frequent_words=True)}, "reduce_frequent_words"),
    ],
)
def test_what_is_not_honored_is_warned_of(keywords, told):
    with pytest.warns(UserWarning, match=told):
        BERTopic(**keywords)


@pytest.mark.parametrize(
    "keywords",
    [
        {"min_topic_size": 20}, {"nr_topics": 12}, {"nr_topics": "auto"}, {"language": "multilingual"},
        {"hdbscan_model": SimpleNamespace(n_clusters=5)}, {"ctfidf_model": SimpleNamespace(bm25_weighting=True)},
        {"low_memory": True, "calculate_probabilities": True, "verbose": True}, {"embedding_model": "lsa"},
        {"embedding_model": SimpleNamespace(encode=len)}, {"n_gram_range": (1, 2)},
    ],
)  # fmt: skip
def test_what_is_honored_is_not_warned_of(keywords):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = BERTopic(**keywords).keywords()
    assert table["honored"].all() and set(keywords) <= set(table["keyword"].str.split(".").str[0])


def test_parameters_of_methods_that_change_nothing_are_warned_of(model):
    with pytest.warns(UserWarning, match=r"approximate_distribution: not honored: window=8, stride=4"):
        model.approximate_distribution(DOCS, window=8, stride=4)
    with pytest.warns(UserWarning, match="visualize_documents: not honored: hide_annotations=True"):
        model.visualize_documents(DOCS, hide_annotations=True)


def test_what_cannot_be_done_says_what_to_do_instead(model):
    with pytest.raises(TopicsError, match="fit_transform first"):
        BERTopic().get_topic_info()
    with pytest.raises(TopicsError, match="got images"):
        model.fit(DOCS, images=["a.png"])
    with pytest.raises(TopicsError, match="transform gives new texts"):
        model.partial_fit(DOCS)
    with pytest.raises(TopicsError, match=r"topics\.compare"):
        BERTopic.merge_models([model, model])
    with pytest.raises(TopicsError, match="save"):
        model.push_to_hf_hub("me/model")
    with pytest.raises(TopicsError, match="the 62 texts of the fit"):
        model.get_document_info(DOCS[:4])
    with pytest.raises(ConfigError):
        BERTopic(top_n_words=0)
    with pytest.raises(TopicsError, match="without encode"):
        BERTopic(embedding_model=object())


def test_probabilities_of_every_topic_have_the_topic_on_top(once):
    model = BERTopic(calculate_probabilities=True, embedding_model=BagOfWords())
    model._fitted, model._own_vectors = once._fitted, True
    topics, shares = model.transform(DOCS)
    assert shares.shape == (len(DOCS), 4)
    assert [int(row.argmax()) if row.any() else -1 for row in shares] == topics
    assert isinstance(model.get_document_info(DOCS)["Probability"], pd.Series)
