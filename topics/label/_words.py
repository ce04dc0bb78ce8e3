"""Texts → words: in lower case, without addresses; scripts without spaces are segmented."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec

from topics.text import lower, lower_i, plain
from topics.text._scripts import BURMESE, HAN, KHMER, THAI_AND_LAO, UNSPACED

# A token consists of letters, digits and the combining marks of many scripts; within it are apostrophes, hyphens, the
# Catalan dot and the marks of a number. Marks that separate phrases and amounts of money are tokens too. Tokens that
# are not words are excluded later, among the few distinct ones.
_MARKS = r"\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0981-\u0dff\u0e31-\u0e4e\u1031-\u103e"
_MARK = "\x1f"  # between tokens; it counts as space, so none is in them
_TOKEN = re.compile(
    rf"\w[\w{_MARKS}]*(?:['\u200c\u200d\u05f4·-][\w{_MARKS}]+|(?<=\d)[.,:/]\d\w*)*(?:\+\+|#(?!\w))?"
    rf"|[$£€¥₴₽₹]\d[\w.,]*|(?<!\w)\.net(?!\w)|[.,;:!?()…\n。，、；：！？（）।؟،{_MARK}]"
)
_ADDRESS = re.compile(  # "amig@s" is none
    r"(?:https?://|www\.)[!-~]+|(?<![\w.%+-])[A-Za-z0-9._%+-]*+@(?!(?<=[^\W\d_]{2}@)s?(?![\w@-]|\.\w))[A-Za-z0-9._-]*",
    re.IGNORECASE,
)
_ELISION = re.compile(
    r"^(?:l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu|quoiqu|dell|nell|dall|sull|all|un|quest|quell)'(?=[^\W\d_]{3})"
)
GAP = ""
_NUMBERED = re.compile(r"(\d+)([^\W\d_]\w*)")
_HYPHENED = re.compile(r"(\d+)-([^\W\d_][^-'.,:/]*)((?:-.*)?)")
_DURATION = re.compile(r"(?:h|m|min|ч)\d+\w*|x\d\d+|[\uac00-\ud7a3]\w*")  # "5h30", "4x100"; Korean counters
# Written after a number for a measure, an amount, a time of day or an ordinal; the whole is not a word.
_UNITS = frozenset(
    "am pm min mins hr hrs sec secs ms ns yr yrs yo mo wk wks std uhr st nd rd th er ers ère ere ème eme ième "  # noqa: SIM905
    "ieme re nde te ten ter tes ste sten de os as ish fold pc pct km kms cm mm nm μm mi ft in yd mph kph kmh kmph "
    "kt kts ha sqm sqft kg kgs mg μg lb lbs oz ton tons tonnes ml cl dl cc kw kwh mw mwh gw gwh tw twh kv hz khz "
    "mhz ghz db dba kb mb gb tb kbps mbps gbps px dpi mp mah rpm hp bhp kcal bpm psi bn mn mln mlrd mld mio mrd "
    "mil tn trn usd eur gbp uah rub pln zł kč tys тис тыс млн млрд трлн грн руб км кг см мм га квт мвт год хв мин "
    "го ого му ому ых ая ое ый ий ій".split()
)
# The same spelled out after a hyphen ("17-year-old"): how such words begin, in the languages that write them so.
_COUNTED_UNITS = re.compile(
    r"year|month|week|day|hour|minu|second|inch|foot|feet|yard|mile|(?:kilo|centi|milli)?met(?:er|re)|kilo|gram"
    r"|lit(?:er|re)|acre|hect|degree|percent|pro[czs]ent|milli|billi|trilli|thousand|hundred|fold"
    r"|jahr|jähr|täg|tag(?!eb)|stund|stünd|woche|wöch|monat|minü|sekund|tausend|hundert|fach"
    r"|jaar|jarig|dag|uur|maand|år|vec?ko|måned|månad|tim(?:er|mar)|tal(?:et)?$|ans?$|jour|heure|mois$|años?$|d[ií]as?$"
    r"|ann[oi]$|giorn|let[nýáé]|lat(?:ek|k|$)|dni|godz|godi|dnev|krotn|miesi|éves|napos|órás|perces|fős|száz|vuot|päiv"
    r"|aasta|yıl|gün|лет|год|д[не]|мес|недел|час|мин|сек|метр|килом|проц|тыс|милли|миль|кратн|этаж"
    r"|річ|рок|рік|літн|доб|міс|тиж|хвил|відс|тися|мільй|мільяр|кіло|поверх|χρον|ετ[ηώ]|ημερ|λεπτ"
)
_CURRENCY = re.compile(r"euros?|dollars?|pounds?|yen|rubel|rubles?|franken|francs?|kron(?:or|er|en)")
_ENDINGS = frozenset("es an en ig re ra ba be ban ben kor tal hoz hez nak nek val vel".split())  # noqa: SIM905 Hungarian
_LETTER_UNITS = frozenset("abcehlnopstvwxyªºйяехмюсч")  # after one digit; after several, any letter is a unit
_UNSPACED = re.compile(f"[{UNSPACED}]+")
_RUNS = re.compile(rf"(?P<han>[{HAN}]+)|[\u30a1-\u30fa\u30fc-\u30ff]{{2,}}|[{THAI_AND_LAO}{BURMESE}{KHMER}]+")


def words_of(text: str, *, language: str | None = None) -> list[str]:
    """The words of a text in order, with :data:`GAP` for marks that separate phrases, numbers and single letters.

    A word contains a letter and has at least two characters: "5g", "3d", "7-eleven" and "c++" are words, while "10km",
    "1st", "90s" and "17-year-old" are numbers. English possessive endings and French and Italian elisions ("l'armée")
    are removed. Web and mail addresses and handles are not words. Chinese, Japanese, Thai, Lao, Khmer and Burmese are
    segmented with ICU's dictionaries if ``icu4py`` is installed; otherwise Chinese characters are read in pairs and
    katakana as runs.

    Parameters
    ----------
    text : str
        Unprocessed text.
    language : str or None
        ISO 639-1 code; None if unknown.

    Examples
    --------
    >>> words_of("Ukraine's grain in 2022: www.example.org")
    ['ukraine', 'grain', 'in', '', '']
    """
    return words_in(tokens_of(text, language=language))[0]


def tokens_of(text: str, *, language: str | None = None) -> list[str]:
    """The parts of a text between spaces, in order; :func:`words_in` finds the words in them.

    There are few distinct tokens, so splitting only those into words takes a fraction of the time.

    Parameters
    ----------
    text : str
        Unprocessed text.
    language : str or None
        ISO 639-1 code, for letters with a lower case that depends on it; None if unknown.
    """
    return in_one_line(text, language).split()


def in_one_line(text: str, language: str | None) -> str:
    """The text with a period for each line end, and with language-dependent letters in lower case.

    Parameters
    ----------
    text : str
        Unprocessed text.
    language : str or None
        ISO 639-1 code; None if unknown.
    """
    return lower_i(text, language=language).replace("\n", " . ")


def words_in(tokens: Sequence[str]) -> tuple[list[str], list[int]]:
    """The words of tokens in order, with :data:`GAP` for anything else, and the number of words up to each token's end.

    Parameters
    ----------
    tokens : sequence of str
        From :func:`tokens_of`.
    """
    without = [
        _ADDRESS.sub(" . ", token) if "@" in token or "/" in token or "www." in token else token for token in tokens
    ]
    text = lower(plain(_MARK.join(without)))
    if not text.isascii() and _UNSPACED.search(text):
        text = _UNSPACED.sub(_segmented, text)
    parts = _TOKEN.findall(text)
    marks = [i for i, part in enumerate(parts) if part == _MARK]
    ends = [mark - n for n, mark in enumerate([*marks, len(parts)])] if tokens else []
    known = {part: _word(part) for part in set(parts)}
    return [known[part] for part in parts if part != _MARK], ends


def _word(token: str) -> str:
    word = _ELISION.sub("", token.removesuffix("'s")) if "'" in token else token
    if word[-1] in "+#":
        return word if len(word.rstrip("+#")) == 1 and word[0].isalpha() else _word(word.rstrip("+#"))
    if not word.isalpha():
        word = re.split("[,:/]", word, maxsplit=1)[0].strip("_") if word[0].isalpha() else word.strip("_")
    if len(word) < 2:
        return GAP
    return word if word[0].isalpha() or word == ".net" or _is_numbered_name(word) else GAP


def _is_numbered_name(word: str) -> bool:
    """Whether a word that starts with a digit is a name ("5g", "7-eleven") and not a number with its unit."""
    first = re.split(r"[-'.,:/]", word, maxsplit=1)[0]
    parts, hyphened = _NUMBERED.fullmatch(first), _HYPHENED.fullmatch(word)
    if hyphened:
        if _is_counted(*hyphened.groups()):
            return False
        digits, letters = hyphened.group(1, 2)
    elif parts and (first == word or word[len(first)] in "-'"):
        digits, letters = parts.groups()
    else:
        return False
    if not letters[0].isalpha() or letters in _UNITS or _DURATION.fullmatch(letters) or len(digits) > 3:
        return False
    return len(letters) > 1 or (len(digits) == 1 and letters not in _LETTER_UNITS)


def _is_counted(digits: str, letters: str, more: str) -> bool:
    """Whether letters after a number and a hyphen are a unit or an ending; zero of a unit ("0-day") is a name."""
    if len(letters) <= 3 and (letters in _ENDINGS or not letters.isascii()):  # "2-го", "5-ös"
        return True
    if not more and _CURRENCY.fullmatch(letters):  # "49-euro-ticket" is a name
        return True
    return bool(digits.strip("0")) and _COUNTED_UNITS.match(letters) is not None


def is_unspaced(text: str) -> bool:
    """Whether a text contains words in a script without spaces.

    Parameters
    ----------
    text : str
        Text in any script.
    """
    return not text.isascii() and _UNSPACED.search(text) is not None


@cache
def can_segment() -> bool:
    """Whether the segmenter (``icu4py``) is installed."""
    return find_spec("icu4py") is not None


def _segmented(run: re.Match[str]) -> str:
    return f" {' '.join(_segmenter()(run.group()))} "


@cache
def _segmenter() -> Callable[[str], list[str]]:
    if not can_segment():
        return _pairs
    from icu4py.breakers import WordBreaker

    def segment(run: str) -> list[str]:
        return [run[start:stop] for start, stop in WordBreaker(run, "en").segments()]

    return segment


def _pairs(run: str) -> list[str]:
    """Chinese characters in overlapping pairs, and runs of katakana, used for names and foreign words, whole."""
    pieces = []
    for match in _RUNS.finditer(run):
        part = match.group()
        pieces += [part[i : i + 2] for i in range(len(part) - 1)] if match["han"] else [part]
    return pieces
