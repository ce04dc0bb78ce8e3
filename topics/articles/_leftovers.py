"""What feeds and databases leave in a text: entities of HTML, emphasis, and marks of where a provider cut it short."""

from __future__ import annotations

import html
import re

_EMPHASIS = re.compile(r"(?i)</?(?:b|i|u|em|strong|span|sub|sup|a|br|p|font|small|mark)\b[^<>]*>")
_PAIR = re.compile(r"(?is)<(b|i|u|em|strong|span|sub|sup|a|font|small|mark)\b(?:\s[^<>]*)?>([^<>]*)</\1\s*>")
_BREAK = re.compile(r"(?i)<br\s*/?>")
# An entity that is closed; after "&amp;" the rest of one that was escaped twice (or more, by each tool on the way).
_ENTITY = re.compile(r"&(?:amp;)*(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_ABOUT_MARKUP = re.compile(r"(?i)\b(?:x?html5?|xml|css|javascript|markup|ampersands?|entity references?)\b|</?code\b")
_OF_MARKUP = frozenset("<>&\"'")

_MORE = (
    r"read more|read on|read full (?:article|story)|continue reading|keep reading|full story|weiterlesen|mehr lesen"
    r"|lire la suite|lire plus|en savoir plus|leer más|seguir leyendo|sigue leyendo|leia mais|leggi tutto"
    r"|continua a leggere|lees verder|lees meer|czytaj dalej|czytaj więcej|læs mere|läs mer|les mer|lue lisää"
    r"|читать далее|читать дальше|читати далі|devamını oku|اقرأ المزيد|続きを読む|阅读更多|阅读全文|閱讀更多|더 보기"
)
_CUT = r"(?:\[\s*(?:…|\.\.\.)\s*\]|\(\s*(?:…|\.\.\.)\s*\)|…|\.\.\.)"
_MARKED = rf"(?:\[\s*(?:…|\.\.\.)\s*\]|\(\s*more\s*(?:…|\.\.\.)\s*\)|{_CUT}?\s*\[\+\s?[\d,.]+ ?char(?:s|acters?)\])"
_STUB = re.compile(
    rf"(?i)\s*(?:{_MARKED}|{_CUT}\s*[\[(]?(?:{_MORE})\b\s*(?:…|\.\.\.)?\s*[\])]?\s*(?:→|»|›|>+|&raquo;)?)\s*\Z"
)
# Where a site's plug-in names itself below a teaser or an article: "The post <title> appeared first on <site>."
_FOOT = re.compile(
    r"(?:\A|(?<=[.!?…\])»\"”’\n]))\s*The post (?P<title>[^\n]{1,400}?) (?:appeared first on|first appeared on)"
    r" (?P<site>[^\n]{1,120})\Z"
)
_NEXT_SENTENCE = re.compile(r"(?<!\b[A-Z])(?<!\bSt)[.!?…][\"”’»)]*\s")
_DOMAIN = re.compile(r"\w\.\w")
_SIGNS = ("…", "...", "[+", "The post")  # one of them stands in every such mark
_LOOKED_AT = 700  # characters at the end


def decode_entities(text: str) -> str:
    """Text with the characters that entities of HTML stand for, also where they were escaped twice.

    A text about markup keeps those of ``<``, ``>``, ``&`` and quotes, which it may be about. Emphasis that was escaped
    goes with its marks.

    Parameters
    ----------
    text : str
        As it came, HTML apart.
    """
    if "&" not in text or not _ENTITY.search(text):
        return text
    about = bool(_ABOUT_MARKUP.search(text))

    def decoded(match: re.Match[str]) -> str:
        inner = "&" + match[0][1:].replace("amp;", "") if match[0].count("amp;") and match[0] != "&amp;" else match[0]
        inner = "&amp;" if inner in ("&", "&;") else inner
        meant = html.unescape(inner)
        if meant == inner or "\ufffd" in meant:  # no entity, or one of no character
            return "" if "\ufffd" in meant else match[0]
        if about and meant in _OF_MARKUP:
            return match[0]
        return " " if meant == "\u00a0" else meant

    whole = _ENTITY.sub(decoded, text)
    if about or "<" not in whole or "<" in text:
        return whole
    return _BREAK.sub("\n", without_pairs(whole))


def without_pairs(text: str) -> str:
    """Text without the tags that open and close emphasis around words.

    Parameters
    ----------
    text : str
        Plain but for them.
    """
    while (bare := _PAIR.sub(r"\2", text)) != text:
        text = bare
    return text


def without_emphasis(text: str) -> str:
    """Text without tags of emphasis, in pairs or not.

    Parameters
    ----------
    text : str
        A title.
    """
    return _EMPHASIS.sub("", text)


def cut_stub(text: str) -> tuple[str, bool, bool]:
    """Text without the marks that a provider put where it cut it short, whether there were any, and a plug-in's foot.

    Marks are ``[+1563 chars]``, ``[…]``, ``(more…)``, and words such as "Read more" after an ellipsis. That "The post …
    appeared first on …" goes as well, and whether it did comes last; it alone does not say that the text is cut.

    Parameters
    ----------
    text : str
        Of an article.
    """
    end = text[-_LOOKED_AT:]
    if not any(sign in end for sign in _SIGNS):
        return text, False, False
    bare, is_cut, has_foot = end.rstrip(), False, False
    while True:
        shorter, is_foot = bare, False
        if (foot := _FOOT.search(bare)) is not None and _is_named(foot["title"]) and _is_site(foot["site"]):
            shorter, is_foot = bare[: foot.start()], True
        if (stub := _STUB.search(shorter)) is not None:
            shorter, is_cut = shorter[: stub.start()].rstrip(), True
        if shorter == bare or not shorter.strip():
            break
        bare, has_foot = shorter, has_foot or is_foot
    return (text[: len(text) - len(end)] + bare if bare != end.rstrip() else text), is_cut, has_foot


def _is_named(words: str) -> bool:
    """Whether words begin as a title or a name does, not with a word in lower case: "The post office appeared …"."""
    first = words.split(maxsplit=1)[:1]
    return bool(first) and (not first[0].islower() or _DOMAIN.search(first[0]) is not None)


def _is_site(words: str) -> bool:
    """Whether words are the name of a site and no more than that."""
    return _is_named(words) and _NEXT_SENTENCE.search(words) is None
