"""The two letters i of Turkish and Azeri."""

from __future__ import annotations

_DOTTED = frozenset({"tr", "az", "crh", "gag"})  # languages in which "I" is the capital of "ı"
_SHARE = 0.02  # of a text that is "ı" or "İ", and twice; in Turkish 5 %, in an English text with Turkish names below


def lower_i(text: str, *, language: str | None) -> str:
    """The text, "I" and "İ" in lower case where they are those of Turkish or Azeri.

    Parameters
    ----------
    text : str
        In any language.
    language : str or None
        ISO 639-1 code; None goes by how often the text has letters that only these languages have.

    Examples
    --------
    >>> lower_i("ISI YALITIMI", language="tr"), lower_i("ISI", language=None), lower_i("Işık, ısı, ISI", language=None)
    ('ısı YALıTıMı', 'ISI', 'ışık, ısı, ısı')
    """
    if language is None:
        if text.isascii():
            return text
        if text.count("ı") + text.count("İ") + text.count("I\u0307") < max(2, _SHARE * len(text)):
            return text
    elif language not in _DOTTED:
        return text
    return text.replace("I\u0307", "i").replace("İ", "i").replace("I", "ı")
