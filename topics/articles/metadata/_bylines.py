"""Bylines and source credits in the lines above an article: names, and the words that stand before them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from topics.articles.metadata._calendar_names import is_weekday
from topics.articles.metadata._written import Written, written_dates

# "By", and what may stand before it.
_BY = r"by|von|por|par|di|door|av|af|oleh"
_DONE = r"posted|written|published|publié|publicado|pubblicato|reported|words|story|text|veröffentlicht|escrito|scritto"
# Words that a colon makes a byline, and a credit.
_AUTHOR = (
    r"authors?|autora?|autor(?:en|es|zy|ka|ka:?)|auteure?s?|autor[ei]|автор(?:и|ы|ка)?|текст|text(?:e|o)?|testo|tekst|words"
    r"|reporter|verfasser(?:in)?|yazar|penulis|tác giả|συντάκτης|συγγραφέας|szerző|författare|forfatter|kirjoittaja"
    r"|作者|記者|记者|著者|文|기자|글|الكاتب|بقلم|كتب|מאת|लेखक"
)
_SOURCE = (
    r"sources?|quellen?|fuentes?|fonti|fonte|bron|źródło|zdroj|джерел[оа]|источники?|крыніца|източник|извор|izvor|vir"
    r"|källa|kilde|lähde|πηγή|kaynak|forrás|sursa|sumber|nguồn|来源|來源|出典|출처|المصدر|מקור|स्रोत"
)
# News agencies that sign a line together with a name.
_AGENCY = (
    r"Reuters|AP|Associated Press|The Associated Press|AFP|Agence France-Presse|dpa|APA|EFE|ANSA|PAP|ČTK|UPI|PA|PTI"
    r"|IANS|ANI|CNN|BBC News|BBC|Bloomberg|Xinhua|Kyodo|Yonhap|Ukrinform|Укрінформ|Interfax-Ukraine|Інтерфакс-Україна"
    r"|УНІАН|UNIAN|Интерфакс|Interfax|ТАСС|TASS|РИА Новости"
)
_BYLINE = re.compile(
    rf"(?:^|[|·•/—–]\s*|\s-\s+|^-\s*)(?:(?:{_DONE})\s+)?(?:(?:{_BY})\s*[: ]\s*|(?:{_AUTHOR})\s*[:：]\s*)"
    r"(?P<name>\S.*)$",
    re.IGNORECASE,
)
_BY_ALONE = re.compile(rf"[|·•—–-]?\s*(?:(?:{_DONE})\s+)?(?:(?:{_BY})\s*:?|(?:{_AUTHOR})\s*[:：])\s*", re.IGNORECASE)
_SOURCE_LINE = re.compile(rf"(?:^|[|·•]\s*)(?:{_SOURCE})\s*[:：]\s*(?P<name>[^|·•]{{2,60}}?)\s*$", re.IGNORECASE)
_SOURCE_ONLY = re.compile(rf"\s*(?:{_SOURCE})\s*[:：]\s*[^|·•]*$", re.IGNORECASE)
_WITH_AGENCY = re.compile(rf"(?P<name>[^\W\d_][^,|:.!?\d]{{3,40}}),\s*(?P<agency>{_AGENCY})\s*$")
_NAME_END = re.compile(
    r"\s*(?:\||·|•|/|\(|@|\s[-–—]+\s|\s{2,}|\S+@\S+|\d|,?\s+[^\W\d_]+\s?:|\bfor\s+[\w.]+$|\bupdated\b)", re.IGNORECASE
)
_GLUED = re.compile(r"(?<=[a-zà-öø-ÿа-яґєії]{4})(?=[A-ZÀ-ÖØ-ÞА-ЯҐЄІЇ])")  # "Ann ReedBusiness Columnist"
_NOBODY = frozenset({"admin", "administrator"})
_SEPARATOR = re.compile(r"\s*[|·•]\s*|\s+[-–—]+\s+|^[-–—]+\s*|\s*[-–—]+$")
_AND = re.compile(r"(?:,|and|und|et|y|e|і|та|и|&)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_MAX_NAME_WORDS = 8
_MAX_NAMES_WORDS = 14
_MAX_NAME_LENGTH = 100
_MAX_WORDS_BYLINE = 6
_MAX_WORDS_AFTER = 4
_MAX_WORDS_BEFORE = 3
_MAX_WORDS_WITH_NAMES = 10
_REACH = 4


@dataclass(frozen=True)
class Credit:
    """A name with the lines it was read from; the agency where one signs with it."""

    name: str
    lines: frozenset[int]
    agency: str | None = None


def bare_line(text: str, dates: Sequence[Written]) -> bool:
    """Whether a line holds dates and little else: labels, names, a reading time.

    Parameters
    ----------
    text : str
        The line.
    dates : sequence of Written
        The dates in it.
    """
    before = text[: dates[0].start].strip()
    words = [word for word in _WORD.findall(before) if not is_weekday(word)]
    if len(words) > _MAX_WORDS_BEFORE:
        named = _BYLINE.search(before) or before[-1] in "|·•–—-/:"
        names = sum(word[0].isupper() for word in words) > len(words) / 2
        if not named and not (names and before[-1] in ",."):
            return False
        if len(words) > _MAX_WORDS_WITH_NAMES:
            return False
    after = re.split(r"[|·•–—;/(]|\s-\s", text[dates[-1].end :].strip(), maxsplit=1)[0]
    words = _WORD.findall(after)
    if len(words) <= _MAX_WORDS_AFTER or _BYLINE.match(after):
        return True
    return not before and len(words) <= _MAX_WORDS_WITH_NAMES and all(word[0].isupper() for word in words)


def byline(
    above: Sequence[str],
    first: int,
    *,
    stamped_at: frozenset[int],
    title_at: int | None,
    body: str,
) -> Credit | None:
    """Who wrote an article; None where no line says so for certain.

    Parameters
    ----------
    above : sequence of str
        The lines above the body.
    first : int
        Index of the line to start with.
    stamped_at : frozenset of int
        Lines that hold the article's date.
    title_at : int or None
        The headline's line.
    body : str
        First line of the body.
    """
    filled = [i for i in range(first, len(above)) if above[i].strip()]
    rank = {i: n for n, i in enumerate(filled)}
    anchors = [rank[i] for i in stamped_at if i in rank]
    if title_at in rank:
        anchors.append(rank[title_at])
    anchors.append(len(filled))
    near = [i for i in filled if i != title_at and min(abs(rank[i] - anchor) for anchor in anchors) <= _REACH]
    for i in near:
        line = above[i].strip()
        if _BY_ALONE.fullmatch(line):
            if credit := _below(above, [j for j in filled if j > i][:6]):
                return Credit(credit.name, credit.lines | {i})
            continue
        credit = _in_line(line, i, i in stamped_at)
        # One word may be an entry of a menu ("By Topic"), unless a date stands beside it.
        if credit and (" " in credit.name or any(abs(rank[i] - rank[j]) < 3 for j in stamped_at if j in rank)):
            return credit
    for i in near:
        # Further down, a name with an agency is that of a photographer.
        if all(abs(rank[i] - anchor) > 1 for anchor in anchors[: len(stamped_at) or -1]):
            continue
        signed = _WITH_AGENCY.fullmatch(above[i].strip())
        if signed and _is_person(signed["name"].strip()):
            return Credit(signed["name"].strip(), frozenset({i}), signed["agency"])
    for i in sorted(stamped_at & rank.keys()):
        if name := _beside_date(above, i, body):
            return Credit(name, frozenset({i}))
    return None


def is_byline(line: str) -> bool:
    """Whether a line says who wrote the article and no more.

    Parameters
    ----------
    line : str
        Without outer white space.

    Examples
    --------
    >>> is_byline("Автор: Остап Лелюк"), is_byline("Text: The committee has met again and will meet on Friday.")
    (True, False)
    """
    return len(line.split()) <= _MAX_WORDS_BYLINE and bool(_BYLINE.match(line)) and _in_line(line, 0, False) is not None


def source_credit(above: Sequence[str], first: int) -> Credit | None:
    """Whom an article names as its source in a line of the head.

    Parameters
    ----------
    above : sequence of str
        The lines above the body.
    first : int
        Index of the line to start with.
    """
    for i in range(first, len(above)):
        match = _SOURCE_LINE.search(above[i].strip())
        if not match:
            continue
        name = match["name"].strip(" .")
        words = name.split()
        if words and len(words) <= _MAX_NAME_WORDS and not words[0][0].islower():
            return Credit(name, frozenset({i} if _SOURCE_ONLY.fullmatch(above[i]) else ()))
    return None


def _in_line(line: str, i: int, stamped: bool) -> Credit | None:
    """The byline in one line, before or after the date that it may hold."""
    dates = written_dates(line)
    pieces = [line[: dates[0].start], line[dates[-1].end :].lstrip(" ,;|·•/–—-")] if dates else [line]
    for piece in pieces:
        if (match := _BYLINE.search(piece.strip())) and (name := _name(match["name"], dated=bool(dates))):
            return Credit(name, frozenset({i}) if stamped or not dates else frozenset())
    return None


def _below(above: Sequence[str], filled: Sequence[int]) -> Credit | None:
    """The names in the lines below a "By" that stands alone."""
    names, lines, joined = "", set(), True
    for i in filled:
        line = above[i].strip()
        if _AND.fullmatch(line):
            names, joined = names + (line if line == "," else f" {line}"), True
            lines.add(i)
            continue
        name = _name(line, dated=bool(written_dates(line))) if joined else None
        if name is None:
            break
        names, joined = f"{names} {name}".strip(), name.endswith((",", "&"))
        lines.add(i)
    names = _name(names, dated=False) or ""
    return Credit(names, frozenset(lines)) if names else None


def _name(text: str, *, dated: bool) -> str | None:
    """The name with which a text starts; None where it reads like something else."""
    dates = written_dates(text)
    text = text[: dates[0].start] if dates else text
    cut = _NAME_END.search(text)
    words = (text[: cut.start()] if cut else text).split()
    while words and dated and (is_weekday(words[-1].strip(",.")) or (words[-1].islower() and len(words[-1]) <= 3)):
        words.pop()
    name = _GLUED.split(" ".join(words))[0].strip(" ,;:-–—")
    letters = [word for word in name.split() if word[0].isalpha()]
    cased = [word for word in letters if word[0].isupper() or word[0].islower()]
    n_upper = sum(word[0].isupper() for word in cased)
    if (
        not letters
        or name.casefold() in _NOBODY
        or len(name) > _MAX_NAME_LENGTH
        or len(letters) > _MAX_NAMES_WORDS
        or letters[0][0].islower()
    ):
        return None
    if (
        name[-1] in "!?…"
        or (name[-1] == "." and len(letters[-1]) > 4)
        or not name[0].isalpha()
        or 2 * n_upper < len(cased)
    ):
        return None
    longest = max(len(part.split()) for part in re.split(r",|&|\band\b", name))
    return name if longest <= _MAX_NAME_WORDS and len(name) > 1 else None


def _is_person(name: str) -> bool:
    """Whether a text looks like a person's name: two to four words, capitalised and no more."""
    words = name.split()
    return (
        2 <= len(words) <= 4
        and all(re.fullmatch(r"[^\W\d_][^\W\d_.'’-]*(?:['’.-][^\W\d_]*)*", w) for w in words)
        and (all(word[0].isupper() and (len(word) < 3 or not word.isupper()) for word in words))
    )


def _beside_date(above: Sequence[str], i: int, body: str) -> str | None:
    """A person's name set off beside the date: its words are never written small, and it is no entry of a menu."""
    line = above[i].strip()
    dates = written_dates(line)
    if not dates:
        return None
    around = (line[: dates[0].start], line[dates[-1].end :])
    pieces = [piece for side in around for piece in _SEPARATOR.split(side) if piece]
    if not _SEPARATOR.search(around[0][-3:]) and not _SEPARATOR.match(around[1]):
        return None
    small = {word for text in (*above, body) for word in _WORD.findall(text) if word[0].islower()}
    others = {text.strip() for j, text in enumerate(above) if j != i}
    for piece in pieces:
        name = piece.strip(" ,;")
        if _is_person(name) and name not in others and not any(word.lower() in small for word in name.split()):
            return name
    return None
