"""The language of a text."""

from __future__ import annotations

import functools
import re
from typing import Any

_CHARACTERS = 300
_LETTER = re.compile(r"[^\W\d_]")
_SYLLABLE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_MIN_LETTERS = 20
_LETTERS_A_SYLLABLE = 3  # that a sign of a denser script tells as much as


def detect_language(text: str) -> str | None:
    """ISO 639-1 code of the language a text is most likely in; None where it has too few letters to tell.

    Judged by the middle of the text, which boilerplate reaches least (py3langid, after Lui and Baldwin 2012).

    Parameters
    ----------
    text : str
        At best a few sentences.
    """
    middle = max(0, (len(text) - _CHARACTERS) // 2)
    piece = text[middle : middle + _CHARACTERS]
    if len(_LETTER.findall(piece)) + (_LETTERS_A_SYLLABLE - 1) * len(_SYLLABLE.findall(piece)) < _MIN_LETTERS:
        return None
    return str(_uncalibrated().classify(piece)[0])


def language_and_share(text: str) -> tuple[str, float]:
    """ISO 639-1 code of the likeliest language of a text, and its share of the probability of all.

    Parameters
    ----------
    text : str
        A paragraph or more; the beginning is what is judged.
    """
    code, share = _calibrated().classify(text[:_CHARACTERS])
    return str(code), float(share)


@functools.cache
def _uncalibrated() -> Any:
    """The model as py3langid has it for itself; its arrays, which take half a second to load, are loaded once."""
    from py3langid.langid import LanguageIdentifier

    model = _calibrated()
    return LanguageIdentifier(
        model.nb_ptc, model.nb_pc, model.nb_classes, model.tk_nextmove, model.tk_output, tk_row=model.tk_row
    )


@functools.cache
def _calibrated() -> Any:
    """The same model, its scores as probabilities."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
