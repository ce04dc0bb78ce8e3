"""A model's folder → the model, from the checked files that are part of its key and nothing else."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from topics.embed._model_folder import ModelNotFoundError, check_folder, fingerprint_folder
from topics.embed._torch_work import without_loading_bar

_REASON_CHARACTERS = 200  # not tuned: fits a message
_MISSING = re.compile(r"^\s*(\S+)\s*\|\s*MISSING", re.MULTILINE)
_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_UNUSED = "pooler"  # sentence-transformers pools tokens itself; many models come without these weights


def load_model(folder: Path, *, name: str, device: str, fingerprint: str) -> Any:
    """A sentence-transformers model, loaded only from safetensors and only from its folder.

    Parameters
    ----------
    folder : Path
        Folder of the model.
    name : str
        The user's name for the model.
    device : str
        The torch device.
    fingerprint : str
        Value of :func:`fingerprint_folder` when the key of the vectors was made.

    Raises
    ------
    ModelNotFoundError
        If the folder cannot be loaded, lacks weights, or has changed since.
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
        lines = [line for line in str(error).split("\n") if line.strip()]
        reason = " ".join(" ".join(lines).split())[:_REASON_CHARACTERS] or "no reason given"
        raise ModelNotFoundError(
            f"model {name!r}: {str(folder)!r} cannot be loaded ({type(error).__name__}: {reason}): it is damaged, cut "
            "short or not of a kind that sentence-transformers reads; download it again, or choose another embed.model"
        ) from error
    missing = [key for report in reports for key in _MISSING.findall(report) if _UNUSED not in key]
    if missing:
        raise ModelNotFoundError(
            f"model {name!r}: {str(folder)!r} lacks {len(missing)} of its weights, such as {missing[0]!r}, and random "
            "values would replace them; download it again"
        )
    if fingerprint_folder(folder) != fingerprint:
        raise ModelNotFoundError(f"model {name!r}: {str(folder)!r} was changed while it was loaded; run it again")
    return model


@contextmanager
def _reports() -> Iterator[list[str]]:
    """Collects what transformers would log while it loads weights."""
    messages: list[str] = []

    def keep(record: logging.LogRecord) -> bool:
        messages.append(_STYLE.sub("", record.getMessage()))
        return False

    logger = logging.getLogger("transformers.modeling_utils")
    logger.addFilter(keep)
    try:
        yield messages
    finally:
        logger.removeFilter(keep)
