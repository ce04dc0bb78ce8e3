"""The number format in which a device computes fastest."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.compat import bfloat16_units
from topics.graph import stage
from topics.records import Origin, fingerprint

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_COSINE = 0.999
"""Minimum cosine of a vector in lower precision with the same vector in float32.

No record of its tuning: bfloat16 gives .9999 with MiniLM (docs/figures.md).
"""

_BFLOAT16_UNITS = ("avx512_bf16", "amx_bf16", "bf16")
_NARROW_KERNELS = ("DEFAULT", "AVX2")  # torch's kernels for x86 that are too narrow for attention in bfloat16


@dataclass(frozen=True, eq=False)
class TorchProcessor:
    """What torch computes with on this machine's processor.

    Attributes
    ----------
    kernels : str
        The widest vectors by torch's name, such as "AVX512".
    units : tuple of str
        The available bfloat16 units, such as "amx_bf16".
    origin : Origin
        The processor and torch's version.
    """

    kernels: str
    units: tuple[str, ...]
    origin: Origin


def has_only_cpu() -> bool:
    """Whether the installed torch was built for CPUs only; checked without importing it, which takes 1.5 s."""
    return version("torch").endswith("+cpu")


def _this_processor(_: Mapping[str, Any]) -> dict[str, Any]:
    """The processor, and settings that limit torch to fewer of its units."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    described = sorted({line for line in lines if line.startswith(("model name", "flags", "Features", "CPU part"))})
    settings = {name: value for name, value in os.environ.items() if name.startswith("ATEN_CPU")}
    return {"processor": fingerprint(described or [platform.processor(), platform.node()]), "environment": settings}


@stage("torch-processor", TorchProcessor, version=1, reads=_this_processor, libraries=("torch",), determinism="machine")
def look_at_processor(origin: Origin) -> TorchProcessor:
    """What torch computes with here; stored, so that a run with stored vectors need not import torch."""
    units = bfloat16_units()
    return TorchProcessor(_kernels(), tuple(unit for unit in _BFLOAT16_UNITS if units.get(unit)), origin)


def fastest_precision(device: str, processor: TorchProcessor | None = None) -> str:
    """The number format in which a device computes fastest without losing accuracy that matters.

    A CPU without bfloat16 units emulates them, slower than float32. If torch is limited to narrower kernels than the
    CPU has (``ATEN_CPU_CAPABILITY``), it has none for bfloat16.

    Parameters
    ----------
    device : str
        A torch device.
    processor : TorchProcessor or None
        What torch computes with on a CPU; None asks torch.
    """
    if device.partition(":")[0] != "cpu":
        return "float16"
    processor = processor or look_at_processor()
    is_limited = processor.kernels in _NARROW_KERNELS and processor.units != (
        "bf16",
    )  # ARM's units do not need x86 kernels
    return "bfloat16" if processor.units and not is_limited else "float32"


def smallest_cosine(vectors: NDArray[np.float32], reference: NDArray[np.float32]) -> float:
    """The minimum cosine of a row and the same row of the reference, in [-1, 1]; -1 if a value is not finite.

    Parameters
    ----------
    vectors, reference : numpy.ndarray of shape (n, n_dims)
        Vectors of any length above zero.
    """
    if not np.isfinite(vectors).all():
        return -1.0
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(reference, axis=1)
    return float(((vectors * reference).sum(axis=1) / np.maximum(lengths, np.finfo(np.float32).tiny)).min())


def _kernels() -> str:
    """The widest vectors that torch computes with here, by torch's name."""
    import torch

    return torch.backends.cpu.get_cpu_capability()


# Texts of several lengths, languages and kinds, so that the check does not depend on the corpus: the vectors stored
# under a key are then the same whatever was embedded first.
CHECK_TEXTS = (
    "The central bank raised its key interest rate by half a percentage point on Thursday.",
    "Flooding", "?", "12.03.2022 | 14:35",
    "Парламент ухвалив у другому читанні закон про державний бюджет на наступний рік.",
    "Der Stadtrat beschließt am Montag über den Ausbau der Straßenbahn.",
    "研究人员发现了一种新的电池材料。", "يجتمع المجلس يوم الثلاثاء لمناقشة الميزانية",
    "The council met. " * 40,
    "Scientists said the vaccine trial, which followed 12,400 volunteers in four countries, would go on. " * 12,
    "http://example.org/a?b=c&d=1 SUBSCRIBE NOW! Read more… © 2024",
    "goal match coach season club cup final league striker transfer " * 25,
)  # fmt: skip
