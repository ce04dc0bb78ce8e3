"""A model's folder → the model, of what was checked and keyed and nothing else."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from topics.embed.torch_work import without_loading_bar
from topics.embed.weights import ModelNotFoundError, check_folder, fingerprint_folder

_REASON_CHARACTERS = 200
_MISSING = re.compile(r"^\s*(\S+)\s*\|\s*MISSING", re.MULTILINE)
_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_UNUSED = "pooler"  # sentence-transformers pools tokens itself; many models come without these weights


def load_model(folder: Path, *, name: str, device: str, fingerprint: str) -> Any:
    """A sentence-transformers model, loaded from safetensors alone and from no other place than its folder.

    Parameters
    ----------
    folder : Path
        Of the model.
    name : str
        What the user called it.
    device : str
        Where it computes.
    fingerprint : str
        What :func:`fingerprint_folder` gave when its vectors' key was made.

    Raises
    ------
    ModelNotFoundError
        If the folder cannot be loaded, lacks weights, or is not what it was then.
    """
    check_folder(folder, name)
    from sentence_transformers import SentenceTransformer

    try:
        with without_loading_bar(), _reports() as reports:
            model = SentenceTransformer(
                str(folder),
                device=device,
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
            )
    except MemoryError:
        raise
    except Exception as error:  # damaged weights and settings make four libraries raise errors of many types
        told = [line for line in str(error).split("\n") if line.strip()]
        reason = " ".join(" ".join(told).split())[:_REASON_CHARACTERS] or "no reason given"
        raise ModelNotFoundError(
            f"model {name!r}: {str(folder)!r} cannot be loaded ({type(error).__name__}: {reason}): it is damaged, cut "
            "short or not of a kind that sentence-transformers reads; fetch it anew, or choose another embed.model"
        ) from error
    missing = [key for report in reports for key in _MISSING.findall(report) if _UNUSED not in key]
    if missing:
        raise ModelNotFoundError(
            f"model {name!r}: {str(folder)!r} lacks {len(missing)} of its weights, such as {missing[0]!r}, and vectors "
            "by chance would stand for them; fetch it anew"
        )
    if fingerprint_folder(folder) != fingerprint:
        raise ModelNotFoundError(f"model {name!r}: {str(folder)!r} was changed while it was loaded; run it again")
    return model


@contextmanager
def _reports() -> Iterator[list[str]]:
    """What transformers would log while it loads weights, held back."""
    found: list[str] = []

    def keep(record: logging.LogRecord) -> bool:
        found.append(_STYLE.sub("", record.getMessage()))
        return False

    logger = logging.getLogger("transformers.modeling_utils")
    logger.addFilter(keep)
    try:
        yield found
    finally:
        logger.removeFilter(keep)
