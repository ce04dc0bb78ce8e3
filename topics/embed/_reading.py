"""The input of a model: the pieces of each text, and the features that its transformer takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from topics.embed._pieces import split
from topics.embed._precision import CHECK_TEXTS
from topics.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_READ = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
_CONSTANT = {"modality", "prompt_length"}
_MAX_TOKENS = 10**6  # not tuned: a tokenizer without a limit declares 1e30


@dataclass(frozen=True, eq=False)
class Pieces:
    """The pieces of some texts.

    Attributes
    ----------
    contents : list
        Tokenized pieces, or texts for a model with its own preprocessing.
    owners : numpy.ndarray of int
        The text of each piece, ascending.
    n_tokens : numpy.ndarray of int
        Number of tokens of each piece.
    seen : numpy.ndarray of float32
        Share of each text's tokens in its pieces; NaN if unknown.
    notes : tuple of str
        Notes for the run.
    """

    contents: list[Any]
    owners: NDArray[np.int64]
    n_tokens: NDArray[np.int64]
    seen: NDArray[np.float32]
    notes: tuple[str, ...] = ()


class Reader:
    """A model's tokenizer, called once per text instead of once per batch.

    Parameters
    ----------
    model : sentence_transformers.SentenceTransformer
        The model that takes the features.
    prompt : str
        Prompt before every piece.

    Raises
    ------
    ValueError
        If the prompt leaves no room for a text.
    """

    def __init__(self, model: Any, prompt: str) -> None:
        self.model = model
        self.prompt = prompt
        self._tokenizer = self._plain_tokenizer()

    def pieces(self, texts: Sequence[str], *, long_texts: Literal["pool", "truncate"]) -> Pieces:
        """The pieces of the texts, or only the beginning of each.

        Parameters
        ----------
        texts : sequence of str
            Whole texts.
        long_texts : {"pool", "truncate"}
            Whether texts longer than the model reads are split or truncated.
        """
        if self._tokenizer is None:
            unknown = np.full(len(texts), np.nan, dtype=np.float32)
            lengths = np.array([len(text) // 4 + 1 for text in texts])
            limit = int(min(self.model.max_seq_length or 0, _MAX_TOKENS))
            note = "the model preprocesses texts itself: long ones may be truncated, and how much it saw is unknown"
            lengths = np.minimum(lengths, limit) if limit else lengths
            return Pieces(list(texts), np.arange(len(texts)), lengths, unknown, (note,) if limit else ())
        contents: list[Any] = []
        owners: list[int] = []
        seen = np.ones(len(texts), dtype=np.float32)
        later: list[tuple[int, str]] = []
        total: dict[int, int] = {}
        for i, read in enumerate(self._read(texts)):
            if read.overflowing and long_texts == "pool":
                offsets = self._offsets([read, *read.overflowing])
                total[i] = len(offsets)
                for start, stop, _ in split(texts[i], offsets, n_fit=self._n_fit):
                    owners.append(i)
                    later.append((len(contents), texts[i][start:stop]))
                    contents.append(None)
                continue
            if read.overflowing:
                seen[i] = self._n_fit / self._count(read)
            owners.append(i)
            contents.append(read)
        for (place, _), read in zip(later, self._read([text for _, text in later]), strict=True):
            contents[place] = read
            if read.overflowing:  # by itself a piece may have a token more than within the text
                owner = owners[place]
                seen[owner] -= (self._count(read) - self._n_fit) / total[owner]
        n_tokens = np.array(
            [max(1, len(content) - self._n_special - self._n_prompt) for content in contents], dtype=np.int64
        )
        return Pieces(contents, np.array(owners, dtype=np.int64), n_tokens, seen)

    def features(self, contents: Sequence[Any]) -> Mapping[str, Any]:
        """The transformer's input, padded to the longest piece.

        Parameters
        ----------
        contents : sequence
            Contents of :class:`Pieces`.
        """
        if self._tokenizer is None:
            return dict(self.model.preprocess(list(contents), prompt=self.prompt or None))
        import torch

        width = max(len(content) for content in contents)
        from_left = self.model.tokenizer.padding_side == "left"
        made = dict(self._constant)
        for name in self._padded:
            padding = int(self.model.tokenizer.pad_token_id or 0) if name == "input_ids" else 0
            rows = np.full((len(contents), width), padding, dtype=np.int64)
            for row, content in zip(rows, contents, strict=True):
                place = slice(width - len(content), width) if from_left else slice(len(content))
                row[place] = getattr(content, _READ[name])
            made[name] = torch.from_numpy(rows)
        return made

    def _count(self, read: Any) -> int:
        """Number of tokens of a whole text, without special tokens and prompt."""
        return sum(len(part) - self._n_special for part in [read, *read.overflowing]) - self._n_prompt

    def _read(self, texts: Sequence[str]) -> list[Any]:
        return list(self._tokenizer.encode_batch([self.prompt + text for text in texts])) if len(texts) else []

    def _offsets(self, parts: Sequence[Any]) -> NDArray[np.int64]:
        """First and last character of each token of the text, without special tokens and prompt."""
        offsets = np.concatenate([np.array(part.offsets, dtype=np.int64).reshape(-1, 2) for part in parts])
        special = np.concatenate([np.array(part.special_tokens_mask, dtype=bool) for part in parts])
        inside = offsets[~special] - len(self.prompt)
        return np.asarray(np.maximum(inside[inside[:, 1] > 0], 0))

    def _plain_tokenizer(self) -> Any:
        """A tokenizer that gives the same input as the model, or None if the model does more than this class knows.

        It is a copy, since calls of the model's own tokenizer change its truncation and padding.
        """
        tokenizer = self.model.tokenizer
        backend = getattr(tokenizer, "backend_tokenizer", None)
        if backend is None or not hasattr(tokenizer, "num_special_tokens_to_add") or not self.model.max_seq_length:
            return None
        from tokenizers import Tokenizer

        limit = int(min(self.model.max_seq_length, _MAX_TOKENS))
        copy = Tokenizer.from_str(backend.to_str())
        copy.no_padding()
        copy.no_truncation()
        self._n_special = int(tokenizer.num_special_tokens_to_add())
        self._n_prompt = len(copy.encode(self.prompt, add_special_tokens=False)) if self.prompt else 0
        self._n_fit = limit - self._n_special - self._n_prompt
        if self._n_fit < 1:
            raise InputError(
                f"embed.max_tokens: {limit} tokens leave no room for a text beside {self._n_special} special ones and "
                f"the {self._n_prompt} of the prompt {self.prompt!r}"
            )
        copy.enable_truncation(max_length=limit)
        self._tokenizer = copy
        expected = self.model.preprocess(list(CHECK_TEXTS), prompt=self.prompt or None)
        if not set(expected) <= _CONSTANT | set(_READ):
            return None
        self._padded = tuple(name for name in _READ if name in expected)
        self._constant = {name: expected[name] for name in expected if name in _CONSTANT}
        made = self.features(self._read(CHECK_TEXTS))
        return copy if all(_same(made[name], expected[name]) for name in expected) else None


def _same(one: Any, other: Any) -> bool:
    import torch

    return bool(torch.equal(one, other)) if torch.is_tensor(one) and torch.is_tensor(other) else bool(one == other)
