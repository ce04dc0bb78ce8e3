"""The prompt before every document, for models that need one to cluster."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from topics.embed._model_card import read_card, read_json

# The task of E5-mistral's authors for the only MTEB clustering set of articles, TwentyNewsgroupsClustering
# (microsoft/unilm, e5/utils.py); Qwen3-Embedding, gte-Qwen2 and MTEB use the same words.
_TASK = "Identify the topic or theme of the given news articles"

# Family → prompt, by a part of the model's name between word ends; the first match counts. Families without a prompt
# are listed so that the family they were made from is not used: Arctic was made from E5.
_FAMILIES = {
    # intfloat/multilingual-e5-large-instruct, intfloat/e5-mistral-7b-instruct: get_detailed_instruct in the cards.
    r"e5-(?:large|mistral-7b)-instruct": f"Instruct: {_TASK}\nQuery: ",
    # intfloat/e5-base-v2, FAQ: "query: " for symmetric tasks and for embeddings as features, "such as … clustering".
    r"e5-(?:small|base|large)": "query: ",
    # nomic-ai/nomic-embed-text-v1.5, task instruction prefixes. modernbert-embed: trained alike, so in MTEB.
    r"nomic-embed-text|modernbert-embed": "clustering: ",
    # google/embeddinggemma-300m, prompt instructions.
    r"embeddinggemma": "task: clustering | query: ",
    # Qwen/Qwen3-Embedding-0.6B: get_detailed_instruct, no space after the colon; 1 to 5 % better than without.
    r"qwen3-embedding": f"Instruct: {_TASK}\nQuery:",
    # Alibaba-NLP/gte-Qwen2-7B-instruct: get_detailed_instruct; scripts/eval_mteb.py puts it before clustered texts.
    r"gte-qwen[\d.]+-[\d.]+b-instruct": f"Instruct: {_TASK}\nQuery: ",
    # hkunlp/instructor-large: "Represent the [domain] text_type for task_objective:", clustering among the examples.
    r"instructor-(?:base|large|xl)": "Represent the document for clustering: ",
    # BAAI/bge-large-en-v1.5: an instruction for queries of a search alone, never for passages. bge-m3: none at all.
    r"bge-(?:small|base|large)-(?:en|zh)|bge-m3": "",
    # thenlper/gte-base, Alibaba-NLP/gte-multilingual-base: none in the cards, use_instructions=False in MTEB.
    r"gte-(?:small|base|large|multilingual|modernbert)": "",
    # mixedbread-ai/mxbai-embed-large-v1, Snowflake/snowflake-arctic-embed-l-v2.0: for queries of a search alone.
    r"(?<!deepset-)mxbai-embed|arctic-embed": "",
}
# Where sentence-transformers' encode_document looks for a prompt.
_FOR_DOCUMENTS = ("document", "passage", "corpus")


def prompt_for(model: str, folder: Path, *, wanted: str | None) -> str:
    """The prompt before every document, including the space after it; empty if there is none.

    The user's prompt comes first. Otherwise the first of these: in the model's ``config_sentence_transformers.json`` a
    prompt for clustering, or the default; the prompt of its family, known by its name; its prompt for documents; the
    prompt of the family it was made from.

    Parameters
    ----------
    model : str
        The user's name for the model: a folder, or a name on the hub.
    folder : pathlib.Path
        The model's folder.
    wanted : str or None
        ``embed.prompt``; None leaves it to the model.
    """
    if wanted is not None:
        return wanted
    config = read_json(folder / "config_sentence_transformers.json")
    config = config if isinstance(config, dict) else {}
    prompts = _prompts(config.get("prompts"))
    clustering = sorted((name for name in prompts if "clustering" in name.casefold()), key=_preference)
    if clustering:
        return prompts[clustering[0]]
    default = config.get("default_prompt_name")
    if isinstance(default, str) and default in prompts:
        return prompts[default]
    if _is_static(folder):  # no context that a prompt could change
        return ""
    card = read_card(model, folder)
    own = _of_family(card.names)
    if own is not None:
        return own
    document = next((prompts[name] for name in _FOR_DOCUMENTS if prompts.get(name)), None)
    return document or _of_family(card.based_on) or ""


def _prompts(values: Any) -> dict[str, str]:
    if not isinstance(values, dict):
        return {}
    return {name: prompt or "" for name, prompt in values.items() if prompt is None or isinstance(prompt, str)}


def _preference(name: str) -> tuple[bool, bool, int, str]:
    """Order among prompts for several benchmarks: the general one, then one for news, then the shortest name."""
    plain = name.casefold()
    return plain != "clustering", "news" not in plain, len(name), name


def _is_static(folder: Path) -> bool:
    modules = read_json(folder / "modules.json")
    kinds = [module.get("type") for module in modules if isinstance(module, dict)] if isinstance(modules, list) else []
    return any(isinstance(kind, str) and kind.endswith("StaticEmbedding") for kind in kinds)


def _of_family(names: Iterable[str]) -> str | None:
    for name in names:
        for part, prompt in _FAMILIES.items():
            if re.search(rf"(?<![a-z0-9])(?:{part})(?![a-z0-9])", name):
                return prompt
    return None
