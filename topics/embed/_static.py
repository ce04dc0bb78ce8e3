"""Texts → means of token vectors, distilled once from a sentence-transformers model.

The table has the model's vector of each token read alone, rotated to the principal axes and weighted down for frequent
tokens (model2vec; Tulkens and van Dongen 2024). It ignores word order and encodes some thousand articles a second.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from topics._blocks import one_thread
from topics.config import EmbedParams
from topics.embed._load import load_model
from topics.embed._model_folder import fingerprint_folder, resolve
from topics.embed._model_languages import languages_of
from topics.embed._protocol import Encoded
from topics.embed._static_tokens import blocks, cuts_words_alike, lists_as_matrix, numbered, tokens_of_words
from topics.embed._torch_work import side_by_side
from topics.errors import InputError
from topics.graph import stage
from topics.records import Origin, freeze, library_versions

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

TABLE_VERSION = 1

# model2vec's own.
_N_DIMS = 256
_SIF_COEFFICIENT = 1e-4
_UNUSED_TOKENS = r"\[unused\d+\]"

_TOKENS_AT_ONCE = 256  # not tuned: tokens per batch, which bounds memory


@dataclass(frozen=True, eq=False)
class StaticTable:
    """A vector for each token of a tokenizer.

    Attributes
    ----------
    vectors : numpy.ndarray of float32, shape (n_tokens, n_dims)
        Vectors by token id; their lengths are weights.
    tokenizer : str
        The tokenizer in the JSON format of the ``tokenizers`` library.
    origin : Origin
        Origin of the record.
    """

    vectors: NDArray[np.float32]
    tokenizer: str
    origin: Origin

    def __post_init__(self) -> None:
        freeze(self, {"vectors": np.float32})

    def frame(self) -> pd.DataFrame:
        """One row per token, one column per dimension."""
        import pandas as pd

        return pd.DataFrame(self.vectors)


class StaticEncoder:
    """An encoder that averages the token vectors of the whole text.

    Parameters
    ----------
    params : EmbedParams
        ``model`` and ``revision`` are used; a prompt is not, as it would move all texts alike.
    table : callable or None
        Returns the table when the first text is encoded; None distills it.

    Raises
    ------
    ModelNotFoundError
        If the model is not available.
    ValueError
        If the ``static`` extra is not installed.
    """

    shard_rows = 4096

    def __init__(self, params: EmbedParams, table: Callable[[EmbedParams], StaticTable] | None = None) -> None:
        _check_extra()
        self.params = params
        self.folder = resolve(params.model, params.revision)
        self._table = table or distill

    @property
    def model_name(self) -> str:
        """The user's name for the model."""
        return self.params.model

    @cached_property
    def languages(self) -> frozenset[str] | None:
        """ISO 639 codes of the languages that the model knows; None if unknown."""
        return languages_of(self.params.model, self.folder)

    @cached_property
    def identity(self) -> Mapping[str, Any]:
        """The key of the table, and the libraries' versions."""
        return {
            "kind": "static",
            "table": distill.node(self.params).origin.key,
            "libraries": library_versions("tokenizers", "scipy"),
        }

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Vectors (n_texts, n_dims); every token is seen, and texts without known tokens get the table's mean."""
        if not len(texts):
            raise InputError("expected at least one text, got none")
        tokenizer, table, unknown, by_words = self._ready
        vectors = np.empty((len(texts), table.shape[1]), dtype=np.float32)
        for block in blocks(texts):
            if by_words:
                rows, words = numbered([text.split() for text in texts[block]])
                tokens = tokens_of_words(tokenizer, words, n_tokens=len(table))
            else:
                encodings = tokenizer.encode_batch_fast(list(texts[block]), add_special_tokens=False)
                tokens = lists_as_matrix([encoding.ids for encoding in encodings], n_columns=len(table))
            tokens.data[tokens.indices == unknown] = 0
            sums, counts = tokens @ table, tokens.sum(axis=1)
            if by_words:  # summed in the order of the text, so that no sum depends on other texts
                presence = lists_as_matrix(rows, n_columns=len(words))
                sums, counts = presence @ sums, presence @ counts
            vectors[block] = sums / np.maximum(counts, 1)[:, None]
        empty = np.logical_not(vectors.any(axis=1))
        notes: tuple[str, ...] = ()
        if empty.any():
            mean = table.mean(axis=0)
            vectors[empty] = mean if mean.any() else 1.0
            notes = ("texts without a token in the static table have the table's mean as their vector",)
        return Encoded(vectors, np.ones(len(texts), dtype=np.float32), notes)

    @cached_property
    def _ready(self) -> tuple[Any, NDArray[np.float32], int, bool]:
        """The tokenizer, the table, the id of unknown tokens (-1: none), and whether words are split separately."""
        from tokenizers import Tokenizer

        record = self._table(self.params)
        tokenizer = Tokenizer.from_str(record.tokenizer)
        tokenizer.no_truncation()
        tokenizer.no_padding()
        if tokenizer.get_vocab_size() != len(record.vectors):
            raise InputError(
                f"the static table of {self.params.model!r}: expected a vector for each of the tokenizer's "
                f"{tokenizer.get_vocab_size()} tokens, got {len(record.vectors)}"
            )
        model = json.loads(record.tokenizer)["model"]
        unknown = model.get("unk_id")
        if unknown is None and model.get("unk_token") is not None:
            unknown = tokenizer.token_to_id(model["unk_token"])
        return tokenizer, record.vectors, -1 if unknown is None else int(unknown), cuts_words_alike(tokenizer)


def _read_of_table(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that determine a table: the model's weights, whatever its name, and how they are distilled."""
    _check_extra()
    params: EmbedParams = arguments["params"]
    return {
        "weights": fingerprint_folder(resolve(params.model, params.revision)),
        "pooling": "mean",
        "pca_dims": _N_DIMS,
        "sif_coefficient": _SIF_COEFFICIENT,
        "token_remove_pattern": _UNUSED_TOKENS,
    }


@stage(
    "static-table", StaticTable, version=TABLE_VERSION, reads=_read_of_table,
    libraries=("model2vec", "skeletoken", "transformers", "tokenizers", "torch", "numpy"),
    determinism="kernel",
)  # fmt: skip
def distill(origin: Origin, params: EmbedParams) -> StaticTable:
    """A table of token vectors, distilled with model2vec from a sentence-transformers model in seconds to minutes.

    Parameters
    ----------
    params : EmbedParams
        ``model`` and ``revision`` are used; the table is computed on the CPU, the same everywhere.

    Raises
    ------
    ModelNotFoundError
        If the model is not available.
    ValueError
        If the ``static`` extra is not installed, or the model is not a transformer with a fast tokenizer.
    """
    from model2vec.distill.inference import apply_pca, compute_weights
    from model2vec.tokenizer import clean_and_create_vocabulary
    from skeletoken import TokenizerModel

    network, tokenizer = _load(params, origin.parameters["weights"])
    whole = TokenizerModel.from_transformers_tokenizer(tokenizer)
    before, after = (tokenizer.convert_tokens_to_ids(special or []) for special in (whole.bos, whole.eos))
    kept = whole.prune_added_tokens()
    if kept.adds_prefix_space is not None:
        kept.adds_prefix_space = True
    kept = clean_and_create_vocabulary(kept, (), token_remove_regex=re.compile(_UNUSED_TOKENS))
    ids = tokenizer.get_vocab()
    hidden = _read(network, np.array([[*before, ids[token], *after] for token in kept.sorted_vocabulary]))
    n_dims = min(_N_DIMS, hidden.shape[1])
    with one_thread():  # the same bits whatever the number of threads
        turned = apply_pca(hidden, n_dims if n_dims < len(hidden) else None)
    weights = compute_weights(len(turned), sif_coefficient=_SIF_COEFFICIENT)
    return StaticTable((turned * weights[:, None]).astype(np.float32), kept.to_tokenizer().to_str(), origin)


def _read(network: Any, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """The mean of the model's last hidden states over each row of token ids.

    model2vec's own loop always draws a progress bar, and its bits depend on the number of threads.
    """
    import torch

    def compute(batch: slice) -> NDArray[np.float32]:
        ids = torch.from_numpy(rows[batch]).to(network.device)
        with torch.inference_mode():
            hidden = network(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
        return np.asarray(hidden.mean(dim=1).cpu().numpy())

    batches = [slice(start, start + _TOKENS_AT_ONCE) for start in range(0, len(rows), _TOKENS_AT_ONCE)]
    means = list(side_by_side(compute, batches, on_cpu=network.device.type == "cpu"))
    return np.nan_to_num(np.concatenate(means))


def _load(params: EmbedParams, fingerprint: str) -> tuple[Any, Any]:
    """The model's transformer in float32 and its tokenizer."""
    folder = resolve(params.model, params.revision)
    model = load_model(folder, name=params.model, device="cpu", fingerprint=fingerprint)
    if not hasattr(model[0], "auto_model") or not hasattr(model.tokenizer, "backend_tokenizer"):
        raise InputError(
            f"model {params.model!r}: expected a transformer with a fast tokenizer to distill, got a "
            f"{type(model[0]).__name__} with a {type(model.tokenizer).__name__}; use it as it is: set embed.encoder "
            "(of a hybrid embed.semantic) to 'sentence-transformer'"
        )
    return model[0].auto_model.float().eval(), model.tokenizer


def _check_extra() -> None:
    if find_spec("model2vec") is None or find_spec("skeletoken") is None:
        raise InputError("the static encoder needs the 'static' extra: pip install 'topics[static]'")
