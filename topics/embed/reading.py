"""What a model is given to read: the pieces of each text, and the features that its transformer takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from topics.embed.pieces import split
from topics.embed.precision import CHECK_TEXTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KNOWN_FEATURES = {"input_ids", "attention_mask", "token_type_ids", "modality"}


@dataclass(frozen=True, eq=False)
class Pieces:
    """What is read of some texts.

    Attributes
    ----------
    contents : list
        Tokenised pieces, or texts where the model has its own way with them.
    owners : numpy.ndarray of int
        The text that each piece is of, ascending.
    n_tokens : numpy.ndarray of int
        Tokens of each piece.
    seen : numpy.ndarray of float32
        Share of each text's tokens that is in its pieces; NaN where unknown.
    """

    contents: list[Any]
    owners: NDArray[np.int64]
    n_tokens: NDArray[np.int64]
    seen: NDArray[np.float32]


class Reader:
    """A model's tokenizer, asked once for every text rather than again for every batch.

    Parameters
    ----------
    model : sentence_transformers.SentenceTransformer
        What the features are for.
    prompt : str
        Put before every piece.

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
        """What is read of the texts: their pieces, or the beginning of each.

        Parameters
        ----------
        texts : sequence of str
            Whole texts.
        long_texts : {"pool", "truncate"}
            Whether longer texts than the model reads are split, or cut off.
        """
        if self._tokenizer is None:
            unknown = np.full(len(texts), np.nan, dtype=np.float32)
            lengths = np.array([len(text) // 4 + 1 for text in texts])
            return Pieces(list(texts), np.arange(len(texts)), lengths, unknown)
        contents: list[Any] = []
        owners: list[int] = []
        seen = np.ones(len(texts), dtype=np.float32)
        later: list[tuple[int, str]] = []
        for i, read in enumerate(self._read(texts)):
            if read.overflowing and long_texts == "pool":
                offsets = self._offsets([read, *read.overflowing])
                for start, stop, _ in split(texts[i], offsets, n_fit=self._n_fit):
                    owners.append(i)
                    later.append((len(contents), texts[i][start:stop]))
                    contents.append(None)
                continue
            if read.overflowing:
                seen[i] = self._n_fit / sum(len(part) - self._n_around for part in [read, *read.overflowing])
            owners.append(i)
            contents.append(read)
        for (place, _), read in zip(later, self._read([text for _, text in later]), strict=True):
            contents[place] = read
        n_tokens = np.array([max(1, len(content) - self._n_around) for content in contents], dtype=np.int64)
        return Pieces(contents, np.array(owners, dtype=np.int64), n_tokens, seen)

    def features(self, contents: Sequence[Any]) -> Mapping[str, Any]:
        """What the transformer takes, padded to the longest piece.

        Parameters
        ----------
        contents : sequence
            Of :class:`Pieces`.
        """
        if self._tokenizer is None:
            return dict(self.model.preprocess(list(contents), prompt=self.prompt or None))
        import torch

        width = max(len(content) for content in contents)
        padding = {"input_ids": int(self.model.tokenizer.pad_token_id or 0), "attention_mask": 0, "token_type_ids": 0}
        read = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
        made: dict[str, Any] = {}
        for name in self._names:
            if name not in read:
                continue
            rows = np.full((len(contents), width), padding[name], dtype=np.int64)
            for row, content in zip(rows, contents, strict=True):
                row[: len(content)] = getattr(content, read[name])
            made[name] = torch.from_numpy(rows)
        return {**made, **({"modality": "text"} if "modality" in self._names else {})}

    def _read(self, texts: Sequence[str]) -> list[Any]:
        return list(self._tokenizer.encode_batch([self.prompt + text for text in texts])) if len(texts) else []

    def _offsets(self, parts: Sequence[Any]) -> NDArray[np.int64]:
        """First and last character of each token of the text, without special tokens and prompt."""
        offsets = np.concatenate([np.array(part.offsets, dtype=np.int64).reshape(-1, 2) for part in parts])
        special = np.concatenate([np.array(part.special_tokens_mask, dtype=bool) for part in parts])
        inside = offsets[~special] - len(self.prompt)
        return np.asarray(np.maximum(inside[inside[:, 1] > 0], 0))

    def _plain_tokenizer(self) -> Any:
        """A tokenizer that does as the model does, or None where the model does more than this class knows.

        It is a copy: calls of the model's own change how it cuts and pads.
        """
        tokenizer = self.model.tokenizer
        backend = getattr(tokenizer, "backend_tokenizer", None)
        if backend is None or not hasattr(tokenizer, "num_special_tokens_to_add") or not self.model.max_seq_length:
            return None
        from tokenizers import Tokenizer

        copy = Tokenizer.from_str(backend.to_str())
        copy.no_padding()
        copy.enable_truncation(max_length=int(self.model.max_seq_length))
        special = int(tokenizer.num_special_tokens_to_add())
        n_prompt = len(copy.encode(self.prompt, add_special_tokens=False)) if self.prompt else 0
        self._n_around = special
        self._n_fit = int(self.model.max_seq_length) - special - n_prompt
        if self._n_fit < 1:
            raise ValueError(
                f"embed.max_tokens: {self.model.max_seq_length} tokens leave no room for a text beside {special} "
                f"special ones and the {n_prompt} of the prompt {self.prompt!r}"
            )
        self._tokenizer = copy
        expected = self.model.preprocess(list(CHECK_TEXTS), prompt=self.prompt or None)
        self._names = tuple(expected)
        if not set(expected) <= _KNOWN_FEATURES or tokenizer.padding_side != "right":
            return None
        made = self.features(self._read(CHECK_TEXTS))
        return copy if all(_same(made[name], expected[name]) for name in expected) else None


def _same(one: Any, other: Any) -> bool:
    import torch

    return bool(torch.equal(one, other)) if torch.is_tensor(one) and torch.is_tensor(other) else bool(one == other)
