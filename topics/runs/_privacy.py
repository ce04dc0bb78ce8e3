"""A run's manifest for others, who may not have the articles: nothing in it is a word of theirs or of their files.

It is made of what is allowed, not by taking away: numbers, versions, digests, the toolkit's own words, and no other
text. What the user wrote into the config, such as names of columns, is left out and named under ``withheld``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, get_args

from topics.config import RunConfig
from topics.errors import InputError
from topics.evaluate import DEFINITIONS
from topics.runs._citations import model_papers

Privacy = Literal["none", "counts", "hashes"]
LEVELS: tuple[Privacy, ...] = get_args(Privacy)
"""From the one that tells least to the one that tells most; each holds what the one before it does."""

_FORMAT = 1
_VERSION = re.compile(r"[0-9][0-9A-Za-z.+!-]{0,39}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_PUBLIC_MODEL = re.compile(r"(?:sentence-transformers/|intfloat/)?[A-Za-z0-9.-]+")
_WORDS = frozenset({"finest", "coarsest", "story", "subtopic", "topic", "theme", "cpu", "cuda", "mps"})
_MACHINE = ("python", "platform", "cpu", "kernels", "torch", "threads")
_CORPUS = ("n_documents", "n_copies", "n_rejected", "n_removed_lines")
_RESOLVED = ("min_cluster_size", "min_samples", "level", "seeds", "layout", "lexical_weight")
_FOUND = (
    "n_topics", "noise_share", "noise_share_before", "stability", "is_clear", "levels", "shares", "neighbors",
    "n_neighbors", "n_dims",
)  # fmt: skip
_KINDS = ("merge", "split", "move", "drop", "rename", "validate")


def public_manifest(
    manifest: Mapping[str, Any], scores: Mapping[str, Any], *, privacy: Privacy = "none"
) -> dict[str, Any]:
    """What a run's manifest may tell others.

    Parameters
    ----------
    manifest : Mapping
        ``run.json``.
    scores : Mapping
        ``scores.json``.
    privacy : {"none", "counts", "hashes"}
        What of the texts it may tell: nothing, so that it says how the run was computed; also how many documents,
        topics and so on there are, and the scores; or also the digests of the articles and of every result, by which
        whoever has the same can know it.

    Raises
    ------
    ValueError
        If there is no such level.
    """
    if privacy not in LEVELS:
        raise InputError(f"expected privacy to be one of {', '.join(map(repr, LEVELS))}, got {privacy!r}")
    withheld: list[str] = []
    told = {
        "manifest": _FORMAT,
        "privacy": privacy,
        "toolkit": _matching(manifest["toolkit"], _VERSION),
        "config": {
            section: _section(values, section, withheld) if isinstance(values, Mapping) else _plain(values)
            for section, values in manifest["config"].items()
        },
        "stages": _stages(manifest),
        "machine": {name: manifest["machine"].get(name) for name in _MACHINE},
        "withheld": withheld,
    }
    if privacy in ("counts", "hashes"):
        told |= _counts(manifest, scores)
    if privacy == "hashes":
        told |= _hashes(manifest)
    return told


def _section(values: Mapping[str, Any], section: str, withheld: list[str]) -> dict[str, Any]:
    told = {}
    for name, value in values.items():
        is_model = name == "model" and isinstance(value, str) and _PUBLIC_MODEL.fullmatch(value) and model_papers(value)
        if is_model or _is_ours(value):
            told[name] = value
        else:
            withheld.append(f"{section}.{name}")
    return told


def _is_ours(value: Any) -> bool:
    """Whether a value of the config is a number or one of the toolkit's own words, or has nothing in it."""
    if isinstance(value, (list, tuple)):
        return all(isinstance(one, (bool, int, float)) for one in value)
    if isinstance(value, Mapping):
        return not value
    return value is None or isinstance(value, (bool, int, float)) or value in _words()


@cache
def _words() -> frozenset[str]:
    """Every word that the config itself offers."""
    return _WORDS | {
        word
        for section in RunConfig.model_fields.values()
        for field in getattr(section.annotation, "model_fields", {}).values()
        for word in _offered(field.annotation)
    }


def _offered(annotation: Any) -> Iterator[str]:
    for one in get_args(annotation):
        if isinstance(one, str):
            yield one
        else:
            yield from _offered(one)


def _stages(manifest: Mapping[str, Any]) -> dict[str, Any]:
    every = {**manifest["stages"], **manifest.get("results", {})}
    return {
        name: {
            "version": _plain(stage["version"]),
            "determinism": stage.get("determinism"),
            "libraries": {library: _matching(version, _VERSION) for library, version in stage["libraries"].items()},
        }
        for name, stage in every.items()
        if _is_name_of_stage(name)
    }


def _is_name_of_stage(name: str) -> bool:
    """Whether a stage is called as the toolkit calls it; an encoder of the user's has a name of its own."""
    return re.fullmatch(r"[a-z0-9-]+(?: \((?:sentence-transformers|static|lsa)\))?", name) is not None


def _counts(manifest: Mapping[str, Any], scores: Mapping[str, Any]) -> dict[str, Any]:
    corpus, found, edited = manifest["corpus"], manifest.get("found", {}), manifest.get("edited") or {}
    languages = corpus.get("languages") or {}
    articles = (manifest.get("source") or {}).get("articles") or {}
    return {
        "corpus": {
            **{name: _plain(corpus.get(name)) for name in _CORPUS},
            "n_files": _plain(articles.get("n_files")),
            "languages": {code: _plain(n) for code, n in languages.items() if _LANGUAGE.fullmatch(code)},
        },
        "resolved": {name: _plain(manifest["resolved"].get(name)) for name in _RESOLVED},
        "found": {name: _plain(found.get(name)) for name in _FOUND},
        "scores": {name: _plain(score["value"]) for name, score in scores.items() if name in DEFINITIONS},
        "edited": {
            "n_edits": _plain(edited.get("n_edits", 0)),
            "n_done": _plain(edited.get("n_done", 0)),
            "kinds": {kind: _plain(n) for kind, n in edited.get("kinds", {}).items() if kind in _KINDS},
        },
        "n_warnings": len(manifest["warnings"]),
        "seconds": _plain(manifest["seconds"]),
    }


def _hashes(manifest: Mapping[str, Any]) -> dict[str, Any]:
    articles = (manifest.get("source") or {}).get("articles") or {}
    results = manifest.get("results", {})
    return {
        "key": _matching(manifest["key"], _DIGEST),
        "corpus_key": _matching(manifest["corpus"]["key"], _DIGEST),
        "articles": [_matching(file["sha256"], _DIGEST) for file in articles.get("files", ())],
        "results": {
            name: [_matching(digest, _DIGEST) for digest in result["sha256"]]
            for name, result in results.items()
            if _is_name_of_stage(name)
        },
        "files": {name: _matching(entry["sha256"], _DIGEST) for name, entry in manifest["files"].items()},
    }


def _matching(value: Any, pattern: re.Pattern[str]) -> str | None:
    """A text of this form; None of any other."""
    return value if isinstance(value, str) and pattern.fullmatch(value) else None


def _plain(value: Any) -> Any:
    """A number, a word of the toolkit's own, or a list of them; None of anything else."""
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    words = _words() | {"umap", "pca", "exact", "approximate"}
    return value if value is None or isinstance(value, (bool, int, float)) or value in words else None
