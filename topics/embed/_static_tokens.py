"""Texts → token ids as sparse matrices, word by word where the tokenizer allows it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np

from topics.embed._precision import CHECK_TEXTS

# Not tuned: they bound the memory of a call.
_WORDS_AT_ONCE = 1000
_BLOCK_CHARACTERS = 1 << 22


def cuts_words_alike(tokenizer: Any) -> bool:
    """Whether a text's tokens are those of its words one by one, as with BERT's tokenizers.

    Parameters
    ----------
    tokenizer : tokenizers.Tokenizer
        Without truncation and padding.
    """
    made = json.loads(tokenizer.to_str())
    if (made["model"].get("type"), (made["pre_tokenizer"] or {}).get("type")) != ("WordPiece", "BertPreTokenizer"):
        return False
    try:
        for text in CHECK_TEXTS:
            rows, words = numbered([text.split()])
            tokens = tokens_of_words(tokenizer, words, n_tokens=tokenizer.get_vocab_size())
            parts = [tokens.indices[tokens.indptr[word] : tokens.indptr[word + 1]] for word in rows[0]]
            whole = tokenizer.encode(text, add_special_tokens=False).ids
            if whole != [int(token) for part in parts for token in part]:
                return False
    except Exception:  # tokenizers raise plain exceptions
        return False
    return True


def numbered(texts: Sequence[Sequence[str]]) -> tuple[list[list[int]], list[str]]:
    """The number of each word of each text, and the distinct words, so that each is split into tokens once.

    Parameters
    ----------
    texts : sequence of sequence of str
        The words of each text.
    """
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    rows = [[numbers[word] for word in words] for words in texts]
    return rows, list(numbers)


def tokens_of_words(tokenizer: Any, words: Sequence[str], *, n_tokens: int) -> Any:
    """The tokens of each word, in the form of :func:`lists_as_matrix`; many words per call, as calls are expensive.

    Parameters
    ----------
    tokenizer : tokenizers.Tokenizer
        Without truncation and padding.
    words : sequence of str
        Distinct words.
    n_tokens : int
        Number of tokens of the tokenizer.
    """
    groups = [words[start : start + _WORDS_AT_ONCE] for start in range(0, len(words), _WORDS_AT_ONCE)]
    tokens: list[list[int]] = []
    encoded = tokenizer.encode_batch([" ".join(group) for group in groups], add_special_tokens=False)
    for group, encoding in zip(groups, encoded, strict=True):
        starts = np.cumsum([0, *(len(word) + 1 for word in group)])
        offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
        edges = np.searchsorted(offsets[:, 0], starts)
        ids = encoding.ids
        tokens += [ids[edges[i] : edges[i + 1]] for i in range(len(group))]
    return lists_as_matrix(tokens, n_columns=n_tokens)


def lists_as_matrix(lists: Sequence[Sequence[int]], *, n_columns: int) -> Any:
    """A sparse matrix with a one for each number of each list, in their order.

    Parameters
    ----------
    lists : sequence of sequence of int
        One list per row.
    n_columns : int
        Number of columns, above every number.
    """
    from scipy.sparse import csr_array

    starts = np.cumsum([0, *map(len, lists)])
    columns = np.fromiter(chain.from_iterable(lists), dtype=np.int32, count=int(starts[-1]))
    return csr_array((np.ones(len(columns), dtype=np.float32), columns, starts), shape=(len(lists), n_columns))


def blocks(texts: Sequence[str]) -> Iterator[slice]:
    """Runs of texts with a limited number of characters, so that their tokens fit in memory.

    Parameters
    ----------
    texts : sequence of str
        All texts.
    """
    start = n_characters = 0
    for i, text in enumerate(texts):
        n_characters += len(text)
        if n_characters >= _BLOCK_CHARACTERS or i == len(texts) - 1:
            yield slice(start, i + 1)
            start, n_characters = i + 1, 0
