from __future__ import annotations

import re
import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from topics.embed._pieces import split


def tokens_of(text: str) -> np.ndarray:
    return np.array([match.span() for match in re.finditer(r"\w{1,4}|[^\w\s]", text)], dtype=np.int64).reshape(-1, 2)


SENTENCES = "The council met on Monday. It voted for the bridge! Who will pay? Nobody said. "


def test_a_text_that_fits_stays_whole():
    assert split(SENTENCES, tokens_of(SENTENCES), n_fit=100) == [(0, len(SENTENCES), len(tokens_of(SENTENCES)))]


def test_pieces_end_with_sentences():
    text = SENTENCES * 10
    pieces = [text[start:stop] for start, stop, _ in split(text, tokens_of(text), n_fit=50)]
    assert len(pieces) > 4
    assert all(piece.endswith((". ", "! ", "? ")) for piece in pieces)


def test_pieces_of_scripts_without_spaces_end_with_sentences():
    text = "研究人员发现了一种新的电池材料。这种材料更便宜。" * 12
    tokens = np.array([(i, i + 1) for i in range(len(text))])
    pieces = [text[start:stop] for start, stop, _ in split(text, tokens, n_fit=60)]
    assert len(pieces) > 4
    assert all(piece.endswith("。") for piece in pieces)


def test_without_sentences_they_end_with_words():
    text = "word " * 300
    pieces = [text[start:stop] for start, stop, _ in split(text, tokens_of(text), n_fit=64)]
    assert all(piece.startswith("word") and piece.endswith(" ") for piece in pieces)


def test_no_piece_is_much_shorter_than_the_others():
    text = SENTENCES * 13
    lengths = [n for _, _, n in split(text, tokens_of(text), n_fit=60)]
    assert min(lengths) >= 0.4 * max(lengths)


def test_spaces_that_belong_to_tokens_do_not_move_the_cuts():
    """Byte-level tokenizers and SentencePiece count the space before a word to it."""
    text = SENTENCES * 10
    tokens = np.array([match.span() for match in re.finditer(r" ?\w+|[^\w\s]", text)], dtype=np.int64)
    pieces = [text[start:stop] for start, stop, _ in split(text, tokens, n_fit=50)]
    assert len(pieces) > 2
    assert all(piece.endswith((". ", "! ", "? ")) for piece in pieces)
    words = "word " * 300
    tokens = np.array([match.span() for match in re.finditer(r" ?\w{1,3}", words)], dtype=np.int64)
    assert all(words[start:stop].startswith("word") for start, stop, _ in split(words, tokens, n_fit=64))


def test_rows_of_dots_are_looked_at_once():
    text = "Contents " + "." * 60_000 + " 12 " + "!" * 60_000
    started = time.process_time()
    split(text, tokens_of(text), n_fit=1000)
    assert time.process_time() - started < 5


@given(st.text(alphabet="ab .!\n。語", min_size=1, max_size=400), st.integers(1, 40))
def test_pieces_are_the_whole_text_and_fit(text, n_fit):
    tokens = tokens_of(text)
    if not len(tokens):
        return
    pieces = split(text, tokens, n_fit=n_fit)
    assert "".join(text[start:stop] for start, stop, _ in pieces) == text
    assert sum(n for _, _, n in pieces) == len(tokens)
    assert all(0 < n <= n_fit for _, _, n in pieces)
