"""Files that hold their own checksum."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from topics.errors import InputError
from topics.store._formats import json_bytes

SEAL = "sealed_sha256"  # of the file that it stands in, without it


def sealed_bytes(value: Mapping[str, Any]) -> bytes:
    """A JSON-able mapping as bytes that hold the SHA-256 of the rest of them; see :func:`unsealed`."""
    plain = json.loads(json_bytes({name: held for name, held in value.items() if name != SEAL}))  # keys as strings
    return json_bytes({**plain, SEAL: hashlib.sha256(json_bytes(plain)).hexdigest()})


def unsealed(content: bytes) -> dict[str, Any]:
    """The mapping that :func:`sealed_bytes` wrote, without its checksum; not one bit may have changed.

    Parameters
    ----------
    content : bytes
        All of the file.

    Raises
    ------
    ValueError
        If it is not JSON, holds no mapping, or is not what its checksum says.
    """
    try:
        held = json.loads(content)
    except RecursionError:
        raise InputError("nested too deep") from None
    if not isinstance(held, dict):
        raise InputError(f"expected a mapping, got a {type(held).__name__}")
    seal = held.pop(SEAL, None)
    if seal is None:
        raise InputError(f"its checksum {SEAL!r} is missing: it is of an older version, or damaged")
    # The bytes are compared too: what changes nothing of the value, such as a space, is a change nevertheless.
    if seal != hashlib.sha256(json_bytes(held)).hexdigest() or content != json_bytes({**held, SEAL: seal}):
        raise InputError("it is not what its own checksum says")
    return held
