"""Scripts that are written without spaces, as ranges for a regular expression's class of characters.

Rooms put together the ones that their question is about: a full-width comma is no letter, but a line may end in it.
"""

from __future__ import annotations

THAI_AND_LAO = "\u0e00-\u0eff"
BURMESE = "\u1000-\u109f"
KHMER = "\u1780-\u17ff"
KANA = "\u3040-\u30ff"
HAN = "\u3400-\u9fff"
COMPATIBLE_HAN = "\uf900-\ufaff"
CJK_MARKS_AND_KANA = "\u3000-\u30ff"
FULL_WIDTH = "\uff01-\uff60"

UNSPACED = THAI_AND_LAO + BURMESE + KHMER + KANA + HAN
"""Letters of scripts that put no space between words; rare ideographs apart."""
