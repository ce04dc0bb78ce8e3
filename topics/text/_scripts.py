"""Scripts that are written without spaces, as ranges for a regular expression's class of characters.

One definition for all rooms. What differs is what a room asks: where lines are joined without a space, wide marks count
as well, which are no letters. A trained model counts as it was trained.
"""

from __future__ import annotations

THAI_AND_LAO = "\u0e00-\u0eff"
BURMESE = "\u1000-\u109f"
KHMER = "\u1780-\u17ff"
KANA = "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9f"  # without the dot that parts foreign names
HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # iteration mark and zero are letters
CJK_MARKS_AND_KANA = "\u3000-\u30ff"
FULL_WIDTH = "\uff01-\uff60"

UNSPACED = THAI_AND_LAO + BURMESE + KHMER + KANA + HAN
"""Letters of scripts that put no space between words. Tibetan is none: it parts syllables by a mark."""

UNSPACED_IN_TRAINING = THAI_AND_LAO + BURMESE + KHMER + "\u3041-\u30ff\u3400-\u9fff"
"""As the model of page lines counts them: its trees were grown so, and take the others when they are grown anew."""


def ranges(characters: str) -> list[tuple[int, int]]:
    """First and last code point of each range of a class such as :data:`UNSPACED`.

    Parameters
    ----------
    characters : str
        Ranges, ``a-z`` each, in a row.

    Examples
    --------
    >>> ranges("a-cx-z")
    [(97, 99), (120, 122)]
    """
    return [(ord(characters[i]), ord(characters[i + 2])) for i in range(0, len(characters), 3)]
