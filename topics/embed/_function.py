"""Any function from texts to vectors as an encoder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.embed._protocol import Encoded
from topics.errors import InputError, InputTypeError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


class FunctionEncoder:
    """The caller's function as an encoder.

    Parameters
    ----------
    function : callable
        Turns a list of texts into array-like numbers of shape (n_texts, n_dims), each row from its text alone; for
        example a client of an embedding service.
    name : str
        Name under which the vectors are stored. Code cannot be hashed: **change the name whenever the function's
        vectors change**, otherwise the stored ones are reused.
    shard_rows : int or None
        Texts per call; None passes all texts at once, for a function with vectors that depend on all of them.

    Raises
    ------
    TypeError
        If the function is not callable.
    ValueError
        If the name is empty or ``shard_rows`` is below 1.

    Examples
    --------
    >>> encoder = FunctionEncoder(lambda texts: [[len(text), 1.0] for text in texts], name="lengths-1")
    >>> encoder.encode(["one", "three"]).vectors.tolist()
    [[3.0, 1.0], [5.0, 1.0]]
    """

    def __init__(self, function: Callable[[list[str]], ArrayLike], *, name: str, shard_rows: int | None = 512) -> None:
        if not callable(function):
            raise InputTypeError(f"expected a function from texts to vectors, got {function!r}")
        if not isinstance(name, str) or not name.strip():
            raise InputError(
                f"name: expected a string that says which vectors these are, such as 'my-service-2024-05', got {name!r}"
            )
        if shard_rows is not None and (not isinstance(shard_rows, int) or shard_rows < 1):
            raise InputError(f"shard_rows: expected a number of texts of at least 1, or None, got {shard_rows!r}")
        self.function = function
        self.name = name
        self.shard_rows = shard_rows

    @property
    def identity(self) -> Mapping[str, Any]:
        """The name, which is part of the key."""
        return {"kind": "function", "name": self.name}

    def encode(self, texts: Sequence[str]) -> Encoded:
        """The function's vectors (n_texts, n_dims); the share of the texts that it saw is unknown.

        Parameters
        ----------
        texts : sequence of str
            Texts, passed to the function as a list.

        Raises
        ------
        ValueError
            If it returns anything but numbers of shape (n_texts, n_dims).
        """
        if not len(texts):
            raise InputError("expected at least one text, got none")
        vectors = self.function(list(texts))
        expected = f"the function {self.name!r}: expected numbers of shape ({len(texts)}, n_dims)"
        if vectors is None:
            raise InputError(f"{expected}, got None; does it return its vectors?")
        try:
            array = np.asarray(vectors)
        except (TypeError, ValueError, RuntimeError) as error:  # rows of different lengths; tensors on a device
            raise InputError(f"{expected}, got a {type(vectors).__name__} that is not an array: {error}") from error
        if array.dtype.kind not in "fiu" or array.ndim != 2 or len(array) != len(texts) or not array.shape[1]:
            raise InputError(
                f"{expected}, got a {type(vectors).__name__} of shape {array.shape} and dtype {array.dtype}"
            )
        return Encoded(array.astype(np.float32), np.full(len(texts), np.nan, dtype=np.float32))
