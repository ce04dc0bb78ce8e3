"""Both classes fitted on the same texts and vectors: whatever differs in types and columns stands in the document."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import issparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

import topics.bertopic

DOCUMENT = Path(__file__).parents[2] / "docs" / "coming-from-bertopic.md"
HEAD = "| call | there | here |\n|---|---|---|\n"


def kind_of(value: Any) -> str:
    """What a value is, as far as scripts hang on it."""
    if isinstance(value, pd.DataFrame):
        return ", ".join(f"{name} {dtype}" for name, dtype in value.dtypes.items())
    if isinstance(value, np.ndarray) or issparse(value):
        return f"{type(value).__name__} of {value.dtype}, {value.ndim}-d"
    if isinstance(value, tuple):
        return f"tuple of {'; '.join(map(kind_of, value))}"
    if isinstance(value, list):
        return f"list of {kind_of(value[0])}" if value else "list"
    if isinstance(value, dict):
        key, own = next(reversed(value.items()), (None, None))
        return f"{type(value).__name__} of {kind_of(key)}: {kind_of(own)}" if value else type(value).__name__
    return f"{value!r}" if value is None or isinstance(value, bool) else type(value).__name__


def kinds(model: Any, docs: list[str], vectors: np.ndarray) -> dict[str, str]:
    """What each documented call gives."""
    told = {"fit_transform": kind_of(model.fit_transform(docs, vectors))}
    dates, classes = [f"2024-0{1 + i % 3}-01" for i in range(len(docs))], ["ab"[i % 2] for i in range(len(docs))]
    attributes = (
        "topics_", "probabilities_", "topic_sizes_", "topic_labels_", "topic_representations_", "c_tf_idf_",
        "topic_embeddings_", "custom_labels_", "representative_docs_", "topic_aspects_",
    )  # fmt: skip
    told |= {name: kind_of(getattr(model, name)) for name in attributes}
    joins = model.hierarchical_topics(docs)
    calls = {
        "get_topic_info()": model.get_topic_info, "get_topic_freq()": model.get_topic_freq,
        "get_topic_freq(0)": lambda: model.get_topic_freq(0), "get_topic(0)": lambda: model.get_topic(0),
        "get_topic(999)": lambda: model.get_topic(999), "get_topic(0, full=True)": lambda: model.get_topic(0, full=True),
        "get_topics(full=True)": lambda: model.get_topics(full=True),
        "get_document_info(docs)": lambda: model.get_document_info(docs),
        "get_document_info(docs, df=, metadata=)": lambda: model.get_document_info(
            docs, df=pd.DataFrame({"Class": classes}), metadata={"At": dates}
        ),
        "get_representative_docs(0)": lambda: model.get_representative_docs(0),
        "get_representative_docs(999)": lambda: model.get_representative_docs(999),
        "transform(docs, embeddings)": lambda: model.transform(docs[:3], vectors[:3]),
        "topics_over_time(docs, timestamps)": lambda: model.topics_over_time(docs, list(range(2016, 2016 + len(docs)))),
        "topics_over_time(docs, timestamps, nr_bins=4)": lambda: model.topics_over_time(
            docs, list(range(len(docs))), nr_bins=4
        ),
        "topics_per_class(docs, classes)": lambda: model.topics_per_class(docs, classes),
        "hierarchical_topics(docs)": lambda: joins, "get_topic_tree(…)": lambda: model.get_topic_tree(joins),
        "approximate_distribution(docs)": lambda: model.approximate_distribution(docs),
        "generate_topic_labels()": model.generate_topic_labels,
        "set_topic_labels({…})": lambda: model.set_topic_labels({0: "one"}), "custom_labels_ then": lambda: model.custom_labels_,
        "get_topic_info() then": model.get_topic_info,
        "update_topics(docs, n_gram_range=)": lambda: model.update_topics(docs, n_gram_range=(1, 2)),
        "merge_topics(docs, [0, 1])": lambda: model.merge_topics(docs, [0, 1]),
        "reduce_topics(docs, nr_topics=4)": lambda: model.reduce_topics(docs, nr_topics=4),
        "len(get_topic_info()) then": lambda: [len(model.get_topic_info()) == 4, len(model.get_topic_info())],
    }  # fmt: skip
    return told | {name: kind_of(call()) for name, call in calls.items()}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_every_difference_stands_in_the_document(sample):
    # A version too: a folder of tests by this name is a module without one.
    reason = "the peer is not installed: make install-peers"
    bertopic = pytest.importorskip("bertopic", minversion="0.17.4", reason=reason)
    from umap import UMAP

    logging.getLogger("BERTopic").setLevel(logging.ERROR)
    docs = sample["text"].tolist()
    words = TfidfVectorizer(min_df=2, stop_words="english").fit_transform(docs)
    vectors = TruncatedSVD(50, random_state=0).fit_transform(words)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        layout = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=42, n_epochs=30)
        theirs = kinds(bertopic.BERTopic(umap_model=layout), docs, vectors)
        ours = kinds(topics.bertopic.BERTopic(umap_model=layout, config={"reduce": {"n_layouts": 3}}), docs, vectors)
    assert theirs.keys() == ours.keys()
    rows = [f"| `{name}` | {theirs[name]} | {ours[name]} |" for name in ours if theirs[name] != ours[name]]
    table = DOCUMENT.read_text(encoding="utf-8").split(HEAD)[1].split("\n\n")[0].rstrip("\n")
    assert table == "\n".join(rows)
