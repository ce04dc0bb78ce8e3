"""How much may come out of a packed file."""

from __future__ import annotations

MOST_RATIO = 200  # of unpacked to packed bytes; text packs 3 to 20 times, tables of ids up to about 100
_FREE_BYTES = 16 << 20  # up to here any ratio is harmless


def is_bomb(n_out: int, n_packed: int) -> bool:
    """Whether more came out of a packed file than any data of ours packs to.

    Parameters
    ----------
    n_out : int
        Bytes that came out.
    n_packed : int
        Bytes they came out of.
    """
    return n_out > max(_FREE_BYTES, MOST_RATIO * n_packed)
