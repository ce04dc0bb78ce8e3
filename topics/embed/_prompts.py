"""The prompt before every document, for models that need one to cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from topics.embed._model_card import read_card, read_json
from topics.embed._model_table import model_table

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
    own = model_table().prompt_of(card.names)
    if own is not None:
        return own
    document = next((prompts[name] for name in _FOR_DOCUMENTS if prompts.get(name)), None)
    return document or model_table().prompt_of(card.based_on) or ""


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
