"""The encoder of a run, for new texts; another one is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topics._encoders import encoder_of
from topics.config import RunConfig
from topics.embed import Encoder
from topics.errors import InputError
from topics.records import Records

# What of an encoder's identity may differ: it moves the last digits of a vector, not its meaning.
_MAY_DIFFER = {"libraries", "device", "precision", "batch_tokens", "shard_rows"}


def same_encoder(fitted: Records, *, config: RunConfig, encoder: Encoder | None = None) -> Encoder:
    """The encoder that records were made with.

    Parameters
    ----------
    fitted : Records
        Whose origins tell what it was.
    config : RunConfig
        Of the run.
    encoder : Encoder or None
        The user's own; None takes that of the config.

    Raises
    ------
    ValueError
        If it is another, or there was none.
    """
    of_embeddings = [origin for origin in fitted.origins if origin.stage == "embed"]
    told = of_embeddings[0].parameters if of_embeddings else fitted.embeddings.origin.parameters
    if told.get("kind") == "given":
        raise InputError(
            "expected embeddings, as the run was made with vectors of your own: pass those of the new articles"
        )
    chosen = encoder_of(config, encoder)
    _check_same(chosen.identity, told)
    return chosen


def _check_same(identity: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    """Refuse an encoder that gives other vectors than those of a run."""
    if told.get("kind") == "hybrid":
        pairs = [(identity.get(part, {}), told.get(part, {})) for part in ("semantic", "lexical")]
    else:
        pairs = [(identity, told)]
    differences = [
        f"{name} {_short(now.get(name))} where the run has {_short(before.get(name))}"
        for now, before in pairs
        for name in sorted({*now, *before} - _MAY_DIFFER)
        if _plain(now.get(name)) != _plain(before.get(name))
    ]
    if identity.get("kind") != told.get("kind"):
        differences = [f"kind {identity.get('kind')!r} where the run has {told.get('kind')!r}"]
    if differences:
        raise InputError(
            f"expected the encoder that the run was made with, got another ({'; '.join(differences)}): its vectors "
            "would mean something else. Install the same model, pass encoder=, or pass embeddings of it"
        )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _short(value: Any) -> str:
    return f"{value!r:.40}"
