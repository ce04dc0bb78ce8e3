"""The languages that a model knows, and the note on documents in other languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from topics.embed._model_card import ModelCard, read_card

# Codes that cards and the detector use interchangeably, or for languages so close that a model knows both. The detector
# takes the first 80 characters of an English article for Nigerian Pidgin in up to 3 of 100 cases.
_ONE_CODE = {
    "nb": "no", "nn": "no", "fil": "tl", "yue": "zh", "wuu": "zh", "arz": "ar", "ary": "ar", "ckb": "ku", "kmr": "ku",
    "sdh": "ku", "uzs": "uz", "ltg": "lv", "bs": "hr", "pcm": "en",
}  # fmt: skip


def _codes(listed: str) -> frozenset[str]:
    return frozenset(_ONE_CODE.get(code, code) for code in listed.split())


# Sentence-transformers' table of multilingual models, and the card of paraphrase-multilingual-MiniLM-L12-v2.
_PARAPHRASE = _codes(
    "ar bg ca cs da de el en es et fa fi fr gl gu he hi hr hu hy id it ja ka ko ku lt lv mk mn mr ms my nl no pl pt "
    "ro ru sk sl sq sr sv th tr uk ur vi zh"
)
# The same table: distiluse-base-multilingual-cased-v1.
_DISTILUSE_1 = _codes("ar de en es fr it ko nl pl pt ru tr zh")
# XLM-R (Conneau et al. 2020, table 6), the base of multilingual E5 (its cards) and bge-m3 (BGE M3, section 3).
_XLM_R = _codes(
    "af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha he hi hr hu hy id is "
    "it ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my ne nl no om or pa pl ps pt ro ru sa sd si sk sl "
    "so sq sr su sv sw ta te th tl tr ug uk ur uz vi xh yi zh"
)
# The card of LaBSE.
_LABSE = _codes(
    "af am ar as az be bg bn bo bs ca ceb co cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha haw he hi hmn "
    "hr ht hu hy id ig is it ja jv ka kk km kn ko ku ky la lb lo lt lv mg mi mk ml mn mr ms mt my ne nl no ny or pa "
    "pl pt ro ru rw si sk sl sm sn so sq sr st su sv sw ta te tg th tk tl tr tt ug uk ur uz vi wo xh yi yo zh zu"
)
# The cards of gte-multilingual-base and of snowflake-arctic-embed-m-v2.0, made of it.
_GTE = _codes(
    "af ar az be bg bn ca ceb cs cy da de el en es et eu fa fi fr gl gu he hi hr ht hu hy id is it ja jv ka kk km kn "
    "ko ky lo lt lv mk ml mn mr ms my ne nl no pa pl pt qu ro ru si sk sl so sq sr sv sw ta te th tl tr uk ur vi yo "
    "zh"
)
# The card of nomic-embed-text-v2-moe.
_NOMIC_2 = _codes(
    "af am ar az ba be bg bn bs ca ce co cs cy da de dv el en eo es et eu fa fi fr fy ga gd gl gn gu gv ha he hi hr "
    "ht hu hy id ig it ja jv km kn ko ku ky la lo lt lv mg mi mk ml mn mr ms my nl no ny pa pl ps pt ro ru si sk sl "
    "sm sn so sq st su sv sw sd ta te tg th tl tn tr ug uk ur uz vi xh yi yo zh zu"
)
# QwenLM/Qwen3-Embedding, "Multilingual Support".
_QWEN_3 = _codes(
    "af ar as ast awa az ba ban be bg bho bjn bn bs ca ceb cs cy da de el en es et eu fa fi fo fr fur ga gl gu he hi "
    "hne hr ht hu hy id ilo is it ja jv ka kea kk km kn ko lb li lij lmo lo lt lv mag mai min mk ml mr ms mt my ne nl "
    "no oc or pa pag pap pl pt ro ru scn sc sd si sk sl sq sr su sv sw szl ta te tg th tl tpi tr tt uk ur uz vec vi "
    "war yi zh"
)

# Family → languages, by a part of the name between word ends; the first match counts. EmbeddingGemma, bge-multilingual
# and others with cards that say "100+" without a list are left out.
_MULTILINGUAL = {
    r"paraphrase-multilingual-(?:minilm|mpnet)|paraphrase-xlm-r-multilingual": _PARAPHRASE,
    r"distiluse-base-multilingual-cased-v2": _PARAPHRASE,
    r"distiluse-base-multilingual-cased": _DISTILUSE_1,
    r"multilingual-e5-(?:small|base|large)": _XLM_R,
    r"bge-m3": _XLM_R,
    r"gte-multilingual-base|arctic-embed-[ml]-v2": _GTE,
    r"nomic-embed-text-v2": _NOMIC_2,
    r"qwen3-embedding": _QWEN_3,
}
# By the whole name, and never by the model it was made from: it may have been trained on other languages since.
_OF_ONE = {
    r"labse": _LABSE,
    r"all-minilm-l\d+-v\d|all-mpnet-base-v\d|all-distilroberta-v1|all-roberta-large-v1": frozenset({"en"}),
    r"multi-qa-(?:minilm|mpnet|distilbert)-.+|paraphrase-(?:minilm-l\d+|mpnet-base)-v\d": frozenset({"en"}),
    r"bge-(?:small|base|large)-en(?:-v1\.5)?": frozenset({"en"}),
    r"bge-(?:small|base|large)-zh(?:-v1\.5)?|gte-(?:small|base|large)-zh": frozenset({"zh"}),
    r"gte-(?:small|base|large)(?:-en-v1\.5)?|gte-modernbert-base": frozenset({"en"}),
    r"e5-(?:small|base|large)(?:-v2|-unsupervised)?": frozenset({"en"}),
    r"nomic-embed-text-v1(?:\.5)?(?:-unsupervised)?|modernbert-embed-(?:base|large)": frozenset({"en"}),
    r"mxbai-embed-(?:large|xsmall|2d-large)-v1": frozenset({"en"}),
    r"snowflake-arctic-embed-(?:xs|s|m|l|m-long|m-v1\.5)": frozenset({"en"}),
    r"instructor-(?:base|large|xl)|jina-embeddings-v2-(?:small|base)-en": frozenset({"en"}),
}

# Well known and small: 118 million parameters each. The first was trained for similarity, the second for search.
_SUGGESTED = {"paraphrase-multilingual-MiniLM-L12-v2": _PARAPHRASE, "intfloat/multilingual-e5-small": _XLM_R}

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
    return _of_card(card) or _of_family(card)


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
    others = {name: codes for name, codes in _SUGGESTED.items() if _last(name) != _last(model)}
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
    return _ONE_CODE.get(code, code)


def _of_family(card: ModelCard) -> frozenset[str] | None:
    for name in (*card.names, *card.based_on):
        for part, codes in _MULTILINGUAL.items():
            if re.search(rf"(?<![a-z0-9])(?:{part})(?![a-z0-9])", name):
                return codes
        for whole, codes in _OF_ONE.items():
            if name in card.names and re.fullmatch(whole, name):
                return codes
    return None
