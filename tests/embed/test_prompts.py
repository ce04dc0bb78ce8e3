from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.embed import resolve
from topics.embed._prompts import prompt_for

NEWS = "Identify the topic or theme of the given news articles"


def folder_with(folder: Path, **files: object) -> Path:
    """A model's folder; ``readme`` is text, the others JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if name == "readme":
            (folder / "README.md").write_text(str(content), encoding="utf-8")
        else:
            text = content if isinstance(content, str) else json.dumps(content)
            (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return folder


def config(prompts: object, default: object = None) -> dict[str, object]:
    return {"prompts": prompts, "default_prompt_name": default, "similarity_fn_name": "cosine"}


BY_NAME = [
    ("intfloat/e5-small-v2", "query: "),
    ("intfloat/multilingual-e5-small", "query: "),
    ("/srv/models/multilingual-e5-base/", "query: "),
    ("someone/e5-base-v2-onnx", "query: "),
    ("intfloat/multilingual-e5-large-instruct", f"Instruct: {NEWS}\nQuery: "),
    ("intfloat/e5-mistral-7b-instruct", f"Instruct: {NEWS}\nQuery: "),
    ("nomic-ai/nomic-embed-text-v1.5", "clustering: "),
    ("nomic-ai/modernbert-embed-base", "clustering: "),
    ("google/embeddinggemma-300m", "task: clustering | query: "),
    ("Qwen/Qwen3-Embedding-0.6B", f"Instruct: {NEWS}\nQuery:"),
    ("Alibaba-NLP/gte-Qwen2-1.5B-instruct", f"Instruct: {NEWS}\nQuery: "),
    ("hkunlp/instructor-large", "Represent the document for clustering: "),
    ("BAAI/bge-base-en-v1.5", ""),
    ("BAAI/bge-m3", ""),
    ("thenlper/gte-base", ""),
    ("Alibaba-NLP/gte-multilingual-base", ""),
    ("mixedbread-ai/mxbai-embed-large-v1", ""),
    ("Snowflake/snowflake-arctic-embed-l-v2.0", ""),
    ("jinaai/jina-embeddings-v2-base-en", ""),
    ("all-MiniLM-L6-v2", ""),
    ("paraphrase-multilingual-MiniLM-L12-v2", ""),
]
# Letters of a family in other words, folders and owners, and other models of its makers.
NOT_THE_FAMILY = [
    "owner/fake5-small-talk",
    "owner/base5-large",
    "owner/e5",
    "owner/the5-base",
    "/home/e5-small/models/mine",
    "intfloat/simlm-base-msmarco",
    "nomic-ai/nomic-embed-code",
    "nomic-ai/nomic-bert-2048",
    "567-labs/instructor",
    "Qwen/Qwen3-0.6B",
    "BeastyZ/e5-R-mistral-7b",
    "owner/embeddinggemmatron",
]


@pytest.mark.parametrize(("model", "prompt"), BY_NAME)
def test_a_family_is_known_by_the_models_name(tmp_path, model, prompt):
    assert prompt_for(model, tmp_path, wanted=None) == prompt


@pytest.mark.parametrize("model", NOT_THE_FAMILY)
def test_letters_of_a_family_elsewhere_are_not_the_family(tmp_path, model):
    assert prompt_for(model, tmp_path, wanted=None) == ""


def test_what_the_user_wants_goes_first_and_empty_means_none(tmp_path):
    folder = folder_with(tmp_path, config_sentence_transformers=config({"Clustering": "c: "}, "Clustering"))
    assert prompt_for("intfloat/e5-small-v2", folder, wanted="mine: ") == "mine: "
    assert prompt_for("intfloat/e5-small-v2", folder, wanted="") == ""


IN_CONFIG = [
    # google/embeddinggemma-300m and nomic-embed-text-v2-moe, shortened
    ({"query": "task: search result | query: ", "document": "title: none | text: ", "Clustering": "task: clustering | query: "}, None, "task: clustering | query: "),
    ({"query": "search_query: ", "passage": "search_document: ", "Clustering": "clustering: "}, None, "clustering: "),
    # the clustering one before the default, an empty one too
    ({"clustering": "c: ", "document": "d: "}, "document", "c: "),
    ({"CLUSTERING": "", "document": "d: "}, "document", ""),
    ({"Clustering": None, "document": "d: "}, "document", ""),
    # of several the general one, then that of news
    ({"ArxivClusteringP2P": "papers: ", "Clustering": "c: "}, None, "c: "),
    ({"ArxivClusteringP2P": "papers: ", "TwentyNewsgroupsClustering": "news: "}, None, "news: "),
    ({"query": "q: ", "document": "d: "}, "query", "q: "),
    # documents, in sentence-transformers' order
    ({"query": "q: ", "corpus": "c: ", "document": "d: "}, None, "d: "),
    ({"query": "q: ", "passage": "p: ", "document": ""}, None, "p: "),
    ({"query": "q: "}, None, ""),
    ({"query": "q: "}, "gone", ""),
    ({"query": "q: "}, ["query"], ""),
    ({"Clustering": 5, "document": ["d: "]}, None, ""),
    (["Clustering"], "Clustering", ""),
    (None, None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("prompts", "default", "prompt"), IN_CONFIG)
def test_the_folders_own_prompts_are_taken(tmp_path, prompts, default, prompt):
    folder = folder_with(tmp_path, config_sentence_transformers=config(prompts, default))
    assert prompt_for("owner/model", folder, wanted=None) == prompt


def test_a_family_goes_before_the_prompt_for_documents_and_that_before_what_it_was_made_from(tmp_path):
    own = config({"query": "query: ", "document": "passage: "})
    folder = folder_with(tmp_path, config_sentence_transformers=own, config={"_name_or_path": "intfloat/e5-base-v2"})
    assert prompt_for("intfloat/e5-base-v2", folder, wanted=None) == "query: "
    assert prompt_for("owner/mine", folder, wanted=None) == "passage: "
    empty = folder_with(tmp_path, config_sentence_transformers=config({"query": "", "document": ""}))
    assert prompt_for("owner/mine", empty, wanted=None) == "query: "


INSIDE = [
    {"config": {"_name_or_path": "intfloat/e5-base"}},
    {"config": {"_name_or_path": "/models/e5-base/"}},
    {"config": {"_name_or_path": "C:\\models\\e5_base"}},
    {"readme": "---\nbase_model: intfloat/multilingual-e5-base\n---\n# Ours\n"},
    {"readme": "---\nbase_model:\n- owner/other\n- intfloat/multilingual-e5-base\n---\n"},
    {"readme": "---\nlicense: mit\n---\n\n## Multilingual-E5-small\n\ntext\n"},
    {"readme": "# SentenceTransformer based on intfloat/e5-small-v2\n"},
    {"readme": "# [E5-small](https://arxiv.org/abs/2212.03533) for news\n"},
    {"readme": "---\ntags:\n- mteb\nmodel-index:\n- name: multilingual-e5-small\n  results: []\n---\n"},
]


@pytest.mark.parametrize("files", INSIDE)
def test_a_family_is_known_by_names_inside_the_folder(tmp_path, files):
    assert prompt_for("./ours", folder_with(tmp_path / "ours", **files), wanted=None) == "query: "


def test_a_folder_of_the_hubs_cache_tells_the_name(tmp_path):
    folder = folder_with(tmp_path / "models--intfloat--e5-small-v2" / "snapshots" / "dca8b1a9")
    assert prompt_for(str(folder), folder, wanted=None) == "query: "


def test_the_models_own_name_goes_before_what_it_was_made_from(tmp_path):
    folder = folder_with(tmp_path, config={"_name_or_path": "intfloat/e5-small-unsupervised"})
    assert prompt_for("Snowflake/snowflake-arctic-embed-s", folder, wanted=None) == ""
    assert prompt_for("owner/news-s", folder, wanted=None) == "query: "


def test_a_comment_in_an_example_is_no_title(tmp_path):
    folder = folder_with(tmp_path, readme="A model.\n```python\n# as with intfloat/e5-base\n```\n")
    assert prompt_for("owner/model", folder, wanted=None) == ""


def test_a_table_of_token_vectors_takes_no_prompt_of_what_it_was_distilled_from(tmp_path):
    modules = [{"idx": 0, "name": "0", "path": ".", "type": "sentence_transformers.models.StaticEmbedding"}]
    folder = folder_with(tmp_path, modules=modules, readme="---\nbase_model: intfloat/e5-base\n---\n")
    assert prompt_for("owner/e5-base-static", folder, wanted=None) == ""


MALFORMED = ["", "{", "[]", "null", '"prompts"', '{"prompts": {"Clustering": "c: "}', "[" * 20_000, "\x00\xff", '{"prompts": NaN}']  # fmt: skip


@pytest.mark.parametrize("text", MALFORMED)
def test_malformed_settings_are_as_good_as_none(tmp_path, text):
    folder = folder_with(tmp_path, config_sentence_transformers=text, config=text, modules=text, readme=text)
    assert prompt_for("intfloat/e5-small-v2", folder, wanted=None) == "query: "
    assert prompt_for("owner/model", folder, wanted=None) == ""


def test_folders_in_the_place_of_files_and_a_missing_folder_are_as_good_as_none(tmp_path):
    for name in ("config_sentence_transformers.json", "config.json", "modules.json", "README.md"):
        (tmp_path / name).mkdir()
    assert prompt_for("owner/model", tmp_path, wanted=None) == ""
    assert prompt_for("owner/model", tmp_path / "nowhere", wanted=None) == ""


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["Clustering", "query", "document", "type"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(prompts=json_values, default=json_values, modules=json_values, base=json_values)
def test_whatever_the_settings_hold_the_prompt_is_a_string(tmp_path_factory, prompts, default, modules, base):
    folder = folder_with(
        tmp_path_factory.getbasetemp() / "any",
        config_sentence_transformers=config(prompts, default),
        modules=modules,
        config={"_name_or_path": base},
    )
    assert isinstance(prompt_for("owner/model", folder, wanted=None), str)


def test_the_offline_package_asks_for_none():
    assert prompt_for("all-MiniLM-L6-v2", resolve("all-MiniLM-L6-v2"), wanted=None) == ""
