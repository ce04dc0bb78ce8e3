"""What a device computes in fastest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_COSINE = 0.999
"""A vector of lower precision that is farther than this from float32's is not the model's any more."""

_BFLOAT16_UNITS = ("avx512_bf16", "amx_bf16", "bf16")
_NARROW_KERNELS = ("DEFAULT", "AVX2")  # torch's for x86; what it computes attention with in bfloat16 asks for wider


def fastest(device: str) -> str:
    """The number format that a device computes in fastest without losing what matters.

    A CPU without bfloat16 units only imitates it, slower than float32; and where torch is held to kernels of narrower
    vectors than the CPU has (``ATEN_CPU_CAPABILITY``), it has none for bfloat16.

    Parameters
    ----------
    device : str
        A torch device.
    """
    if device.partition(":")[0] != "cpu":
        return "float16"
    units = [unit for unit in _BFLOAT16_UNITS if _cpu().get(unit)]
    held = _kernels() in _NARROW_KERNELS and units != ["bf16"]  # an ARM CPU's units need none of x86's kernels
    return "bfloat16" if units and not held else "float32"


def smallest_cosine(vectors: NDArray[np.float32], reference: NDArray[np.float32]) -> float:
    """The least similarity of a row to the same row of the reference, in [-1, 1]; -1 where one is not finite.

    Parameters
    ----------
    vectors, reference : numpy.ndarray of shape (n, n_dims)
        Of any length but zero.
    """
    if not np.isfinite(vectors).all():
        return -1.0
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(reference, axis=1)
    return float(((vectors * reference).sum(axis=1) / np.maximum(lengths, np.finfo(np.float32).tiny)).min())


def _kernels() -> str:
    """The widest vectors that torch computes with here, by its names."""
    import torch

    return torch.backends.cpu.get_cpu_capability()


def _cpu() -> dict[str, bool]:
    """What this processor has, by torch's names."""
    import torch

    ask = getattr(torch.cpu, "get_capabilities", None)
    return dict(ask()) if ask else {"avx512_bf16": bool(torch.cpu._is_avx512_bf16_supported())}


# Texts of several lengths, languages and kinds, so that the check does not depend on the corpus: what is stored under
# a key is then the same whatever was embedded first.
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
