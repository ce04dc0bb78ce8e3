"""Other spellings of a text, which say the same words."""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st

SPELLINGS = {
    "'": "\u0027\u0060\u00b4\u2018\u2019\u02bc\u2032",
    "-": "-\u2010\u2011",
    "fi": ("fi", "ﬁ", "f\u00adi"),
    "fl": ("fl", "ﬂ"),
    "ff": ("ff", "ﬀ"),
    "A": ("A", "\uff21"),
    "t": ("t", "\uff54"),
    "م": ("م", "م\u0640"),
    "innen": ("innen", "*innen", ":innen", "_innen"),
}


@st.composite
def respelled(draw: st.DrawFn, text: str) -> str:
    """The text with some of its characters written otherwise, composed or not."""
    for written, others in SPELLINGS.items():
        parts = text.split(written)
        text = parts[0] + "".join(draw(st.sampled_from(others)) + part for part in parts[1:])
    return unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), text)
