"""Text as it came → text in one form: what cannot be seen taken out, what is broken counted."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from topics._say import count, verb

# Control characters but tab and line feed, the zero-width space, soft hyphen and byte order mark. Bidi marks and
# joiners stay: they are part of the spelling of Arabic, Persian and Indic scripts.
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff]")
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SOFT_BREAK = re.compile(r"\u00ad(?=[ \t]*\n)")  # shown as a hyphen there, and by it the word is whole again later
_BLANK = re.compile(r"[\s\u200c-\u200f\u202a-\u202e\u2066-\u2069]*")
_OVERRIDE = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
# A lead byte of UTF-8 read as one of Windows' or ISO's Latin letters, and what follows it: a quick look that spares
# most texts the full one.
_LEAD = re.compile(r"[ÃÂâðÐÑÄÅÎÏ×ØÙ](?:[^\w\s]|(?<=[ÐÑÎÏØÙ])[^\s])")


class Repairs:
    """Counts of what was repaired in texts.

    Parameters
    ----------
    fix_mojibake : bool
        Whether wrongly decoded text is decoded again where that is possible (ftfy, Speer 2019).
    """

    def __init__(self, *, fix_mojibake: bool = False) -> None:
        self.fix_mojibake = fix_mojibake
        self._found: Counter[str] = Counter()

    def repair(self, text: str) -> str:
        """Text in normal form C, without control and invisible characters and lone surrogates; "" if none is left.

        Parameters
        ----------
        text : str
            As it came.
        """
        flat = visible = text
        if not text.isprintable():  # most texts of one line are, and are not gone through
            flat = _SOFT_BREAK.sub("-", _BREAKS.sub("\n", text))
            visible = _INVISIBLE.sub("", flat)
        if visible.isascii():  # the rest is of other scripts, and most of the time
            bare = visible.strip()
            if bare and len(visible) != len(flat):
                self._found["invisible"] += 1
            return bare
        isolated = _OVERRIDE.sub("", visible)
        whole = isolated.encode("utf-8", "replace").decode("utf-8")
        if _BLANK.fullmatch(whole):
            return ""
        for what, is_found in (("invisible", visible != flat), ("bidi", isolated != visible)):
            if is_found:
                self._found[what] += 1
        if whole != isolated:
            self._found["surrogates"] += 1
        if looks_mojibake(whole):
            self._found["mojibake"] += 1
            if self.fix_mojibake:
                from ftfy import fix_encoding

                fixed = fix_encoding(whole)
                self._found["fixed"] += fixed != whole
                whole = fixed
        return unicodedata.normalize("NFC", whole).strip()

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, other: Repairs) -> None:
        """Add the counts of other texts.

        Parameters
        ----------
        other : Repairs
            What they were repaired by.
        """
        self._found.update(other._found)

    def notes(self) -> list[str]:
        """What was counts, in sentences."""
        counts = self._found
        sentences = [
            (counts["invisible"], "held", "control or invisible characters, which were removed"),
            (counts["bidi"], "held", "marks that override the direction of text, which were removed"),
            (counts["surrogates"], "held", "lone surrogates, which were replaced"),
        ]
        if self.fix_mojibake:
            sentences += [
                (counts["fixed"], "were", "wrongly decoded (mojibake) and repaired"),
                (counts["mojibake"] - counts["fixed"], "look", "wrongly decoded (mojibake) and could not be repaired"),
            ]
        else:
            sentences.append((counts["mojibake"], "look", "wrongly decoded (mojibake) and left unchanged"))
        one = {"were": "was", "look": "looks"}
        return [
            f"{count(n, 'article')} {verb(n, one.get(many, many), many)} {what}" for n, many, what in sentences if n
        ]


def repair(text: str) -> str:
    """Text in one form, as :meth:`Repairs.repair` gives it, uncounted.

    Parameters
    ----------
    text : str
        As it came.
    """
    if text.isascii() and text.isprintable():  # as most cells of a table are
        return text.strip()
    return Repairs().repair(text)


def looks_mojibake(text: str) -> bool:
    """Whether a text was decoded with the wrong encoding, by sequences of characters no language has (ftfy).

    Parameters
    ----------
    text : str
        In any language.
    """
    if "\ufffd" in text:
        return True
    if not _LEAD.search(text):
        return False
    from ftfy.badness import badness

    return bool(badness(text))
