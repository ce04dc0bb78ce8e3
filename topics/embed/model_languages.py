"""The languages that a model knows, and what is said of documents in others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from topics.embed.model_card import ModelCard, read_card

# Codes that cards and the detector use for one another, or for so near a language that a model knows both. The first
# 80 characters of English articles the detector takes for Nigerian Pidgin in up to 3 of 100.
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
# XLM-R (Conneau et al. 2020, table 6), of which multilingual E5 (its cards) and bge-m3 (BGE M3, section 3) are made.
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

# Family → languages, by a part of the name between word ends; the first that fits. EmbeddingGemma, bge-multilingual
# and others whose cards say "100+" without a list are not here.
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
# These by the whole name, and never by what a model was made from: it may have learned other languages since.
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

# Well-known and small: 118 million parameters each. The first was made for likeness, the second for search.
_SUGGESTED = {"paraphrase-multilingual-MiniLM-L12-v2": _PARAPHRASE, "intfloat/multilingual-e5-small": _XLM_R}

_NO_LANGUAGE = ("zxx", "und", "mis")
_MANY = ("multilingual", "mul")
_FEWEST_OF_MANY = 5

# A language counts that has, of each pair, this share of the documents or that many. Of 7,032 English articles the
# detector took 2 for another language; of 701 sentences in each of four languages at most 2 (0.3 %) for the same wrong
# one. So single documents count in a small corpus alone, and in a large one, which has many errors, a share decides.
_ENOUGH = ((0.1, 2.0), (0.01, 5.0), (0.003, float("inf")))
_SHOWN = 8


def languages_of(model: str, folder: Path) -> frozenset[str] | None:
    """ISO 639 codes of the languages that a model knows, of two letters where there are; None where it is not told.

    From its card; where that lists none, or says "multilingual" alone, from a table of well-known families. Variants
    have one code: Bokmål and Nynorsk ``no``, Cantonese ``zh``, Bosnian ``hr``.

    Parameters
    ----------
    model : str
        The name that the user gave: a folder, or a name on the hub.
    folder : pathlib.Path
        The model's folder.
    """
    card = read_card(model, folder)
    return _told(card) or _of_family(card)


def say_unknown_languages(
    languages: Mapping[str, int], known: frozenset[str] | None, *, n_docs: int, model: str
) -> str | None:
    """A sentence on the documents in languages that a model does not know, with a model that does; None without any.

    A language with so few documents that they may be errors of the detector is passed over.

    Parameters
    ----------
    languages : mapping of str to int
        Documents in each language, as ``Corpus.languages``.
    known : frozenset of str or None
        Languages that the model knows; None where it is not told.
    n_docs : int
        Documents in all.
    model : str
        Name of the model, for the sentence.
    """
    if known is None:
        return None
    knows = {_code(code) for code in known}
    found = _grouped(languages)
    fewest = max(min(share * n_docs, number) for share, number in _ENOUGH)
    present = {code for code, counts in found.items() if counts.total() >= fewest}
    unknown = sorted(present - knows, key=lambda code: (-found[code].total(), code))
    if not unknown:
        return None
    n = sum(found[code].total() for code in unknown)
    listed = [f"{found[code].most_common(1)[0][0]} {found[code].total()}" for code in unknown[:_SHOWN]]
    if len(unknown) > _SHOWN:
        listed.append(f"{len(unknown) - _SHOWN} more")
    what = "a language" if len(unknown) == 1 else "languages"
    are, say = ("is", "its vector says") if n == 1 else ("are", "their vectors say")
    return (
        f"{n} of {n_docs} documents {are} in {what} that {model or 'the model'} does not know ({', '.join(listed)}): "
        f"{say} little; {_way_out(set(unknown), present, model=model)}"
    )


def _way_out(unknown: set[str], present: set[str], *, model: str) -> str:
    """A model that knows them, at best with all other languages of the corpus; or which of them none knows."""
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


def _grouped(languages: Mapping[str, int]) -> dict[str, Counter[str]]:
    """Documents by the code that stands for a language, then by the code as given."""
    found: dict[str, Counter[str]] = {}
    for given, count in languages.items():
        code = _code(given)
        if code is not None and code not in _NO_LANGUAGE:
            found.setdefault(code, Counter())[given] += count
    return found


def _told(card: ModelCard) -> frozenset[str] | None:
    """Languages of the card's front matter."""
    listed = [*_strings(card.entries.get("language")), *_strings(card.entries.get("language_bcp47"))]
    tags = [tag.casefold() for tag in _strings(card.entries.get("tags"))]
    many = any(item.casefold() in _MANY for item in [*listed, *tags])
    codes = {_code(item) for item in listed if item.casefold() not in (*_MANY, "code")}
    if None in codes or not codes or (many and len(codes) < _FEWEST_OF_MANY):
        return None
    return frozenset(code for code in codes if code is not None)


def _strings(value: Any) -> Iterable[str]:
    """Words of an entry, be it a list or a line."""
    items = value if isinstance(value, list) else [value]
    for item in items:
        if item is False:
            yield "no"  # YAML reads Norway's code so
        elif isinstance(item, str):
            yield from re.split(r"[,\s]+", item.strip())


def _code(given: str) -> str | None:
    """The code that stands for a language: ``zh-Hant``, ``zho``, ``yue`` → ``zh``; None for what is no code."""
    from babel.core import get_global

    base = re.split(r"[-_]", given.strip().casefold())[0]
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
