"""What a replay begins with: the articles, vectors and encoder that a run was made with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics.errors import InputError
from topics.records import Corpus
from topics.runs._folder import find_place
from topics.runs._run import Run

if TYPE_CHECKING:
    from topics import embed

_OURS = {
    "hybrid": "hybrid", "sentence-transformer": "sentence-transformers", "static": "static", "lsa": "lsa",
}  # fmt: skip


def inputs_of(
    run: Run, articles: Any, *, embeddings: Any, encoder: embed.Encoder | None, kept: bool, progress: bool
) -> tuple[Corpus, Any, Mapping[str, Any] | None]:
    """The corpus, the caller's own vectors if there were some, and where the articles lie, if they are files.

    Parameters
    ----------
    run : Run
        That is replayed.
    articles, embeddings, encoder, kept, progress
        As for :func:`topics.replay`.

    Raises
    ------
    TopicsError
        If something is not where it was; the message says what to pass.
    """
    source = run.manifest.get("source") or {}
    kind = run.manifest["stages"].get("embed", {}).get("parameters", {}).get("kind")
    given = kind == "given"
    own = given or (kind != _OURS[run.config.embed.encoder] and encoder is None)
    if own and embeddings is None:
        if kept and run.kept.has_embeddings:
            embeddings = run.kept.record("embeddings")
        elif not given:
            raise InputError(
                f"{str(run.folder)!r} was made with an encoder of your own ({kind!r}): pass it, as "
                "topics.replay(run, encoder=…)"
            )
        elif not (vectors := source.get("vectors")):
            raise InputError(
                f"{str(run.folder)!r} was made with vectors of your own, which were no file: pass them, as "
                "--embeddings or embeddings="
            )
        elif (embeddings := find_place(vectors, run.folder)) is None:
            raise InputError(
                f"expected the vectors of the run at {_said(vectors)!r}, where nothing is: say where they are, with "
                "--embeddings or embeddings="
            )
    if kept:
        return run.kept.corpus, embeddings, None
    if articles is None:
        articles = _place_of(run, source)
    return _read(run, articles, embeddings=embeddings, progress=progress)


def _read(run: Run, articles: Any, *, embeddings: Any, progress: bool) -> tuple[Corpus, Any, Mapping[str, Any] | None]:
    from topics import _front
    from topics.articles import source_of

    _, corpus, vectors, _ = _front.opened(articles, run.config, embeddings=embeddings, store=None, progress=progress)
    is_path = isinstance(articles, (str, os.PathLike))
    return corpus, vectors, source_of(Path(articles), run.config.articles) if is_path else None


def _place_of(run: Run, source: Mapping[str, Any]) -> str:
    """Where the articles of the run are: where they lay, or where their very bytes lie under the same name."""
    said = source.get("articles") or {}
    hint = (
        "pass them (--articles PATH, or articles=), or begin with the documents in the run's folder (--kept, or "
        "kept=True), which leaves reading out"
    )
    if not said:
        raise InputError(f"{str(run.folder)!r} does not say where its articles lie: {hint}")
    place = find_place(said, run.folder) or _same_beside(run, said)
    if place is None:
        raise InputError(f"expected the articles of the run at {_said(said)!r}, where nothing is: {hint}")
    return place


def _same_beside(run: Run, said: Mapping[str, Any]) -> str | None:
    """Articles of the same name and digests in the run's folder, one of the two above it or the working folder."""
    from topics.articles import source_of

    name = said.get("name") or Path(said["path"]).name
    folder = run.folder.absolute()
    for place in (folder / name, folder.parent / name, folder.parent.parent / name, Path(name).absolute()):
        if said["files"] and place.exists() and source_of(place, run.config.articles)["files"] == said["files"]:
            return str(place)
    return None


def _said(place: Mapping[str, Any] | str) -> str:
    """A place as it is told: from the run's folder on, else from the home folder on, else its name."""
    return place if isinstance(place, str) else place.get("path") or place.get("place") or place["name"]
