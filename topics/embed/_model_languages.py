"""The languages that a model knows, and the note on documents in other languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from topics.embed._model_card import ModelCard, read_card
from topics.embed._model_table import model_table

_NO_LANGUAGE = ("zxx", "und", "mis")
_MANY = ("multilingual", "mul")
_MIN_OF_MANY = 5  # not tuned: a shorter list beside "multilingual" is only a sample

# A language counts if, for each pair, it has this share of the documents or this many. The detector took 2 of 7,032
# English articles for another language, and of 701 sentences in each of four languages at most 2 (0.3 %) for the same
# wrong one. So single documents count only in a small corpus; in a large one, with many errors, a share decides.
_ENOUGH = ((0.1, 2.0), (0.01, 5.0), (0.003, float("inf")))
_SHOWN = 8  # not tuned: languages in a note


def languages_of(model: str, folder: Path) -> frozenset[str] | None:
    """ISO 639 codes of the languages that a model knows, with two letters if there are such; None if unknown.

    They come from the model's card or, if that lists none or only says "multilingual", from a table of well-known
    families. Variants share one code: Bokmål and Nynorsk ``no``, Cantonese ``zh``, Bosnian ``hr``.

    Parameters
    ----------
    model : str
        The user's name for the model: a folder, or a name on the hub.
    folder : pathlib.Path
        The model's folder.
    """
    card = read_card(model, folder)
    return _of_card(card) or model_table().languages_of(card.names, made_from=card.based_on)


def unknown_languages_note(
    languages: Mapping[str, int], known: frozenset[str] | None, *, n_docs: int, model: str
) -> str | None:
    """A note on documents in languages that a model does not know, with a model that does; None without any.

    Languages with so few documents that they may be errors of the detector are ignored.

    Parameters
    ----------
    languages : mapping of str to int
        Number of documents in each language, as in ``Corpus.languages``.
    known : frozenset of str or None
        Languages that the model knows; None if unknown.
    n_docs : int
        Number of documents.
    model : str
        Name of the model, for the note.
    """
    if known is None:
        return None
    knows = {_code(code) for code in known}
    n_docs_by_code = _group(languages)
    min_docs = max(min(share * n_docs, number) for share, number in _ENOUGH)
    present = {code for code, counts in n_docs_by_code.items() if counts.total() >= min_docs}
    unknown = sorted(present - knows, key=lambda code: (-n_docs_by_code[code].total(), code))
    if not unknown:
        return None
    n = sum(n_docs_by_code[code].total() for code in unknown)
    listed = [
        f"{n_docs_by_code[code].most_common(1)[0][0]} {n_docs_by_code[code].total()}" for code in unknown[:_SHOWN]
    ]
    if len(unknown) > _SHOWN:
        listed.append(f"{len(unknown) - _SHOWN} more")
    what = "a language" if len(unknown) == 1 else "languages"
    are, say = ("is", "its vector says") if n == 1 else ("are", "their vectors say")
    return (
        f"{n} of {n_docs} documents {are} in {what} that {model or 'the model'} does not know ({', '.join(listed)}): "
        f"{say} little; {_way_out(set(unknown), present, model=model)}"
    )


def _way_out(unknown: set[str], present: set[str], *, model: str) -> str:
    """A model that knows these languages and, if possible, all others of the corpus; or those that no model knows."""
    others = {name: codes for name, codes in model_table().suggested.items() if _last(name) != _last(model)}
    suitable = [name for name, codes in others.items() if unknown <= codes]
    if not suitable:
        missing = unknown - frozenset[str]().union(*others.values()) or unknown
        return f"{' and '.join(others)} {'do' if len(others) > 1 else 'does'} not know {_listed(missing)} either"
    best = min(suitable, key=lambda name: len(present - others[name]))
    lost = present - others[best]
    but = f", but not {_listed(lost)}" if lost else ""
    return f'embed.model = "{best}" knows {"it" if len(unknown) == 1 else "them"}{but}'


def _listed(codes: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(codes))


def _last(name: str) -> str:
    return name.rstrip("/").rpartition("/")[2].casefold()


def _group(languages: Mapping[str, int]) -> dict[str, Counter[str]]:
    """Number of documents by the code of a language, then by the original code."""
    n_docs_by_code: dict[str, Counter[str]] = {}
    for raw, count in languages.items():
        code = _code(raw)
        if code is not None and code not in _NO_LANGUAGE:
            n_docs_by_code.setdefault(code, Counter())[raw] += count
    return n_docs_by_code


def _of_card(card: ModelCard) -> frozenset[str] | None:
    """Languages in the card's front matter."""
    listed = [*_strings(card.entries.get("language")), *_strings(card.entries.get("language_bcp47"))]
    tags = [tag.casefold() for tag in _strings(card.entries.get("tags"))]
    many = any(item.casefold() in _MANY for item in [*listed, *tags])
    codes = {_code(item) for item in listed if item.casefold() not in (*_MANY, "code")}
    if None in codes or not codes or (many and len(codes) < _MIN_OF_MANY):
        return None
    return frozenset(code for code in codes if code is not None)


def _strings(value: Any) -> Iterable[str]:
    """Words of an entry, which may be a list or a line."""
    items = value if isinstance(value, list) else [value]
    for item in items:
        if item is False:
            yield "no"  # YAML reads Norway's code as False
        elif isinstance(item, str):
            yield from re.split(r"[,\s]+", item.strip())


def _code(raw: str) -> str | None:
    """The code of a language: ``zh-Hant``, ``zho``, ``yue`` → ``zh``; None for anything that is not a code."""
    from babel.core import get_global

    base = re.split(r"[-_]", raw.strip().casefold())[0]
    if not re.fullmatch(r"[a-z]{2,3}", base):
        return None
    code = str(get_global("language_aliases").get(base, base)).split("_")[0]
    return model_table().one_code.get(code, code)
