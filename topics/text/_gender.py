"""Words written for several genders at once are one word: "Lehrer*innen", "étudiant·e·s", "amig@s"."""

from __future__ import annotations

import re

_LETTER = r"[^\W\d_]"
_DOT = "·•‧∙⋅"
# Endings that make a word with what stands before them; after the others the word before them stands alone.
_JOINED = "e|ne|le|te"
_INSTEAD = "ienne|enne|esse|euse|trice|rice|ice|ière|ère|se|ve|che|que|fe|re"
_ENDING = rf"(?:(?:{_JOINED})|(?:{_INSTEAD}))"

_MARKED = re.compile(
    rf"""
    [*:_/.(@{_DOT}-](?=[a-zèI-]|(?<=@))(?:  # what holds no mark, or one at its end, is passed over at once
    # Lehrer*innen, Lehrer:innen, Lehrer_in, Lehrer*innenverband, jede*r
    (?<={_LETTER}{{3}}[*:_{_DOT}])(?P<german>[Ii][Nn](?:[Nn][Ee][Nn]|(?![^\W_])))
    | (?<={_LETTER}{{2}}[*])(?P<german_ending>e[nmrs]?|[rns])(?![^\W_])
    # Lehrer/innen, Lehrer/-in, Lehrer/in
    | (?<={_LETTER}{{3}}/)(?:-?(?P<german_slash>innen)|(?:-|(?<=er/))(?P<german_one>in)(?![^\W_]))
    # étudiant·e·s, directeur·rice·s, heureux·se; not Catalan col·lecció
    | (?<={_LETTER}{{2}}[{_DOT}])(?P<dotted>{_ENDING})[{_DOT}]?(?P<dotted_s>s?)(?![^\W_])
    # étudiant.e.s, étudiant.e; étudiant-e-s; étudiant/e/s
    | (?<={_LETTER}{{3}}[.])(?:(?P<full>{_ENDING})[.](?P<full_s>s)|(?<![aeo][.])(?P<full_one>e))(?![^\W_]|[.]\w)
    | (?<={_LETTER}{{3}}-)(?P<hyphened>{_ENDING})-(?P<hyphened_s>s)(?![^\W_])
    | (?<=[^\W\d_aeiou]/)(?P<slashed>e)/?(?P<slashed_s>s?)(?![^\W_])
    # étudiant(e)s, Schüler(innen), Kolleg(inn)en, article(s), alumno(a)s
    | (?<={_LETTER}{{2}}[(])(?:-?(?P<inside>innen|inn|in|es|en|er|s|n|{_JOINED})|(?:{_INSTEAD}|as|os|a|o))\)
    # amig@s; niños/as
    | (?<={_LETTER}{{2}}@)(?P<at>s?)(?![\w@-]|[.]\w)
    | (?<={_LETTER}{{2}}[or]/)as?(?![^\W_]) | (?<={_LETTER}{{2}}[or]s/)as(?![^\W_])
    )
    """,
    re.VERBOSE,
)
_WHOLE = ("german", "german_ending", "german_slash", "german_one", "full_one", "inside")
_WITH_S = ("dotted", "full", "hyphened", "slashed")
_JOINED_ENDINGS = frozenset(_JOINED.split("|"))


def without_gender_marks(text: str) -> str:
    """The text with one form of each word that is written for several genders.

    It is the form that the marks leave where they go, or the one before them where that is no word
    ("directeur·rice·s").

    Parameters
    ----------
    text : str
        As it is written.

    Examples
    --------
    >>> without_gender_marks("Lehrer:innen, étudiant(e)s, directeur·rice·s, amig@s")
    'Lehrerinnen, étudiantes, directeurs, amigos'
    """
    while True:
        unmarked = _MARKED.sub(_unmarked, text)
        if unmarked == text:  # a mark may stand before another
            return text
        text = unmarked


def _unmarked(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    if kind in _WHOLE:
        return match[kind]
    if kind == "at":
        return f"o{match['at']}"
    for name in _WITH_S:
        if ending := match[name]:
            plural = match[f"{name}_s"] or ""
            if ending in _JOINED_ENDINGS:
                return ending + plural
            return "" if match.string[match.start() - 1] in "sx" else plural
    return ""
